"""What a written value is: a number, no value, or nothing that can be read.

Owns the codes for “no value”; must not change a value: what is missing keeps its text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.services.quality.rules import SENTINELS

_NO_VALUE = frozenset(("", "-", "--", "n/a", "na", "nan", '"nan"', "null", "none"))


@dataclass(frozen=True)
class ReadValue:
    """A value as read: `value` is NaN when missing; `text` is what stood there.

    `reason` is "" for a number, else `empty`, `sentinel`, `not_finite` or `unreadable`.
    """

    value: float
    text: str
    reason: str = ""


def read_value(text: str, *, sentinels: tuple[float, ...] = SENTINELS) -> ReadValue:
    """Read a written value; never raises. Sentinels and NaN are missing, not numbers."""
    stripped = text.strip()
    if stripped.lower() in _NO_VALUE:
        return ReadValue(math.nan, text, "empty")
    try:
        # Underscores are Python's, not a logger's: 1_0 is a damaged line.
        value = float(stripped.replace("_", "?"))
    except ValueError:
        return ReadValue(math.nan, text, "unreadable")
    return name_missing(value, text=text, sentinels=sentinels)


def name_missing(
    value: float, *, text: str = "", sentinels: tuple[float, ...] = SENTINELS
) -> ReadValue:
    """Say of a number whether it stands for no value, and why."""
    written = text or repr(value)
    if not math.isfinite(value):
        return ReadValue(math.nan, written, "not_finite")
    if value in sentinels:
        return ReadValue(math.nan, written, "sentinel")
    return ReadValue(value, written)
