"""Rows of the business logic tables, the changes that made them, and holidays."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, ExactDecimal, Key, Moment, Name, UtcTime


class RuleChange(Base):
    """A proposed row of the business logic tables; a second person approves or rejects it.

    `status` is `proposed`, `approved`, `rejected` or `withdrawn`.
    """

    __tablename__ = "rule_change"
    __table_args__ = (
        CheckConstraint(
            "status IN ('proposed', 'approved', 'rejected', 'withdrawn')", name="status_known"
        ),
        CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by OR status = 'withdrawn'",
            name="two_persons",
        ),
        CheckConstraint("valid_from <= valid_to", name="range_in_order"),
        Index(None, "status"),
    )

    id: Mapped[Key]
    request_id: Mapped[Name] = mapped_column(unique=True)
    kind: Mapped[Code]
    unit_type: Mapped[Code] = mapped_column(ForeignKey("unit_type.code"))
    period: Mapped[int] = mapped_column(ForeignKey("commitment_period.number"))
    value: Mapped[Decimal] = mapped_column(ExactDecimal)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[Name]
    status: Mapped[Code]
    proposed_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    proposed_at: Mapped[Moment]
    decided_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    comment: Mapped[Name]


class Rule(Base):
    """A row of the business logic tables, valid for a range of days.

    Ranges of one rule (kind and unit type) never overlap (guarded). `change_id` is the approved
    change that made the row, None for those a registry begins with; `ended_by` the one that
    made it end earlier, to make room for its own.
    """

    __tablename__ = "rule"
    __table_args__ = (Index(None, "kind", "unit_type", "valid_from"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    unit_type: Mapped[Code] = mapped_column(ForeignKey("unit_type.code"))
    period: Mapped[int] = mapped_column(ForeignKey("commitment_period.number"))
    value: Mapped[Decimal] = mapped_column(ExactDecimal)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    change_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("rule_change.id"))
    ended_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("rule_change.id"))


class Holiday(Base):
    """A day on which no working hours count."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name_en: Mapped[Name]
    name_th: Mapped[Name]
