"""Calibrations that are kept, read: one, all of a channel, and the board of what is due.

Owns these readings. Recording is `calibrations`, what is urgent `app.services.calibrating.due`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.models.errors import NotFound, UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import Calibration, Sensor, SensorChannel, Station
from app.services.calibration.correction import Correction
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class KeptCalibration:
    """A calibration as it is kept; `details` is the whole outcome as JSON.

    `origin` is the registry whose station was calibrated; there its code is unique.
    `is_of_elsewhere`: it came in a bundle, signed and certified there.
    """

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
    origin: str
    is_of_elsewhere: bool

    @property
    def reference(self) -> str:
        """What names it here, even beside one of elsewhere with the same code."""
        return f"{self.code}@{self.origin}" if self.is_of_elsewhere else self.code


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
    last_reference: str | None = None
    certificate_number: str | None = None


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
            Station.origin,
        )
        .join(SensorChannel, SensorChannel.id == Calibration.channel_id)
        .join(Sensor, Sensor.id == SensorChannel.sensor_id)
        .join(Station, Station.id == Sensor.station_id)
        .order_by(Calibration.performed_at.desc(), Calibration.id.desc())
    )
    if channel_id is not None:
        statement = statement.where(Calibration.channel_id == channel_id)
    if code is not None:
        statement = statement.where(Calibration.code == code)
    with reading(registry.engine) as connection:
        return tuple(_kept(row) for row in connection.execute(statement))


def get_calibration(registry: OpenRegistry, code: str) -> KeptCalibration:
    """Give a calibration by its code, or by code@registry where it came from another.

    One of this registry comes before others of its code. Raises NotFound, UsageError where two
    other registries have one of that code.
    """
    name, _, origin = code.partition("@")
    found = list_calibrations(registry, code=name)
    if origin:
        found = tuple(kept for kept in found if kept.origin == origin)
    found = tuple(kept for kept in found if not kept.is_of_elsewhere) or found
    if not found:
        raise NotFound(f"There is no calibration “{code}” in this registry.")
    if len(found) > 1:
        raise UsageError(
            f"There are {len(found)} calibrations “{code}” here, of several registries.",
            hint="Say which: " + " or ".join(kept.reference for kept in found) + ".",
        )
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
                Calibration.certificate_number,
                Calibration.import_id,
                Station.origin,
            )
            .join(Sensor, Sensor.id == SensorChannel.sensor_id)
            .join(Station, Station.id == Sensor.station_id)
            .outerjoin(latest, latest.c.channel_id == SensorChannel.id)
            .outerjoin(Calibration, Calibration.id == latest.c.id)
            .where(Calibration.id.is_not(None) | SensorChannel.calibration_days.is_not(None))
        ).all()
    today = registry.today()
    board = [
        DueCalibration(
            *row[:7],
            None if row.next_due_on is None else (row.next_due_on - today).days,
            row.code if row.import_id is None else f"{row.code}@{row.origin}",
            row.certificate_number,
        )
        for row in rows
    ]
    return tuple(
        sorted(board, key=lambda item: -(10**6) if item.days_left is None else item.days_left)
    )


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
        row.technician,
        row.origin,
        row.import_id is not None,
    )
