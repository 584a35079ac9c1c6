"""From columns and readings to pixels: where each bar and line of a trace stands.

Owns the arithmetic, into arrays that are made once; draws nothing. Device pixels, origin at the
upper left of the plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.views.presenters.charts.columns import Columns, Grid
from app.views.presenters.charts.pyramid import Values
from app.views.presenters.charts.ring import ChannelRing

IntegerRows = NDArray[np.int32]
NumberRows = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Values from `low` (at the bottom) to `high` over so many pixels."""

    low: float
    high: float
    pixels: int

    def places(self, values: Values) -> Values:
        """Give how far from the top values stand; beyond the plot they stop just outside."""
        reach = self.high - self.low or 1.0
        placed = (self.high - values) * ((self.pixels - 1) / reach)
        np.maximum(placed, -1.0, out=placed)
        return np.minimum(placed, float(self.pixels), out=placed)

    def value(self, place: float) -> float:
        """Give the value at a place."""
        return self.high - place * (self.high - self.low) / max(1, self.pixels - 1)


def bar_rows(columns: Columns, scale: Scale, rows: IntegerRows) -> int:
    """Fill one bar for each column that holds a reading; neighbours without a gap touch."""
    here = (~np.isnan(columns.low)).nonzero()[0]
    if not len(here):
        return 0
    top = scale.places(columns.high[here]).astype(np.int32)
    bottom = scale.places(columns.low[here]).astype(np.int32)
    beside = np.zeros(len(here), dtype=np.bool_)
    beside[1:] = (here[1:] - here[:-1] == 1) & columns.joined[here[1:]]
    tops, bottoms = top.copy(), bottom.copy()
    touching = beside.nonzero()[0]
    # A bar reaches to the nearer edge of the one before it, so that the line has no holes.
    tops[touching] = np.minimum(top[touching], bottom[touching - 1])
    bottoms[touching] = np.maximum(bottom[touching], top[touching - 1])
    count = len(here)
    rows[:count, 0] = rows[:count, 2] = here
    rows[:count, 1], rows[:count, 3] = tops, bottoms
    return count


def bridge_rows(columns: Columns, scale: Scale, rows: NumberRows) -> int:
    """Fill a line over every stretch of empty columns that is no gap.

    Columns whose readings have no value are not empty: there the line stays broken.
    """
    here = (~np.isnan(columns.low)).nonzero()[0]
    if len(here) < 2:
        return 0
    jumps = ((here[1:] - here[:-1] > 1) & columns.joined[here[1:]]).nonzero()[0]
    if not len(jumps):
        return 0
    filled = np.cumsum(columns.filled)
    jumps = jumps[filled[here[jumps + 1] - 1] == filled[here[jumps]]]
    if not len(jumps):
        return 0
    count = min(len(jumps), len(rows))
    before, after = here[jumps[:count]], here[jumps[:count] + 1]
    middle = scale.places((columns.low + columns.high) / 2)
    rows[:count, 0], rows[:count, 1] = before, middle[before]
    rows[:count, 2], rows[:count, 3] = after, middle[after]
    return count


def point_rows(
    ring: ChannelRing, grid: Grid, scale: Scale, rows: NumberRows, *, gap_us: int, raw: bool = False
) -> int:
    """Fill the lines between single readings, one beyond each edge included; none over a gap.

    A reading alone between two gaps becomes a line one pixel long.
    """
    first, last = np.searchsorted(ring.times, (grid.start_us, grid.end_us))
    part = slice(max(0, int(first) - 1), int(last) + 1)
    times, values = ring.times[part], (ring.raw if raw else ring.values)[part]
    known = ~np.isnan(values)
    x = (times - grid.start_us) / grid.step_us
    y = scale.places(values)
    joined = known[1:] & known[:-1] & (np.diff(times) <= gap_us)
    starts = np.flatnonzero(joined)
    alone = known.copy()
    alone[1:] &= ~joined
    alone[:-1] &= ~joined
    single = np.flatnonzero(alone)
    count = min(len(starts), len(rows))
    rows[:count, 0], rows[:count, 1] = x[starts[:count]], y[starts[:count]]
    rows[:count, 2], rows[:count, 3] = x[starts[:count] + 1], y[starts[:count] + 1]
    more = min(len(single), len(rows) - count)
    end = count + more
    rows[count:end, 0], rows[count:end, 1] = x[single[:more]], y[single[:more]]
    rows[count:end, 2], rows[count:end, 3] = x[single[:more]] + 1, y[single[:more]]
    return end


def flagged_places(columns: Columns, severity: int) -> NDArray[np.int64]:
    """Give the columns in which a flag of this severity is the worst."""
    places: NDArray[np.int64] = (columns.worst == severity).nonzero()[0]
    return places


def run_starts(places: NDArray[np.int64], *, apart: int) -> NDArray[np.int64]:
    """Give the first place of each run, runs lying closer than `apart` taken as one."""
    if not len(places):
        return places
    begins = np.concatenate(([True], np.diff(places) > apart))
    return places[begins]


def spread_out(wanted: Sequence[float], *, apart: float, least: float, most: float) -> list[float]:
    """Move places so far from one another that names fit, in their order and near where they were.

    Where they cannot all fit between `least` and `most` they stand evenly, closer than asked.
    """
    if not wanted:
        return []
    gap = min(apart, (most - least) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = [0.0] * len(wanted)
    at = least - gap
    for place in order:
        at = max(wanted[place], at + gap)
        placed[place] = at
    at = most + gap
    for place in reversed(order):
        at = min(placed[place], at - gap)
        placed[place] = at
    return placed
