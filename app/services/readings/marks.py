"""What stands beside readings on a chart: gaps, jumps, losses, later flags, calibrations, events.

Owns reading them together for a span. What a mark looks like is the page's affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from app.models.storage.unit_of_work import reading
from app.models.tables import Alarm, AlarmLimit, Sensor, SensorChannel, StationEvent
from app.services.readings.chain import records_between
from app.services.readings.record import RecordKind, time_of_us, us_of_time
from app.services.registry.context import OpenRegistry

MOST_MARKS = 1_000
_KINDS = tuple(kind for kind in RecordKind if kind is not RecordKind.READINGS)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a time or over a span; `kind` is a record's, an event's, or `alarm`.

    `words` is what was written down: a reason, a note, a code. `details` is the record's body.
    """

    kind: str
    first_us: int
    last_us: int
    words: str
    channels: tuple[str, ...]
    details: dict[str, Any]


def list_marks(
    registry: OpenRegistry, sensor_id: int, *, start_us: int, end_us: int
) -> tuple[Mark, ...]:
    """List the marks of a sensor about a span in order of time, `MOST_MARKS` of each kind."""
    with reading(registry.engine) as connection:
        found = [
            *_of_records(connection, sensor_id, start_us, end_us),
            *_of_events(connection, sensor_id, start_us, end_us),
            *_of_alarms(connection, sensor_id, start_us, end_us),
        ]
    return tuple(sorted(found, key=lambda mark: (mark.first_us, mark.kind)))


def _of_records(connection: Connection, sensor_id: int, start_us: int, end_us: int) -> list[Mark]:
    found = []
    for kind in _KINDS:
        for kept in records_between(
            connection, sensor_id, kind=kind, start_us=start_us, end_us=end_us, most=MOST_MARKS
        ):
            body = kept.record.said()["body"]
            words = next(
                (
                    str(body[name])
                    for name in ("reason", "calibration", "message", "code", "cause")
                    if body.get(name)
                ),
                "",
            )
            channels = body.get("channels") or ([body["channel"]] if "channel" in body else [])
            found.append(Mark(str(kind), kept.first_us, kept.last_us, words, tuple(channels), body))
    return found


def _of_events(connection: Connection, sensor_id: int, start_us: int, end_us: int) -> list[Mark]:
    rows = connection.execute(
        select(StationEvent.kind, StationEvent.at, StationEvent.value, StationEvent.note)
        .join(Sensor, Sensor.station_id == StationEvent.station_id)
        .where(
            Sensor.id == sensor_id,
            StationEvent.sensor_id.is_(None) | (StationEvent.sensor_id == sensor_id),
            StationEvent.at >= time_of_us(start_us),
            StationEvent.at < time_of_us(end_us),
        )
        .order_by(StationEvent.at)
        .limit(MOST_MARKS)
    )
    return [
        Mark(row.kind, at, at, row.note or row.value, (), {"value": row.value})
        for row in rows
        for at in (us_of_time(row.at),)
    ]


def _of_alarms(connection: Connection, sensor_id: int, start_us: int, end_us: int) -> list[Mark]:
    rows = connection.execute(
        select(
            SensorChannel.channel,
            Alarm.raised_at,
            Alarm.ended_at,
            Alarm.raised_value,
            AlarmLimit.side,
            AlarmLimit.message,
        )
        .join(AlarmLimit, AlarmLimit.id == Alarm.limit_id)
        .join(SensorChannel, SensorChannel.id == AlarmLimit.channel_id)
        .where(
            SensorChannel.sensor_id == sensor_id,
            Alarm.raised_at < time_of_us(end_us),
            Alarm.ended_at.is_(None) | (Alarm.ended_at >= time_of_us(start_us)),
        )
        .order_by(Alarm.raised_at)
        .limit(MOST_MARKS)
    )
    return [
        Mark(
            "alarm",
            us_of_time(row.raised_at),
            end_us if row.ended_at is None else us_of_time(row.ended_at),
            row.message,
            (row.channel,),
            {"side": row.side, "value": str(row.raised_value)},
        )
        for row in rows
    ]
