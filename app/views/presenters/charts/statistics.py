"""What the visible span says in figures, and what stands at a cursor.

Owns putting sums into figures; a bad or missing reading counts for nothing, and how many did is
told. What it costs does not grow with the span: the sums are kept by buckets (`moments.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.views.presenters.charts.moments import Sums
from app.views.presenters.charts.ring import ChannelRing


@dataclass(frozen=True)
class SpanStatistics:
    """Least, mean, greatest, standard deviation (n − 1) and slope per hour of `count` readings.

    None where there are too few: one reading has no deviation, one moment no slope.
    """

    count: int
    left_out: int
    minimum: float | None = None
    mean: float | None = None
    maximum: float | None = None
    deviation: float | None = None
    slope_per_hour: float | None = None
    period_s: int = 0
    """The seconds of the averages it was reckoned from; 0 for single readings."""


def span_statistics(
    ring: ChannelRing, start_us: int, end_us: int, *, raw: bool = False
) -> SpanStatistics:
    """Reckon over the readings from start to end, both included."""
    times = ring.times
    first = int(np.searchsorted(times, start_us, side="left"))
    last = int(np.searchsorted(times, end_us, side="right"))
    return statistics_of(ring.sums(first, last, raw=raw), last - first)


def statistics_of(sums: Sums, readings: int) -> SpanStatistics:
    """Put sums over so many readings into figures."""
    count = int(sums.count[0])
    if not count:
        return SpanStatistics(0, readings)
    spread = float(sums.hours_2[0])
    return SpanStatistics(
        count=count,
        left_out=readings - count,
        minimum=float(sums.low[0]),
        mean=float(sums.value[0]),
        maximum=float(sums.high[0]),
        deviation=math.sqrt(float(sums.values_2[0]) / (count - 1)) if count > 1 else None,
        slope_per_hour=float(sums.both[0]) / spread if spread > 0 else None,
    )


def value_at(ring: ChannelRing, at_us: int, *, within_us: int, raw: bool = False) -> float | None:
    """Give the value of the reading nearest to a moment; None when none lies within reach."""
    times = ring.times
    if not len(times):
        return None
    after = int(np.searchsorted(times, at_us))
    near = [place for place in (after - 1, after) if 0 <= place < len(times)]
    best = min(near, key=lambda place: abs(int(times[place]) - at_us))
    if abs(int(times[best]) - at_us) > within_us:
        return None
    value = float((ring.raw if raw else ring.values)[best])
    return None if np.isnan(value) else value
