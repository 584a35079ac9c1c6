"""The judge: opens the registry after the fault and proves what is true of it.

Reads the tables for itself, and asks `verify` besides. A verdict with anything lost, doubled or
unconserved is a failed test; the figures go to the end of the run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from app.models.codes import TransactionStatus
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    Holding,
    LogEntry,
    LogQueue,
    TransactionRow,
    UnitBatch,
    UnitBlock,
)
from app.services.log.verification import verify_registry
from tests.fire.crew import Crew, Place, is_forth, quantity_of, request_of

Acknowledged = dict[str, dict[int, int]]
"""By writer's name: the transaction of each number that was acknowledged."""


@dataclass
class Verdict:
    """What the judge found, ready for the figures."""

    acknowledged: int
    completed: int
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    conserved: bool = True
    holdings: bool = True
    verified: str = ""

    def require(self) -> None:
        """Fail unless nothing is lost, doubled, unconserved or unproved."""
        assert not self.lost, self.lost
        assert not self.doubled, self.doubled
        assert self.conserved
        assert self.holdings
        assert not self.verified, self.verified
        assert self.acknowledged <= self.completed

    def as_figures(self) -> dict[str, object]:
        return {
            "acknowledged": self.acknowledged,
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "conserved": self.conserved,
            "verified": not self.verified,
        }


@dataclass(frozen=True)
class Start:
    """What the two accounts held before, and the units there were."""

    forest: int
    green: int
    units: int


def look(place: Place) -> Start:
    """Read what a registry holds before anything is done to it."""
    registry = place.open()
    with reading(registry.engine) as connection:
        held = _holdings(connection, place)
        units = connection.execute(select(_UNITS)).scalar_one()
    Crew(place, registry, {}).rest()
    return Start(held[place.forest], held[place.green], int(units))


def judge(place: Place, start: Start, acknowledged: Acknowledged) -> Verdict:
    """Open the registry anew and compare all of it with what was acknowledged and with a model."""
    registry = place.open()
    try:
        with reading(registry.engine) as connection:
            found = _judge(connection, place, start, acknowledged)
        verified = verify_registry(registry)
        found.verified = "" if verified.ok else f"{verified.failed_at}: {verified.failure}"
        _repeat(Crew.board(place), acknowledged, found)
    finally:
        Crew(place, registry, {}).rest()
    return found


_UNITS = func.coalesce(func.sum(UnitBlock.last_serial - UnitBlock.first_serial + 1), 0)


def _judge(
    connection: Connection, place: Place, start: Start, acknowledged: Acknowledged
) -> Verdict:
    rows = connection.execute(
        select(TransactionRow.id, TransactionRow.request_id, TransactionRow.quantity).where(
            TransactionRow.status == int(TransactionStatus.COMPLETED)
        )
    ).all()
    done = {row.request_id: row.id for row in rows}
    wanted = {
        request_of(name, number): transaction
        for name, numbers in acknowledged.items()
        for number, transaction in numbers.items()
    }
    found = Verdict(len(wanted), len(done))
    found.lost = [request for request, number in wanted.items() if done.get(request) != number]
    times = Counter(row.request_id for row in rows)
    logged = Counter(
        number
        for column in (LogEntry.transaction_id, LogQueue.transaction_id)
        for number in connection.execute(select(column)).scalars()
    )
    found.doubled = [request for request, count in times.items() if count > 1]
    found.doubled += [request for request, number in done.items() if logged[number] != 1]
    held = _holdings(connection, place)
    net = sum(_effect(request, row_quantity) for _, request, row_quantity in rows)
    expected = {place.forest: start.forest - net, place.green: start.green + net}
    found.holdings = held == expected == _blocks_of(connection, place)
    units = connection.execute(select(_UNITS)).scalar_one()
    batches = connection.execute(
        select(func.sum(UnitBatch.last_serial - UnitBatch.first_serial + 1))
    ).scalar_one()
    found.conserved = start.units == units == batches
    return found


def _effect(request: str, quantity: int) -> int:
    """Give what a completed request moved from `forest` to `green`; what was before, nothing."""
    name, _, number = request.rpartition("-")
    if not name or not number.isdigit():
        return 0
    assert quantity == quantity_of(name, int(number)), request
    return quantity if is_forth(int(number)) else -quantity


def _holdings(connection: Connection, place: Place) -> dict[str, int]:
    rows = connection.execute(
        select(Account.number, Holding.quantity)
        .join(Account, Account.id == Holding.account_id)
        .where(Account.number.in_((place.forest, place.green)))
    )
    return {str(row.number): int(row.quantity) for row in rows}


def _blocks_of(connection: Connection, place: Place) -> dict[str, int]:
    rows = connection.execute(
        select(Account.number, _UNITS)
        .join(UnitBlock, UnitBlock.account_id == Account.id)
        .where(Account.number.in_((place.forest, place.green)))
        .group_by(Account.number)
    )
    return {number: int(quantity) for number, quantity in rows}


def _repeat(crew: Crew, acknowledged: Acknowledged, found: Verdict) -> None:
    """Repeat some requests that were acknowledged: each must be the transaction it was."""
    for name, numbers in acknowledged.items():
        for number in list(numbers)[:: max(1, len(numbers) // 3)]:
            if crew.carry_out(name, number) != numbers[number]:
                found.doubled.append(request_of(name, number))
    crew.rest()
