"""Counting working hours: pure, over a calendar of holidays.

Owns when hours count. As in the EU and UK registries a delay runs Monday to Friday from ten to
four, local time, holidays left out, so that there is always somebody at the desk while it runs.
Source: the UK registry's delay rules; Commission Delegated Regulation (EU) 2019/1122, article 23.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta

from app.services.registry.context import BANGKOK

OPENS, CLOSES = time(10), time(16)
HOURS_A_DAY = CLOSES.hour - OPENS.hour
_SATURDAY = 5


def is_working_day(day: date, holidays: Container[date]) -> bool:
    """Tell whether hours count on this day."""
    return day.weekday() < _SATURDAY and day not in holidays


def add_working_hours(start: datetime, hours: int, holidays: Container[date]) -> datetime:
    """Give the moment at which so many working hours have passed since `start`, in UTC.

    `start` is aware. With no hours it is `start` itself, whenever that is.
    """
    if hours == 0:
        return start
    moment = start.astimezone(BANGKOK)
    left = timedelta(hours=hours)
    while True:
        opens = datetime.combine(moment.date(), OPENS, BANGKOK)
        closes = datetime.combine(moment.date(), CLOSES, BANGKOK)
        if is_working_day(moment.date(), holidays) and moment < closes:
            begins = max(moment, opens)
            if closes - begins >= left:
                return (begins + left).astimezone(UTC)
            left -= closes - begins
        moment = datetime.combine(moment.date() + timedelta(days=1), time(0), BANGKOK)
