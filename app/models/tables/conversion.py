"""Units of another scheme that were cancelled there to be reissued here, and the votes on it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, HexDigest, Key, Moment, Name, Serial


class SourceUnit(Base):
    """A range of serials of another scheme, from its voluntary-cancellation record.

    A serial converts once, ever: ranges of one series never overlap, and `converted_by` is set
    once (guarded). `attributes` is the source record's row as canonical JSON, all of it.
    `reissued_first` and `reissued_last` are the domestic serials that stand for it, one for one.
    """

    __tablename__ = "source_unit"
    __table_args__ = (
        CheckConstraint("first_serial >= 0 AND last_serial >= first_serial", name="range"),
        Index(None, "series", "first_serial", unique=True),
        Index(None, "converted_by"),
    )

    id: Mapped[Key]
    serial: Mapped[Name]
    grammar: Mapped[Code]
    series: Mapped[Name]
    first_serial: Mapped[Serial]
    last_serial: Mapped[Serial]
    unit_type: Mapped[Code]
    host_country: Mapped[Code]
    project: Mapped[Name]
    attributes: Mapped[Name]
    record_sha256: Mapped[HexDigest] = mapped_column(ForeignKey("document.sha256"))
    attestation_sha256: Mapped[HexDigest] = mapped_column(ForeignKey("document.sha256"))
    registered_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    registered_at: Mapped[Moment]
    converted_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("registry_transaction.id"))
    reissued_series: Mapped[str | None]
    reissued_first: Mapped[int | None] = mapped_column(BIG)
    reissued_last: Mapped[int | None] = mapped_column(BIG)


class Vote(Base):
    """What a committee member said to a proposal, with a comment; never changed."""

    __tablename__ = "vote"
    __table_args__ = (CheckConstraint("choice IN ('yes', 'no')", name="choice_known"),)

    transaction_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("registry_transaction.id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"), primary_key=True)
    choice: Mapped[Code]
    comment: Mapped[Name]
    at: Mapped[Moment]
