"""Calibrations kept: recorded once, signed into the sensor's chain, given their certificate.

Owns recording what the calibration service found, and the board of what is due. The figures are
the service's; nothing is evaluated here. A calibration that was found out of tolerance marks no
data: that is `app.services.readings.marking`, after asking.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from app.models.errors import NotFound
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import (
    Calibration,
    CalibrationPoint,
    Person,
    ReferenceStandard,
    Sensor,
    SensorChannel,
    Station,
)
from app.models.tables.base import inserted_id
from app.services.calibration.correction import Correction
from app.services.calibration.evaluation import CalibrationOutcome, PointReadings, PointResult
from app.services.calibration.notes import CalibrationNotes
from app.services.checks.refusals import refuse
from app.services.documents import require_document
from app.services.readings.chain import ChainWriter, find_sensor_key
from app.services.readings.record import RecordContent, RecordKind, number_text, us_of_time
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.registering import Within


@dataclass(frozen=True, slots=True)
class NewCalibration:
    """A calibration that was done: what came of it, and from when on it counts.

    `as_found` and `as_left` are the readings behind the outcome's points, in the same order.
    """

    channel_id: int
    performed_at: datetime
    outcome: CalibrationOutcome
    applies_from: datetime
    next_due_on: date | None = None
    written_to_device: bool = False
    as_found: tuple[PointReadings, ...] = ()
    as_left: tuple[PointReadings, ...] = ()
    notes: CalibrationNotes = field(default_factory=CalibrationNotes)


@dataclass(frozen=True, slots=True)
class KeptCalibration:
    """A calibration as it is kept; `details` is the whole outcome as JSON."""

    id: int
    code: str
    channel_id: int
    sensor_id: int
    station: str
    sensor: str
    channel: str
    unit: str
    sequence: int
    method: str
    performed_at: datetime
    applies_from: datetime
    next_due_on: date | None
    correction: Correction
    written_to_device: bool
    verdict_as_found: str
    verdict_as_left: str
    details: dict[str, Any]
    certificate_number: str | None
    certificate_sha256: str | None
    performed_by: str


@dataclass(frozen=True, slots=True)
class DueCalibration:
    """When a channel is due: its last calibration, None if it has none; negative days: overdue."""

    channel_id: int
    station: str
    sensor: str
    channel: str
    last_code: str | None
    last_at: datetime | None
    due_on: date | None
    days_left: int | None


def record_calibration(registry: OpenRegistry, actor: Actor, new: NewCalibration) -> str:
    """Keep a calibration and sign it into the sensor's chain; gives its code.

    Raises RulesBroken for somebody else's act or an outcome without a usable correction,
    NotFound for an unknown channel, StationKeyAbsent for a station of elsewhere.
    """
    correction = new.outcome.correction
    if correction is None or not correction.slope:
        raise refuse(9708, slope=None if correction is None else correction.slope)
    noted = plain(new.outcome) | {"notes": plain(new.notes)}
    details = json.dumps(noted, ensure_ascii=False, sort_keys=True)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(
            unit.connection, actor, act="calibrates sensors", act_th="สอบเทียบเซนเซอร์"
        )
        sensor_id, channel = _channel(unit.connection, new.channel_id)
        code = _next_code(unit.connection, sensor_id, new.performed_at.year)
        sequence = _sign(within, sensor_id, channel, code, new, correction, details)
        _write(within, code, sequence, new, correction, details)
        within.log(
            "calibration-recorded",
            {"calibration": code, "details_sha256": sha256(details.encode()).hexdigest()},
        )
        unit.commit()
    return code


def attach_certificate(
    registry: OpenRegistry, actor: Actor, code: str, *, number: str, document_sha256: str
) -> None:
    """Give a calibration its certificate, a document of the registry; once.

    Raises RulesBroken, NotFound, GuardRefused where it has one.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(
            unit.connection, actor, act="calibrates sensors", act_th="สอบเทียบเซนเซอร์"
        )
        require_document(unit.connection, document_sha256)
        changed = unit.connection.execute(
            update(Calibration)
            .where(Calibration.code == code)
            .values(certificate_number=number, certificate_sha256=document_sha256)
        )
        if changed.rowcount != 1:
            raise NotFound(f"There is no calibration “{code}” in this registry.")
        within.log(
            "calibration-certificate-attached", {"calibration": code, "sha256": document_sha256}
        )
        unit.commit()


def list_calibrations(
    registry: OpenRegistry, *, channel_id: int | None = None, code: str | None = None
) -> tuple[KeptCalibration, ...]:
    """List calibrations, the newest first, of a channel or all."""
    statement = (
        select(
            *Calibration.__table__.columns,
            SensorChannel.sensor_id,
            SensorChannel.channel,
            SensorChannel.unit,
            Sensor.code.label("sensor"),
            Station.code.label("station"),
            Person.user_name,
        )
        .join(SensorChannel, SensorChannel.id == Calibration.channel_id)
        .join(Sensor, Sensor.id == SensorChannel.sensor_id)
        .join(Station, Station.id == Sensor.station_id)
        .join(Person, Person.id == Calibration.performed_by)
        .order_by(Calibration.performed_at.desc(), Calibration.id.desc())
    )
    if channel_id is not None:
        statement = statement.where(Calibration.channel_id == channel_id)
    if code is not None:
        statement = statement.where(Calibration.code == code)
    with reading(registry.engine) as connection:
        return tuple(_kept(row) for row in connection.execute(statement))


def get_calibration(registry: OpenRegistry, code: str) -> KeptCalibration:
    """Give a calibration by its code; NotFound."""
    found = list_calibrations(registry, code=code)
    if not found:
        raise NotFound(f"There is no calibration “{code}” in this registry.")
    return found[0]


def due_board(registry: OpenRegistry) -> tuple[DueCalibration, ...]:
    """List what is due: every channel that is calibrated or has an interval, soonest first."""
    latest = (
        select(Calibration.channel_id, func.max(Calibration.id).label("id"))
        .group_by(Calibration.channel_id)
        .subquery()
    )
    with reading(registry.engine) as connection:
        rows = connection.execute(
            select(
                SensorChannel.id,
                Station.code.label("station"),
                Sensor.code.label("sensor"),
                SensorChannel.channel,
                Calibration.code,
                Calibration.performed_at,
                Calibration.next_due_on,
            )
            .join(Sensor, Sensor.id == SensorChannel.sensor_id)
            .join(Station, Station.id == Sensor.station_id)
            .outerjoin(latest, latest.c.channel_id == SensorChannel.id)
            .outerjoin(Calibration, Calibration.id == latest.c.id)
            .where(Calibration.id.is_not(None) | SensorChannel.calibration_days.is_not(None))
        ).all()
    today = registry.today()
    board = [
        DueCalibration(*row, None if row.next_due_on is None else (row.next_due_on - today).days)
        for row in rows
    ]
    return tuple(
        sorted(board, key=lambda item: -(10**6) if item.days_left is None else item.days_left)
    )


def plain(value: Any) -> Any:
    """Turn dataclasses, enums, times and numbers into what JSON takes; floats as text."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (int, str)):
        return value
    return number_text(value) if isinstance(value, float) else str(value)


def _sign(
    within: Within,
    sensor_id: int,
    channel: str,
    code: str,
    new: NewCalibration,
    correction: Correction,
    details: str,
) -> int:
    key = find_sensor_key(within.connection, sensor_id)
    at = us_of_time(new.performed_at)
    body = {
        "calibration": code,
        "channel": channel,
        "method": str(new.outcome.settings.procedure),
        "applies_from_us": us_of_time(new.applies_from),
        "written_to_device": new.written_to_device,
        "verdict_as_found": _verdict(new.outcome.verdict_as_found),
        "verdict_as_left": _verdict(new.outcome.verdict_as_left),
        "details_sha256": sha256(details.encode()).hexdigest(),
    } | {name: number_text(value) for name, value in asdict(correction).items()}
    writer = ChainWriter(within.connection, key, within.actor)
    content = RecordContent(RecordKind.CALIBRATION, at, at, body, details.encode())
    return writer.append(content, recorded_at=within.now).sequence


def _write(
    within: Within,
    code: str,
    sequence: int,
    new: NewCalibration,
    correction: Correction,
    details: str,
) -> None:
    outcome = new.outcome
    made = inserted_id(
        within.connection.execute(
            insert(Calibration),
            {
                "code": code,
                "channel_id": new.channel_id,
                "sequence": sequence,
                "method": str(outcome.settings.procedure),
                "performed_at": new.performed_at,
                "applies_from": new.applies_from,
                "next_due_on": new.next_due_on,
                **asdict(correction),
                "written_to_device": new.written_to_device,
                "verdict_as_found": _verdict(outcome.verdict_as_found),
                "verdict_as_left": _verdict(outcome.verdict_as_left),
                "details": details,
                "certificate_number": None,
                "certificate_sha256": None,
                "performed_by": within.actor.id,
                "recorded_at": within.now,
            },
        )
    )
    standards = {
        row.identification: row.id
        for row in within.connection.execute(
            select(ReferenceStandard.identification, ReferenceStandard.id)
        )
    }
    rows = [
        _point(made, phase, number, result, read, standards)
        for phase, results, readings in (
            ("as-found", outcome.as_found, new.as_found),
            ("as-left", outcome.as_left, new.as_left),
        )
        for number, (result, read) in enumerate(
            zip(results, [*readings, *[None] * len(results)], strict=False), 1
        )
    ]
    if rows:
        within.connection.execute(insert(CalibrationPoint), rows)


def _point(
    calibration_id: int,
    phase: str,
    number: int,
    result: PointResult,
    read: PointReadings | None,
    standards: dict[str, int],
) -> dict[str, Any]:
    return {
        "calibration_id": calibration_id,
        "phase": phase,
        "number": number,
        "standard_id": standards.get(result.material.identification),
        "reference": Decimal(repr(float(result.material.value))),
        "mean": result.mean,
        "count": result.count,
        "error": result.error,
        "expanded": result.budget.expanded,
        "coverage": result.budget.factor,
        "verdict": str(result.judged.verdict or ""),
        "readings": json.dumps([] if read is None else list(read.readings)),
    }


def _verdict(verdict: object) -> str:
    return "" if verdict is None else str(verdict)


def _channel(connection: Connection, channel_id: int) -> tuple[int, str]:
    row = connection.execute(
        select(SensorChannel.sensor_id, SensorChannel.channel).where(SensorChannel.id == channel_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no channel {channel_id} in this registry.")
    return row.sensor_id, row.channel


def _next_code(connection: Connection, sensor_id: int, year: int) -> str:
    """Give the next code of a sensor, in the seed's form: CAL-2025-0012-01."""
    start = f"CAL-{year}-{sensor_id:04}-"
    count = connection.execute(
        select(func.count()).select_from(Calibration).where(Calibration.code.like(f"{start}%"))
    ).scalar_one()
    return f"{start}{count + 1:02}"


def _kept(row: Any) -> KeptCalibration:
    return KeptCalibration(
        row.id,
        row.code,
        row.channel_id,
        row.sensor_id,
        row.station,
        row.sensor,
        row.channel,
        row.unit,
        row.sequence,
        row.method,
        row.performed_at,
        row.applies_from,
        row.next_due_on,
        Correction(row.slope, row.intercept, row.u_slope, row.u_intercept, row.covariance),
        bool(row.written_to_device),
        row.verdict_as_found,
        row.verdict_as_left,
        json.loads(row.details),
        row.certificate_number,
        row.certificate_sha256,
        row.user_name,
    )
