"""What the visible span says in figures, and what stands at a cursor.

Owns the sums; a bad or missing reading counts for nothing, and how many did is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.views.presenters.charts.pyramid import Values
from app.views.presenters.charts.ring import ChannelRing, Severity


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


def span_statistics(
    ring: ChannelRing, start_us: int, end_us: int, *, raw: bool = False
) -> SpanStatistics:
    """Reckon over the readings from start to end, both included."""
    times = ring.times
    first = int(np.searchsorted(times, start_us, side="left"))
    last = int(np.searchsorted(times, end_us, side="right"))
    values = (ring.raw if raw else ring.values)[first:last]
    counts = ~np.isnan(values) & (ring.flags[first:last] < Severity.BAD)
    taken = values[counts]
    left_out = len(values) - len(taken)
    if not len(taken):
        return SpanStatistics(0, left_out)
    mean = float(taken.mean())
    return SpanStatistics(
        count=len(taken),
        left_out=left_out,
        minimum=float(taken.min()),
        mean=mean,
        maximum=float(taken.max()),
        deviation=float(taken.std(ddof=1)) if len(taken) > 1 else None,
        slope_per_hour=_slope((times[first:last][counts] - start_us) / 3.6e9, taken - mean),
    )


def _slope(hours: Values, centred: Values) -> float | None:
    away = hours - hours.mean()
    spread = float(away @ away)
    return float(away @ centred) / spread if spread > 0 else None


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
