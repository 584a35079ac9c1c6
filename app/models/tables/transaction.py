"""Transactions with the blocks they concern and their whole status history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
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
    Serial,
    UtcTime,
)


class TransactionRow(Base):
    """A registry transaction, from proposal to its end.

    `act` is the request as canonical JSON; a repeated `request_id` with the same act gives the
    same transaction. `effective_on` is the day the source registry gives for an imported act.
    `reverses_id` is the transfer a rollback undoes, `notice_id` the notice it answers.
    `not_before` delays its completion. `to_expiry` and `to_period` are what its units get.
    """

    __tablename__ = "registry_transaction"
    __table_args__ = (
        CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by OR status = 7", name="two_persons"
        ),
        CheckConstraint("status <> 4 OR decided_by IS NOT NULL", name="completed_needs_decision"),
        CheckConstraint("quantity > 0", name="positive"),
        Index(None, "status"),
        Index(None, "from_account_id"),
        Index(None, "to_account_id"),
        Index(None, "proposed_by"),
        Index(None, "notice_id"),
        Index(
            "uq_registry_transaction_reverses",
            "reverses_id",
            unique=True,
            sqlite_where=text("status IN (1, 2, 4)"),
            postgresql_where=text("status IN (1, 2, 4)"),
        ),
    )

    id: Mapped[Key]
    request_id: Mapped[Name] = mapped_column(unique=True)
    type: Mapped[int]
    supplementary_type: Mapped[int]
    status: Mapped[int]
    stage: Mapped[int | None]
    from_account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"))
    to_account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    unit_type: Mapped[Code] = mapped_column(ForeignKey("unit_type.code"))
    quantity: Mapped[Quantity]
    act: Mapped[Name]
    proposed_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    proposed_at: Mapped[Moment]
    decided_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    effective_on: Mapped[date | None]
    reverses_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("registry_transaction.id"))
    notice_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("notice.id"))
    not_before: Mapped[datetime | None] = mapped_column(UtcTime)
    to_expiry: Mapped[date | None]
    to_period: Mapped[int | None]


class TransactionBlock(Base):
    """A range of serial numbers that a transaction moves, as it stood when proposed.

    `role` is `move` or `levy`; `serial` is the range printed in its own grammar.
    """

    __tablename__ = "transaction_block"
    __table_args__ = (Index(None, "transaction_id"), Index(None, "series", "first_serial"))

    id: Mapped[Key]
    transaction_id: Mapped[int] = mapped_column(BIG, ForeignKey("registry_transaction.id"))
    role: Mapped[Code]
    series: Mapped[Name]
    first_serial: Mapped[Serial]
    last_serial: Mapped[Serial]
    serial: Mapped[Name]
    batch_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("unit_batch.id"))
    from_account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"))
    to_account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))


class TransactionEvent(Base):
    """One change of a transaction's status; never edited.

    `codes` are the response codes of failing checks, `passed` those of the checks that ran and
    passed, separated by blanks; `said` is a JSON array of what failing and noting checks said.
    """

    __tablename__ = "transaction_event"
    __table_args__ = (Index(None, "transaction_id"),)

    id: Mapped[Key]
    transaction_id: Mapped[int] = mapped_column(BIG, ForeignKey("registry_transaction.id"))
    status: Mapped[int]
    stage: Mapped[int | None]
    at: Mapped[Moment]
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    comment: Mapped[Name]
    codes: Mapped[Name]
    passed: Mapped[Name]
    said: Mapped[Name]


class TransactionRule(Base):
    """A row of the rule tables that applied to a transaction."""

    __tablename__ = "transaction_rule"

    transaction_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("registry_transaction.id"), primary_key=True
    )
    rule_id: Mapped[int] = mapped_column(BIG, ForeignKey("rule.id"), primary_key=True)


class TransactionDocument(Base):
    """A document of a transaction's evidence, by its digest."""

    __tablename__ = "transaction_document"

    transaction_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("registry_transaction.id"), primary_key=True
    )
    sha256: Mapped[HexDigest] = mapped_column(ForeignKey("document.sha256"), primary_key=True)
    purpose: Mapped[Name]
