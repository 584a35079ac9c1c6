"""Notices that ask for an act within a term, as the transaction log sent them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, Key, Moment, Name


class Notice(Base):
    """A notice of DES type 1 to 13; transactions that name it fulfil it.

    `status` is 1 open, 2 incomplete, 3 completed. `target_quantity` is in units.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("status IN (1, 2, 3)", name="status_known"),
        Index(None, "status"),
    )

    id: Mapped[Key]
    number: Mapped[Code] = mapped_column(unique=True)
    type: Mapped[int]
    status: Mapped[int]
    message: Mapped[Name]
    unit_type: Mapped[str | None] = mapped_column(ForeignKey("unit_type.code"))
    project_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("project.id"))
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"))
    target_quantity: Mapped[int | None] = mapped_column(BIG)
    period: Mapped[int | None]
    received_at: Mapped[Moment]
    due_on: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
