"""Numbers as a certificate prints them: an uncertainty has two digits, its value as many places.

Owns that rounding (GUM 7.2.6).
"""

from __future__ import annotations

import math

_DIGITS = 2
_MOST_DECIMALS = 9


def rounded(value: float) -> str:
    """Write a number with two significant digits at least, and no digit of a whole number lost."""
    if value == round(value):
        return _dressed(f"{value:.0f}")
    return _dressed(f"{value:.{_decimals(value)}f}")


def number_like(value: float, uncertainty: float) -> str:
    """Write a value to the place of its uncertainty's second digit."""
    return _dressed(f"{value:.{_decimals(uncertainty)}f}")


def signed(value: float, uncertainty: float) -> str:
    """Write an error with its sign, to the place of its uncertainty's second digit."""
    decimals = _decimals(uncertainty)
    if round(value, decimals) == 0:
        return _dressed(f"{0:.{decimals}f}")
    return _dressed(f"{value:+.{decimals}f}")


def _decimals(uncertainty: float) -> int:
    if not uncertainty or not math.isfinite(uncertainty):
        return _DIGITS
    place = _DIGITS - 1 - math.floor(math.log10(abs(uncertainty)))
    return min(max(place, 0), _MOST_DECIMALS)


def _dressed(text: str) -> str:
    return text.replace("-", "−")
