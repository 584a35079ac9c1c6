"""Averages of wind: speed as a number, direction as a vector, calms counted.

Owns the vector mean; must not average anything else. Directions are where the wind comes from,
in degrees from north over east; 350° and 10° make 0°, not 180°. A reading at or below `calm`
counts with its speed but without direction, for a vane does not turn then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.services.averaging.averages import (
    AveragingRule,
    Flags,
    Values,
    expected_readings,
    usable,
)
from app.services.averaging.periods import SECOND, Period, Times, group_by_period

CALM = 0.5
"""Metres a second, as long as a station's manual says nothing else."""
_NO_DIRECTION = 1e-6


@dataclass(frozen=True)
class WindAverage:
    """One period of wind; `speed`, the vector and `direction` are None where too little is there.

    `speed` is the mean of speeds, `east` and `north` the mean vector of where the air goes,
    `direction` where it comes from: None in calm, or where winds cancel out.
    """

    start_us: int
    end_us: int
    speed: float | None
    east: float | None
    north: float | None
    direction: float | None
    minimum: float | None
    maximum: float | None
    count: int
    calms: int
    expected: int

    @property
    def vector_speed(self) -> float | None:
        """The length of the mean vector."""
        if self.east is None or self.north is None:
            return None
        return float(np.hypot(self.east, self.north))

    @property
    def steadiness(self) -> float | None:
        """How steady the direction was: vector speed over speed, 0 to 1."""
        vector = self.vector_speed
        return vector / self.speed if vector is not None and self.speed else None

    @property
    def completeness(self) -> float:
        return min(1.0, self.count / self.expected)


def average_wind(
    times: Times,
    speeds: Values,
    directions: Values,
    *,
    period: Period,
    interval_s: float,
    flags: Flags | None = None,
    rule: AveragingRule | None = None,
    calm: float = CALM,
) -> tuple[WindAverage, ...]:
    """Average wind readings; one with speed above calm and no direction does not count."""
    chosen = rule or AveragingRule()
    if times.size == 0:
        return ()
    given = np.ones(times.size, dtype=np.uint8) if flags is None else flags
    _, first = np.unique(times, return_index=True)
    times, speeds, directions, given = times[first], speeds[first], directions[first], given[first]
    calms = speeds <= calm
    counts = usable(speeds, given, chosen) & (calms | ~np.isnan(directions))
    moving = np.where(calms, 0.0, speeds)
    angles = np.radians(np.where(calms, 0.0, directions))
    columns = _Wind(
        speeds[counts],
        (-moving * np.sin(angles))[counts],
        (-moving * np.cos(angles))[counts],
        speeds[counts],
        speeds[counts],
        calms[counts].astype(np.float64),
    )
    return _averages(times, counts, columns, period, interval_s, chosen)


def average_wind_averages(
    averages: Sequence[WindAverage], *, period: Period, rule: AveragingRule | None = None
) -> tuple[WindAverage, ...]:
    """Average wind averages to longer periods, by their vectors; each complete one counts once."""
    chosen = rule or AveragingRule()
    if not averages:
        return ()
    starts = np.array([average.start_us for average in averages], dtype=np.int64)
    step_s = min(average.end_us - average.start_us for average in averages) / SECOND
    counts = np.array([average.speed is not None for average in averages])
    table = np.array(
        [
            (
                average.speed,
                average.east,
                average.north,
                average.minimum,
                average.maximum,
                float(average.direction is None),
            )
            for average in averages
            if average.speed is not None
        ],
        dtype=np.float64,
    ).reshape(-1, 6)
    return _averages(starts, counts, _Wind(*table.T), period, step_s, chosen)


@dataclass(frozen=True)
class _Wind:
    speeds: Values
    east: Values
    north: Values
    minima: Values
    maxima: Values
    calms: Values


def _averages(
    times: Times,
    counts: np.ndarray[tuple[int], np.dtype[np.bool_]],
    wind: _Wind,
    period: Period,
    interval_s: float,
    rule: AveragingRule,
) -> tuple[WindAverage, ...]:
    grouped = group_by_period(times, period, zone=rule.zone)
    number, places = grouped.starts.size, grouped.places[counts]
    count = np.bincount(places, minlength=number)
    speed, east, north, calms = (
        np.bincount(places, weights=column, minlength=number)
        for column in (wind.speeds, wind.east, wind.north, wind.calms)
    )
    minima, maxima = np.full(number, np.inf), np.full(number, -np.inf)
    np.fmin.at(minima, places, wind.minima)
    np.fmax.at(maxima, places, wind.maxima)
    averages = []
    for at in range(number):
        start, end, n = int(grouped.starts[at]), int(grouped.ends[at]), int(count[at])
        expected = expected_readings(start, end, interval_s)
        enough = n >= rule.needed(expected)
        mean_east = float(east[at]) / n if enough else None
        mean_north = float(north[at]) / n if enough else None
        averages.append(
            WindAverage(
                start,
                end,
                float(speed[at]) / n if enough else None,
                mean_east,
                mean_north,
                _direction(mean_east, mean_north, float(speed[at]) / max(n, 1)),
                float(minima[at]) if n else None,
                float(maxima[at]) if n else None,
                n,
                int(calms[at]),
                expected,
            )
        )
    return tuple(averages)


def _direction(east: float | None, north: float | None, speed: float) -> float | None:
    """Give where the mean wind comes from; None where the vectors cancel out to rounding."""
    if east is None or north is None or np.hypot(east, north) <= _NO_DIRECTION * speed:
        return None
    degrees = float(np.degrees(np.arctan2(-east, -north))) % 360.0
    # A tiny angle below zero becomes 360 itself.
    return 0.0 if degrees == 360.0 else degrees
