"""Alarm limits, and the alarms they raised: set, ended, listed, acknowledged.

Owns these acts. When an alarm is raised and ends is `alarm_watch`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from app.models.codes import Role
from app.models.errors import NotFound
from app.models.plain_text import require_plain_text
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Alarm, AlarmLimit, Person, Sensor, SensorChannel, Station
from app.models.tables.base import inserted_id
from app.services.checks.refusals import refuse
from app.services.people.access import require_access
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.alarm_watch import CLEARED, LIMIT_ENDED
from app.services.stations.registering import Within

_LONGEST_MESSAGE = 500


class EndReason(StrEnum):
    """Why an alarm ended; `GOES_ON` while it has not."""

    GOES_ON = ""
    CLEARED = CLEARED
    LIMIT_ENDED = LIMIT_ENDED


class Side(StrEnum):
    """On which side of a limit an alarm is raised."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class NewLimit:
    """Where an alarm is raised and where it ends, in the channel's unit, and what it says."""

    channel_id: int
    side: Side
    raise_at: Decimal
    clear_at: Decimal
    message: str


@dataclass(frozen=True, slots=True)
class LimitDetail:
    """A limit in force."""

    id: int
    limit: NewLimit
    set_at: datetime


@dataclass(frozen=True, slots=True)
class AlarmDetail:
    """An alarm: where, since when, what it says, whether it ended and who knows of it."""

    id: int
    station: str
    sensor: str
    sensor_id: int
    channel_id: int
    channel: str
    unit: str
    side: Side
    raise_at: Decimal
    message: str
    raised_at: datetime
    raised_value: Decimal
    ended_at: datetime | None
    end_reason: EndReason
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    comment: str


def set_alarm_limit(registry: OpenRegistry, actor: Actor, new: NewLimit) -> int:
    """Set a limit; one of the same channel and side ends, and its open alarm. Gives its id.

    Raises RulesBroken for somebody else's act, or an alarm that could not end.
    """
    is_high = new.side is Side.HIGH
    if (new.clear_at > new.raise_at) if is_high else (new.clear_at < new.raise_at):
        raise refuse(
            9704,
            side=new.side,
            side_th="สูง" if is_high else "ต่ำ",
            raise_at=new.raise_at,
            clear_at=new.clear_at,
            where="not above it" if is_high else "not below it",
            where_th="ไม่สูงกว่า" if is_high else "ไม่ต่ำกว่า",
        )
    message = require_plain_text(new.message, what="alarm message", longest=_LONGEST_MESSAGE)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(unit.connection, actor, act="sets alarm limits", act_th="ตั้งขีดเตือน")
        _end(within, new.channel_id, new.side)
        made = inserted_id(
            unit.connection.execute(
                insert(AlarmLimit),
                {
                    "channel_id": new.channel_id,
                    "side": str(new.side),
                    "raise_at": new.raise_at,
                    "clear_at": new.clear_at,
                    "message": message,
                    "set_at": within.now,
                    "set_by": actor.id,
                    "ended_at": None,
                    "ended_by": None,
                },
            )
        )
        within.log(
            "alarm-limit-set",
            {"channel": new.channel_id, "side": str(new.side), "raise_at": str(new.raise_at)},
        )
        unit.commit()
    return made


def end_alarm_limit(registry: OpenRegistry, actor: Actor, channel_id: int, side: Side) -> None:
    """Take a limit out of force, and end the alarm it raised; RulesBroken for others' acts."""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(unit.connection, actor, act="sets alarm limits", act_th="ตั้งขีดเตือน")
        _end(within, channel_id, side)
        within.log("alarm-limit-ended", {"channel": channel_id, "side": str(side)})
        unit.commit()


def list_alarm_limits(registry: OpenRegistry, channel_id: int) -> tuple[LimitDetail, ...]:
    """List the limits of a channel that are in force."""
    with reading(registry.engine) as connection:
        rows = connection.execute(
            select(*AlarmLimit.__table__.columns).where(
                AlarmLimit.channel_id == channel_id, AlarmLimit.ended_at.is_(None)
            )
        ).all()
    return tuple(
        LimitDetail(
            row.id,
            NewLimit(row.channel_id, Side(row.side), row.raise_at, row.clear_at, row.message),
            row.set_at,
        )
        for row in rows
    )


def list_alarms(
    registry: OpenRegistry, *, open_only: bool = False, most: int = 500
) -> tuple[AlarmDetail, ...]:
    """List alarms, the newest first; open ones are not ended or nobody acknowledged them."""
    statement = (
        select(
            Alarm.id,
            Station.code.label("station"),
            Sensor.code.label("sensor"),
            Sensor.id.label("sensor_id"),
            SensorChannel.id.label("channel_id"),
            SensorChannel.channel,
            SensorChannel.unit,
            AlarmLimit.side,
            AlarmLimit.raise_at,
            AlarmLimit.message,
            Alarm.raised_at,
            Alarm.raised_value,
            Alarm.ended_at,
            Alarm.end_reason,
            Alarm.acknowledged_at,
            Person.user_name,
            Alarm.comment,
        )
        .join(AlarmLimit, AlarmLimit.id == Alarm.limit_id)
        .join(SensorChannel, SensorChannel.id == AlarmLimit.channel_id)
        .join(Sensor, Sensor.id == SensorChannel.sensor_id)
        .join(Station, Station.id == Sensor.station_id)
        .outerjoin(Person, Person.id == Alarm.acknowledged_by)
        .order_by(Alarm.id.desc())
        .limit(most)
    )
    if open_only:
        statement = statement.where(Alarm.ended_at.is_(None) | Alarm.acknowledged_at.is_(None))
    with reading(registry.engine) as connection:
        rows = connection.execute(statement).all()
    return tuple(_alarm([*row]) for row in rows)


def acknowledge_alarm(
    registry: OpenRegistry, actor: Actor, alarm_id: int, *, comment: str = ""
) -> None:
    """Say that one knows of an alarm; technicians, administrators and officers may, once.

    Raises RulesBroken, NotFound.
    """
    note = require_plain_text(comment, what="comment", longest=_LONGEST_MESSAGE) if comment else ""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        if actor.role is Role.OFFICER:
            require_access(unit.connection, actor)
        else:
            require_technician(
                unit.connection, actor, act="acknowledges alarms", act_th="รับทราบการเตือน"
            )
        row = unit.connection.execute(
            select(Alarm.acknowledged_by, Person.user_name)
            .outerjoin(Person, Person.id == Alarm.acknowledged_by)
            .where(Alarm.id == alarm_id)
        ).one_or_none()
        if row is None:
            raise NotFound(f"There is no alarm {alarm_id} in this registry.")
        if row.acknowledged_by is not None:
            raise refuse(9705, alarm=alarm_id, by=row.user_name)
        unit.connection.execute(
            update(Alarm)
            .where(Alarm.id == alarm_id)
            .values(acknowledged_at=registry.now(), acknowledged_by=actor.id, comment=note)
        )
        unit.commit()


def _alarm(cells: list[Any]) -> AlarmDetail:
    cells[7], cells[13] = Side(cells[7]), EndReason(cells[13])
    return AlarmDetail(*cells)


def _end(within: Within, channel_id: int, side: Side) -> None:
    """End a limit and its alarm: without a limit nobody watches whether the value comes back."""
    limits = list(
        within.connection.execute(
            select(AlarmLimit.id).where(
                AlarmLimit.channel_id == channel_id,
                AlarmLimit.side == str(side),
                AlarmLimit.ended_at.is_(None),
            )
        ).scalars()
    )
    within.connection.execute(
        update(AlarmLimit)
        .where(AlarmLimit.id.in_(limits))
        .values(ended_at=within.now, ended_by=within.actor.id)
    )
    within.connection.execute(
        update(Alarm)
        .where(Alarm.limit_id.in_(limits), Alarm.ended_at.is_(None))
        .values(ended_at=within.now, end_reason=LIMIT_ENDED)
    )
