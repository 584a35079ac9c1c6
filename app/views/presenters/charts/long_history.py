"""A year of days of one channel, and the hours of one day, as they are drawn.

Owns reading them from the roll-ups and the classes that colours stand for; no Qt. Runs off the
window's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

from app.services.readings.queries import calendar, day_ends, day_periods
from app.services.readings.rollup_rows import Rollup
from app.services.registry.context import OpenRegistry

CLASSES = 5


@dataclass(frozen=True)
class DayCell:
    """One day: its mean, extremes and how many readings were good; None without an average."""

    on: date
    mean: float | None
    minimum: float | None
    maximum: float | None
    good: int
    expected: int
    level: int | None
    """Its class from 0 (least of the year) to 4; None without an average."""

    @property
    def is_measured(self) -> bool:
        """Whether anything was measured, if too little for an average."""
        return self.minimum is not None or self.good > 0


@dataclass(frozen=True)
class HourBar:
    """One hour of a day: from least to greatest, and the mean if there is one."""

    start_us: int
    mean: float | None
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True)
class Day:
    """A day of the station: 23 or 25 hours long where its clocks are changed."""

    on: date
    start_us: int
    end_us: int
    zone: tzinfo
    hours: tuple[HourBar, ...]


@dataclass(frozen=True)
class Year:
    """The days of a year, and between which means the classes lie."""

    year: int
    days: tuple[DayCell, ...]
    low: float | None
    high: float | None

    def class_limits(self) -> list[tuple[float, float]]:
        """Give where each class begins and ends; empty without any average."""
        if self.low is None or self.high is None:
            return []
        step = (self.high - self.low) / CLASSES
        return [(self.low + n * step, self.low + (n + 1) * step) for n in range(CLASSES)]


def read_year(registry: OpenRegistry, key: str, year: int) -> Year:
    """Read a year of a channel from its daily roll-ups."""
    found = calendar(registry, int(key), first=date(year, 1, 1), last=date(year, 12, 31))
    means = [
        each.rollup.mean
        for each in found
        if each.rollup is not None and each.rollup.mean is not None
    ]
    low, high = (min(means), max(means)) if means else (None, None)
    return Year(year, tuple(_cell(each.on, each.rollup, low, high) for each in found), low, high)


def read_day(registry: OpenRegistry, key: str, on: date) -> Day:
    """Read the hours of a day of a channel, by the station's clock."""
    start, end, zone = day_ends(registry, int(key), on)
    bars = tuple(
        HourBar(each.start_us, each.mean, each.minimum, each.maximum)
        for each in day_periods(registry, int(key), on)
    )
    return Day(on, start, end, zone, bars)


def _cell(on: date, rollup: Rollup | None, low: float | None, high: float | None) -> DayCell:
    if rollup is None:
        return DayCell(on, None, None, None, 0, 0, None)
    return DayCell(
        on,
        rollup.mean,
        rollup.minimum,
        rollup.maximum,
        rollup.good,
        rollup.expected,
        _level(rollup.mean, low, high),
    )


def _level(mean: float | None, low: float | None, high: float | None) -> int | None:
    if mean is None or low is None or high is None:
        return None
    if high == low:
        return CLASSES // 2
    return min(CLASSES - 1, int((mean - low) / (high - low) * CLASSES))
