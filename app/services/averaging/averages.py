"""Averages of readings over periods, with minimum, maximum and count kept.

Owns the completeness rule and which readings count; must not store. The rule is the EPA's for
sensors (75 % for hours and days, configurable): a period with fewer readings has no average,
yet its count and extremes are told. A reading flagged bad or missing never counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

import numpy as np
from numpy.typing import NDArray

from app.services.averaging.periods import SECOND, Grouped, Period, Times, group_by_period
from app.services.quality.flags import Flag

Values = NDArray[np.float64]
Flags = NDArray[np.uint8]


@dataclass(frozen=True)
class AveragingRule:
    """How much of a period must be there, whether suspicious readings count, whose days."""

    completeness: float = 0.75
    use_suspicious: bool = True
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        if not 0 < self.completeness <= 1:
            raise ValueError(f"a completeness of {self.completeness} is no share above 0, up to 1")

    def needed(self, expected: int) -> int:
        """Give how many of the expected readings must be there: 9 of 12, 18 of 24."""
        return max(1, math.ceil(self.completeness * expected - 1e-9))


@dataclass(frozen=True)
class Average:
    """One period: `value` is None where too little is there for an average."""

    start_us: int
    end_us: int
    value: float | None
    minimum: float | None
    maximum: float | None
    count: int
    suspicious: int
    expected: int

    @property
    def completeness(self) -> float:
        return min(1.0, self.count / self.expected)


def average_readings(
    times: Times,
    values: Values,
    *,
    period: Period,
    interval_s: float,
    flags: Flags | None = None,
    rule: AveragingRule | None = None,
) -> tuple[Average, ...]:
    """Average readings that come every `interval_s` seconds; NaN stands for missing.

    A reading whose time came before (a repeated line) does not count again.
    """
    chosen = rule or AveragingRule()
    given = np.full(times.size, Flag.GOOD, dtype=np.uint8) if flags is None else flags
    if times.size == 0:
        return ()
    _, first = np.unique(times, return_index=True)
    times, values, given = times[first], values[first], given[first]
    grouped = group_by_period(times, period, zone=chosen.zone)
    counts = usable(values, given, chosen)
    suspects = np.where(given == Flag.SUSPECT, 1, 0)
    return _averages(
        grouped, chosen, interval_s, _Columns(values, values, values, counts, suspects)
    )


def average_averages(
    averages: Sequence[Average], *, period: Period, rule: AveragingRule | None = None
) -> tuple[Average, ...]:
    """Average five-minute values to hours, hours to days; each complete one counts once."""
    chosen = rule or AveragingRule()
    if not averages:
        return ()
    starts = np.array([average.start_us for average in averages], dtype=np.int64)
    grouped = group_by_period(starts, period, zone=chosen.zone)
    step_s = min(average.end_us - average.start_us for average in averages) / SECOND
    values = _numbers([average.value for average in averages])
    columns = _Columns(
        values,
        _numbers([average.minimum for average in averages]),
        _numbers([average.maximum for average in averages]),
        ~np.isnan(values),
        np.array([average.suspicious > 0 for average in averages], dtype=np.int64),
    )
    return _averages(grouped, chosen, step_s, columns)


def usable(values: Values, flags: Flags, rule: AveragingRule) -> NDArray[np.bool_]:
    """Say which readings count towards an average."""
    accepted = (
        (Flag.GOOD, Flag.NOT_EVALUATED, Flag.SUSPECT) if rule.use_suspicious else (Flag.GOOD,)
    )
    return ~np.isnan(values) & np.isin(flags, accepted)


@dataclass(frozen=True)
class _Columns:
    values: Values
    minima: Values
    maxima: Values
    counts: NDArray[np.bool_]
    suspects: NDArray[np.int64]


def _averages(
    grouped: Grouped, rule: AveragingRule, interval_s: float, columns: _Columns
) -> tuple[Average, ...]:
    number = grouped.starts.size
    places, counts = grouped.places, columns.counts
    count = np.bincount(places[counts], minlength=number)
    total = np.bincount(places[counts], weights=columns.values[counts], minlength=number)
    suspects = np.bincount(places[counts], weights=columns.suspects[counts], minlength=number)
    minima, maxima = np.full(number, np.inf), np.full(number, -np.inf)
    np.fmin.at(minima, places[counts], columns.minima[counts])
    np.fmax.at(maxima, places[counts], columns.maxima[counts])
    averages = []
    for at in range(number):
        start, end, n = int(grouped.starts[at]), int(grouped.ends[at]), int(count[at])
        expected = expected_readings(start, end, interval_s)
        averages.append(
            Average(
                start,
                end,
                float(total[at]) / n if n >= rule.needed(expected) else None,
                float(minima[at]) if n else None,
                float(maxima[at]) if n else None,
                n,
                int(suspects[at]),
                expected,
            )
        )
    return tuple(averages)


def expected_readings(start_us: int, end_us: int, interval_s: float) -> int:
    """Count the readings that a period should hold, one at least."""
    return max(1, round((end_us - start_us) / SECOND / interval_s))


def _numbers(values: Sequence[float | None]) -> Values:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
