"""The calendar of holidays: days on which no working hours count.

Owns reading and changing it; an administrator does, and the log says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.storage.prepared import Prepared
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Holiday
from app.services.checks.refusals import refuse
from app.services.log.append import append_entry
from app.services.people.administrators import require_administrator
from app.services.registry.context import Actor, OpenRegistry

HOLIDAYS = Prepared(select(Holiday.day))


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A holiday with its names."""

    day: date
    name_en: str
    name_th: str


def list_holidays(registry: OpenRegistry) -> list[HolidayRow]:
    """List the holidays, the earliest first."""
    with reading(registry.engine) as connection:
        rows = connection.execute(
            select(Holiday.day, Holiday.name_en, Holiday.name_th).order_by(Holiday.day)
        ).all()
    return [HolidayRow(row.day, row.name_en, row.name_th) for row in rows]


def read_holidays(connection: Connection) -> frozenset[date]:
    """Read the days alone, inside a caller's reading or unit of work."""
    return frozenset(day for (day,) in HOLIDAYS.rows(connection, {}))


def add_holidays(registry: OpenRegistry, actor: Actor, holidays: Sequence[HolidayRow]) -> None:
    """Add days to the calendar, all or none; RulesBroken for one that is there already."""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        require_administrator(unit.connection, actor)
        known = read_holidays(unit.connection)
        for holiday in holidays:
            if holiday.day in known:
                raise refuse(9651, day=holiday.day)
            row = {
                "name_en": require_plain_text(holiday.name_en, what="name", longest=LONGEST_NAME),
                "name_th": require_plain_text(holiday.name_th, what="name", longest=LONGEST_NAME),
            }
            unit.connection.execute(insert(Holiday), {"day": holiday.day, **row})
            _log(unit.connection, registry, actor, "holiday-added", holiday.day)
        unit.commit()


def remove_holiday(registry: OpenRegistry, actor: Actor, day: date) -> None:
    """Take a day off the calendar; RulesBroken when it is not there."""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        require_administrator(unit.connection, actor)
        if unit.connection.execute(delete(Holiday).where(Holiday.day == day)).rowcount == 0:
            raise refuse(9651, day=day)
        _log(unit.connection, registry, actor, "holiday-removed", day)
        unit.commit()


def _log(
    connection: Connection, registry: OpenRegistry, actor: Actor, kind: str, day: date
) -> None:
    append_entry(
        connection,
        kind,
        at=registry.now(),
        persons={"done": actor.user_name},
        body={"day": day.isoformat()},
    )
