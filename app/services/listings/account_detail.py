"""One account with all that belongs to it: holder, representatives, documents, history.

Owns reading only. Its blocks and transactions are listings of their own, filtered by account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    AccountChange,
    Document,
    Holder,
    HolderDocument,
    Person,
    Representative,
)
from app.services.listings.accounts import ACCOUNTS, AccountRow, account_row
from app.services.listings.holdings import HoldingRow, holdings_within
from app.services.listings.words import time_json
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class HolderDetail:
    """An account holder; `documents` are those kept for the holder."""

    id: int
    name_en: str
    name_th: str
    kind: str
    tax_id: str
    country: str
    email: str
    identity_check: str
    documents: tuple[DocumentDetail, ...]


@dataclass(frozen=True, slots=True)
class DocumentDetail:
    """A document kept for a holder; `read_document` gives its bytes."""

    sha256: str
    name: str
    media_type: str
    size_bytes: int
    purpose: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class RepresentativeDetail:
    """Somebody who may act for the account; rights: initiate, approve, both or read."""

    name: str
    email: str
    rights: str


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One step in the life of the account."""

    state: str
    at: datetime
    by: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Write the step as JSON."""
        return {
            "state": self.state,
            "at": time_json(self.at),
            "by": self.by,
            "reason": self.reason or None,
        }


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """An account as its page shows it; `holder` is None for a built-in account."""

    account: AccountRow
    holder: HolderDetail | None
    representatives: tuple[RepresentativeDetail, ...]
    history: tuple[AccountEvent, ...]
    holdings: tuple[HoldingRow, ...]


def get_account(registry: OpenRegistry, number: str) -> AccountDetail:
    """Read an account by its number; raises NotFound."""
    with reading(registry.engine) as connection:
        row = connection.execute(
            ACCOUNTS.statement.add_columns(Account.holder_id).where(Account.number == number)
        ).one_or_none()
        if row is None:
            raise NotFound(
                f"There is no account {number} in this registry.",
                hint="`teak accounts` lists them.",
            )
        return AccountDetail(
            account=account_row(row),
            holder=None if row.holder_id is None else _holder(connection, row.holder_id),
            representatives=_representatives(connection, row.id),
            history=_history(connection, row.id),
            holdings=holdings_within(connection, account=number),
        )


def _holder(connection: Connection, holder_id: int) -> HolderDetail:
    row = connection.execute(select(*Holder.__table__.columns).where(Holder.id == holder_id)).one()
    documents = connection.execute(
        select(
            Document.sha256,
            Document.name,
            Document.media_type,
            Document.size_bytes,
            HolderDocument.purpose,
            Document.added_at,
        )
        .join(HolderDocument, HolderDocument.sha256 == Document.sha256)
        .where(HolderDocument.holder_id == holder_id)
        .order_by(Document.added_at, Document.sha256)
    ).all()
    return HolderDetail(
        id=row.id,
        name_en=row.name_en,
        name_th=row.name_th,
        kind=row.kind,
        tax_id=row.tax_id,
        country=row.country,
        email=row.email,
        identity_check=row.identity_check,
        documents=tuple(DocumentDetail(*document) for document in documents),
    )


def _representatives(connection: Connection, account_id: int) -> tuple[RepresentativeDetail, ...]:
    rows = connection.execute(
        select(Representative.name, Representative.email, Representative.rights)
        .where(Representative.account_id == account_id)
        .order_by(Representative.id)
    ).all()
    return tuple(RepresentativeDetail(*row) for row in rows)


def _history(connection: Connection, account_id: int) -> tuple[AccountEvent, ...]:
    rows = connection.execute(
        select(AccountChange.state, AccountChange.at, Person.user_name, AccountChange.reason)
        .outerjoin(Person, Person.id == AccountChange.person_id)
        .where(AccountChange.account_id == account_id)
        .order_by(AccountChange.id)
    ).all()
    return tuple(AccountEvent(*row) for row in rows)
