"""Unit types, schemes, commitment periods, series, batches and unit blocks.

A *batch* keeps what its blocks share; a *block* is a contiguous range of serial numbers in one
account. Blocks are created by a completed issuance, cover their batch exactly for ever, split at
the head and move with a completed transaction; the guards refuse everything else.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, Key, Name, Quantity, Serial


class UnitType(Base):
    """A kind of unit; `measure` is what one unit stands for: tCO2e or toe."""

    __tablename__ = "unit_type"

    code: Mapped[Code] = mapped_column(primary_key=True)
    name_en: Mapped[Name]
    name_th: Mapped[Name]
    measure: Mapped[Code]
    is_domestic: Mapped[bool]


class CommitmentPeriod(Base):
    """A commitment period; its number stands in built-in account numbers."""

    __tablename__ = "commitment_period"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_day: Mapped[date]
    last_day: Mapped[date]


class Scheme(Base):
    """A crediting scheme of this registry; each has its own buffer account."""

    __tablename__ = "scheme"

    code: Mapped[Code] = mapped_column(primary_key=True)
    name_en: Mapped[Name]
    name_th: Mapped[Name]
    unit_type: Mapped[Code] = mapped_column(ForeignKey("unit_type.code"))


class Series(Base):
    """What numbers must not repeat within; `key` is the series as the serial grammar names it."""

    __tablename__ = "series"

    id: Mapped[Key]
    key: Mapped[Name] = mapped_column(unique=True)


class UnitBatch(Base):
    """What all blocks of one issuance share, and the template their serials print from."""

    __tablename__ = "unit_batch"
    __table_args__ = (Index(None, "project_id"),)

    id: Mapped[Key]
    series_id: Mapped[int] = mapped_column(BIG, ForeignKey("series.id"))
    first_serial: Mapped[Serial]
    last_serial: Mapped[Serial]
    unit_type: Mapped[Code] = mapped_column(ForeignKey("unit_type.code"))
    origin: Mapped[Code]
    project_id: Mapped[int] = mapped_column(BIG, ForeignKey("project.id"))
    vintage: Mapped[int | None]
    expires_on: Mapped[date | None]
    original_period: Mapped[int]
    applicable_period: Mapped[int]
    lulucf_activity: Mapped[int]
    track: Mapped[int]
    grammar: Mapped[Code]
    template: Mapped[Name]
    created_by: Mapped[int] = mapped_column(BIG, ForeignKey("registry_transaction.id"), unique=True)


class UnitBlock(Base):
    """A contiguous range of serial numbers in one account.

    `fifo_expiry` and `fifo_vintage` repeat the batch's values with “none” written as the
    latest, so that one index gives the order in which units leave an account.
    `reserved_by` is the pending transaction that will move the block, `moved_by` the last
    that did. `issued_to` is the account that first had it; `applicable_period` begins as the
    batch's and changes by carry-over alone, as `fifo_expiry` does by a change of expiry date.
    """

    __tablename__ = "unit_block"
    __table_args__ = (
        CheckConstraint("first_serial >= 0 AND last_serial >= first_serial", name="range"),
        Index(
            "ix_unit_block_fifo",
            "account_id",
            "unit_type",
            "fifo_expiry",
            "fifo_vintage",
            "series",
            "first_serial",
        ),
        Index("ix_unit_block_range", "series_id", "first_serial", unique=True),
        Index(
            "ix_unit_block_reserved",
            "reserved_by",
            sqlite_where=text("reserved_by IS NOT NULL"),
            postgresql_where=text("reserved_by IS NOT NULL"),
        ),
        Index(None, "batch_id"),
    )

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(BIG, ForeignKey("unit_batch.id"))
    series_id: Mapped[int] = mapped_column(BIG, ForeignKey("series.id"))
    series: Mapped[Name]
    first_serial: Mapped[Serial]
    last_serial: Mapped[Serial]
    unit_type: Mapped[Code]
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    state: Mapped[Code]
    fifo_expiry: Mapped[date]
    fifo_vintage: Mapped[int]
    applicable_period: Mapped[int]
    issued_to: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    reserved_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("registry_transaction.id"))
    moved_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("registry_transaction.id"))
    created_by: Mapped[int] = mapped_column(BIG, ForeignKey("registry_transaction.id"))
    parent_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("unit_block.id"))


class OwnUnits(Base):
    """How many units of a commitment period an account was itself issued, and passed on.

    A summary the database keeps by itself (see the guards), by which reserve and
    maximum-transfer rules judge; nothing writes it directly. `passed_on` counts transfers alone.
    """

    __tablename__ = "own_units"
    __table_args__ = (CheckConstraint("passed_on >= 0 AND passed_on <= issued", name="within"),)

    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), primary_key=True)
    unit_type: Mapped[Code] = mapped_column(ForeignKey("unit_type.code"), primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issued: Mapped[Quantity]
    passed_on: Mapped[Quantity]
