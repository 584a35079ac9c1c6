"""Lines against GTC, odrpack and York's published example; what cannot be fitted is refused."""

from __future__ import annotations

import math
import random

import numpy as np
import odrpack
import pytest
from GTC import type_a
from hypothesis import given
from hypothesis import strategies as st

from app.services.calibration.findings import CalibrationRefused
from app.services.calibration.line_fit import Method, fit_gain, fit_line, fit_offset
from app.services.calibration.line_points import LinePoint

# Pearson's data with York's weights; results as printed by York et al. 2004, table II.
X = [0.0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4]
Y = [5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5]
WEIGHTS_X = [1000.0, 1000.0, 500.0, 800.0, 200.0, 80.0, 60.0, 20.0, 1.8, 1.0]
WEIGHTS_Y = [1.0, 1.8, 4.0, 8.0, 20.0, 20.0, 70.0, 70.0, 100.0, 500.0]
YORK = [
    LinePoint(x, y, wx**-0.5, wy**-0.5)
    for x, y, wx, wy in zip(X, Y, WEIGHTS_X, WEIGHTS_Y, strict=True)
]


def made(seed: int, *, n: int = 8, noise: float = 1.0, u_x: bool = True) -> list[LinePoint]:
    """Points as a calibration gives them: references over a range, each with uncertainties."""
    chance = random.Random(seed)
    slope, intercept = chance.uniform(0.7, 1.4), chance.uniform(-20, 20)
    points = []
    for number in range(n):
        true = 100.0 * number + chance.uniform(0, 20)
        ux, uy = (chance.uniform(1, 6) if u_x else 0.0), chance.uniform(1, 6)
        points.append(
            LinePoint(
                true + noise * chance.gauss(0, ux),
                intercept + slope * true + noise * chance.gauss(0, uy),
                ux,
                uy,
            )
        )
    return points


def columns(points: list[LinePoint]) -> tuple[list[float], list[float], list[float], list[float]]:
    return (
        [point.reference for point in points],
        [point.measured for point in points],
        [point.u_reference or 0.0 for point in points],
        [point.u_measured or 0.0 for point in points],
    )


def test_yorks_own_example() -> None:
    fit = fit_line(YORK)
    assert fit.method is Method.ERRORS_IN_BOTH_AXES
    assert fit.intercept == pytest.approx(5.47991022, abs=5e-9)
    assert fit.slope == pytest.approx(-0.480533407, abs=5e-10)
    assert fit.u_intercept == pytest.approx(0.294970735, abs=5e-9)
    assert fit.u_slope == pytest.approx(0.0579850090, abs=5e-10)
    assert fit.normalised is not None
    assert sum(part**2 for part in fit.normalised) == pytest.approx(11.8663532, abs=5e-8)


@pytest.mark.parametrize("seed", range(12))
def test_errors_in_both_axes_are_those_of_odrpack(seed: int) -> None:
    points = made(seed)
    x, y, u_x, u_y = (np.array(column) for column in columns(points))
    fit = fit_line(points)
    theirs = odrpack.odr_fit(
        lambda at, beta: beta[0] + beta[1] * at,
        x,
        y,
        np.array([0.0, 1.0]),
        weight_x=1 / u_x**2,
        weight_y=1 / u_y**2,
        jac_beta=lambda at, _: np.vstack([np.ones_like(at), at]),
        jac_x=lambda at, beta: np.full_like(at, beta[1]),
        sstol=1e-15,
        partol=1e-15,
        maxit=500,
    )
    assert [fit.intercept, fit.slope] == pytest.approx(theirs.beta.tolist(), rel=1e-6)
    ours = [fit.u_intercept, fit.covariance, fit.u_slope]
    assert None not in ours
    assert (fit.u_intercept or 0) ** 2 == pytest.approx(theirs.cov_beta[0, 0], rel=1e-5)
    assert (fit.u_slope or 0) ** 2 == pytest.approx(theirs.cov_beta[1, 1], rel=1e-5)
    assert fit.covariance == pytest.approx(theirs.cov_beta[0, 1], rel=1e-5)


@pytest.mark.parametrize("seed", range(12))
def test_errors_in_both_axes_are_those_of_gtc(seed: int) -> None:
    """The line to 1e-5 of its uncertainty (theirs stops there), and the uncertainty.

    GTC follows Krystek and Anton, whose variances hold second derivatives that York's leave
    out; both agree as residuals vanish.
    """
    points = made(seed, noise=1e-4)
    intercept, slope = type_a.line_fit_wtls(*columns(points)).a_b
    fit = fit_line(points)
    assert fit.intercept == pytest.approx(intercept.x, abs=1e-5 * intercept.u)
    assert fit.slope == pytest.approx(slope.x, abs=1e-5 * slope.u)
    assert fit.u_intercept == pytest.approx(intercept.u, rel=1e-3)
    assert fit.u_slope == pytest.approx(slope.u, rel=1e-3)


@pytest.mark.parametrize("seed", range(12))
def test_weighted_least_squares_are_those_of_gtc(seed: int) -> None:
    points = made(seed, u_x=False)
    x, y, _, u_y = columns(points)
    intercept, slope = type_a.line_fit_wls(x, y, u_y).a_b
    fit = fit_line(points)
    assert fit.intercept == pytest.approx(intercept.x, rel=1e-9, abs=1e-9)
    assert fit.slope == pytest.approx(slope.x, rel=1e-9)
    assert fit.u_intercept == pytest.approx(intercept.u, rel=1e-9)
    assert fit.u_slope == pytest.approx(slope.u, rel=1e-9)
    assert fit.correlation == pytest.approx(intercept.get_correlation(slope), rel=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_ordinary_least_squares_are_those_of_gtc(seed: int) -> None:
    x, y, _, _ = columns(made(seed))
    theirs = type_a.line_fit(x, y)
    intercept, slope = theirs.a_b
    fit = fit_line([LinePoint(*pair) for pair in zip(x, y, strict=True)])
    assert fit.method is Method.LEAST_SQUARES
    assert fit.intercept == pytest.approx(intercept.x, rel=1e-9, abs=1e-9)
    assert fit.slope == pytest.approx(slope.x, rel=1e-9)
    assert fit.u_intercept == pytest.approx(intercept.u, rel=1e-9)
    assert fit.u_slope == pytest.approx(slope.u, rel=1e-9)
    assert fit.correlation == pytest.approx(intercept.get_correlation(slope), rel=1e-9)
    assert fit.degrees == intercept.df == 6


@given(st.integers(0, 10_000), st.integers(2, 12))
def test_equal_uncertainty_in_one_axis_alone_is_ordinary_least_squares(seed: int, n: int) -> None:
    points = made(seed, n=n)
    bare = fit_line([LinePoint(point.reference, point.measured) for point in points])
    equal = fit_line([LinePoint(point.reference, point.measured, 0.0, 3.0) for point in points])
    assert equal.slope == pytest.approx(bare.slope, rel=1e-9)
    assert equal.intercept == pytest.approx(bare.intercept, rel=1e-9, abs=1e-7)


@given(st.integers(0, 10_000), st.integers(2, 10))
def test_axes_may_be_exchanged(seed: int, n: int) -> None:
    """Errors in both axes: the line is the same whichever axis is called the reference."""
    points = made(seed, n=n)
    back = fit_line(
        [LinePoint(p.measured, p.reference, p.u_measured, p.u_reference) for p in points]
    )
    assert fit_line(points).slope * back.slope == pytest.approx(1, rel=1e-9)


def test_two_points_give_a_line_and_no_uncertainty_of_their_own() -> None:
    fit = fit_line([LinePoint(0, 2), LinePoint(1000, 1022)])
    assert (fit.slope, fit.intercept) == pytest.approx((1.02, 2))
    assert (fit.u_slope, fit.u_intercept, fit.covariance, fit.gamma) == (None, None, None, None)


def test_one_point_offset_and_gain() -> None:
    offset = fit_offset([LinePoint(400, 412, 3, 4)])
    assert (offset.slope, offset.intercept, offset.u_intercept) == (1, 12, 5)
    gain = fit_gain([LinePoint(400, 440, 3, 4)])
    assert (gain.slope, gain.intercept) == pytest.approx((1.1, 0))
    assert gain.u_slope == pytest.approx(math.hypot(4, 1.1 * 3) / 400)
    assert fit_offset([LinePoint(400, 412)]).u_intercept is None
    several = fit_offset([LinePoint(400, value) for value in (410, 412, 414)])
    assert several.u_intercept == pytest.approx(2 / math.sqrt(3))
    assert several.degrees == 2


NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("points", "code", "part"),
    [
        ([], "too-few-points", "0 points"),
        ([LinePoint(1, 1)], "too-few-points", "1 points"),
        ([LinePoint(5, 1), LinePoint(5, 2)], "identical-points", "are 5"),
        ([LinePoint(1, NAN), LinePoint(2, 2)], "not-a-number", "Point 1: measured is nan"),
        ([LinePoint(1, 1), LinePoint(INF, 2)], "not-a-number", "Point 2: reference is inf"),
        ([LinePoint(1, 1, -0.5), LinePoint(2, 2, 1)], "negative-uncertainty", "is -0.5"),
        ([LinePoint(1, 1, 0.5), LinePoint(2, 2, NAN)], "not-a-number", "u_reference is nan"),
        ([LinePoint(1, 1, 0.5), LinePoint(2, 2, 0, 0)], "no-uncertainty", "Point 2"),
    ],
)
def test_what_cannot_be_fitted_names_the_value(
    points: list[LinePoint], code: str, part: str
) -> None:
    with pytest.raises(CalibrationRefused) as refused:
        fit_line(points)
    assert refused.value.finding.code == code
    assert part in refused.value.message
    assert refused.value.hint


def test_a_gain_cannot_be_found_at_zero() -> None:
    with pytest.raises(CalibrationRefused) as refused:
        fit_gain([LinePoint(0, 5)])
    assert refused.value.finding.code == "gain-at-zero"


ANY = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from(
    (0.0, 1.0, 2.0, 1e-300, 1e-20, 1e20)
)


@given(st.lists(st.tuples(ANY, ANY, st.none() | ANY, st.none() | ANY), max_size=6))
def test_whatever_comes_the_answer_is_numbers_or_a_refusal(
    rows: list[tuple[float, float, float | None, float | None]],
) -> None:
    try:
        fit = fit_line([LinePoint(*row) for row in rows])
    except CalibrationRefused:
        return
    numbers = [fit.slope, fit.intercept, *fit.residuals]
    numbers += [u for u in (fit.u_slope, fit.u_intercept, fit.covariance) if u is not None]
    assert all(math.isfinite(number) for number in numbers)
