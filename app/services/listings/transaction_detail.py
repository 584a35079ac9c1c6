"""One transaction with its whole history: every status, its act, its place in the log.

Owns reading only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Certificate,
    LogEntry,
    Person,
    TransactionEvent,
)
from app.models.tables import (
    TransactionRow as Transaction,
)
from app.services.listings.transactions import TRANSACTIONS, TransactionRow, transaction_rows
from app.services.listings.words import status_word, time_json
from app.services.registry.context import OpenRegistry
from app.services.transactions.acts import Act
from app.services.transactions.proposing import transaction_number
from app.services.transactions.situation import stored_act


@dataclass(frozen=True, slots=True)
class StatusStep:
    """One change of a transaction's status, with who, why and the response codes."""

    status: str
    status_code: int
    stage_code: int | None
    at: datetime
    by: str
    by_name: str
    comment: str
    codes: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Write the step as JSON."""
        return {
            "status": self.status,
            "status_code": self.status_code,
            "stage_code": self.stage_code,
            "at": time_json(self.at),
            "by": self.by,
            "comment": self.comment or None,
            "codes": list(self.codes),
        }


@dataclass(frozen=True, slots=True)
class TransactionDetail:
    """A transaction as its page shows it; the rows of the listing carry the blocks.

    `log_entry` is its entry's sequence number once completed, `certificate` the number of the
    offset certificate issued for it.
    """

    transaction: TransactionRow
    act: Act
    history: tuple[StatusStep, ...]
    log_entry: int | None
    leaf_hash: str | None
    certificate: str | None


def get_transaction(registry: OpenRegistry, identifier: str) -> TransactionDetail:
    """Read a transaction by its identifier such as TH12; raises NotFound."""
    number = transaction_number(registry, identifier)
    with reading(registry.engine) as connection:
        row = connection.execute(
            TRANSACTIONS.statement.add_columns(Transaction.act).where(Transaction.id == number)
        ).one_or_none()
        if row is None:
            raise NotFound(
                f"There is no transaction {registry.country}{number}.",
                hint="`teak transactions` lists them.",
            )
        entry = connection.execute(
            select(LogEntry.sequence, LogEntry.leaf_hash).where(LogEntry.transaction_id == number)
        ).one_or_none()
        return TransactionDetail(
            transaction=transaction_rows(registry, connection, [row])[0],
            act=stored_act(row.act),
            history=_history(connection, number),
            log_entry=None if entry is None else entry.sequence,
            leaf_hash=None if entry is None else entry.leaf_hash.hex(),
            certificate=connection.execute(
                select(Certificate.number).where(Certificate.transaction_id == number)
            ).scalar(),
        )


def _history(connection: Connection, transaction_id: int) -> tuple[StatusStep, ...]:
    rows = connection.execute(
        select(
            TransactionEvent.status,
            TransactionEvent.stage,
            TransactionEvent.at,
            TransactionEvent.comment,
            TransactionEvent.codes,
            Person.user_name,
            Person.name,
        )
        .outerjoin(Person, Person.id == TransactionEvent.person_id)
        .where(TransactionEvent.transaction_id == transaction_id)
        .order_by(TransactionEvent.id)
    ).all()
    return tuple(
        StatusStep(
            status=status_word(row.status, row.stage),
            status_code=row.status,
            stage_code=row.stage,
            at=row.at,
            by=row.user_name,
            by_name=row.name,
            comment=row.comment,
            codes=tuple(int(code) for code in row.codes.split()),
        )
        for row in rows
    )
