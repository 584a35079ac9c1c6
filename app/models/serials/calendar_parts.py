"""Years and days inside a serial number.

Owns which years and days are possible. Must not know where in a serial number they stand.
"""

from __future__ import annotations

from datetime import date

from app.models.serials.serial_range import SerialError

_FIRST_YEAR = 1900
_LAST_YEAR = 2099
_BUDDHIST_ERA_OFFSET = 543


def read_year(text: str) -> int:
    """Return a Common Era year from 1900 to 2099 written in four digits; else SerialError."""
    year = int(text)
    if _FIRST_YEAR <= year <= _LAST_YEAR:
        return year
    message = f"The year {text} is not between {_FIRST_YEAR} and {_LAST_YEAR}."
    if _FIRST_YEAR <= year - _BUDDHIST_ERA_OFFSET <= _LAST_YEAR:
        message += f" Write the Buddhist year {text} as {year - _BUDDHIST_ERA_OFFSET}."
    raise SerialError(message)


def read_day(text: str) -> date:
    """Return the day written ddmmyyyy; SerialError when the calendar has no such day."""
    year = read_year(text[4:])
    try:
        return date(year, int(text[2:4]), int(text[:2]))
    except ValueError:
        raise SerialError(
            f"The date {text} (ddmmyyyy) is impossible: the calendar has no such day."
        ) from None
