"""Later records: readings marked by a person, and a calibration applied afterwards.

Owns making them. The readings stay as they are; the new record is signed into the chain, and the
roll-ups of the span are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.models.errors import NotFound
from app.models.plain_text import require_plain_text
from app.models.storage.unit_of_work import UnitOfWork
from app.services.averaging.averages import AveragingRule
from app.services.checks.refusals import refuse
from app.services.measurement_files import find_zone
from app.services.quality.flags import Flag
from app.services.readings.chain import ChainWriter
from app.services.readings.corrections import correction_named, corrections_of
from app.services.readings.later import MarkMode
from app.services.readings.record import RecordContent, RecordKind, number_text, us_of_time
from app.services.readings.rollups import rebuild_rollups
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.listing import read_sensor, read_time_zone

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Marking:
    """What to mark: channels, a span with both ends, the flag, and why."""

    channels: tuple[str, ...]
    start: datetime
    end: datetime
    flag: Flag
    reason: str
    mode: MarkMode = MarkMode.AT_LEAST


def mark_readings(
    registry: OpenRegistry,
    actor: Actor,
    sensor_id: int,
    marking: Marking,
    *,
    told: Callable[[float], None] | None = None,
) -> int:
    """Mark readings by a signed record; gives its sequence number.

    `told` hears of progress from 0 to 1. Raises RulesBroken, NotFound, StationKeyAbsent.
    """
    if not marking.reason.strip() or marking.end <= marking.start or not marking.channels:
        raise refuse(9707)
    body = {
        "channels": sorted(marking.channels),
        "flag": int(marking.flag),
        "mode": str(marking.mode),
        "reason": require_plain_text(marking.reason, what="reason", longest=_LONGEST_REASON),
    }
    span = (us_of_time(marking.start), us_of_time(marking.end))
    return _append(registry, actor, sensor_id, RecordKind.FLAGS, span, lambda _: body, told)


def recalibrate(
    registry: OpenRegistry,
    actor: Actor,
    sensor_id: int,
    calibration: str,
    *,
    start: datetime,
    end: datetime,
    told: Callable[[float], None] | None = None,
) -> int:
    """Apply a calibration to earlier raw values by a signed record; gives its sequence number.

    Raises RulesBroken for a span that is none, NotFound for a calibration of another sensor.
    """
    if end <= start:
        raise refuse(9707)

    def body(connection: Connection) -> dict[str, Any]:
        for channel, steps in corrections_of(connection, sensor_id).items():
            found = correction_named(steps.steps, calibration)
            if found is not None:
                numbers = asdict(found.correction).items()
                return {"calibration": calibration, "channel": channel} | {
                    name: number_text(value) for name, value in numbers
                }
        raise NotFound(f"Sensor {sensor_id} has no calibration “{calibration}”.")

    span = (us_of_time(start), us_of_time(end))
    return _append(registry, actor, sensor_id, RecordKind.RECALIBRATION, span, body, told)


def _append(
    registry: OpenRegistry,
    actor: Actor,
    sensor_id: int,
    kind: RecordKind,
    span: tuple[int, int],
    body: Callable[[Connection], Mapping[str, Any]],
    told: Callable[[float], None] | None,
) -> int:
    with UnitOfWork(registry.engine_for(actor)) as unit:
        connection = unit.connection
        require_technician(connection, actor, act="marks readings", act_th="ทำเครื่องหมายค่าที่วัด")
        sensor = read_sensor(connection, sensor_id)
        chain = ChainWriter(connection, sensor_id, actor)
        content = RecordContent(kind, span[0], span[1], body(connection))
        kept = chain.append(content, recorded_at=registry.now())
        rule = AveragingRule(zone=find_zone(read_time_zone(connection, sensor_id)))
        rebuild_rollups(connection, sensor, rule, start_us=span[0], end_us=span[1] + 1, told=told)
        unit.commit()
    return kept.sequence
