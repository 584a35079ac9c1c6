"""Every act of the ledger made ready on a demo registry of a server, for `round_trips` to time.

Owns what each needs beforehand: units, records, notices, proposals. An act that waits for a
decision is proposed first; what is timed is one call of the service, as the desk makes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from app.models.codes import AccountType
from app.services.imports.verified_reductions import import_verified_reductions
from app.services.projects import NewProject, register_project
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import (
    Act,
    BufferCancellation,
    BufferCompensation,
    BufferDeposit,
    BufferHold,
    BufferRelease,
    BufferReturn,
    CarryOver,
    CorrectiveTransfer,
    ExpiryChange,
    ExternalTransfer,
    Issuance,
    Replacement,
    Retirement,
    Rollback,
)
from app.services.transactions.evaluation import preview
from app.services.transactions.proposing import Outcome, approve, propose, reject, withdraw
from app.services.transactions.voting import Choice, vote
from tests.fixtures.conversions import Committee, cer, row
from tests.fixtures.ledger import DIGEST, Ledger, settle
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk

Timed = Callable[[], object]
"""The one call that is timed."""
Ready = Callable[[], Timed]
"""Makes an act ready and gives the call."""

WHY = "To measure"
_LONG = 100_000
"""Units issued once: enough for everything that is moved in parts."""
_PART = 7


@dataclass(slots=True)
class World:
    """The demo registry as its officer has it open, with everybody who acts on it."""

    desk: Desk
    committee: Committee
    folder: Path
    numbers: Iterator[int]

    @property
    def registry(self) -> OpenRegistry:
        """The registry, through which everybody acts by connections of their own."""
        return self.desk.ledger.registry

    @property
    def ledger(self) -> Ledger:
        """Its two accounts and its project."""
        return self.desk.ledger

    def actor(self, user: str) -> Actor:
        """Give a person of the demo registry."""
        return self.desk.people[user]


def make_world(
    registry: OpenRegistry, people: dict[str, Actor], folder: Path, clock: FrozenClock
) -> World:
    """Open accounts and projects, and issue what the acts then move."""
    ledger = settle(registry, people)
    desk = Desk(ledger, people, clock)
    members = tuple(people[f"committee{number}"] for number in range(1, 6))
    world = World(desk, Committee(ledger, members, folder), folder, count(1))
    desk.project("CDM", "7014")
    ledger.record_reduction(folder, _LONG)
    desk.complete(ledger.issuance(_LONG))
    desk.receive("tCER", 1, _LONG)
    desk.receive("CER", 1, _LONG)
    deposit = _deposit(world, 10_000)
    desk.complete(deposit, "admin")
    return world


def acts(world: World) -> Mapping[str, Ready]:
    """Give every act by the name it is told by."""
    return {
        **_usual(world),
        **_of_units(world),
        **_of_the_buffer(world),
        **_of_the_committee(world),
    }


def _pair(
    world: World, name: str, make: Callable[[], Act], user: str = "officer"
) -> dict[str, Ready]:
    """Give the proposal of an act and its approval."""

    def proposing() -> Timed:
        act = make()
        return lambda: propose(world.registry, act, world.actor(user))

    def approving() -> Timed:
        number = world.desk.propose(make(), user).transaction_id
        return lambda: approve(world.registry, number, world.actor("approver"))

    return {f"propose {name}": proposing, f"approve {name}": approving}


def _usual(world: World) -> dict[str, Ready]:
    ledger = world.ledger

    def pending() -> int:
        return world.desk.propose(ledger.transfer(_PART)).transaction_id

    def rejecting() -> Timed:
        number = pending()
        return lambda: reject(world.registry, number, world.actor("approver"), comment="Not now")

    def withdrawing() -> Timed:
        number = pending()
        return lambda: withdraw(world.registry, number, world.actor("officer"))

    transfer = ledger.transfer(_PART)
    return {
        "preview a transfer": lambda: (
            lambda: preview(world.registry, transfer, world.actor("officer"))
        ),
        **_pair(world, "a transfer", lambda: transfer),
        **_pair(world, "a cancellation", lambda: ledger.cancellation(_PART)),
        "reject a transfer": rejecting,
        "withdraw a transfer": withdrawing,
    }


def _of_units(world: World) -> dict[str, Ready]:
    forest, days = world.ledger.forest, count(1)
    some: dict[str, Any] = {"from_account": forest, "unit_type": "TER", "quantity": _PART}

    def issuance() -> Issuance:
        number = next(world.numbers)
        code = f"9{number:03}"
        project = NewProject(origin="TH", code=code, name_en=code, country="TH", sectoral_scope=14)
        register_project(world.registry, world.actor("officer"), project, accounts=(forest,))
        act = world.ledger.issuance(100, project=code)
        _record_reduction(world, act)
        return act

    def replacement() -> Replacement:
        first = next(world.numbers) * _PART
        named = f"RW-6-{first}-2-2-0-7014 - RW-6-{first + _PART - 1}-2-2-0-7014"
        return Replacement(**{**some, "unit_type": "CER"}, replaced=(named,), kind="tCER-expiry")

    def expiry() -> ExpiryChange:
        day = date(2028, 1, 1) + timedelta(days=next(days))
        return ExpiryChange(**some, to_expiry=day)

    def rollback() -> Rollback:
        done = world.desk.complete(world.ledger.transfer(_PART))
        return Rollback(transaction=done.identifier, reason=WHY, unit_type="", quantity=0)

    def correction() -> CorrectiveTransfer:
        wrong = world.desk.complete(world.ledger.transfer(_PART))
        return CorrectiveTransfer(
            **{**some, "from_account": world.ledger.green},
            to_account=forest,
            corrects=wrong.identifier,
            reason=WHY,
        )

    sent = ExternalTransfer(**some, registry="CH", account="CH-100-77-0-11")
    return {
        **_pair(world, "an issuance", issuance),
        **_pair(world, "a retirement", lambda: Retirement(**some, period=1)),
        **_pair(world, "a replacement", replacement),
        **_pair(world, "a change of expiry date", expiry),
        **_pair(world, "an external transfer", lambda: sent),
        **_pair(world, "a rollback", rollback, "admin"),
        **_pair(world, "a corrective transfer", correction, "admin"),
    }


def _record_reduction(world: World, act: Issuance) -> None:
    file = world.folder / "reductions.json"
    record = {
        "project": act.project,
        "period_from": act.period_from.isoformat(),
        "period_to": act.period_to.isoformat(),
        "quantity": act.quantity,
        "reference": act.verified_reference,
        "document_sha256": DIGEST,
    }
    file.write_text(json.dumps([record]), encoding="utf-8")
    import_verified_reductions(world.registry, file, actor=world.actor("officer"))


def _deposit(world: World, quantity: int) -> BufferDeposit:
    return BufferDeposit(
        from_account=world.ledger.forest,
        to_account=world.desk.built_in(AccountType.BUFFER, "T-VER"),
        unit_type="TER",
        quantity=quantity,
        reason=WHY,
    )


def _of_the_buffer(world: World) -> dict[str, Ready]:
    pool = world.desk.built_in(AccountType.BUFFER, "T-VER")
    reserve = world.desk.built_in(AccountType.RESERVE)
    some: dict[str, Any] = {
        "from_account": pool,
        "unit_type": "TER",
        "quantity": _PART,
        "reason": WHY,
    }
    hold = BufferHold(**some)

    def back() -> BufferReturn:
        world.desk.complete(hold, "admin")
        return BufferReturn(**{**some, "from_account": reserve}, to_account=pool)

    over_issued = _first_issuance(world)
    compensation = BufferCompensation(
        **{**some, "from_account": world.ledger.forest}, over_issued=over_issued.identifier
    )
    release = BufferRelease(**some, to_account=world.ledger.forest)
    reversal = BufferCancellation(**some, reversed_project="0042")
    return {
        **_pair(world, "a buffer deposit", lambda: _deposit(world, _PART), "admin"),
        **_pair(world, "a buffer hold", lambda: hold, "admin"),
        **_pair(world, "a buffer return", back, "admin"),
        **_pair(world, "a buffer release", lambda: release, "admin"),
        **_pair(world, "a buffer cancellation", lambda: reversal, "admin"),
        **_pair(world, "a buffer compensation", lambda: compensation, "admin"),
    }


def _first_issuance(world: World) -> Outcome:
    act = world.ledger.issuance(1_000, vintage=2024)
    _record_reduction(world, act)
    return world.desk.complete(act)


def _of_the_committee(world: World) -> dict[str, Ready]:
    def conversion() -> Act:
        first = next(world.numbers) * 10
        range_ = (first, first + 9)
        world.committee.register(row(*range_))
        return world.committee.conversion(cer(*range_))

    def voting(votes: int) -> Ready:
        def ready() -> Timed:
            number = world.desk.propose(conversion()).transaction_id
            for member in range(1, votes):
                world.committee.vote(number, member)
            actor = world.actor(f"committee{votes}")
            return lambda: vote(world.registry, number, actor, choice=Choice.YES, comment="read")

        return ready

    return {
        "propose a conversion": _pair(world, "", conversion)["propose "],
        "vote on a conversion": voting(1),
        "vote that decides on a conversion": voting(3),
    }


def acts_of_the_next_period(world: World) -> Mapping[str, Ready]:
    """Give the acts that only a running period 2 allows; `world` is in it."""
    pending: list[int] = []

    def clear() -> None:
        while pending:
            withdraw(world.registry, pending.pop(), world.actor("officer"))

    act = CarryOver(from_account=world.ledger.forest, unit_type="TER", quantity=_PART, period=1)

    def proposing() -> Timed:
        clear()
        return lambda: pending.append(world.desk.propose(act).transaction_id)

    def approving() -> Timed:
        clear()
        number = world.desk.propose(act).transaction_id
        return lambda: approve(world.registry, number, world.actor("approver"))

    return {"propose a carry-over": proposing, "approve a carry-over": approving}
