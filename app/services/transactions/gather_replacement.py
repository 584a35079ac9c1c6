"""Reads the units that a replacement names as replaced.

Owns these queries and whether a named range is one that can be replaced; decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from app.models.codes import TransactionStatus, UnitState
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange
from app.models.storage.prepared import Prepared, at_most
from app.models.tables import Account, Holding, TransactionBlock, TransactionRow
from app.services.transactions import statements
from app.services.transactions.acts.replacement import Replacement
from app.services.transactions.facts import AccountFacts, Facts, ReplacedFacts
from app.services.transactions.gather_disposal import block_facts
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
_REPLACED_BEFORE = Prepared(
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
_ACCOUNT = (
    select(*statements.account_columns(Account, Holding))
    .outerjoin(
        Holding,
        (Holding.account_id == Account.id) & (Holding.unit_type == bindparam("unit_type")),
    )
    .where(Account.id == bindparam("account_id"))
)
_REPLACEABLE = frozenset({UnitState.HELD, UnitState.RETIRED})


def gather_replacement(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the replacing blocks, the notice, and the units that are replaced."""
    act = facts.act
    assert isinstance(act, Replacement)
    facts = gather_answering(connection, steady, facts, further=further)
    found = (_replaced(connection, steady, facts, act, text) for text in act.replaced)
    return replace(facts, replaced=tuple(found))


def _replaced(
    connection: Connection, steady: SteadyFacts, facts: Facts, act: Replacement, text: str
) -> ReplacedFacts:
    try:
        serial = read_serial(text)
    except SerialError:
        return ReplacedFacts(text, "", 0, 0, None, None, "unreadable")
    series_id = steady.series_id(serial.series)
    row = statements.BLOCK_HOLDING.find(connection, {"series_id": series_id, "first": serial.start})
    if row is None:
        return _without_block(text, serial)
    *columns, account_id, unit_type, _reserved_by = row
    block = block_facts(columns)
    if block.last < serial.end:
        return _without_block(text, serial)
    account = _read_account(connection, int(account_id), str(unit_type))
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


def _read_account(connection: Connection, account_id: int, unit_type: str) -> AccountFacts:
    row = connection.execute(_ACCOUNT, {"account_id": account_id, "unit_type": unit_type}).one()
    account = account_facts(row)
    assert account is not None
    return account


def _was_replaced(connection: Connection, facts: Facts, serial: SerialRange) -> bool:
    values = {
        "in_series": serial.series,
        "first": serial.start,
        "last": serial.end,
        "own": 0 if facts.deciding is None else facts.deciding.id,
    }
    return _REPLACED_BEFORE.find(connection, values) is not None
