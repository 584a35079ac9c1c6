"""Account holders, their representatives and documents, and accounts with their history."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, HexDigest, Key, Moment, Name, Quantity


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
    """An account; `unit_state` is what units become on entering it."""

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
