"""Our tests of one channel against ioos_qc's, for the same settings on the same series."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ioos_qc import qartod

from app.services.quality.rules import FlatLine, Gap, GrossRange, RateOfChange, Spike
from app.services.quality.series_tests import (
    SECOND,
    Flags,
    Times,
    Values,
    flag_flat_line,
    flag_gap,
    flag_gross_range,
    flag_rate_of_change,
    flag_spike,
    median_interval_s,
)

NAN = math.nan
# Few different values, so that ties, flat stretches and exact thresholds come up all the time.
READING = st.sampled_from((0.0, 0.1, 1.0, 1.5, 2.0, 5.0, 10.0, -3.0, NAN)) | st.floats(-20, 20)
SERIES = st.lists(READING, min_size=1, max_size=40).map(np.array)
LONGER = st.lists(READING, min_size=3, max_size=60).map(np.array)
THRESHOLD = st.sampled_from((0.05, 1.0, 1.5, 3.0, 10.0))


def theirs(flags: Any) -> list[int]:
    return [int(flag) for flag in np.ma.getdata(flags)]


def same(ours: Flags, other: Any) -> None:
    assert ours.tolist() == theirs(other)


def seconds(times: Times) -> np.ndarray:
    return times.astype("datetime64[us]").astype("datetime64[ns]")


@st.composite
def timed(draw: st.DrawFn, minimum: int = 2) -> tuple[Values, Times]:
    """A series with its times: steps of whole seconds, some none at all."""
    values = draw(st.lists(READING, min_size=minimum, max_size=40))
    step = st.sampled_from((0, 1, 60, 60, 60, 300, 3600, 3601, 86_400))
    steps = draw(st.lists(step, min_size=len(values), max_size=len(values)))
    start = 1_700_000_000
    return np.array(values), (start + np.cumsum(np.array(steps, dtype=np.int64))) * SECOND


@given(SERIES, st.sampled_from((None, (0.0, 1.5), (5.0, -3.0))))
def test_gross_range_is_that_of_ioos(values: Values, suspect: tuple[float, float] | None) -> None:
    fail = (-3.0, 5.0)
    span = None if suspect is None else (min(suspect), max(suspect))
    ours = flag_gross_range(values, GrossRange(suspect=span, fail=fail))
    same(ours, qartod.gross_range_test(values, fail, suspect))


@given(SERIES, THRESHOLD, THRESHOLD, st.sampled_from(("average", "differential")))
def test_spike_is_that_of_ioos(values: Values, suspect: float, fail: float, method: str) -> None:
    settings = Spike(suspect, fail, "average" if method == "average" else "differential")
    same(flag_spike(values, settings), qartod.spike_test(values, suspect, fail, method))


@given(timed(), st.sampled_from((1.0, 60.0, 3600.0, 36_000.0)), st.booleans())
def test_rate_of_change_is_that_of_ioos(
    series: tuple[Values, Times], per_hour: float, with_fail: bool
) -> None:
    values, times = series
    fail = 3 * per_hour if with_fail else None
    other = qartod.rate_of_change_test(
        values, seconds(times), per_hour / 3600, None if fail is None else fail / 3600
    )
    same(flag_rate_of_change(values, times, RateOfChange(per_hour, fail)), other)


@given(
    LONGER,
    st.sampled_from((60, 300, 3600)),
    st.sampled_from((0.0, 0.05, 0.1, 0.5)),
    st.sampled_from((0.1, 0.25, 1.0, 30.0)),
    st.sampled_from((0.0, 0.05, 0.2, 4.0)),
)
def test_flat_line_is_that_of_ioos(
    values: Values, step: int, suspect_h: float, fail_h: float, tolerance: float
) -> None:
    times = np.arange(values.size, dtype=np.int64) * step * SECOND
    other = qartod.flat_line_test(
        values, seconds(times), suspect_h * 3600, fail_h * 3600, tolerance
    )
    same(flag_flat_line(values, times, FlatLine(suspect_h, fail_h, tolerance)), other)


@given(timed(minimum=3))
def test_flat_line_at_uneven_times_is_that_of_ioos(series: tuple[Values, Times]) -> None:
    values, times = series
    interval = median_interval_s(times)
    if interval is None:
        assert set(flag_flat_line(values, times, FlatLine(0.1, 0.2, 2.0)).tolist()) <= {2, 9}
    if interval is None or interval < 1:
        # ioos_qc counts in whole seconds and divides by none of them.
        return
    other = qartod.flat_line_test(values, seconds(times), 360, 720, 2.0)
    same(flag_flat_line(values, times, FlatLine(0.1, 0.2, 2.0)), other)


@pytest.mark.skipif(
    not hasattr(qartod, "time_gap_test"),
    reason="ioos_qc has its gap test from 3.0 on, which refuses Python after 3.11.0",
)
@given(timed(), st.sampled_from((0.5, 1.0, 1.0003, 24.0)))
def test_gap_is_that_of_ioos(series: tuple[Values, Times], hours: float) -> None:
    _, times = series
    same(flag_gap(times, Gap(fail_h=hours)), qartod.time_gap_test(seconds(times), hours))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([1.0], [2]),
        ([1.0, 2.0], [2, 2]),
        ([1.0, NAN, 3.0], [2, 9, 2]),
        ([1.0, 1.0, 9.0, 1.0, 1.0], [2, 4, 4, 4, 2]),
    ],
)
def test_spike_of_short_series(values: list[float], expected: list[int]) -> None:
    assert flag_spike(np.array(values), Spike(2, 3)).tolist() == expected


def test_differential_spike_flags_the_point_alone() -> None:
    values = np.array([1.0, 1.0, 9.0, 1.0, 1.0])
    assert flag_spike(values, Spike(2, 3, "differential")).tolist() == [2, 1, 4, 1, 2]


def test_a_missing_value_is_missing_in_the_shortest_series_too() -> None:
    times = np.array([0, SECOND], dtype=np.int64)
    assert flag_flat_line(np.array([NAN, 1.0]), times, FlatLine(1, 2, 1)).tolist() == [9, 1]


def test_steps_of_a_tenth_of_a_second_count_as_what_they_are() -> None:
    times = np.arange(5, dtype=np.int64) * (SECOND // 10)
    values = np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    assert flag_rate_of_change(values, times, RateOfChange(35_000)).tolist() == [1, 1, 3, 1, 1]
    assert flag_rate_of_change(values, times, RateOfChange(36_001)).tolist() == [1, 1, 1, 1, 1]
