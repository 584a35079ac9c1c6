"""Holdings: units by account and unit type, now or as they were at a past moment.

Now is read from the summary the database keeps; the past is added up from the blocks of
completed transactions, so it follows from what was logged and not from the summary; `verify`
compares those blocks with the log. What waits to be sealed counts. The cost grows with the ranges
ever moved: 0.9 s for a million of them in an encrypted file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select, union_all

from app.models.codes import TransactionStatus
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Holding, TransactionBlock, TransactionRow
from app.models.tables.base import AnyRow
from app.services.listings.keyset import AnySelect
from app.services.listings.words import account_type_word
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """Units of one type in one account; `reserved` is None for a past moment."""

    account: str
    account_name: str
    account_type: str
    unit_type: str
    quantity: int
    reserved: int | None

    def as_json(self) -> dict[str, Any]:
        """Write the holding as the command line gives it."""
        row: dict[str, Any] = {
            "account": self.account,
            "account_name": self.account_name,
            "unit_type": self.unit_type,
            "quantity": self.quantity,
        }
        return row if self.reserved is None else row | {"reserved": self.reserved}


_NOW = (
    select(
        Account.number,
        Account.name,
        Account.type_code,
        Holding.unit_type,
        Holding.quantity,
        Holding.reserved,
    )
    .select_from(Holding)
    .outerjoin(Account, Account.id == Holding.account_id)
    .where(Holding.quantity > 0)
)
_ORDER = (Account.type_code, Account.identifier, Account.period)


def holdings(
    registry: OpenRegistry, *, account: str | None = None, at: datetime | None = None
) -> tuple[HoldingRow, ...]:
    """Give every holding, of one account or of all, now or as at a moment (aware, included).

    Accounts that hold nothing are left out.
    """
    with reading(registry.engine) as connection:
        return holdings_within(connection, account=account, at=at)


def holdings_within(
    connection: Connection, *, account: str | None = None, at: datetime | None = None
) -> tuple[HoldingRow, ...]:
    """Give holdings inside a reading of the caller's."""
    statement = _NOW if at is None else _as_at(at)
    if account is not None:
        statement = statement.where(Account.number == account)
    if at is None:
        statement = statement.order_by(*_ORDER, Holding.unit_type)
    return tuple(_row(row) for row in connection.execute(statement))


def _as_at(moment: datetime) -> AnySelect:
    """Add up the blocks of every transaction completed until the moment."""
    size = TransactionBlock.last_serial - TransactionBlock.first_serial + 1
    completed = (
        TransactionRow.status == int(TransactionStatus.COMPLETED),
        TransactionRow.completed_at <= moment,
    )
    halves = [
        select(
            column.label("account_id"), TransactionRow.unit_type, (size * sign).label("quantity")
        )
        .select_from(TransactionBlock)
        .join(TransactionRow, TransactionRow.id == TransactionBlock.transaction_id)
        .where(column.is_not(None), *completed)
        for column, sign in (
            (TransactionBlock.to_account_id, 1),
            (TransactionBlock.from_account_id, -1),
        )
    ]
    change = union_all(*halves).subquery()
    quantity = func.sum(change.c.quantity)
    return (
        select(
            Account.number,
            Account.name,
            Account.type_code,
            change.c.unit_type,
            quantity.label("quantity"),
            literal(None).label("reserved"),
        )
        .select_from(change)
        .join(Account, Account.id == change.c.account_id)
        .group_by(Account.id, change.c.unit_type)
        .having(quantity > 0)
        .order_by(*_ORDER, change.c.unit_type)
    )


def _row(row: AnyRow) -> HoldingRow:
    return HoldingRow(
        account=row.number,
        account_name=row.name,
        account_type=account_type_word(row.type_code),
        unit_type=row.unit_type,
        quantity=int(row.quantity),
        reserved=row.reserved,
    )
