"""Transactions as a listing.

Owns reading only; one transaction with its whole history is `transaction_detail`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, text
from sqlalchemy.orm import aliased

from app.models.codes import TransactionStatus
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    Notice,
    Person,
    TransactionBlock,
    TransactionEvent,
)
from app.models.tables import (
    TransactionRow as Transaction,
)
from app.models.tables.base import AnyRow
from app.services.listings.keyset import (
    Source,
    equals,
    fetch_page,
    text_or_empty,
    texts_of_json,
    time_or_latest,
    whole_number,
)
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import (
    day_json,
    kind_word,
    read_kind_word,
    read_status_word,
    status_word,
    time_json,
    type_word,
)
from app.services.registry.context import OpenRegistry

_GIVER = aliased(Account)
_RECEIVER = aliased(Account)
_PROPOSER = aliased(Person)
_DECIDER = aliased(Person)


@dataclass(frozen=True, slots=True)
class MovedBlock:
    """A serial range of a transaction; `role` is move or levy."""

    serial: str
    series: str
    start: int
    end: int
    role: str
    from_account: str | None
    to_account: str

    @property
    def quantity(self) -> int:
        """Give the number of units."""
        return self.end - self.start + 1

    def as_json(self) -> dict[str, Any]:
        """Write the range as the command line gives it."""
        return {
            "serial": self.serial,
            "series": self.series,
            "start": self.start,
            "end": self.end,
            "quantity": self.quantity,
            "from": self.from_account,
            "to": self.to_account,
            "role": self.role,
        }


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """A transaction; `id` is its identifier such as TH12, `key` its number alone.

    `approved_by` is who completed it, `decided_by` who ended it in any way. `codes` are the
    response codes of the checks that ended it. `reverses` is the transfer that a rollback
    undoes, `rolled_back_by` the completed rollback that undid this one. `kind` is the act's own
    word where its type is shared: a rollback is a transfer.
    """

    key: int
    id: str
    type: str
    kind: str
    type_code: int
    supplementary_type: int
    status: str
    status_code: int
    stage_code: int | None
    from_account: str | None
    from_name: str | None
    to_account: str
    to_name: str
    unit_type: str
    quantity: int
    blocks: tuple[MovedBlock, ...]
    proposed_by: str
    decided_by: str | None
    approved_by: str | None
    proposed_at: datetime
    decided_at: datetime | None
    completed_at: datetime | None
    effective_on: date | None
    codes: tuple[int, ...]
    reverses: str | None = None
    rolled_back_by: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Write the transaction as the command line gives it."""
        return {
            "id": self.id,
            "type": self.type,
            "kind": self.kind,
            "type_code": self.type_code,
            "supplementary_type": self.supplementary_type,
            "status": self.status,
            "status_code": self.status_code,
            "stage_code": self.stage_code,
            "from": self.from_account,
            "to": self.to_account,
            "unit_type": self.unit_type,
            "quantity": self.quantity,
            "blocks": [block.as_json() for block in self.blocks],
            "proposed_by": self.proposed_by,
            "approved_by": self.approved_by,
            "decided_by": self.decided_by,
            "proposed_at": time_json(self.proposed_at),
            "decided_at": time_json(self.decided_at),
            "completed_at": time_json(self.completed_at),
            "effective_on": day_json(self.effective_on),
            "codes": list(self.codes),
            "reverses": self.reverses,
            "rolled_back_by": self.rolled_back_by,
        }


def _of_kind(word: str) -> ColumnElement[bool]:
    code, supplementary_type = read_kind_word(word)
    of_type = Transaction.type == code
    if supplementary_type is None:
        return of_type
    return and_(of_type, Transaction.supplementary_type == supplementary_type)


def _in_status(word: str) -> ColumnElement[bool]:
    status, stage = read_status_word(word)
    of_status = Transaction.status == status
    return of_status if stage is None else and_(of_status, Transaction.stage == stage)


def _of_account(number: str) -> ColumnElement[bool]:
    account = select(Account.id).where(Account.number == number).scalar_subquery()
    return or_(Transaction.from_account_id == account, Transaction.to_account_id == account)


def _one_account(column: Any) -> Callable[[str], ColumnElement[bool]]:
    return lambda number: (
        column == select(Account.id).where(Account.number == number).scalar_subquery()
    )


def _numbered(text: str) -> ColumnElement[bool]:
    digits = text[2:] if text[:2].isalpha() else text
    return Transaction.id == whole_number(digits, "id")


TRANSACTIONS = Source(
    statement=select(
        Transaction.id,
        Transaction.type,
        Transaction.supplementary_type,
        Transaction.status,
        Transaction.stage,
        Transaction.unit_type,
        Transaction.quantity,
        Transaction.proposed_at,
        Transaction.decided_at,
        Transaction.completed_at,
        Transaction.effective_on,
        Transaction.reverses_id,
        _GIVER.number.label("giver"),
        _GIVER.name.label("giver_name"),
        _RECEIVER.number.label("receiver"),
        _RECEIVER.name.label("receiver_name"),
        _PROPOSER.user_name.label("proposed_by"),
        _DECIDER.user_name.label("decided_by"),
    )
    .outerjoin(_GIVER, _GIVER.id == Transaction.from_account_id)
    .outerjoin(_RECEIVER, _RECEIVER.id == Transaction.to_account_id)
    .outerjoin(_PROPOSER, _PROPOSER.id == Transaction.proposed_by)
    .outerjoin(_DECIDER, _DECIDER.id == Transaction.decided_by),
    key=(Transaction.id,),
    sorts={
        "id": (),
        "type": (Transaction.type,),
        "kind": (Transaction.type, Transaction.supplementary_type),
        "status": (Transaction.status,),
        "from_account": (text_or_empty(_GIVER.number),),
        "to_account": (text_or_empty(_RECEIVER.number),),
        "unit_type": (Transaction.unit_type,),
        "quantity": (Transaction.quantity,),
        "proposed_by": (text_or_empty(_PROPOSER.user_name),),
        "decided_by": (text_or_empty(_DECIDER.user_name),),
        "proposed_at": (Transaction.proposed_at,),
        "decided_at": (time_or_latest(Transaction.decided_at),),
        "completed_at": (time_or_latest(Transaction.completed_at),),
    },
    default_sort="id",
    filters={
        "id": _numbered,
        "type": _of_kind,
        "status": _in_status,
        "account": _of_account,
        "from": _one_account(Transaction.from_account_id),
        "to": _one_account(Transaction.to_account_id),
        "unit_type": equals(Transaction.unit_type),
        "proposed_by": lambda user: _PROPOSER.user_name == user,
        "not_proposed_by": lambda user: _PROPOSER.user_name != user,
        "decided_by": lambda user: _DECIDER.user_name == user,
        "notice": lambda number: Transaction.notice_id.in_(
            select(Notice.id).where(Notice.number == number)
        ),
    },
    texts=(
        _GIVER.number,
        _GIVER.name,
        _RECEIVER.number,
        _RECEIVER.name,
        _PROPOSER.user_name,
        *texts_of_json(
            Transaction.act, "project", "reason", "beneficiary", "purpose", "source_reason"
        ),
    ),
)


def list_transactions(registry: OpenRegistry, request: PageRequest) -> Page[TransactionRow]:
    """List transactions with their blocks and codes.

    Filters: id, type, status (words as in the rows), account (either side), from, to,
    unit_type, proposed_by, not_proposed_by, decided_by.
    """
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, TRANSACTIONS, request)
        listed = transaction_rows(registry, connection, rows)
    return Page(listed, following)


def transaction_rows(
    registry: OpenRegistry, connection: Connection, rows: Sequence[AnyRow]
) -> tuple[TransactionRow, ...]:
    """Make rows from rows of `TRANSACTIONS`, reading what belongs to them in three queries."""
    ids = [row.id for row in rows]
    blocks, codes = _read_blocks(connection, ids), _read_codes(connection, ids)
    rollbacks = _read_rollbacks(connection, ids)
    return tuple(
        _row(
            registry,
            row,
            tuple(blocks[row.id]),
            tuple(codes[row.id]),
            rolled_back_by=rollbacks.get(row.id),
        )
        for row in rows
    )


def _read_rollbacks(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Give the completed rollback of each transaction that has one."""
    rows = connection.execute(
        select(Transaction.reverses_id, Transaction.id, Transaction.status).where(
            Transaction.reverses_id.in_(ids),
            # Written out: only so does SQLite see that its partial index serves.
            text("status IN (1, 2, 4)"),
        )
    )
    done = [row for row in rows if row.status == TransactionStatus.COMPLETED]
    return {row.reverses_id: row.id for row in done}


def _read_blocks(connection: Connection, ids: Sequence[int]) -> dict[int, list[MovedBlock]]:
    found: dict[int, list[MovedBlock]] = defaultdict(list)
    rows = connection.execute(
        select(
            TransactionBlock.transaction_id,
            TransactionBlock.serial,
            TransactionBlock.series,
            TransactionBlock.first_serial,
            TransactionBlock.last_serial,
            TransactionBlock.role,
            _GIVER.number.label("giver"),
            _RECEIVER.number.label("receiver"),
        )
        .select_from(TransactionBlock)
        .outerjoin(_GIVER, _GIVER.id == TransactionBlock.from_account_id)
        .outerjoin(_RECEIVER, _RECEIVER.id == TransactionBlock.to_account_id)
        .where(TransactionBlock.transaction_id.in_(ids))
        .order_by(TransactionBlock.id)
    )
    for row in rows:
        found[row.transaction_id].append(MovedBlock(*row[1:]))
    return found


def _read_codes(connection: Connection, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = connection.execute(
        select(TransactionEvent.transaction_id, TransactionEvent.codes)
        .where(TransactionEvent.transaction_id.in_(ids), TransactionEvent.codes != "")
        .order_by(TransactionEvent.id)
    )
    for transaction_id, codes in rows:
        found[transaction_id].extend(int(code) for code in codes.split())
    return found


def _row(
    registry: OpenRegistry,
    row: AnyRow,
    blocks: tuple[MovedBlock, ...],
    codes: tuple[int, ...],
    *,
    rolled_back_by: int | None,
) -> TransactionRow:
    return TransactionRow(
        key=row.id,
        id=f"{registry.country}{row.id}",
        type=type_word(row.type),
        kind=kind_word(row.type, row.supplementary_type),
        type_code=row.type,
        supplementary_type=row.supplementary_type,
        status=status_word(row.status, row.stage),
        status_code=row.status,
        stage_code=row.stage,
        from_account=row.giver,
        from_name=row.giver_name,
        to_account=row.receiver,
        to_name=row.receiver_name,
        unit_type=row.unit_type,
        quantity=row.quantity,
        blocks=blocks,
        proposed_by=row.proposed_by,
        decided_by=row.decided_by,
        approved_by=row.decided_by if row.completed_at is not None else None,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        completed_at=row.completed_at,
        effective_on=row.effective_on,
        codes=codes,
        reverses=_identifier(registry, row.reverses_id),
        rolled_back_by=_identifier(registry, rolled_back_by),
    )


def _identifier(registry: OpenRegistry, number: int | None) -> str | None:
    return None if number is None else f"{registry.country}{number}"
