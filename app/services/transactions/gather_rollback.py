"""Reads the facts of a rollback: the transfer it undoes, its window, and where its units are.

Owns these queries' order; decides nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from app.models.codes import RuleKind, TransactionStatus
from app.models.storage.prepared import Prepared
from app.models.tables import TransactionRow
from app.services.registry.context import BANGKOK
from app.services.transactions import statements
from app.services.transactions.acts import Rollback
from app.services.transactions.facts import BlockFacts, Facts, MovedOn, ReversedFacts
from app.services.transactions.filling_in import read_reversed
from app.services.transactions.gather_disposal import block_facts
from app.services.transactions.steady_facts import SteadyFacts
from app.services.trust.holidays import read_holidays
from app.services.trust.working_hours import is_working_day

ROLLED_BACK_BY = Prepared(
    select(TransactionRow.id).where(
        TransactionRow.reverses_id == bindparam("number"),
        # Written out: only so does SQLite see that its partial index serves.
        text("status IN (1, 2, 4)"),
    )
)


def gather_rollback(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the transfer, the last day of its window, and each block as it stands now."""
    del steady, further
    act = facts.act
    assert isinstance(act, Rollback)
    row = read_reversed(connection, act)
    if row is None or not _is_identifier_of(act, facts.country, row.id):
        return facts
    blocks, moved_on = _units(connection, facts, row.id)
    rule = facts.rules.get(RuleKind.ROLLBACK_WINDOW)
    found = ReversedFacts(
        id=row.id,
        type=row.type,
        supplementary_type=row.supplementary_type,
        status=TransactionStatus(row.status),
        quantity=row.quantity,
        last_day=None
        if rule is None or row.completed_at is None
        else _last_day(connection, row.completed_at, int(rule.value)),
        rolled_back_by=_rolled_back_by(connection, facts, row.id),
        moved_on=moved_on,
    )
    return replace(facts, reversed=found, reverses_id=row.id, candidates=blocks)


def _is_identifier_of(act: Rollback, country: str, number: int) -> bool:
    return act.transaction in (str(number), f"{country}{number}")


def _rolled_back_by(connection: Connection, facts: Facts, number: int) -> int | None:
    others = ROLLED_BACK_BY.rows(connection, {"number": number})
    own = None if facts.deciding is None else facts.deciding.id
    return next((other for (other,) in others if other != own), None)


def _last_day(connection: Connection, completed_at: datetime, days: int) -> date:
    """Give the last day of a window of so many working days after the day of completion."""
    holidays = read_holidays(connection)
    day = completed_at.astimezone(BANGKOK).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, holidays)
    return day


def _units(
    connection: Connection, facts: Facts, number: int
) -> tuple[tuple[BlockFacts, ...], tuple[MovedOn, ...]]:
    """Read the blocks within the transfer's ranges: those as it left them, and the others."""
    same: list[BlockFacts] = []
    others: list[MovedOn] = []
    for *columns, reserved_by in statements.BLOCKS_MOVED.rows(connection, {"number": number}):
        block = block_facts(columns)
        problem = _problem(facts, number, block, reserved_by)
        same.append(block)
        if problem is not None:
            others.append(problem)
    return tuple(same), tuple(others)


def _problem(facts: Facts, number: int, block: BlockFacts, reserved_by: Any) -> MovedOn | None:
    serial = block.print(block.first, block.last)
    if block.moved_by != number:
        return MovedOn(serial, "moved", block.moved_by)
    own = None if facts.deciding is None else facts.deciding.id
    if reserved_by is not None and reserved_by != own:
        return MovedOn(serial, "reserved", reserved_by)
    if block.expires_on is not None and block.expires_on < facts.today:
        return MovedOn(serial, "expired", None)
    return None
