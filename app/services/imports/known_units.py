"""What the registry knows already about the units of a row: blocks, and their source records.

Owns the queries. Decides nothing: that is for `reconciling`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import aliased

from app.models.codes import AccountState, AccountType
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialRange, print_from_template
from app.models.tables import (
    Account,
    Holder,
    Project,
    Series,
    TransactionRow,
    UnitBatch,
    UnitBlock,
)
from app.models.tables.base import AnyRow

NO_IDENTITY_CHECK = "not-applicable"
"""Marks the holders an import made; no other holder ever receives units by name alone."""


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account as far as an import needs it."""

    number: str
    name: str
    type: AccountType
    state: AccountState

    @property
    def is_usable(self) -> bool:
        """Whether units may enter and leave it."""
        return self.state is AccountState.OPEN and self.type.is_holding


@dataclass(frozen=True, slots=True)
class KnownBlock:
    """A block whose serial numbers meet a row's.

    `records` are the whole ranges of the source's records by which the block came into being
    and was cancelled; the block itself may be a part of them.
    """

    first: int
    last: int
    printed: str
    is_held: bool
    account: KnownAccount
    reserved_by: int | None
    origin: str
    project: str
    vintage: int | None
    unit_type: str
    records: tuple[tuple[int, int], ...]


_CREATED = aliased(TransactionRow)
_MOVED = aliased(TransactionRow)

_LOWEST = (
    select(func.max(UnitBlock.first_serial))
    .where(
        UnitBlock.series_id == bindparam("series_id"), UnitBlock.first_serial <= bindparam("first")
    )
    .scalar_subquery()
)

_BLOCKS = (
    select(
        UnitBlock.first_serial,
        UnitBlock.last_serial,
        UnitBlock.state,
        UnitBlock.reserved_by,
        UnitBlock.unit_type,
        UnitBatch.template,
        UnitBatch.vintage,
        Project.origin,
        Project.code,
        Account.number,
        Account.name,
        Account.type_code,
        Account.state.label("account_state"),
        _CREATED.act.label("created_act"),
        _MOVED.act.label("moved_act"),
    )
    .join(UnitBatch, UnitBatch.id == UnitBlock.batch_id)
    .join(Project, Project.id == UnitBatch.project_id)
    .join(Account, Account.id == UnitBlock.account_id)
    .join(_CREATED, _CREATED.id == UnitBlock.created_by)
    .outerjoin(_MOVED, _MOVED.id == UnitBlock.moved_by)
    .where(
        UnitBlock.series_id == bindparam("series_id"),
        UnitBlock.first_serial >= func.coalesce(_LOWEST, 0),
        UnitBlock.first_serial <= bindparam("last"),
        UnitBlock.last_serial >= bindparam("first"),
    )
    .order_by(UnitBlock.first_serial)
)

_SERIES = select(Series.id).where(Series.key == bindparam("key"))

_IMPORTED_ACCOUNT = (
    select(Account.number, Account.name, Account.type_code, Account.state.label("account_state"))
    .join(Holder, Holder.id == Account.holder_id)
    .where(
        Account.name == bindparam("name"),
        Account.type_code == int(AccountType.HOLDING),
        Holder.identity_check == NO_IDENTITY_CHECK,
    )
    .order_by(Account.id)
    .limit(1)
)
_HOLDING_ACCOUNT = _IMPORTED_ACCOUNT.where(
    Account.state.in_([AccountState.OPEN, AccountState.SUSPENDED, AccountState.LOCKED])
)
_PROPOSED_ACCOUNT = _IMPORTED_ACCOUNT.where(Account.state == AccountState.PROPOSED)


def find_holding_account(connection: Connection, name: str) -> KnownAccount | None:
    """Find the account that an import opened for a holder of this name."""
    row = connection.execute(_HOLDING_ACCOUNT, {"name": name}).one_or_none()
    return None if row is None else _account(row)


def find_proposed_account(connection: Connection, name: str) -> KnownAccount | None:
    """Find the account that an import proposed for a holder of this name, and did not open."""
    row = connection.execute(_PROPOSED_ACCOUNT, {"name": name}).one_or_none()
    return None if row is None else _account(row)


class KnownUnits:
    """Asks the registry about serial numbers, and each series and account once only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._series: dict[str, int | None] = {}
        self._accounts: dict[str, KnownAccount | None] = {}

    def account(self, name: str) -> KnownAccount | None:
        """Find the account that an import opened for a holder of this name."""
        if name not in self._accounts:
            self._accounts[name] = find_holding_account(self._connection, name)
        return self._accounts[name]

    def blocks(self, serial: SerialRange) -> tuple[KnownBlock, ...]:
        """List the blocks that have any of the serial numbers, by number."""
        key = serial.series
        if key not in self._series:
            self._series[key] = self._connection.execute(_SERIES, {"key": key}).scalar()
        series_id = self._series[key]
        if series_id is None:
            return ()
        values = {"series_id": series_id, "first": serial.start, "last": serial.end}
        return tuple(map(_block, self._connection.execute(_BLOCKS, values)))


def _account(row: AnyRow) -> KnownAccount:
    return KnownAccount(
        row.number, row.name, AccountType(row.type_code), AccountState(row.account_state)
    )


def _block(row: AnyRow) -> KnownBlock:
    acts = [json.loads(text) for text in (row.created_act, row.moved_act) if text is not None]
    return KnownBlock(
        first=row.first_serial,
        last=row.last_serial,
        printed=print_from_template(row.template, row.first_serial, row.last_serial),
        is_held=row.state == "held",
        account=_account(row),
        reserved_by=row.reserved_by,
        origin=row.origin,
        project=row.code,
        vintage=row.vintage,
        unit_type=row.unit_type,
        records=tuple(record for act in acts if (record := _source_record(act)) is not None),
    )


def _source_record(act: dict[str, Any]) -> tuple[int, int] | None:
    """Give the range of the source's record behind an act; None for an act of our own."""
    text = act.get("source_serial")
    if text is None and act["act"] == "registration":
        text = act["serial"]
    elif text is None and act.get("source_word") and act.get("blocks"):
        text = act["blocks"][0]["serial"]
    if text is None:
        return None
    serial = read_serial(text)
    return serial.start, serial.end
