"""Reads the units that a replacement names as replaced.

Owns these queries and whether a named range is one that can be replaced; decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from app.models.codes import TransactionStatus, UnitState
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange
from app.models.storage.prepared import Prepared, Values, at_most
from app.models.tables import TransactionBlock, TransactionRow
from app.services.transactions import statements
from app.services.transactions.acts.replacement import Replacement
from app.services.transactions.facts import Facts, ReplacedFacts
from app.services.transactions.gather_disposal import BLOCK_COLUMNS, block_facts
from app.services.transactions.gather_period import gather_answering
from app.services.transactions.situation import account_facts
from app.services.transactions.steady_facts import SteadyFacts

REPLACED = "replaced"
"""The role of a range that a transaction names as replaced; it does not move."""

_ENDED_OTHERWISE = (
    int(TransactionStatus.TERMINATED),
    int(TransactionStatus.REJECTED),
    int(TransactionStatus.CANCELLED),
)
REPLACED_BEFORE = Prepared(
    at_most(
        select(TransactionBlock.id)
        .join(TransactionRow, TransactionRow.id == TransactionBlock.transaction_id)
        .where(
            TransactionBlock.series == bindparam("in_series"),
            TransactionBlock.role == REPLACED,
            TransactionBlock.first_serial <= bindparam("last"),
            TransactionBlock.last_serial >= bindparam("first"),
            *(TransactionRow.status != status for status in _ENDED_OTHERWISE),
            TransactionRow.id != bindparam("own"),
        ),
        1,
    )
)
_REPLACEABLE = frozenset({UnitState.HELD, UnitState.RETIRED})


def gather_replacement(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the replacing blocks, the notice, and the units that are replaced."""
    act = facts.act
    assert isinstance(act, Replacement)
    facts = gather_answering(connection, steady, facts, further=further)
    found = (_replaced(connection, facts, act, text) for text in act.replaced)
    return replace(facts, replaced=tuple(found))


def _replaced(connection: Connection, facts: Facts, act: Replacement, text: str) -> ReplacedFacts:
    try:
        serial = read_serial(text)
    except SerialError:
        return ReplacedFacts(text, "", 0, 0, None, None, "unreadable")
    values = {"key": serial.series, "first": serial.start}
    row = statements.BLOCK_HOLDING.find(connection, values)
    if row is None:
        return _without_block(text, serial)
    block, unit_type = block_facts(row[:BLOCK_COLUMNS]), row[BLOCK_COLUMNS + 1]
    if block.last < serial.end:
        return _without_block(text, serial)
    account = account_facts(row[BLOCK_COLUMNS + 3 :])
    assert account is not None
    problem = ""
    if unit_type != act.of_kind.replaced_type:
        problem = "other-type"
    elif account.unit_state not in _REPLACEABLE:
        problem = "ended"
    elif _was_replaced(connection, facts, serial):
        problem = "replaced"
    return ReplacedFacts(text, serial.series, serial.start, serial.end, block, account, problem)


def _without_block(text: str, serial: SerialRange) -> ReplacedFacts:
    return ReplacedFacts(text, serial.series, serial.start, serial.end, None, None, "not-here")


def _was_replaced(connection: Connection, facts: Facts, serial: SerialRange) -> bool:
    own = 0 if facts.deciding is None else facts.deciding.id
    return REPLACED_BEFORE.find(connection, replaced_values(serial, own)) is not None


def replaced_values(serial: SerialRange, own: int) -> Values:
    """Give what `REPLACED_BEFORE` is asked with; `own` is the transaction itself, 0 for none."""
    return {"in_series": serial.series, "first": serial.start, "last": serial.end, "own": own}
