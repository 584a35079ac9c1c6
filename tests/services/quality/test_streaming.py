"""Reading by reading gives what the whole series gives."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.quality.rules import ColumnRules, FlatLine, Gap, GrossRange, RateOfChange, Spike
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
from app.services.quality.streaming import SpikeTester, make_testers

READING = st.sampled_from((0.0, 0.1, 1.0, 1.5, 5.0, 10.0, math.nan)) | st.floats(-20, 20)
RANGE = GrossRange((0.0, 5.0), (-3.0, 10.0))
SPIKE, TIP = Spike(1.0, 3.0), Spike(1.0, 3.0, "differential")
RATE = RateOfChange(60.0, 600.0)
FLAT, GAP = FlatLine(0.05, 0.2, 1.2), Gap(0.5, 1.0)
STUCK = FlatLine(suspect_h=0.05, tolerance=1.2)

Whole = Callable[[Values, Times], Flags]
CASES: list[tuple[ColumnRules, Whole]] = [
    (ColumnRules(gross_range=RANGE), lambda values, _: flag_gross_range(values, RANGE)),
    (ColumnRules(spike=SPIKE), lambda values, _: flag_spike(values, SPIKE)),
    (ColumnRules(spike=TIP), lambda values, _: flag_spike(values, TIP)),
    (ColumnRules(rate_of_change=RATE), lambda v, t: flag_rate_of_change(v, t, RATE)),
    (ColumnRules(flat_line=FLAT), lambda v, t: flag_flat_line(v, t, FLAT)),
    (ColumnRules(flat_line=STUCK), lambda v, t: flag_flat_line(v, t, STUCK)),
    (ColumnRules(gap=GAP), lambda _, times: flag_gap(times, GAP)),
]


@pytest.mark.parametrize(("rules", "whole"), CASES, ids=lambda case: getattr(case, "asked", None))
@given(data=st.data())
def test_streamed_is_whole(rules: ColumnRules, whole: Whole, data: st.DataObject) -> None:
    values = np.array(data.draw(st.lists(READING, min_size=1, max_size=50)))
    step = st.sampled_from((0, 1, 60, 60, 60, 1800, 1801, 3601))
    steps = data.draw(st.lists(step, min_size=values.size, max_size=values.size))
    times = np.cumsum(np.array(steps, dtype=np.int64)) * SECOND
    (name,) = rules.asked
    tester = make_testers(rules, interval_s=median_interval_s(times), too_few=values.size < 3)[name]
    flags: list[int] = []
    provisional: list[bool] = []
    for time, value in zip(times.tolist(), values.tolist(), strict=True):
        answer = tester.push(time, value)
        if answer.revised is not None:
            assert provisional[-1] or answer.revised == flags[-1]
            flags[-1] = int(answer.revised)
        flags.append(int(answer.flag))
        provisional.append(answer.is_provisional)
    assert flags == whole(values, times).tolist()


def test_a_spike_is_provisional_until_the_next_reading() -> None:
    tester = SpikeTester(SPIKE)
    said = [tester.push(None, value) for value in (1.0, 1.0, 9.0, 1.0)]
    assert [answer.is_provisional for answer in said] == [True] * 4
    assert [answer.revised for answer in said] == [None, None, 4, 4]
