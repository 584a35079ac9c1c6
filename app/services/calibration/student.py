"""Student's t: how wide an interval must be for a coverage probability.

Owns the distribution function and its inverse, for degrees of freedom that need not be whole
(Welch–Satterthwaite seldom gives whole ones). Method: the incomplete beta function as a
continued fraction (DLMF 8.17.22), inverted by halving.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_TINY = 1e-300
_NORMAL_FROM = 1e9
"""Beyond so many degrees of freedom t and the normal distribution differ by less than 1e-9."""


def coverage_factor(degrees: float, probability: float = 0.95) -> float:
    """Give k so that ±k standard uncertainties cover the probability; degrees may be infinite."""
    if not degrees > 0 or not 0 < probability < 1:
        raise ValueError(f"no coverage factor for {degrees} degrees of freedom at {probability}")
    if degrees >= _NORMAL_FROM:
        return NormalDist().inv_cdf((1 + probability) / 2)
    low, high = 0.0, 1.0
    while _within(high, degrees) < probability:
        low, high = high, high * 2
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if _within(middle, degrees) < probability:
            low = middle
        else:
            high = middle


def _within(t: float, degrees: float) -> float:
    """Give the probability that |T| ≤ t."""
    share = t * t / (degrees + t * t)
    if share < 0.5:
        return _beta_share(share, 0.5, degrees / 2)
    # From the other end, so that far tails are not lost in 1 − 1.
    return 1 - _beta_share(degrees / (degrees + t * t), degrees / 2, 0.5)


def _beta_share(x: float, a: float, b: float) -> float:
    """Give the regularised incomplete beta function I_x(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_share(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return front * _beta_fraction(x, a, b) / a


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Sum the continued fraction by Lentz's method."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _not_zero(1 + term * d)
            c = _not_zero(1 + term / c)
            fraction *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return fraction


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
