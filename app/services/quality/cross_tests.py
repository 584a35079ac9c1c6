"""The tests across channels and sensors: one row of simultaneous values at a time.

Owns PM2.5 ≤ PM10, wind consistency and the agreement of several sensors; must not know files
or the order of rows. NaN stands for missing: what cannot be compared is 2, never good.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import median

from app.services.quality.flags import Flag
from app.services.quality.rules import Agreement, ColumnRules, NotAbove, WindConsistency


def flag_not_above(value: float, other: float, settings: NotAbove) -> Flag:
    """Flag a part that exceeds its whole by more than the margins."""
    if math.isnan(value):
        return Flag.MISSING
    if math.isnan(other):
        return Flag.NOT_EVALUATED
    return _flag_of(value - other, settings.suspect, settings.fail)


def flag_wind_consistency(speed: float, direction: float, settings: WindConsistency) -> Flag:
    """Flag a speed above calm without direction, and zero speed with one where that is coded."""
    if math.isnan(speed):
        return Flag.MISSING
    if math.isnan(direction):
        return Flag.SUSPECT if speed > settings.calm else Flag.NOT_EVALUATED
    if settings.zero_without_direction and (speed == 0) != (direction == 0):
        return Flag.SUSPECT
    return Flag.GOOD


def flag_agreement(value: float, others: tuple[float, ...], settings: Agreement) -> Flag:
    """Flag a value by its distance from the median of the other sensors that have one."""
    if math.isnan(value):
        return Flag.MISSING
    present = [other for other in others if not math.isnan(other)]
    if not present:
        return Flag.NOT_EVALUATED
    return _flag_of(abs(value - median(present)), settings.suspect, settings.fail)


def flag_across(rules: ColumnRules, value: float, row: Mapping[str, float]) -> dict[str, Flag]:
    """Run every test across channels that the rules ask for on one value and its row."""
    asked: dict[str, Callable[[], Flag]] = {}
    part, wind, agreement = rules.not_above, rules.wind_consistency, rules.agreement
    if part is not None:
        asked["not_above"] = lambda: flag_not_above(value, row[part.column], part)
    if wind is not None:
        asked["wind_consistency"] = lambda: flag_wind_consistency(value, row[wind.direction], wind)
    if agreement is not None:
        asked["agreement"] = lambda: flag_agreement(
            value, tuple(row[column] for column in agreement.columns), agreement
        )
    return {name: run() for name, run in asked.items()}


def _flag_of(excess: float, suspect: float | None, fail: float | None) -> Flag:
    if fail is not None and excess > fail:
        return Flag.FAIL
    if suspect is not None and excess > suspect:
        return Flag.SUSPECT
    return Flag.GOOD
