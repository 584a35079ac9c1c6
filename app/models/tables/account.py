"""Account holders, their representatives and documents, and accounts with their history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import (
    BIG,
    Base,
    Code,
    HexDigest,
    Key,
    Moment,
    Name,
    Quantity,
    UtcTime,
)


class Holder(Base):
    """An organisation, person or state body that holds accounts."""

    __tablename__ = "holder"
    __table_args__ = (Index(None, "name_en"),)

    id: Mapped[Key]
    name_en: Mapped[Name]
    name_th: Mapped[Name]
    kind: Mapped[Code]
    tax_id: Mapped[Code]
    country: Mapped[Code]
    email: Mapped[Name]
    identity_check: Mapped[Code]
    created_at: Mapped[Moment]


class HolderDocument(Base):
    """A document kept for a holder, by its digest."""

    __tablename__ = "holder_document"

    holder_id: Mapped[int] = mapped_column(BIG, ForeignKey("holder.id"), primary_key=True)
    sha256: Mapped[HexDigest] = mapped_column(ForeignKey("document.sha256"), primary_key=True)
    purpose: Mapped[Name]


class Representative(Base):
    """Somebody outside the desk who may act for an account."""

    __tablename__ = "representative"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    name: Mapped[Name]
    email: Mapped[Name]
    rights: Mapped[Code]


class Account(Base):
    """An account; `unit_state` is what units become on entering it.

    `scheme` says whose buffer a buffer account is.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("country", "type_code", "identifier", "period"),
        CheckConstraint(
            "state IN ('proposed', 'open', 'suspended', 'locked', 'closed', 'rejected')",
            name="state_known",
        ),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_persons"),
        Index(None, "holder_id"),
        Index(None, "name"),
    )

    id: Mapped[Key]
    number: Mapped[Code] = mapped_column(unique=True)
    country: Mapped[Code]
    type_code: Mapped[int]
    identifier: Mapped[int] = mapped_column(BIG)
    period: Mapped[int]
    name: Mapped[Name]
    holder_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("holder.id"))
    state: Mapped[Code]
    unit_state: Mapped[Code]
    scheme: Mapped[str | None] = mapped_column(ForeignKey("scheme.code"))
    opened_on: Mapped[date | None]
    proposed_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("person.id"))


class AccountChange(Base):
    """One step in the life of an account, with who and why."""

    __tablename__ = "account_change"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    state: Mapped[Code]
    at: Mapped[Moment]
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    reason: Mapped[Name]


class TrustedAccount(Base):
    """An account that another may send units to without the delay for strangers.

    `state` is `proposed`, `approved`, `rejected` or `removed`; an approved one is trusted from
    `effective_at` on. Removal takes effect at once.
    """

    __tablename__ = "trusted_account"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'removed')", name="state_known"
        ),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_persons"),
        Index(None, "account_id", "trusted_number"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    trusted_number: Mapped[Code]
    note: Mapped[Name]
    state: Mapped[Code]
    proposed_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    proposed_at: Mapped[Moment]
    decided_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    effective_at: Mapped[datetime | None] = mapped_column(UtcTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Holding(Base):
    """How many units of a type an account has, and how many of them are reserved.

    A summary the database keeps by itself (see the guards); nothing writes it directly.
    """

    __tablename__ = "holding"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="not_negative"),
        CheckConstraint("reserved >= 0 AND reserved <= quantity", name="reserved_within"),
    )

    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), primary_key=True)
    unit_type: Mapped[Code] = mapped_column(ForeignKey("unit_type.code"), primary_key=True)
    quantity: Mapped[Quantity]
    reserved: Mapped[Quantity]
