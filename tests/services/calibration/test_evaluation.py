"""Whole calibrations: what comes of good ones, and what stands against the others."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from app.services.calibration.correction import NO_CORRECTION, Correction
from app.services.calibration.evaluation import (
    CalibrationSettings,
    PointReadings,
    evaluate_calibration,
)
from app.services.calibration.limits import CorrectionLimit, Procedure
from app.services.calibration.reference_materials import ReferenceMaterial, check_reference
from app.services.calibration.stability import StabilityRule, judge_stability
from app.services.calibration.tolerance import Tolerance, Verdict

DAY = date(2026, 5, 4)
SETTINGS = CalibrationSettings(
    Procedure.MULTI_POINT,
    "co2",
    "ppm",
    Tolerance(10, 0.02),
    range_low=0,
    range_high=2000,
    resolution=1,
    correction_limit=CorrectionLimit(1000, 0.25),
)


def gas(
    value: float, *, expires: date | None = date(2027, 1, 1), unit: str = "ppm"
) -> ReferenceMaterial:
    return ReferenceMaterial(
        f"CYL-{value:g}", "co2", value, unit, 0.02 * value, 2.0, "C-1", "NIMT", expires, "SI"
    )


def shown(value: float, *, slope: float = 1.05, offset: float = 12.0) -> PointReadings:
    chance = random.Random(value)
    readings = [offset + slope * value + chance.gauss(0, 2) for _ in range(10)]
    return PointReadings(gas(value), tuple(readings))


def levels(*values: float) -> list[PointReadings]:
    return [shown(value) for value in values]


def codes(*points: PointReadings, settings: CalibrationSettings = SETTINGS) -> list[str]:
    return [found.code for found in evaluate_calibration(settings, points, on=DAY).findings]


def test_a_good_calibration() -> None:
    found = levels(0, 400, 1000, 1800)
    left = levels(400, 1800)
    outcome = evaluate_calibration(SETTINGS, found, on=DAY, as_left=left)
    assert outcome.findings == ()
    assert outcome.is_usable
    assert outcome.verdict_as_found is Verdict.FAIL
    assert outcome.verdict_as_left is Verdict.PASS
    assert outcome.fit is not None
    assert outcome.fit.slope == pytest.approx(1.05, abs=0.03)
    assert [point.mean for point in outcome.as_left] == pytest.approx([400, 1800], abs=15)
    sources = [[part.source for part in point.budget.components] for point in outcome.as_left]
    assert sources == [["repeatability", "reference", "resolution", "fit"]] * 2
    assert all(point.budget.expanded > point.budget.combined > 0 for point in outcome.as_left)


def test_what_was_written_to_the_device_is_not_corrected_again() -> None:
    good = [replace(shown(400, slope=1, offset=0), material=gas(400))]
    outcome = evaluate_calibration(
        SETTINGS, levels(0, 400, 1000), on=DAY, as_left=good, written_to_device=True
    )
    assert outcome.as_left[0].mean == pytest.approx(400, abs=3)
    again = evaluate_calibration(SETTINGS, levels(0, 400, 1000), on=DAY, as_left=good)
    assert again.as_left[0].mean == pytest.approx((400 - 12) / 1.05, abs=8)


@pytest.mark.parametrize("procedure", [Procedure.ONE_POINT_OFFSET, Procedure.ONE_POINT_GAIN])
def test_one_point(procedure: Procedure) -> None:
    settings = replace(SETTINGS, procedure=procedure)
    outcome = evaluate_calibration(settings, levels(400), on=DAY, as_left=levels(400))
    assert outcome.is_usable
    assert outcome.verdict_as_left is Verdict.PASS


def test_findings() -> None:
    steady = judge_stability(range(60), [400.0] * 60, StabilityRule(tolerance=10))
    close = replace(SETTINGS, procedure=Procedure.TWO_POINT)
    tight = replace(SETTINGS, correction_limit=CorrectionLimit(5, 0.01))
    good = levels(0, 400, 1000)
    assert codes(*good) == []
    assert codes(good[0], good[1]) == ["too-few-levels"]
    assert codes(shown(400)) == ["too-few-points"]
    assert codes(shown(400), shown(400), shown(400)) == ["identical-points"]
    assert codes(*good[:2], shown(1950)) == ["range-exceeded"]
    assert codes(shown(400), shown(450), settings=close) == ["points-too-close"]
    assert codes(*good, settings=tight) == ["correction-too-large"] * 3
    assert codes(*good[:2], replace(good[2], stability=steady)) == ["unstable"]
    assert codes(*good[:2], replace(good[2], readings=(1060.0,))) == ["too-few-readings"]
    nan = replace(good[2], readings=(1060.0, float("nan")))
    assert codes(*good[:2], nan) == ["not-a-number"]
    expired = replace(good[2], material=gas(1000, expires=date(2026, 5, 3)))
    assert codes(*good[:2], expired) == ["reference-expired"]
    swapped = [replace(one, material=gas(at)) for one, at in zip(good, (1000, 400, 0), strict=True)]
    assert "wrong-way" in codes(*swapped)
    off = [*good, replace(shown(1500), readings=(1500.0, 1501.0))]
    assert "points-off-the-line" in codes(*off)
    for found in evaluate_calibration(SETTINGS, [*good[:2], expired], on=DAY).findings:
        assert "2026-05-03" in found.message
        assert found.message_th


@pytest.mark.parametrize(
    ("material", "expected"),
    [
        (gas(400), []),
        (gas(400, expires=DAY), ["reference-expires-soon"]),
        (gas(400, expires=date(2026, 5, 3)), ["reference-expired"]),
        (gas(400, expires=None), ["reference-without-expiry"]),
        (gas(400, unit="%"), ["reference-unit"]),
        (replace(gas(400), expanded=-1), ["reference-uncertainty"]),
        (replace(gas(400), factor=0), ["reference-uncertainty"]),
    ],
)
def test_references(material: ReferenceMaterial, expected: list[str]) -> None:
    findings = check_reference(material, on=DAY, unit="ppm")
    assert [found.code for found in findings] == expected
    assert all("CYL-400" in found.message for found in findings)


def test_a_correction_can_be_undone_and_leaves_gaps() -> None:
    correction = Correction(1.05, 12.0, 0.01, 2.0, -0.01)
    raw = np.array([12.0, 432.0, np.nan])
    calibrated = correction.apply(raw)
    assert calibrated[:2] == pytest.approx([0, 400])
    assert np.isnan(calibrated[2])
    assert correction.undo(calibrated)[:2] == pytest.approx(raw[:2])
    assert correction.uncertainty(432.0, u_raw=3.0) == pytest.approx(
        ((9 + 4 + (400 * 0.01) ** 2 - 2 * 400 * 0.01) ** 0.5) / 1.05
    )
    assert NO_CORRECTION.apply(5.0) == 5.0
