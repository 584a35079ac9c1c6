"""Watching a sensor's values against the alarm limits of its channels, with hysteresis.

Owns when an alarm is raised and when it ends, and writes that at once. An alarm ends on the
quiet side of its clearing value, not of its limit, so that a value that trembles about the
limit raises one alarm. A value that is none raises and ends nothing. A limit that somebody ended
meanwhile raises nothing: its alarms ended with it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, exists, insert, select, update

from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Alarm, AlarmLimit
from app.models.tables.base import inserted_id
from app.services.stations.values import SensorDetail

HIGH = "high"
CLEARED = "cleared"
LIMIT_ENDED = "limit-ended"


@dataclass
class _Limit:
    id: int
    side: str
    raise_at: float
    clear_at: float
    alarm_id: int | None

    def is_passed(self, value: float) -> bool:
        return value >= self.raise_at if self.side == HIGH else value <= self.raise_at

    def is_clear(self, value: float) -> bool:
        return value <= self.clear_at if self.side == HIGH else value >= self.clear_at


class AlarmWatch:
    """The limits in force of one sensor, and which alarms are open."""

    def __init__(self, connection: Connection, sensor: SensorDetail) -> None:
        names = {item.id: item.channel for item in sensor.channels}
        open_alarms = select(Alarm.id, Alarm.limit_id).where(Alarm.ended_at.is_(None)).subquery()
        rows = connection.execute(
            select(
                AlarmLimit.id,
                AlarmLimit.channel_id,
                AlarmLimit.side,
                AlarmLimit.raise_at,
                AlarmLimit.clear_at,
                open_alarms.c.id.label("alarm_id"),
            )
            .outerjoin(open_alarms, open_alarms.c.limit_id == AlarmLimit.id)
            .where(AlarmLimit.channel_id.in_(list(names)), AlarmLimit.ended_at.is_(None))
        )
        self._limits: dict[str, list[_Limit]] = defaultdict(list)
        for row in rows:
            self._limits[names[row.channel_id]].append(
                _Limit(row.id, row.side, float(row.raise_at), float(row.clear_at), row.alarm_id)
            )

    @property
    def channels(self) -> frozenset[str]:
        """The channels that have a limit."""
        return frozenset(self._limits)

    def take(self, engine: Engine, channel: str, value: float, at: datetime) -> None:
        """Look at a value; raises or ends alarms in a unit of work of its own."""
        if math.isnan(value):
            return
        for limit in tuple(self._limits.get(channel, ())):
            if limit.alarm_id is None and limit.is_passed(value):
                limit.alarm_id = _raise(engine, limit.id, value, at)
                if limit.alarm_id is None:
                    self._limits[channel].remove(limit)
            elif limit.alarm_id is not None and limit.is_clear(value):
                _end(engine, limit.alarm_id, at)
                limit.alarm_id = None


def _raise(engine: Engine, limit_id: int, value: float, at: datetime) -> int | None:
    """Raise an alarm; None where the limit was ended meanwhile."""
    in_force = exists().where(AlarmLimit.id == limit_id, AlarmLimit.ended_at.is_(None))
    with UnitOfWork(engine) as unit:
        if not unit.connection.execute(select(in_force)).scalar_one():
            return None
        made = inserted_id(
            unit.connection.execute(
                insert(Alarm),
                {
                    "limit_id": limit_id,
                    "raised_at": at,
                    "raised_value": Decimal(repr(value)),
                    "ended_at": None,
                    "end_reason": "",
                    "acknowledged_at": None,
                    "acknowledged_by": None,
                    "comment": "",
                },
            )
        )
        unit.commit()
    return made


def _end(engine: Engine, alarm_id: int, at: datetime) -> None:
    with UnitOfWork(engine) as unit:
        unit.connection.execute(
            update(Alarm)
            .where(Alarm.id == alarm_id, Alarm.ended_at.is_(None))
            .values(ended_at=at, end_reason=CLEARED)
        )
        unit.commit()
