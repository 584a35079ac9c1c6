"""What keeps an account from closing: its own checks, all told at once.

Owns these checks alone; closing is `accounts`. A closed account never reopens, so nothing may be
left in it or on its way to it. Source: domain, Accounts; UK registry, account closure.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, bindparam, or_, select

from app.models.codes import TransactionStatus
from app.models.storage.prepared import Prepared, Read, at_most
from app.models.tables import Account, Holding, Notice, TransactionRow, TrustedAccount
from app.services.checks.refusals import violation_of
from app.services.checks.violation import RulesBroken, Violation
from app.services.notices.recording import COMPLETED

_MOST_NAMED = 5
_PENDING = (TransactionStatus.PROPOSED, TransactionStatus.CHECKED)


_UNITS = Prepared(
    select(Holding.unit_type, Holding.quantity)
    .join(Account, Account.id == Holding.account_id)
    .where(Account.number == bindparam("number"), Holding.quantity > 0)
    .order_by(Holding.unit_type)
)
_TRANSACTIONS = Prepared(
    at_most(
        select(TransactionRow.id)
        .join(
            Account,
            or_(
                TransactionRow.from_account_id == Account.id,
                TransactionRow.to_account_id == Account.id,
            ),
        )
        .where(
            Account.number == bindparam("number"),
            or_(*(TransactionRow.status == status for status in _PENDING)),
        )
        .order_by(TransactionRow.id),
        _MOST_NAMED,
    )
)
_NOTICES = Prepared(
    at_most(
        select(Notice.number)
        .join(Account, Account.id == Notice.account_id)
        .where(Account.number == bindparam("number"), Notice.status != COMPLETED)
        .order_by(Notice.due_on),
        _MOST_NAMED,
    )
)
_TRUST = Prepared(
    select(TrustedAccount.id)
    .join(Account, Account.id == TrustedAccount.account_id)
    .where(Account.number == bindparam("number"), TrustedAccount.state == "proposed")
)


def closing_ahead(number: str) -> Iterator[Read]:
    """Give what `require_closable` asks for, so that a server is asked once."""
    for query in (_UNITS, _TRANSACTIONS, _NOTICES, _TRUST):
        yield query, {"number": number}


def require_closable(connection: Connection, *, number: str, country: str) -> None:
    """Raise RulesBroken with everything that keeps the account from closing."""
    found = (
        *_units(connection, number),
        *_transactions(connection, number, country),
        *_notices(connection, number),
        *_trust(connection, number),
    )
    if found:
        raise RulesBroken(found)


def _units(connection: Connection, number: str) -> Iterator[Violation]:
    rows = _UNITS.records(connection, {"number": number})
    if rows:
        units = ", ".join(f"{row.quantity:,} {row.unit_type}" for row in rows)
        yield violation_of(9407, number=number, units=units)


def _transactions(connection: Connection, number: str, country: str) -> Iterator[Violation]:
    ids = _TRANSACTIONS.rows(connection, {"number": number})
    named = ", ".join(f"{country}{found}" for (found,) in ids)
    if named:
        yield violation_of(9409, number=number, transactions=named)


def _notices(connection: Connection, number: str) -> Iterator[Violation]:
    named = ", ".join(found for (found,) in _NOTICES.rows(connection, {"number": number}))
    if named:
        yield violation_of(9410, number=number, notices=named)


def _trust(connection: Connection, number: str) -> Iterator[Violation]:
    entry = _TRUST.find(connection, {"number": number})
    if entry is not None:
        yield violation_of(9411, number=number, entry=entry[0])
