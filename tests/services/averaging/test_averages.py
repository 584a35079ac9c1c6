"""Averages over periods: the completeness rule, what counts, days of a place."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.averaging.averages import (
    AveragingRule,
    average_averages,
    average_readings,
)
from app.services.averaging.periods import SECOND, Period, Times, group_by_period

START = 1_704_067_200 * SECOND
MINUTE = 60 * SECOND
NAN = math.nan


def every(seconds: float, count: int, start: int = START) -> Times:
    return start + np.arange(count, dtype=np.int64) * int(seconds * SECOND)


@pytest.mark.parametrize(
    ("period", "interval", "present", "has_value"),
    [
        (Period.HOUR, 300, 9, True),
        (Period.HOUR, 300, 8, False),
        (Period.DAY, 3600, 18, True),
        (Period.DAY, 3600, 17, False),
        (Period.FIVE_MINUTES, 1, 225, True),
        (Period.FIVE_MINUTES, 1, 224, False),
    ],
)
def test_three_quarters_must_be_there(
    period: Period, interval: float, present: int, has_value: bool
) -> None:
    times = every(interval, present)
    (average,) = average_readings(times, np.full(present, 7.0), period=period, interval_s=interval)
    assert (average.value == 7.0) is has_value
    assert (average.count, average.minimum, average.maximum) == (present, 7, 7)
    assert average.completeness == pytest.approx(present / average.expected)


def test_the_rule_can_be_set() -> None:
    times = every(300, 6)
    half = AveragingRule(completeness=0.5)
    (average,) = average_readings(times, np.ones(6), period=Period.HOUR, interval_s=300, rule=half)
    assert average.value == 1
    with pytest.raises(ValueError, match="completeness"):
        AveragingRule(completeness=0)


def test_bad_and_missing_never_count_and_suspicious_as_asked() -> None:
    values = np.array([1.0, 2.0, 3.0, 100.0, NAN, 4.0])
    flags = np.array([1, 2, 3, 4, 1, 9], dtype=np.uint8)

    def averaged(*, use_suspicious: bool) -> tuple[float | None, int, int]:
        rule = AveragingRule(0.1, use_suspicious=use_suspicious)
        (one,) = average_readings(
            every(300, 6), values, period=Period.HOUR, interval_s=300, flags=flags, rule=rule
        )
        return one.value, one.count, one.suspicious

    assert averaged(use_suspicious=True) == (2, 3, 1)
    assert averaged(use_suspicious=False) == (None, 1, 0)


def test_a_line_that_came_twice_counts_once() -> None:
    times = np.repeat(every(300, 9), 2)
    (average,) = average_readings(times, np.arange(18.0), period=Period.HOUR, interval_s=300)
    assert (average.count, average.value) == (9, 8)


def test_a_day_is_that_of_the_place() -> None:
    bangkok = AveragingRule(zone=ZoneInfo("Asia/Bangkok"))
    times = every(3600, 48)
    first, second, third = average_readings(
        times, np.arange(48.0), period=Period.DAY, interval_s=3600, rule=bangkok
    )
    assert (first.count, second.count, third.count) == (17, 24, 7)
    assert datetime.fromtimestamp(second.start_us / SECOND, UTC).hour == 17
    assert second.value == pytest.approx(np.arange(17, 41).mean())


def test_days_with_daylight_saving_have_their_own_length() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = int(datetime(2024, 10, 26, tzinfo=zone).timestamp()) * SECOND
    times = every(3600, 24 + 25 + 24, start)
    averages = average_readings(
        times,
        np.ones(times.size),
        period=Period.DAY,
        interval_s=3600,
        rule=AveragingRule(zone=zone),
    )
    assert [average.count for average in averages] == [24, 25, 24]
    assert [average.expected for average in averages] == [24, 25, 24]
    hours = group_by_period(times, Period.HOUR, zone=zone)
    assert hours.starts.size == times.size


@given(
    st.lists(st.floats(-50, 50) | st.just(NAN), min_size=1, max_size=200),
    st.integers(0, 10**9),
)
def test_nothing_is_counted_twice_or_lost(values: list[float], start: int) -> None:
    times = every(30, len(values), START + start)
    averages = average_readings(
        times,
        np.array(values),
        period=Period.FIVE_MINUTES,
        interval_s=30,
        rule=AveragingRule(0.01),
    )
    present = [value for value in values if not math.isnan(value)]
    assert sum(average.count for average in averages) == len(present)
    total = sum((average.value or 0) * average.count for average in averages)
    assert total == pytest.approx(sum(present), abs=1e-6)
    assert [one.start_us for one in averages] == sorted(
        {int(t // (300 * SECOND)) * 300 * SECOND for t in times}
    )
    for average in averages:
        if average.value is not None and average.minimum is not None:
            assert average.minimum - 1e-9 <= average.value <= (average.maximum or 0.0) + 1e-9


def test_hours_of_five_minute_values() -> None:
    fives = average_readings(
        every(60, 60), np.arange(60.0), period=Period.FIVE_MINUTES, interval_s=60
    )
    assert len(fives) == 12
    (hour,) = average_averages(fives, period=Period.HOUR)
    assert (hour.value, hour.minimum, hour.maximum) == (29.5, 0, 59)
    assert (hour.count, hour.expected) == (12, 12)
    (short,) = average_averages(fives[:8], period=Period.HOUR)
    assert (short.value, short.count) == (None, 8)


def test_nothing_gives_nothing() -> None:
    none = np.array([], dtype=np.int64)
    assert average_readings(none, np.array([]), period=Period.DAY, interval_s=1) == ()
    assert average_averages((), period=Period.DAY) == ()
