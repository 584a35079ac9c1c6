"""The figures of paired values by their formulae, and the limits of seed 5's accuracy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.calibration.agreement import compare_pairs, measure_accuracy
from app.services.calibration.line_points import LinePoint

PAIRS = st.lists(st.tuples(st.floats(0, 500), st.floats(-50, 600)), min_size=3, max_size=40).filter(
    lambda pairs: np.ptp([x for x, _ in pairs]) > 1e-3
)


@given(PAIRS)
def test_figures_are_those_of_another(pairs: list[tuple[float, float]]) -> None:
    x, y = np.array(pairs).T
    agreement = compare_pairs([LinePoint(*pair) for pair in pairs])
    slope, intercept = np.polyfit(x, y, 1)
    assert agreement.n == len(pairs)
    assert agreement.fit.slope == pytest.approx(slope, rel=1e-7, abs=1e-7)
    assert agreement.fit.intercept == pytest.approx(intercept, rel=1e-6, abs=1e-6)
    if np.ptp(y) > 1e-3:
        assert agreement.r2 == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, abs=1e-9)
    assert agreement.rmse == pytest.approx(math.sqrt(np.mean((y - x) ** 2)))
    assert agreement.nrmse == pytest.approx(agreement.rmse / np.mean(x))
    assert agreement.bias == pytest.approx(np.mean(y - x), abs=1e-9)


@pytest.mark.parametrize(
    ("references", "measured", "floor", "percent", "clamped", "used", "below", "negative"),
    [
        ([100, 200], [90, 220], 0, 90, 90, 2, 0, 0),
        ([100, 0], [90, 5], 0, 90, 90, 1, 1, 0),
        ([100, 2], [90, 12], 0, -155, 45, 2, 0, 1),
        ([100, 2], [90, 12], 5, 90, 90, 1, 1, 0),
        ([100, 5], [90, 5], 5, 90, 90, 1, 1, 0),
        ([100, -5], [90, -5], -10, 90, 90, 1, 1, 0),
        ([0, 0], [1, 2], 0, None, None, 0, 2, 0),
    ],
)
def test_accuracy(
    references: list[float],
    measured: list[float],
    floor: float,
    percent: float | None,
    clamped: float | None,
    used: int,
    below: int,
    negative: int,
) -> None:
    accuracy = measure_accuracy(references, measured, floor=floor)
    assert accuracy.percent == (None if percent is None else pytest.approx(percent))
    assert accuracy.clamped_percent == (None if clamped is None else pytest.approx(clamped))
    assert (accuracy.used, accuracy.below_floor, accuracy.negative) == (used, below, negative)


def test_what_the_pairs_do_not_allow_is_none() -> None:
    flat = compare_pairs([LinePoint(-1, 5), LinePoint(1, 5), LinePoint(0, 5)])
    assert (flat.r2, flat.nrmse) == (None, None)
