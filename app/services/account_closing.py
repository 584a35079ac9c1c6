"""What keeps an account from closing: its own checks, all told at once.

Owns these checks alone; closing is `accounts`. A closed account never reopens, so nothing may be
left in it or on its way to it. Source: domain, Accounts; UK registry, account closure.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, or_, select

from app.models.codes import TransactionStatus
from app.models.tables import Holding, Notice, TransactionRow, TrustedAccount
from app.services.checks.refusals import violation_of
from app.services.checks.violation import RulesBroken, Violation
from app.services.notices.recording import COMPLETED

_MOST_NAMED = 5
_PENDING = (TransactionStatus.PROPOSED, TransactionStatus.CHECKED)


def require_closable(connection: Connection, account_id: int, *, number: str, country: str) -> None:
    """Raise RulesBroken with everything that keeps the account from closing."""
    found = (
        *_units(connection, account_id, number),
        *_transactions(connection, account_id, number, country),
        *_notices(connection, account_id, number),
        *_trust(connection, account_id, number),
    )
    if found:
        raise RulesBroken(found)


def _units(connection: Connection, account_id: int, number: str) -> Iterator[Violation]:
    rows = connection.execute(
        select(Holding.unit_type, Holding.quantity)
        .where(Holding.account_id == account_id, Holding.quantity > 0)
        .order_by(Holding.unit_type)
    ).all()
    if rows:
        units = ", ".join(f"{row.quantity:,} {row.unit_type}" for row in rows)
        yield violation_of(9407, number=number, units=units)


def _transactions(
    connection: Connection, account_id: int, number: str, country: str
) -> Iterator[Violation]:
    ids = connection.execute(
        select(TransactionRow.id)
        .where(
            TransactionRow.status.in_(_PENDING),
            or_(
                TransactionRow.from_account_id == account_id,
                TransactionRow.to_account_id == account_id,
            ),
        )
        .order_by(TransactionRow.id)
        .limit(_MOST_NAMED)
    ).scalars()
    named = ", ".join(f"{country}{found}" for found in ids)
    if named:
        yield violation_of(9409, number=number, transactions=named)


def _notices(connection: Connection, account_id: int, number: str) -> Iterator[Violation]:
    found = connection.execute(
        select(Notice.number)
        .where(Notice.account_id == account_id, Notice.status != COMPLETED)
        .order_by(Notice.due_on)
        .limit(_MOST_NAMED)
    ).scalars()
    named = ", ".join(found)
    if named:
        yield violation_of(9410, number=number, notices=named)


def _trust(connection: Connection, account_id: int, number: str) -> Iterator[Violation]:
    entry = connection.execute(
        select(TrustedAccount.id).where(
            TrustedAccount.account_id == account_id, TrustedAccount.state == "proposed"
        )
    ).first()
    if entry is not None:
        yield violation_of(9411, number=number, entry=entry.id)
