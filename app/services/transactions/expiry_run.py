"""The run that moves expired units to mandatory cancellation, account by account.

Owns finding what has expired and proposing one mandatory cancellation for each account and unit
type. An administrator starts it, an approver decides on what it proposed; what another run or
act took meanwhile is left alone, so it may be started again at any time. Units without an expiry
date (code 99) are never found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, and_, func, select

from app.models.codes import MAX_BLOCKS_PER_TRANSACTION, Role, UnitState
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Account, Holding, UnitBlock
from app.services.checks.violation import RulesBroken, Violation
from app.services.people.access import require_role
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Cancellation
from app.services.transactions.acts.disposal import MANDATORY
from app.services.transactions.planning import Move
from app.services.transactions.proposing import (
    Outcome,
    again_after_conflict,
    approve,
    propose_within,
)


@dataclass(frozen=True, slots=True)
class ExpiredUnits:
    """Units of an account past their date, free to be cancelled; days are the first and last."""

    account: str
    account_name: str
    unit_type: str
    quantity: int
    blocks: int
    first_expiry: date
    last_expiry: date

    def as_json(self) -> dict[str, Any]:
        """Write the units as the command line gives them."""
        return {
            "account": self.account,
            "unit_type": self.unit_type,
            "quantity": self.quantity,
            "blocks": self.blocks,
            "first_expiry": self.first_expiry.isoformat(),
            "last_expiry": self.last_expiry.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run proposed, and which accounts it could not take units from, with the reasons."""

    outcomes: tuple[Outcome, ...]
    refused: tuple[tuple[ExpiredUnits, tuple[Violation, ...]], ...]


def list_expired(registry: OpenRegistry) -> list[ExpiredUnits]:
    """List the expired units that nothing has reserved, by account and unit type."""
    with reading(registry.engine) as connection:
        rows = connection.execute(_expired(registry.today())).all()
    return [
        ExpiredUnits(number, name, unit_type, int(quantity), blocks, first, last)
        for number, name, unit_type, quantity, blocks, first, last in rows
    ]


def _expired(today: date) -> Select[*tuple[Any, ...]]:
    """Go through what accounts hold, and from each into the order in which its units leave.

    So only expired blocks are read, by the index of that order.
    """
    size = UnitBlock.last_serial - UnitBlock.first_serial + 1
    return (
        select(
            Account.number,
            Account.name,
            UnitBlock.unit_type,
            func.sum(size),
            func.count(UnitBlock.id),
            func.min(UnitBlock.fifo_expiry),
            func.max(UnitBlock.fifo_expiry),
        )
        .select_from(Holding)
        .join(Account, Account.id == Holding.account_id)
        .join(
            UnitBlock,
            and_(
                UnitBlock.account_id == Holding.account_id,
                UnitBlock.unit_type == Holding.unit_type,
                UnitBlock.fifo_expiry < today,
                UnitBlock.reserved_by.is_(None),
            ),
        )
        .where(Account.unit_state == str(UnitState.HELD), Holding.quantity > Holding.reserved)
        .group_by(Account.number, Account.name, UnitBlock.unit_type)
        .order_by(Account.number, UnitBlock.unit_type)
    )


def propose_expiry_run(registry: OpenRegistry, actor: Actor) -> RunResult:
    """Propose the mandatory cancellation of everything that has expired.

    Each account's is a transaction of its own; one that the checks refuse does not keep the
    others. Raises RulesBroken when the actor is no administrator.
    """
    require_role(actor, Role.ADMINISTRATOR, "starts the expiry run", "เริ่มการตัดหน่วยหมดอายุ")
    outcomes: list[Outcome] = []
    refused: list[tuple[ExpiredUnits, tuple[Violation, ...]]] = []
    for expired in list_expired(registry):
        try:
            outcomes.extend(_propose(registry, actor, expired))
        except RulesBroken as broken:
            refused.append((expired, broken.violations))
    return RunResult(tuple(outcomes), tuple(refused))


def _propose(registry: OpenRegistry, actor: Actor, expired: ExpiredUnits) -> list[Outcome]:
    """Propose an account's, in as many transactions as its blocks take."""
    portions: Sequence[int] = [expired.quantity]
    if expired.blocks > MAX_BLOCKS_PER_TRANSACTION:
        portions = _portions(registry, expired)
    found = (_propose_portion(registry, actor, expired, quantity) for quantity in portions)
    return [outcome for outcome in found if outcome is not None]


def _propose_portion(
    registry: OpenRegistry, actor: Actor, expired: ExpiredUnits, quantity: int
) -> Outcome | None:
    """Propose so many units; None, and nothing, where others that last longer would make them up.

    Somebody has then taken what had expired since it was counted.
    """

    def once() -> Outcome | None:
        with UnitOfWork(registry.engine_for(actor)) as unit:
            act = _cancellation(expired, quantity)
            outcome = propose_within(unit.connection, registry, act, actor, request_id=uuid4().hex)
            assert outcome.evaluation is not None
            today = outcome.evaluation.facts.today
            if not all(_has_expired(move, today) for move in outcome.evaluation.plan.moves):
                return None
            unit.commit()
        return outcome

    return again_after_conflict(once)


def _has_expired(move: Move, today: date) -> bool:
    block = move.block
    return block is not None and block.expires_on is not None and block.expires_on < today


def _portions(registry: OpenRegistry, expired: ExpiredUnits) -> Sequence[int]:
    """Add up the expired blocks in their order, so many at a time as one transaction takes."""
    with reading(registry.engine) as connection:
        sizes = list(
            connection.execute(
                select(UnitBlock.last_serial - UnitBlock.first_serial + 1)
                .join(Account, Account.id == UnitBlock.account_id)
                .where(
                    Account.number == expired.account,
                    UnitBlock.unit_type == expired.unit_type,
                    UnitBlock.fifo_expiry < registry.today(),
                    UnitBlock.reserved_by.is_(None),
                )
                .order_by(
                    UnitBlock.fifo_expiry,
                    UnitBlock.fifo_vintage,
                    UnitBlock.series,
                    UnitBlock.first_serial,
                )
            ).scalars()
        )
    most = MAX_BLOCKS_PER_TRANSACTION
    return [sum(sizes[start : start + most]) for start in range(0, len(sizes), most)]


def _cancellation(expired: ExpiredUnits, quantity: int) -> Cancellation:
    return Cancellation(
        from_account=expired.account,
        unit_type=expired.unit_type,
        quantity=quantity,
        kind=MANDATORY,
        purpose=f"Expired between {expired.first_expiry} and {expired.last_expiry}",
    )


def approve_expiry_run(
    registry: OpenRegistry, actor: Actor, outcomes: Sequence[Outcome]
) -> list[Outcome]:
    """Approve what a run proposed, one after another; each is decided for itself."""
    return [approve(registry, outcome.transaction_id, actor) for outcome in outcomes]
