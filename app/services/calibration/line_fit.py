"""Straight lines through calibration points: measured = intercept + slope × reference.

Owns the fits and their uncertainty: ordinary least squares where nothing is known of the
points' uncertainty, errors in both axes where it is (York et al., Am. J. Phys. 72 (2004) 367,
which is what ISO 6143 asks of a line: generalised least squares). Also one-point offset and
gain. Must not judge a fit; see `limits`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.services.calibration.findings import CalibrationRefused, Finding
from app.services.calibration.line_points import LinePoint, require_line, require_numbers

Values = NDArray[np.float64]

_MOST_STEPS = 500
_SETTLED = 4e-16


class Method(StrEnum):
    """How a line was found."""

    ONE_POINT_OFFSET = "one-point-offset"
    ONE_POINT_GAIN = "one-point-gain"
    LEAST_SQUARES = "least-squares"
    ERRORS_IN_BOTH_AXES = "errors-in-both-axes"


@dataclass(frozen=True)
class LineFit:
    """A line, the uncertainty of its two numbers, and how well the points lie on it.

    Uncertainties are None where nothing tells them: two points without uncertainty of their
    own. `residuals` are measured minus line; `normalised` those over their standard
    uncertainty; `gamma` the greatest of these, which ISO 6143 wants at most 2. `degrees` is
    n − 2 for least squares, infinite where the uncertainties were given.
    """

    method: Method
    n: int
    slope: float
    intercept: float
    u_slope: float | None
    u_intercept: float | None
    covariance: float | None
    degrees: float
    residuals: tuple[float, ...]
    normalised: tuple[float, ...] | None
    span: tuple[float, float]

    @property
    def gamma(self) -> float | None:
        if self.normalised is None:
            return None
        return max((abs(residual) for residual in self.normalised), default=0.0)

    @property
    def correlation(self) -> float | None:
        """The correlation of intercept and slope."""
        if not self.u_slope or not self.u_intercept or self.covariance is None:
            return None
        return self.covariance / (self.u_slope * self.u_intercept)

    def predict(self, reference: float) -> float:
        """Give what the station would show at a reference value."""
        return self.intercept + self.slope * reference


def fit_line(points: Sequence[LinePoint]) -> LineFit:
    """Fit a line to two or more points, with errors in both axes as far as they are given.

    CalibrationRefused for too few or identical points, for what is no number, for a negative
    uncertainty, and for a fit that does not settle.
    """
    require_line(points)
    given = [point for point in points if point.has_uncertainty]
    if not given:
        return _least_squares(points)
    if len(given) < len(points):
        number = next(i for i, point in enumerate(points, 1) if not point.has_uncertainty)
        raise CalibrationRefused(
            Finding(
                "no-uncertainty",
                f"Point {number} has no uncertainty in either axis, others have.",
                f"จุดที่ {number} ไม่มีค่าความไม่แน่นอนในแกนใดเลย แต่จุดอื่นมี",
            ),
            hint="Give every point an uncertainty above zero in one axis at least, or none.",
        )
    try:
        with np.errstate(all="ignore"):
            fit = _errors_in_both_axes(points)
    except ArithmeticError:
        raise _no_line() from None
    numbers = (fit.slope, fit.intercept, fit.u_slope, fit.u_intercept, fit.covariance)
    if not all(number is not None and math.isfinite(number) for number in numbers):
        raise _no_line()
    return fit


def fit_offset(points: Sequence[LinePoint]) -> LineFit:
    """Shift alone: slope 1, intercept the mean difference. One point or more."""
    require_numbers(points, least=1)
    differences = [point.measured - point.reference for point in points]
    intercept = math.fsum(differences) / len(points)
    u_intercept, degrees = _u_of_mean(
        differences, [_u_of_difference(point, 1.0) for point in points]
    )
    return _with_residuals(
        points, Method.ONE_POINT_OFFSET, 1.0, intercept, (0.0, u_intercept, 0.0), degrees
    )


def fit_gain(points: Sequence[LinePoint]) -> LineFit:
    """Turn about zero alone: intercept 0, slope the mean ratio. One point or more, none at zero."""
    require_numbers(points, least=1)
    for number, point in enumerate(points, 1):
        if point.reference == 0 or point.measured == 0:
            raise CalibrationRefused(
                Finding(
                    "gain-at-zero",
                    f"Point {number} is zero: a gain cannot be found there.",
                    f"จุดที่ {number} เป็นศูนย์: หาค่าอัตราขยายที่นั่นไม่ได้",
                ),
                hint="Use a reference away from zero, or correct the offset.",
            )
    ratios = [point.measured / point.reference for point in points]
    slope = math.fsum(ratios) / len(points)
    u_slope, degrees = _u_of_mean(
        ratios,
        [
            _u_of_difference(point, ratio, point.reference)
            for point, ratio in zip(points, ratios, strict=True)
        ],
    )
    return _with_residuals(points, Method.ONE_POINT_GAIN, slope, 0.0, (u_slope, 0.0, 0.0), degrees)


def _least_squares(points: Sequence[LinePoint]) -> LineFit:
    x, y, _, _ = _arrays(points)
    n = len(points)
    center = x.mean()
    spread = float(((x - center) ** 2).sum())
    slope = float(((x - center) * (y - y.mean())).sum()) / spread
    intercept = float(y.mean() - slope * center)
    if n == 2:
        return _with_residuals(
            points, Method.LEAST_SQUARES, slope, intercept, (None, None, None), 0.0
        )
    variance = float(((y - intercept - slope * x) ** 2).sum()) / (n - 2)
    u_slope = math.sqrt(variance / spread)
    u_intercept = math.sqrt(variance * (1 / n + center**2 / spread))
    covariance = -float(center) * variance / spread
    return _with_residuals(
        points,
        Method.LEAST_SQUARES,
        slope,
        intercept,
        (u_slope, u_intercept, covariance),
        float(n - 2),
    )


def _errors_in_both_axes(points: Sequence[LinePoint]) -> LineFit:
    x, y, u_x, u_y = _arrays(points)
    slope = _settle_slope(x, y, u_x**2, u_y**2)
    weights = 1 / (u_y**2 + slope**2 * u_x**2)
    total = float(weights.sum())
    mean_x, mean_y = float((weights * x).sum()) / total, float((weights * y).sum()) / total
    intercept = mean_y - slope * mean_x
    steps = weights * ((x - mean_x) * u_y**2 + slope * (y - mean_y) * u_x**2)
    adjusted = mean_x + steps
    center = float((weights * adjusted).sum()) / total
    variance = 1 / float((weights * (adjusted - center) ** 2).sum())
    return _with_residuals(
        points,
        Method.ERRORS_IN_BOTH_AXES,
        slope,
        intercept,
        (
            math.sqrt(variance),
            math.sqrt(1 / total + center**2 * variance),
            -center * variance,
        ),
        math.inf,
    )


def _settle_slope(x: Values, y: Values, var_x: Values, var_y: Values) -> float:
    """Iterate York's equation from the least-squares slope until it stays."""
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    moved = math.inf
    for _ in range(_MOST_STEPS):
        before, slope = slope, _next_slope(x, y, var_x, var_y, slope)
        if not math.isfinite(slope):
            break
        moved = abs(slope - before)
        if moved <= _SETTLED * abs(slope):
            return slope
    # Rounding may keep the last digit turning; anything more is no answer.
    if math.isfinite(slope) and moved <= 1e-12 * abs(slope):
        return slope
    raise _no_line()


def _no_line() -> CalibrationRefused:
    return CalibrationRefused(
        Finding(
            "no-line",
            "No line settles on these points: they do not rise or fall together.",
            "หาเส้นตรงที่แน่นอนจากจุดเหล่านี้ไม่ได้ เพราะค่าไม่ได้ขึ้นลงไปด้วยกัน",
        ),
        hint="Look at the readings: was each taken at its reference, and stable?",
    )


def _next_slope(x: Values, y: Values, var_x: Values, var_y: Values, slope: float) -> float:
    """Take one step of York's equation; NaN where it has none."""
    spread = var_y + slope**2 * var_x
    if not np.all(spread > 0):
        return math.nan
    weights = 1 / spread
    from_x = x - (weights * x).sum() / weights.sum()
    from_y = y - (weights * y).sum() / weights.sum()
    steps = weights * (from_x * var_y + slope * from_y * var_x)
    below = float((weights * steps * from_x).sum())
    return float((weights * steps * from_y).sum()) / below if below else math.nan


def _with_residuals(
    points: Sequence[LinePoint],
    method: Method,
    slope: float,
    intercept: float,
    uncertainty: tuple[float | None, float | None, float | None],
    degrees: float,
) -> LineFit:
    residuals = tuple(point.measured - intercept - slope * point.reference for point in points)
    of_points = [_u_of_difference(point, slope) for point in points]
    normalised = None
    if all(of_points):
        normalised = tuple(
            residual / u for residual, u in zip(residuals, of_points, strict=True) if u
        )
    references = [point.reference for point in points]
    return LineFit(
        method,
        len(points),
        slope,
        intercept,
        *uncertainty,
        degrees,
        residuals,
        normalised,
        (min(references), max(references)),
    )


def _u_of_difference(point: LinePoint, slope: float, scale: float = 1.0) -> float | None:
    """Give the standard uncertainty of measured − slope × reference, over a scale."""
    if not point.has_uncertainty:
        return None
    return math.hypot(point.u_measured or 0.0, slope * (point.u_reference or 0.0)) / abs(scale)


def _u_of_mean(
    values: Sequence[float], uncertainties: Sequence[float | None]
) -> tuple[float | None, float]:
    """Give the uncertainty of a mean and its degrees of freedom: from the points, else scatter."""
    known = [u for u in uncertainties if u is not None]
    if len(known) == len(values):
        return math.sqrt(math.fsum(u * u for u in known)) / len(values), math.inf
    if len(values) < 2:
        return None, 0.0
    return float(np.std(values, ddof=1)) / math.sqrt(len(values)), float(len(values) - 1)


def _arrays(points: Sequence[LinePoint]) -> tuple[Values, Values, Values, Values]:
    table = np.array(
        [
            (point.reference, point.measured, point.u_reference or 0.0, point.u_measured or 0.0)
            for point in points
        ]
    )
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]
