"""Working hours run from ten to four, Monday to Friday, holidays left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.registry.context import BANGKOK
from app.services.trust.working_hours import (
    HOURS_A_DAY,
    add_working_hours,
    is_working_day,
)

HOLIDAYS = frozenset({date(2026, 12, 7), date(2026, 12, 10)})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(1, 11), 0, at(1, 11)),
        (at(1, 11), 2, at(1, 13)),
        (at(1, 11), 5, at(1, 16)),
        (at(1, 11), 6, at(2, 11)),
        (at(1, 3), 1, at(1, 11)),
        (at(1, 22), 1, at(2, 11)),
        (at(4, 15), 2, at(8, 11)),
        (at(5, 12), 1, at(8, 11)),
        (at(9, 15, 30), 1, at(11, 10, 30)),
        (at(1, 10), 24, at(4, 16)),
    ],
)
def test_hours_are_counted(start: datetime, hours: int, end: datetime) -> None:
    assert add_working_hours(start.astimezone(UTC), hours, HOLIDAYS) == end


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_delays_add_up_and_end_in_working_hours(start: datetime, first: int, then: int) -> None:
    begun = start.replace(tzinfo=BANGKOK)
    end = add_working_hours(begun, first + then, HOLIDAYS)
    assert end == add_working_hours(add_working_hours(begun, first, HOLIDAYS), then, HOLIDAYS)
    local = end.astimezone(BANGKOK)
    assert is_working_day(local.date(), HOLIDAYS)
    assert 10 <= local.hour <= 16
    assert end - begun >= timedelta(hours=first + then)
    assert (end - begun).days <= 4 * ((first + then) // HOURS_A_DAY + 4)
