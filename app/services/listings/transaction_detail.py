"""One transaction with its whole history: every status, its act, its place in the log.

Owns reading only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Certificate,
    LogEntry,
    Notice,
    Person,
    TransactionEvent,
)
from app.models.tables import (
    TransactionRow as Transaction,
)
from app.services.listings.transactions import (
    TRANSACTIONS,
    MovedBlock,
    TransactionRow,
    transaction_rows,
)
from app.services.listings.words import status_word, time_json
from app.services.registry.context import OpenRegistry
from app.services.transactions.acts import Acquisition, Act, ExternalTransfer
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
class Counterpart:
    """The other registry of a transaction, its account, and the transaction in its records."""

    registry: str
    account: str
    reference: str

    def as_json(self) -> dict[str, Any]:
        """Write the counterpart as JSON."""
        return {
            "registry": self.registry,
            "account": self.account or None,
            "reference": self.reference or None,
        }


@dataclass(frozen=True, slots=True)
class TransactionDetail:
    """A transaction as its page shows it; the rows of the listing carry the blocks.

    `notice` is the number of the notice it answers; `to_expiry` and `to_period` are what a
    change of expiry date or a carry-over gives its units.
    `log_entry` is its entry's sequence number once completed, `certificate` the number of the
    offset certificate issued for it.
    """

    transaction: TransactionRow
    act: Act
    history: tuple[StatusStep, ...]
    log_entry: int | None
    leaf_hash: str | None
    certificate: str | None
    notice: str | None = None
    to_expiry: date | None = None
    to_period: int | None = None

    @property
    def blocks(self) -> tuple[MovedBlock, ...]:
        """Give the ranges it moves or changes, levy included."""
        return tuple(block for block in self.transaction.blocks if block.role != "replaced")

    @property
    def replaced(self) -> tuple[MovedBlock, ...]:
        """Give the ranges that a replacement takes the place of; they stay where they are."""
        return tuple(block for block in self.transaction.blocks if block.role == "replaced")

    @property
    def counterpart(self) -> Counterpart | None:
        """Give the other registry, where units were sent to one or came from one."""
        if isinstance(self.act, ExternalTransfer):
            return Counterpart(self.act.registry, self.act.account, "")
        if isinstance(self.act, Acquisition):
            act = self.act
            return Counterpart(act.sender_registry, act.sender_account, act.reference)
        return None


def get_transaction(registry: OpenRegistry, identifier: str) -> TransactionDetail:
    """Read a transaction by its identifier such as TH12; raises NotFound."""
    number = transaction_number(registry, identifier)
    with reading(registry.engine) as connection:
        row = connection.execute(
            TRANSACTIONS.statement.add_columns(
                Transaction.act,
                Transaction.to_expiry,
                Transaction.to_period,
                Notice.number.label("notice"),
            )
            .outerjoin(Notice, Notice.id == Transaction.notice_id)
            .where(Transaction.id == number)
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
            notice=row.notice,
            to_expiry=row.to_expiry,
            to_period=row.to_period,
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
