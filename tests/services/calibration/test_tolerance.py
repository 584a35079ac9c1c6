"""Errors against tolerances under both decision rules."""

from __future__ import annotations

import math

import pytest

from app.services.calibration.findings import CalibrationRefused
from app.services.calibration.tolerance import (
    DecisionRule,
    Tolerance,
    Verdict,
    judge_error,
    overall_verdict,
)

SIMPLE, GUARD = DecisionRule.SIMPLE, DecisionRule.GUARD_BAND


@pytest.mark.parametrize(
    ("measured", "expanded", "rule", "passes", "warns"),
    [
        (405, 8, SIMPLE, True, False),
        (412, 8, SIMPLE, True, True),
        (420, 8, SIMPLE, True, True),
        (421, 8, SIMPLE, False, False),
        (379, 8, SIMPLE, False, False),
        (412, 8, GUARD, True, True),
        (413, 8, GUARD, False, False),
        (400, 21, GUARD, False, False),
    ],
)
def test_one_error(
    measured: float, expanded: float, rule: DecisionRule, passes: bool, warns: bool
) -> None:
    judged = judge_error(
        reference=400,
        measured=measured,
        tolerance=Tolerance(12, 0.02),
        expanded=expanded,
        rule=rule,
    )
    assert judged.tolerance == 20
    assert ((judged.verdict is Verdict.PASS), judged.warns) == (passes, warns)


def test_one_failing_point_fails_all() -> None:
    good = judge_error(reference=1, measured=1, tolerance=Tolerance(1))
    bad = judge_error(reference=1, measured=9, tolerance=Tolerance(1))
    assert overall_verdict([good, good]) is Verdict.PASS
    assert overall_verdict([good, bad]) is Verdict.FAIL
    assert overall_verdict([]) is None


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_no_tolerance(value: float) -> None:
    with pytest.raises(CalibrationRefused, match="tolerance"):
        Tolerance(value)
