"""Fills in what only the registry can say of an act: a rollback's accounts, units and quantity.

Owns that a rollback undoes exactly its transfer, whatever a proposal states; decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import aliased

from app.models.storage.prepared import Prepared
from app.models.tables import Account, TransactionRow
from app.models.tables.base import AnyRow
from app.services.transactions.acts import Act, Rollback

_Giver, _Receiver = aliased(Account), aliased(Account)

REVERSED = Prepared(
    select(
        TransactionRow.id,
        TransactionRow.type,
        TransactionRow.supplementary_type,
        TransactionRow.status,
        TransactionRow.quantity,
        TransactionRow.unit_type,
        TransactionRow.completed_at,
        _Giver.number.label("giver"),
        _Receiver.number.label("receiver"),
    )
    .outerjoin(_Giver, _Giver.id == TransactionRow.from_account_id)
    .join(_Receiver, _Receiver.id == TransactionRow.to_account_id)
    .where(TransactionRow.id == bindparam("number"))
)


def is_to_be_filled_in(act: Act) -> bool:
    """Tell whether an act is whole only once the registry was asked."""
    return isinstance(act, Rollback)


def fill_in(connection: Connection, act: Act) -> Act:
    """Give the act with what only the registry can say; most acts are whole as they are."""
    return _fill_in_rollback(connection, act) if isinstance(act, Rollback) else act


def read_reversed(connection: Connection, act: Rollback) -> AnyRow | None:
    """Read the transaction that a rollback names, of whatever kind; None where there is none."""
    if act.reversed_id is None:
        return None
    return REVERSED.record(connection, {"number": act.reversed_id})


def _fill_in_rollback(connection: Connection, act: Rollback) -> Rollback:
    row = read_reversed(connection, act)
    if row is None:
        return replace(act, from_account="", to_account="", unit_type="", quantity=0)
    return replace(
        act,
        from_account=row.receiver,
        to_account=row.giver or "",
        unit_type=row.unit_type,
        quantity=row.quantity,
    )
