"""Stations, their keys, sensors and channels: the sensor fields of seed 5, catalogue 3.

What a station measured stands in `reading`, what was done to it in `station_event`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, ExactDecimal, Key, Moment, Name, UtcTime

_STATES = "state IN ('active', 'maintenance', 'offline')"


class Station(Base):
    """A place where sensors stand; `origin` is the registry that collects from it.

    Position in degrees (WGS 84) and metres above the sea. `time_zone` says whose days its daily
    averages are.
    """

    __tablename__ = "station"
    __table_args__ = (UniqueConstraint("origin", "code"), CheckConstraint(_STATES, name="state"))

    id: Mapped[Key]
    origin: Mapped[Code]
    code: Mapped[Code]
    name: Mapped[Name]
    owner: Mapped[Name]
    project_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("project.id"))
    latitude: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    longitude: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    elevation_m: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    time_zone: Mapped[Code]
    state: Mapped[Code]
    created_at: Mapped[Moment]
    created_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))


class StationKey(Base):
    """An Ed25519 key that signs a station's records; without its private half: of elsewhere.

    One of a station is in use; those before it are retired, and their records still verify.
    """

    __tablename__ = "station_key"
    __table_args__ = (
        UniqueConstraint("station_id", "public_key"),
        Index(
            "uq_station_key_in_use",
            "station_id",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    station_id: Mapped[int] = mapped_column(BIG, ForeignKey("station.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    private_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    added_at: Mapped[Moment]
    added_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Sensor(Base):
    """One instrument on one line, with the fields of seed 5; `settings` is JSON for its reader.

    `port` is a path or a USB identity; `interval_ms` the step between readings.
    """

    __tablename__ = "sensor"
    __table_args__ = (
        UniqueConstraint("station_id", "code"),
        CheckConstraint("interval_ms > 0", name="interval"),
        CheckConstraint(_STATES, name="state"),
    )

    id: Mapped[Key]
    station_id: Mapped[int] = mapped_column(BIG, ForeignKey("station.id"))
    code: Mapped[Code]
    sensor_type: Mapped[Code]
    manufacturer: Mapped[Name]
    model_number: Mapped[Name]
    serial_number: Mapped[Name]
    installation_date: Mapped[date | None]
    protocol: Mapped[Code]
    port: Mapped[Name]
    address: Mapped[Code]
    settings: Mapped[Name]
    interval_ms: Mapped[int] = mapped_column(BIG)
    accuracy: Mapped[Name]
    certification: Mapped[Name]
    connection_type: Mapped[Code]
    power_source: Mapped[Code]
    state: Mapped[Code]
    created_at: Mapped[Moment]
    created_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))


class SensorChannel(Base):
    """One quantity of a sensor; `rules` is a JSON table of quality tests, "" as Teak proposes.

    `uncertainty` is the standard uncertainty while no calibration says another.
    """

    __tablename__ = "sensor_channel"
    __table_args__ = (UniqueConstraint("sensor_id", "channel"),)

    id: Mapped[Key]
    sensor_id: Mapped[int] = mapped_column(BIG, ForeignKey("sensor.id"))
    channel: Mapped[Code]
    unit: Mapped[Code]
    range_low: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    range_high: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    resolution: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    uncertainty: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    rules: Mapped[Name]
    calibration_days: Mapped[int | None]


class AlarmLimit(Base):
    """Where a channel raises an alarm and where it clears; `side` is high or low."""

    __tablename__ = "alarm_limit"
    __table_args__ = (
        CheckConstraint("side IN ('high', 'low')", name="side"),
        Index(None, "channel_id"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(BIG, ForeignKey("sensor_channel.id"))
    side: Mapped[Code]
    raise_at: Mapped[Decimal] = mapped_column(ExactDecimal)
    clear_at: Mapped[Decimal] = mapped_column(ExactDecimal)
    message: Mapped[Name]
    set_at: Mapped[Moment]
    set_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("person.id"))
