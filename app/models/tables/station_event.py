"""What happened at stations: what people touched, and alarms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, ExactDecimal, Key, Moment, Name, UtcTime


class StationEvent(Base):
    """A seal, an inspection, maintenance, a move, a note: what was touched, when, by whom.

    `at` is when it happened, `recorded_at` when it was told. `value` belongs to the kind: a
    seal's number, a new state.
    """

    __tablename__ = "station_event"
    __table_args__ = (Index(None, "station_id", "at"),)

    id: Mapped[Key]
    station_id: Mapped[int] = mapped_column(BIG, ForeignKey("station.id"))
    sensor_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("sensor.id"))
    kind: Mapped[Code]
    at: Mapped[Moment]
    value: Mapped[Name]
    note: Mapped[Name]
    latitude: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    longitude: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    document_sha256: Mapped[str | None] = mapped_column(ForeignKey("document.sha256"))
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    recorded_at: Mapped[Moment]


class Alarm(Base):
    """A limit passed; it ends once, and is acknowledged once, by somebody.

    `end_reason` is cleared (the value came back) or limit-ended, "" while the alarm goes on.
    """

    __tablename__ = "alarm"
    __table_args__ = (
        CheckConstraint(
            "end_reason IN ('', 'cleared', 'limit-ended') "
            "AND (ended_at IS NULL) = (end_reason = '')",
            name="end_reason",
        ),
        Index(None, "limit_id", "raised_at"),
    )

    id: Mapped[Key]
    limit_id: Mapped[int] = mapped_column(BIG, ForeignKey("alarm_limit.id"))
    raised_at: Mapped[Moment]
    raised_value: Mapped[Decimal] = mapped_column(ExactDecimal)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    end_reason: Mapped[Code]
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcTime)
    acknowledged_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("person.id"))
    comment: Mapped[Name]
