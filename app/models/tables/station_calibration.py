"""Calibrations of a sensor's channels, their points, and the reference materials used.

The figures are as the calibration service gave them; the calibration itself is also a signed
record of the sensor (`reading_record`), whose `sequence` stands here.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import BIG, Base, Code, ExactDecimal, Key, Moment, Name, UtcTime


class ReferenceStandard(Base):
    """A cylinder, a zero filter, a reference instrument, and its certificate.

    `expanded` is U at coverage `factor`, in `unit`.
    """

    __tablename__ = "reference_standard"
    __table_args__ = (CheckConstraint("expanded >= 0 AND factor > 0", name="uncertainty"),)

    id: Mapped[Key]
    identification: Mapped[Code] = mapped_column(unique=True)
    channel: Mapped[Code]
    value: Mapped[float] = mapped_column(Double)
    unit: Mapped[Code]
    expanded: Mapped[float] = mapped_column(Double)
    factor: Mapped[float] = mapped_column(Double)
    certificate: Mapped[Name]
    issuer: Mapped[Name]
    traceable_to: Mapped[Name]
    expires_on: Mapped[date | None]
    document_sha256: Mapped[str | None] = mapped_column(ForeignKey("document.sha256"))
    added_at: Mapped[Moment]
    added_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Calibration(Base):
    """A calibration of one channel: calibrated = (raw − intercept) / slope from `applies_from` on.

    `details` is the whole outcome as JSON. Only the certificate is added later, once.
    `technician` is the user name in its signed record; one that came in a bundle (`import_id`)
    was done elsewhere, and `performed_by` took it over.
    """

    __tablename__ = "calibration"
    __table_args__ = (
        CheckConstraint("slope <> 0", name="slope"),
        UniqueConstraint("channel_id", "code"),
        Index(None, "code"),
    )

    id: Mapped[Key]
    code: Mapped[Code]
    channel_id: Mapped[int] = mapped_column(BIG, ForeignKey("sensor_channel.id"))
    sequence: Mapped[int] = mapped_column(BIG)
    method: Mapped[Code]
    performed_at: Mapped[Moment]
    applies_from: Mapped[Moment]
    next_due_on: Mapped[date | None]
    slope: Mapped[float] = mapped_column(Double)
    intercept: Mapped[float] = mapped_column(Double)
    u_slope: Mapped[float] = mapped_column(Double)
    u_intercept: Mapped[float] = mapped_column(Double)
    covariance: Mapped[float] = mapped_column(Double)
    written_to_device: Mapped[bool]
    verdict_as_found: Mapped[Code]
    verdict_as_left: Mapped[Code]
    details: Mapped[Name]
    certificate_number: Mapped[str | None]
    certificate_sha256: Mapped[str | None] = mapped_column(ForeignKey("document.sha256"))
    technician: Mapped[Name]
    performed_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    recorded_at: Mapped[Moment]
    import_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("reading_import.id"))


class CalibrationPoint(Base):
    """One line of a certificate's table; `phase` is as-found or as-left, `readings` is JSON."""

    __tablename__ = "calibration_point"
    __table_args__ = (CheckConstraint("phase IN ('as-found', 'as-left')", name="phase"),)

    calibration_id: Mapped[int] = mapped_column(BIG, ForeignKey("calibration.id"), primary_key=True)
    phase: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    standard_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("reference_standard.id"))
    reference: Mapped[Decimal] = mapped_column(ExactDecimal)
    mean: Mapped[float] = mapped_column(Double)
    count: Mapped[int]
    error: Mapped[float] = mapped_column(Double)
    expanded: Mapped[float] = mapped_column(Double)
    coverage: Mapped[float] = mapped_column(Double)
    verdict: Mapped[Code]
    readings: Mapped[Name]


class CalibrationCertificateRequest(Base):
    """A calibration certificate that a desk asks the worker for, and what became of it.

    `state` is `asked`, `made` or `failed`; the file is a document of the registry. `language` is
    en, th or both.
    """

    __tablename__ = "calibration_certificate_request"
    __table_args__ = (Index(None, "state"),)

    id: Mapped[Key]
    calibration_id: Mapped[int] = mapped_column(BIG, ForeignKey("calibration.id"))
    asked_by: Mapped[int] = mapped_column(BIG, ForeignKey("person.id"))
    asked_at: Mapped[Moment]
    language: Mapped[Code]
    state: Mapped[Code]
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("document.sha256"))
    problem: Mapped[Name]
