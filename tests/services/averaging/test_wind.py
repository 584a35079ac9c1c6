"""Wind is averaged as a vector; calms count with their speed alone."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.averaging.averages import AveragingRule
from app.services.averaging.periods import SECOND, Period
from app.services.averaging.wind import WindAverage, average_wind, average_wind_averages

NAN = math.nan


def averaged(
    speeds: list[float], directions: list[float], *, completeness: float = 0.001
) -> WindAverage:
    (one,) = average_wind(
        np.arange(len(speeds), dtype=np.int64) * SECOND,
        np.array(speeds),
        np.array(directions),
        period=Period.FIVE_MINUTES,
        interval_s=1,
        rule=AveragingRule(completeness),
    )
    return one


@pytest.mark.parametrize(
    ("speeds", "directions", "direction"),
    [
        ([2, 2], [350, 10], 0),
        ([2, 2], [80, 100], 90),
        ([2, 2], [170, 190], 180),
        ([2, 2], [260, 280], 270),
        ([3, 1], [0, 90], math.degrees(math.atan2(1, 3))),
        ([2, 2], [0, 180], None),
        ([0.1, 0.4], [90, 90], None),
        ([0.1, 3], [270, 90], 90),
        ([0.1, 3], [NAN, 90], 90),
        ([2, 2], [360, 360], 0),
    ],
)
def test_directions(speeds: list[float], directions: list[float], direction: float | None) -> None:
    mean = averaged(speeds, directions)
    if direction is None:
        assert mean.direction is None
    else:
        assert mean.direction is not None
        assert math.remainder(mean.direction - direction, 360) == pytest.approx(0, abs=1e-9)
    assert mean.speed == pytest.approx(np.mean(speeds))


def test_a_speed_without_direction_does_not_count_and_calms_are_counted() -> None:
    mean = averaged([2, 5, 0.2, NAN], [90, NAN, NAN, 90])
    assert (mean.count, mean.calms, mean.minimum, mean.maximum) == (2, 1, 0.2, 2)
    assert mean.steadiness == pytest.approx(1 / 1.1)
    assert averaged([2, 5], [90, 90], completeness=0.75).speed is None


@given(st.lists(st.tuples(st.floats(0.6, 40), st.floats(0, 360)), min_size=1, max_size=50))
def test_the_vector_is_that_of_complex_numbers(winds: list[tuple[float, float]]) -> None:
    mean = averaged([speed for speed, _ in winds], [direction for _, direction in winds])
    total = sum(cmath.rect(speed, math.radians(at)) for speed, at in winds) / len(winds)
    assert mean.vector_speed == pytest.approx(abs(total), abs=1e-9)
    assert mean.speed is not None
    assert (mean.vector_speed or 0) <= mean.speed + 1e-9
    if mean.direction is not None and abs(total) > 1e-3:
        assert 0 <= mean.direction < 360
        off = math.remainder(mean.direction - math.degrees(cmath.phase(total)), 360)
        assert off == pytest.approx(0, abs=1e-6)


def test_hours_of_five_minute_wind() -> None:
    times = np.arange(60, dtype=np.int64) * 60 * SECOND
    speeds, directions = np.full(60, 4.0), np.tile([350.0, 10.0], 30)
    fives = average_wind(times, speeds, directions, period=Period.FIVE_MINUTES, interval_s=60)
    (hour,) = average_wind_averages(fives, period=Period.HOUR)
    assert hour.speed == pytest.approx(4)
    assert hour.vector_speed == pytest.approx(4 * math.cos(math.radians(10)), rel=0.01)
    assert (hour.count, hour.expected) == (12, 12)
    assert average_wind_averages((), period=Period.HOUR) == ()
