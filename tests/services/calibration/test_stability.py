"""The lamp is green only when the last three minutes are quiet, and says why it is not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.services.calibration.stability import StabilityRule, judge_stability

RULE = StabilityRule(tolerance=20)


def codes(times: list[float], values: list[float], rule: StabilityRule = RULE) -> list[str]:
    return [reason.code for reason in judge_stability(times, values, rule).reasons]


def signal(
    seconds: int, *, slope: float = 0.0, noise: float = 0.5
) -> tuple[list[float], list[float]]:
    times = [float(second) for second in range(seconds)]
    return times, [400 + slope * at + noise * (-1) ** int(at) for at in times]


@pytest.mark.parametrize(
    ("seconds", "slope", "noise", "expected"),
    [
        (0, 0, 0.5, ["too-short"]),
        (1, 0, 0.5, ["too-short", "too-few"]),
        (60, 0, 0.5, ["too-short"]),
        (181, 0, 0.5, []),
        (600, 0, 0.5, []),
        (600, 0.02, 0.5, []),
        (600, 0.03, 0.5, ["still-moving"]),
        (600, -0.03, 0.5, ["still-moving"]),
        (600, 0, 5.5, ["noisy"]),
        (100, 0.5, 9.0, ["too-short", "still-moving", "noisy"]),
    ],
)
def test_why_not_yet(seconds: int, slope: float, noise: float, expected: list[str]) -> None:
    assert codes(*signal(seconds, slope=slope, noise=noise)) == expected


def test_only_the_last_window_counts() -> None:
    times = [float(second) for second in range(900)]
    values = [400 * (1 - math.exp(-at / 40)) for at in times]
    assert codes(times[:200], values[:200]) == ["still-moving", "noisy"]
    stable = judge_stability(times, values, RULE)
    assert stable.is_stable
    assert stable.mean == pytest.approx(400, abs=0.01)
    assert stable.readings == 181


def test_readings_that_did_not_come() -> None:
    times, values = signal(400)
    values[350] = math.nan
    assert codes(times, values) == ["interrupted"]
    whole = signal(400)[1]
    assert codes(times[:300] + times[340:], whole[:300] + whole[340:]) == ["interrupted"]
    assert codes(times[:200] + times[260:], whole[:200] + whole[260:]) == ["too-short"]
    alone = judge_stability([0.0, 1000.0], [400.0, 401.0], RULE)
    assert [reason.code for reason in alone.reasons] == ["too-short", "too-few"]


def test_change_and_scatter_are_those_of_a_line_through_the_window() -> None:
    times, values = signal(181, slope=0.05)
    lamp = judge_stability(times, values, RULE)
    slope, _ = np.polyfit(times, values, 1)
    assert lamp.change == pytest.approx(slope * 180)
    assert "Still rising" in lamp.reasons[0].message
    assert lamp.reasons[0].message_th


def test_less_than_three_minutes_is_no_window() -> None:
    with pytest.raises(ValueError, match="below 180"):
        StabilityRule(tolerance=1, window_s=60)
    with pytest.raises(ValueError, match="tolerance"):
        StabilityRule(tolerance=0)
