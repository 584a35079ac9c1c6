"""Reads what carry-over, retirement and closure go by: periods, what was carried over already.

Owns these queries; decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, case, func, select

from app.models.codes import AccountType, TransactionStatus
from app.models.tables import TransactionRow, UnitBlock
from app.services.transactions.acts.period import CarryOver, Retirement
from app.services.transactions.facts import CarriedFacts, Facts
from app.services.transactions.gather_accounts import find_built_in
from app.services.transactions.gather_disposal import gather_disposal
from app.services.transactions.gather_notice import with_notice
from app.services.transactions.steady_facts import SteadyFacts

_PENDING = (int(TransactionStatus.PROPOSED), int(TransactionStatus.CHECKED))

_HELD = select(
    func.coalesce(func.sum(UnitBlock.last_serial - UnitBlock.first_serial + 1), 0)
).where(
    UnitBlock.account_id == bindparam("account_id"),
    UnitBlock.unit_type == bindparam("unit_type"),
    UnitBlock.applicable_period == bindparam("period"),
)
_IS_COMPLETED = TransactionRow.status == int(TransactionStatus.COMPLETED)
_CARRIED = select(
    func.coalesce(func.sum(case((_IS_COMPLETED, TransactionRow.quantity), else_=0)), 0),
    func.coalesce(func.sum(case((_IS_COMPLETED, 0), else_=TransactionRow.quantity)), 0),
).where(
    TransactionRow.type == bindparam("type"),
    TransactionRow.from_account_id == bindparam("account_id"),
    TransactionRow.unit_type == bindparam("unit_type"),
    TransactionRow.to_period == bindparam("to_period"),
    TransactionRow.status.in_((*_PENDING, int(TransactionStatus.COMPLETED))),
    TransactionRow.id != bindparam("own"),
)
_PENDING_ALIKE = select(func.count()).where(
    TransactionRow.type == bindparam("type"),
    TransactionRow.supplementary_type == bindparam("supplementary_type"),
    TransactionRow.from_account_id == bindparam("account_id"),
    TransactionRow.unit_type == bindparam("unit_type"),
    TransactionRow.status.in_(_PENDING),
    TransactionRow.id != bindparam("own"),
)


def with_pending_alike(connection: Connection, facts: Facts) -> Facts:
    """Count the other pending transactions of the act's type from the transferring account."""
    if facts.transferring is None:
        return facts
    values = {
        "type": int(facts.act.type),
        "supplementary_type": int(facts.act.supplementary_type),
        "account_id": facts.transferring.id,
        "unit_type": facts.act.unit_type,
        "own": _own_id(facts),
    }
    return replace(facts, pending_alike=connection.execute(_PENDING_ALIKE, values).scalar_one())


def _own_id(facts: Facts) -> int:
    return 0 if facts.deciding is None else facts.deciding.id


def gather_retirement(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks that retire, into the account of the period that the act names."""
    act = facts.act
    assert isinstance(act, Retirement)
    facts = replace(facts, periods=steady.periods())
    if act.period in {each.number for each in facts.periods} and facts.deciding is None:
        account = find_built_in(connection, facts, AccountType.RETIREMENT, period=act.period)
        facts = replace(facts, acquiring=account)
    return gather_disposal(connection, steady, facts, further=further)


def gather_carry_over(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks to carry over, the periods, and how many units were carried over."""
    facts = replace(facts, periods=steady.periods())
    facts = gather_disposal(connection, steady, facts, further=further)
    facts = with_pending_alike(connection, facts)
    period = carried_period(facts)
    if facts.transferring is None or period is None:
        return facts
    values = {
        "type": int(facts.act.type),
        "account_id": facts.transferring.id,
        "unit_type": facts.act.unit_type,
        "period": period,
        "to_period": period + 1,
        "own": _own_id(facts),
    }
    held = connection.execute(_HELD, values).scalar_one()
    done, pending = connection.execute(_CARRIED, values).one()
    return replace(facts, carried=CarriedFacts(int(held), int(done), int(pending)))


def carried_period(facts: Facts) -> int | None:
    """Give the period that a carry-over leaves: the act's own, else that of its first block."""
    act = facts.act
    assert isinstance(act, CarryOver)
    if act.period is not None:
        return act.period
    picked = [choice.block for choice in facts.chosen if choice.block is not None]
    blocks = picked or list(facts.candidates)
    return blocks[0].period if blocks else None


def gather_closure(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks that leave an account about to close."""
    facts = gather_disposal(connection, steady, facts, further=further)
    return with_pending_alike(connection, facts)


def gather_answering(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks of an act that may answer a notice, and the notice."""
    facts = gather_disposal(connection, steady, facts, further=further)
    return with_notice(connection, facts)
