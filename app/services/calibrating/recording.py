"""A calibration finished: kept as signed records, its doubtful data marked, its correction found.

Owns the order of these acts. Figures are `app.services.calibration`'s, rows and records
`app.services.stations.calibrations`'s. Data are marked only after somebody said so, by new
signed records: no reading is ever edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import ReadingRecord, SensorChannel
from app.services.calibration.device_adjustment import LIMITS
from app.services.calibration.evaluation import (
    CalibrationOutcome,
    DoubtfulSpan,
    PointReadings,
)
from app.services.calibration.findings import CalibrationRefused, Finding
from app.services.calibration.limits import CorrectionLimit
from app.services.calibration.notes import CalibrationNotes
from app.services.calibration.tolerance import Verdict
from app.services.quality.flags import Flag
from app.services.readings.corrections import UNCALIBRATED, CorrectionInForce, corrections_of
from app.services.readings.marking import Marking, mark_readings
from app.services.readings.record import RecordKind, us_of_time
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.calibrations import NewCalibration, record_calibration
from app.services.stations.kept_calibrations import KeptCalibration, list_calibrations

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FinishedCalibration:
    """A calibration as the wizard hands it over, all points taken.

    `written_to_device`: the device keeps the correction itself, so the registry applies none.
    """

    channel_id: int
    outcome: CalibrationOutcome
    as_found: tuple[PointReadings, ...]
    as_left: tuple[PointReadings, ...]
    notes: CalibrationNotes
    performed_at: datetime
    written_to_device: bool
    next_due_on: date | None = None


def correction_limit_of(protocol: str) -> CorrectionLimit | None:
    """Give how far a device's maker lets a correction reach; None where none is documented."""
    return LIMITS.get(protocol)


def keep_calibration(registry: OpenRegistry, actor: Actor, done: FinishedCalibration) -> str:
    """Keep a finished calibration and give its code; its correction holds from now on.

    Raises CalibrationRefused naming what still stands in the way, RulesBroken, NotFound.
    """
    outcome = done.outcome
    blocking = next((found for found in outcome.findings if found.blocks), None)
    if blocking is not None:
        raise CalibrationRefused(blocking, hint="Clear this first; nothing was recorded.")
    if not done.as_left or outcome.verdict_as_left is None:
        raise CalibrationRefused(
            Finding(
                "not-checked-after",
                "Nothing was read after the correction: a calibration ends with as-left readings.",
                "ยังไม่ได้อ่านค่าหลังการปรับแก้ การสอบเทียบต้องจบด้วยการอ่านค่าหลังปรับ",
            ),
            hint="Take the as-left points.",
        )
    return record_calibration(
        registry,
        actor,
        NewCalibration(
            channel_id=done.channel_id,
            performed_at=done.performed_at,
            outcome=outcome,
            applies_from=done.performed_at,
            next_due_on=done.next_due_on,
            written_to_device=done.written_to_device,
            as_found=done.as_found,
            as_left=done.as_left,
            notes=done.notes,
        ),
    )


def last_good_check(
    registry: OpenRegistry, channel_id: int, *, before: datetime
) -> KeptCalibration | None:
    """Find the last calibration that left the channel within tolerance; None: there was none."""
    return next(
        (
            kept
            for kept in list_calibrations(registry, channel_id=channel_id)
            if kept.performed_at < before and kept.verdict_as_left == Verdict.PASS
        ),
        None,
    )


def reason_begins(calibration: str) -> str:
    """Give the words with which the mark of a calibration's doubtful data begins."""
    return f"Found out of tolerance by calibration {calibration};"


def mark_doubtful(
    registry: OpenRegistry,
    actor: Actor,
    channel_id: int,
    span: DoubtfulSpan,
    *,
    calibration: str,
    note: str = "",
) -> int | None:
    """Mark the channel's data of a span suspicious by a signed record; gives its sequence number.

    None where there is no reading to mark. Raises RulesBroken, NotFound, StationKeyAbsent.
    """
    if span.since is None or span.since >= span.until:
        return None
    with reading(registry.engine) as connection:
        sensor_id, channel = _channel_of(connection, channel_id)
    marking = Marking(
        channels=(channel,),
        start=span.since,
        end=span.until,
        flag=Flag.SUSPECT,
        reason=f"{reason_begins(calibration)} no good check since "
        f"{span.since:%Y-%m-%d %H:%M} UTC. {note}".strip(),
    )
    return mark_readings(registry, actor, sensor_id, marking)


def correction_in_force(
    registry: OpenRegistry, channel_id: int, *, at: datetime
) -> CorrectionInForce:
    """Give the correction that applies to a channel's raw values at a time."""
    with reading(registry.engine) as connection:
        sensor_id, channel = _channel_of(connection, channel_id)
        steps = corrections_of(connection, sensor_id).get(channel)
    return UNCALIBRATED if steps is None else steps.at(us_of_time(at))


def _channel_of(connection: Connection, channel_id: int) -> tuple[int, str]:
    row = connection.execute(
        select(SensorChannel.sensor_id, SensorChannel.channel).where(SensorChannel.id == channel_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no channel {channel_id} in this registry.")
    return row.sensor_id, row.channel


def first_reading(connection: Connection, channel_id: int) -> datetime | None:
    """Find when the channel's sensor was read first; None: never."""
    sensor_id, _ = _channel_of(connection, channel_id)
    first_us = connection.execute(
        select(func.min(ReadingRecord.first_us)).where(
            ReadingRecord.sensor_id == sensor_id,
            ReadingRecord.kind == str(RecordKind.READINGS),
        )
    ).scalar()
    return None if first_us is None else _EPOCH + timedelta(microseconds=first_us)
