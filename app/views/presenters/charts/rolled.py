"""A stored course of averages: its figures and what stands at a moment, from the periods' own sums.

Owns reckoning over roll-ups, so that a year's mean is that of its readings and not of its
extremes. A period below its share of readings has no mean; its extremes are told all the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.services.readings.queries import Series
from app.views.presenters.charts.pyramid import Indexes, Values
from app.views.presenters.charts.ring import Block, Flags
from app.views.presenters.charts.statistics import SpanStatistics

_US_PER_HOUR = 3.6e9


@dataclass(frozen=True)
class RolledCourse:
    """One entry for each period of `period_s` seconds, in order of time; NaN where nothing is."""

    period_s: int
    starts_us: Indexes
    ends_us: Indexes
    mean: Values
    raw_mean: Values
    minimum: Values
    maximum: Values
    used: Indexes
    flags: Flags

    @staticmethod
    def of(series: Series, flags: Flags) -> RolledCourse:
        """Make it of a series of roll-ups and the severities of its periods."""
        return RolledCourse(
            int(series.level),
            series.times_us,
            series.ends_us,
            series.value,
            series.raw,
            np.where(np.isnan(series.minimum), series.value, series.minimum),
            np.where(np.isnan(series.maximum), series.value, series.maximum),
            series.counts,
            flags,
        )

    def within(self, start_us: int, end_us: int) -> RolledCourse:
        """Give the periods that lie whole within a span."""
        first = int(np.searchsorted(self.starts_us, start_us))
        last = max(first, int(np.searchsorted(self.ends_us, end_us, side="right")))
        part = slice(first, last)
        return RolledCourse(
            *(self.period_s, self.starts_us[part], self.ends_us[part], self.mean[part]),
            *(self.raw_mean[part], self.minimum[part], self.maximum[part]),
            *(self.used[part], self.flags[part]),
        )

    def block(self) -> Block:
        """Give each period's mean at its beginning, as a reading would stand."""
        return Block(self.starts_us, self.mean, self.raw_mean, self.flags)

    def statistics(self, start_us: int, end_us: int, *, raw: bool = False) -> SpanStatistics:
        """Reckon over the periods within a span; the deviation is that of their means."""
        part = self.within(start_us, end_us)
        means = part.raw_mean if raw else part.mean
        known = ~np.isnan(means) & (part.used > 0)
        weights, means = part.used[known].astype(np.float64), means[known]
        count = int(weights.sum())
        if not count:
            return SpanStatistics(0, int(part.used.sum()), period_s=self.period_s)
        mean = float((weights * means).sum() / count)
        lows = means if raw else part.minimum
        highs = means if raw else part.maximum
        hours = (part.starts_us[known] - part.starts_us[0]) / _US_PER_HOUR
        away, later = means - mean, hours - float((weights * hours).sum() / count)
        spread = float((weights * later**2).sum())
        return SpanStatistics(
            count=count,
            left_out=int(part.used.sum()) - count,
            minimum=float(np.nanmin(lows)),
            mean=mean,
            maximum=float(np.nanmax(highs)),
            deviation=math.sqrt(float(means.var(ddof=1))) if len(means) > 1 else None,
            slope_per_hour=float((weights * later * away).sum()) / spread if spread > 0 else None,
            period_s=self.period_s,
        )

    def value_at(self, at_us: int, *, raw: bool = False) -> float | None:
        """Give the mean of the period that holds a moment; None in a gap."""
        place = int(np.searchsorted(self.starts_us, at_us, side="right")) - 1
        if place < 0 or at_us >= int(self.ends_us[place]):
            return None
        value = float((self.raw_mean if raw else self.mean)[place])
        return None if math.isnan(value) else value
