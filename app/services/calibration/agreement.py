"""How far one series of values agrees with its reference: slope, R², errors, seed 5's accuracy.

Owns the figures and their limits; must not fetch or average anything. Formulae: slope and
intercept of least squares; R² the squared correlation; RMSE = √(Σ(m − s)²/n); NRMSE = RMSE over
the mean reference; bias = mean(m − s) (EPA/600/R-20/279 and /280); accuracy after seed 5, 8.3.1:
mean of 1 − |m − s| / s, in %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.services.calibration.line_fit import LineFit, fit_line
from app.services.calibration.line_points import LinePoint


@dataclass(frozen=True)
class Accuracy:
    """Seed 5's accuracy in %, and what its formula cannot say.

    Near zero a small error is a huge share, and at zero there is none: pairs whose reference is
    not above `floor` are left out, and counted in `below_floor`. An error greater than the
    reference makes a pair's share negative; `percent` keeps it so, as the formula stands,
    `clamped_percent` counts such pairs (`negative` of them) as 0. Both are None where no pair
    is left: not available, never 100.
    """

    percent: float | None
    clamped_percent: float | None
    used: int
    below_floor: int
    negative: int
    floor: float


@dataclass(frozen=True)
class Agreement:
    """The figures of paired values; those that the pairs do not allow are None."""

    fit: LineFit
    r2: float | None
    rmse: float
    nrmse: float | None
    bias: float
    accuracy: Accuracy
    mean_reference: float

    @property
    def n(self) -> int:
        return self.fit.n


def measure_accuracy(
    references: Sequence[float], measured: Sequence[float], *, floor: float = 0.0
) -> Accuracy:
    """Give seed 5's accuracy of pairs whose reference is above the floor (never below zero)."""
    least = max(floor, 0.0)
    shares = [
        1 - abs(value - reference) / reference
        for reference, value in zip(references, measured, strict=True)
        if reference > least
    ]
    used = len(shares)
    return Accuracy(
        100 * math.fsum(shares) / used if used else None,
        100 * math.fsum(max(share, 0.0) for share in shares) / used if used else None,
        used,
        len(references) - used,
        sum(share < 0 for share in shares),
        least,
    )


def compare_pairs(points: Sequence[LinePoint], *, floor: float = 0.0) -> Agreement:
    """Give all figures of paired values; CalibrationRefused where no line can be fitted."""
    fit = fit_line(points)
    references = np.array([point.reference for point in points])
    measured = np.array([point.measured for point in points])
    errors = measured - references
    rmse = math.sqrt(float((errors**2).mean()))
    mean_reference = float(references.mean())
    return Agreement(
        fit,
        _squared_correlation(references, measured),
        rmse,
        rmse / mean_reference if mean_reference else None,
        float(errors.mean()),
        measure_accuracy(references.tolist(), measured.tolist(), floor=floor),
        mean_reference,
    )


def _squared_correlation(
    references: np.ndarray[tuple[int], np.dtype[np.float64]],
    measured: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> float | None:
    from_x, from_y = references - references.mean(), measured - measured.mean()
    spread = float((from_x**2).sum() * (from_y**2).sum())
    return float((from_x * from_y).sum()) ** 2 / spread if spread else None
