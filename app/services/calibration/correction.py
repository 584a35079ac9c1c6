"""The correction that a calibration leaves: raw values in, calibrated values out.

Owns the one formula, calibrated = (raw − intercept) / slope; raw values are never touched, so
every calibrated value can be computed anew from its calibration. Must not store anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.services.calibration.line_fit import LineFit

Value = TypeVar("Value", float, NDArray[np.float64])


@dataclass(frozen=True)
class Correction:
    """A line to read backwards, with the uncertainty of its numbers (0 where none is known)."""

    slope: float = 1.0
    intercept: float = 0.0
    u_slope: float = 0.0
    u_intercept: float = 0.0
    covariance: float = 0.0

    def apply(self, raw: Value) -> Value:
        """Give the calibrated value of a raw one, or of an array of them; NaN stays NaN."""
        return (raw - self.intercept) / self.slope

    def undo(self, calibrated: Value) -> Value:
        """Give the raw value that was calibrated."""
        return calibrated * self.slope + self.intercept

    def uncertainty(self, raw: float, *, u_raw: float = 0.0) -> float:
        """Give the standard uncertainty of the calibrated value."""
        value = self.apply(raw)
        variance = (
            u_raw**2
            + self.u_intercept**2
            + (value * self.u_slope) ** 2
            + 2 * value * self.covariance
        )
        return math.sqrt(max(variance, 0.0)) / abs(self.slope)


NO_CORRECTION = Correction()


def correction_of(fit: LineFit) -> Correction:
    """Make the correction that a fit asks for."""
    return Correction(
        fit.slope,
        fit.intercept,
        fit.u_slope or 0.0,
        fit.u_intercept or 0.0,
        fit.covariance or 0.0,
    )
