"""Readings: a signed chain of records per sensor, and roll-ups that follow from it.

The form of a record's header and payload is in `docs/formats.md` (“Readings”). Times of readings
are whole microseconds since 1970 (UTC), as the averaging reckons in them.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, Digest, HexDigest, Key, Moment, Name


class ReadingRecord(Base):
    """One link of a sensor's chain: readings, later flags, a calibration, a gap, a clock's jump.

    `header` is canonical JSON, states the digest of `payload` and the hash of the record before,
    and is what `signature` signs; `hash` is that of the header. `first_us` and `last_us` are what
    the record is about.
    """

    __tablename__ = "reading_record"
    __table_args__ = (
        CheckConstraint("first_us <= last_us", name="span"),
        Index(None, "sensor_id", "kind", "first_us", "last_us"),
    )

    sensor_id: Mapped[int] = mapped_column(BIG, ForeignKey("sensor.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    first_us: Mapped[int] = mapped_column(BIG)
    last_us: Mapped[int] = mapped_column(BIG)
    row_count: Mapped[int]
    header: Mapped[bytes] = mapped_column(LargeBinary)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[Digest]
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    key_id: Mapped[int] = mapped_column(BIG, ForeignKey("station_key.id"))
    recorded_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    import_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("reading_import.id"))


class ReadingRollup(Base):
    """Five minutes, an hour or a day of a channel: follows from the records, made anew at will.

    `mean` is None where too little is there. For a wind direction `mean` is where the mean vector
    comes from, `east` and `north` that vector. `used` counts what the mean is over; `good`,
    `suspicious`, `bad` and `missing` count readings by flag.
    """

    __tablename__ = "reading_rollup"
    __table_args__ = ({"sqlite_with_rowid": False},)

    channel_id: Mapped[int] = mapped_column(BIG, ForeignKey("sensor_channel.id"), primary_key=True)
    period_s: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    start_us: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    end_us: Mapped[int] = mapped_column(BIG)
    mean: Mapped[float | None] = mapped_column(Double)
    minimum: Mapped[float | None] = mapped_column(Double)
    maximum: Mapped[float | None] = mapped_column(Double)
    raw_mean: Mapped[float | None] = mapped_column(Double)
    east: Mapped[float | None] = mapped_column(Double)
    north: Mapped[float | None] = mapped_column(Double)
    speed: Mapped[float | None] = mapped_column(Double)
    calms: Mapped[int]
    used: Mapped[int]
    expected: Mapped[int]
    good: Mapped[int]
    suspicious: Mapped[int]
    bad: Mapped[int]
    missing: Mapped[int]


class ReadingImport(Base):
    """A file that was read in, once for each `subject`; a bundle's subject is empty.

    `settings` is JSON: units, time zone, codes for no value, as chosen in the preview.
    """

    __tablename__ = "reading_import"
    __table_args__ = (UniqueConstraint("sha256", "subject"),)

    id: Mapped[Key]
    sha256: Mapped[HexDigest]
    subject: Mapped[Code]
    form: Mapped[Code]
    file_name: Mapped[Name]
    settings: Mapped[Name]
    row_count: Mapped[int] = mapped_column(BIG)
    refused_count: Mapped[int] = mapped_column(BIG)
    imported_at: Mapped[Moment]
    imported_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
