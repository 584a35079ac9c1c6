"""Calibrations kept: recorded once, signed into the sensor's chain, given their certificate.

Owns recording what the calibration service found. The figures are the service's; nothing is
evaluated here, and what is kept is read by `kept_calibrations`. A calibration that was found out
of tolerance marks no data: that is `app.services.readings.marking`, after asking.
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
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import (
    Calibration,
    CalibrationPoint,
    ReferenceStandard,
    SensorChannel,
)
from app.models.tables.base import inserted_id
from app.services.calibration.correction import Correction
from app.services.calibration.evaluation import CalibrationOutcome, PointReadings, PointResult
from app.services.calibration.notes import CalibrationNotes
from app.services.checks.refusals import refuse
from app.services.documents import require_document
from app.services.readings.chain import ChainWriter
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


def record_calibration(registry: OpenRegistry, actor: Actor, new: NewCalibration) -> str:
    """Keep a calibration and sign it into the sensor's chain; gives its code.

    Raises RulesBroken for somebody else's act or an outcome without a usable correction,
    NotFound for an unknown channel, StationKeyAbsent for a station of elsewhere.
    """
    correction = new.outcome.correction
    if correction is None or not correction.slope:
        raise refuse(9708, slope=None if correction is None else correction.slope)
    noted = plain(new.outcome) | {"notes": plain(new.notes), "taken_at": _taken_at(new)}
    details = json.dumps(noted, ensure_ascii=False, sort_keys=True)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(
            unit.connection, actor, act="calibrates sensors", act_th="สอบเทียบเซนเซอร์"
        )
        sensor_id, channel = _channel(unit.connection, new.channel_id)
        chain = ChainWriter(unit.connection, sensor_id, actor)
        code = _next_code(unit.connection, sensor_id, new.performed_at.year)
        sequence = _sign(within, chain, channel, code, new, correction, details)
        _write(within, code, sequence, new, correction, details)
        within.log(
            "calibration-recorded",
            {"calibration": code, "details_sha256": sha256(details.encode()).hexdigest()},
        )
        unit.commit()
    return code


def attach_certificate_within(
    within: Within,
    calibration_id: int,
    code: str,
    *,
    number: str,
    document_sha256: str,
    asked_by: str = "",
) -> None:
    """Give a calibration its certificate, a document of the registry, inside a unit of work.

    `asked_by`: whom the worker did it for. Raises NotFound for a document that is not kept,
    GuardRefused where there is one already.
    """
    require_document(within.connection, document_sha256)
    within.connection.execute(
        update(Calibration)
        .where(Calibration.id == calibration_id)
        .values(certificate_number=number, certificate_sha256=document_sha256)
    )
    body = {"calibration": code, "certificate": number, "sha256": document_sha256}
    if asked_by:
        body["asked_by"] = asked_by
    within.log("calibration-certificate-attached", body)


def _taken_at(new: NewCalibration) -> dict[str, list[str | None]]:
    """Write when each point was read: a calibration may be taken up again after a pause."""
    return {
        phase: [None if each.taken_at is None else each.taken_at.isoformat() for each in points]
        for phase, points in (("as_found", new.as_found), ("as_left", new.as_left))
    }


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
    chain: ChainWriter,
    channel: str,
    code: str,
    new: NewCalibration,
    correction: Correction,
    details: str,
) -> int:
    at = us_of_time(new.performed_at)
    body = {
        "calibration": code,
        "channel": channel,
        "method": str(new.outcome.settings.procedure),
        "applies_from_us": us_of_time(new.applies_from),
        "next_due_on": None if new.next_due_on is None else new.next_due_on.isoformat(),
        "written_to_device": new.written_to_device,
        "verdict_as_found": _verdict(new.outcome.verdict_as_found),
        "verdict_as_left": _verdict(new.outcome.verdict_as_left),
        "details_sha256": sha256(details.encode()).hexdigest(),
    } | {name: number_text(value) for name, value in asdict(correction).items()}
    content = RecordContent(RecordKind.CALIBRATION, at, at, body, details.encode())
    return chain.append(content, recorded_at=within.now).sequence


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
                "technician": within.actor.user_name,
                "performed_by": within.actor.id,
                "recorded_at": within.now,
                "import_id": None,
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
        select(func.count())
        .select_from(Calibration)
        .join(SensorChannel, SensorChannel.id == Calibration.channel_id)
        .where(SensorChannel.sensor_id == sensor_id, Calibration.code.like(f"{start}%"))
    ).scalar_one()
    return f"{start}{count + 1:02}"
