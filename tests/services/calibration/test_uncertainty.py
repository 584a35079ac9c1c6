"""Budgets and coverage factors against GTC, the GUM tree calculator of another laboratory."""

from __future__ import annotations

import math
import random

import pytest
from GTC import reporting, type_a, type_b, ureal
from hypothesis import given
from hypothesis import strategies as st

from app.services.calibration.findings import CalibrationRefused
from app.services.calibration.line_fit import fit_line
from app.services.calibration.line_points import LinePoint
from app.services.calibration.student import coverage_factor
from app.services.calibration.uncertainty import (
    Component,
    Source,
    combine_budget,
    drift,
    of_fit,
    predict_reference,
    reference,
    repeatability,
    resolution,
)


@given(st.floats(1, 1000), st.sampled_from((0.68, 0.90, 0.95, 0.9545, 0.99, 0.9973)))
def test_coverage_factors_are_those_of_gtc(degrees: float, probability: float) -> None:
    theirs = reporting.k_factor(degrees, 100 * probability)
    assert coverage_factor(degrees, probability) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize(
    ("degrees", "probability", "factor"),
    # GUM, table G.2.
    [
        (1, 0.95, 12.71),
        (4, 0.95, 2.78),
        (10, 0.9545, 2.28),
        (50, 0.99, 2.68),
        (math.inf, 0.95, 1.960),
    ],
)
def test_coverage_factors_are_those_of_the_gum(
    degrees: float, probability: float, factor: float
) -> None:
    assert coverage_factor(degrees, probability) == pytest.approx(factor, abs=0.005)


@pytest.mark.parametrize(("degrees", "probability"), [(0, 0.95), (-1, 0.95), (5, 0), (5, 1)])
def test_no_factor_for_what_is_none(degrees: float, probability: float) -> None:
    with pytest.raises(ValueError, match="no coverage factor"):
        coverage_factor(degrees, probability)


@pytest.mark.parametrize("seed", range(10))
def test_a_budget_is_that_of_gtc(seed: int) -> None:
    chance = random.Random(seed)
    readings = [chance.gauss(400, 3) for _ in range(chance.randint(3, 12))]
    expanded, step, change = chance.uniform(1, 8), chance.choice((0.1, 1.0)), chance.uniform(0, 9)
    sensitivity = chance.uniform(0.5, 2)
    budget = combine_budget(
        [
            repeatability(readings, sensitivity=sensitivity),
            reference(expanded, degrees=8),
            resolution(step),
            drift(change),
        ]
    )
    theirs = (
        sensitivity * type_a.estimate(readings)
        + ureal(0, expanded / 2, 8)
        + ureal(0, type_b.uniform(step / 2))
        + ureal(0, type_b.uniform(change))
    )
    assert budget.combined == pytest.approx(theirs.u, rel=1e-9)
    assert budget.degrees == pytest.approx(theirs.df, rel=1e-9)
    assert budget.factor == pytest.approx(reporting.k_factor(theirs.df), rel=1e-9)
    assert budget.expanded == pytest.approx(budget.factor * theirs.u, rel=1e-9)
    assert sum(budget.share(part) for part in budget.components) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(10))
def test_reading_a_line_backwards_is_that_of_gtc(seed: int) -> None:
    chance = random.Random(seed)
    x = [100.0 * number for number in range(6)]
    y = [3 + 1.05 * at + chance.gauss(0, 2) for at in x]
    u_y = [chance.uniform(1, 4) for _ in x]
    fit = fit_line([LinePoint(a, b, None, u) for a, b, u in zip(x, y, u_y, strict=True)])
    intercept, slope = type_a.line_fit_wls(x, y, u_y).a_b
    reading = chance.uniform(50, 450)
    theirs = (ureal(reading, 1.5) - intercept) / slope
    predicted = predict_reference(fit, reading, u_reading=1.5)
    assert predicted.value == pytest.approx(theirs.x, rel=1e-9)
    assert predicted.u == pytest.approx(theirs.u, rel=1e-9)


def test_the_fit_of_few_points_brings_its_degrees_of_freedom() -> None:
    points = [LinePoint(x, y) for x, y in ((0, 1), (100, 102), (200, 205), (300, 303))]
    component = of_fit(fit_line(points), 150)
    assert (component.source, component.degrees) == (Source.FIT, 2)
    intercept, slope = type_a.line_fit(
        *zip(*[(p.reference, p.measured) for p in points], strict=True)
    ).a_b
    theirs = (150 - intercept) / slope
    assert component.contribution == pytest.approx(theirs.u, rel=1e-9)


def test_an_agreed_factor_stands() -> None:
    budget = combine_budget([reference(4.0, factor=2.0)], factor=2.0)
    assert (budget.combined, budget.expanded, budget.degrees) == (2.0, 4.0, math.inf)


def test_nothing_uncertain_is_certain() -> None:
    budget = combine_budget([resolution(0.0)])
    assert (budget.combined, budget.expanded) == (0, 0)
    assert budget.share(budget.components[0]) == 0


def test_what_tells_no_uncertainty_is_refused() -> None:
    two = fit_line([LinePoint(0, 0), LinePoint(1, 1)])
    flat = fit_line([LinePoint(0, 5, 0, 1), LinePoint(1, 5, 0, 1), LinePoint(2, 5, 0, 1)])
    for attempt in (
        lambda: repeatability([400.0]),
        lambda: of_fit(two, 0.5),
        lambda: predict_reference(flat, 5, u_reading=0),
        lambda: combine_budget([Component(Source.OTHER, "leak", -1.0)]),
        lambda: combine_budget([Component(Source.OTHER, "leak", math.nan)]),
    ):
        with pytest.raises(CalibrationRefused):
            attempt()
