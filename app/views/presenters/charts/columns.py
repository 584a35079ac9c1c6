"""What stands in each column of pixels: the least and the greatest value, gaps, flags.

Owns going from readings to columns on a grid that stands still in time, so that a live line
does not wiggle, and remembering columns so that a tick makes only the new ones. No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.views.presenters.charts.pyramid import Values
from app.views.presenters.charts.ring import ChannelRing, Flags

Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """Columns of `step_us` each; column `first` begins at first × step_us."""

    first: int
    count: int
    step_us: int

    @property
    def start_us(self) -> int:
        """Where the first column begins."""
        return self.first * self.step_us

    @property
    def end_us(self) -> int:
        """Where the last column ends."""
        return (self.first + self.count) * self.step_us

    @staticmethod
    def over(start_us: int, end_us: int, pixels: int) -> Grid:
        """Lay `pixels` columns over a span, so that its end falls into the last one."""
        count = max(1, pixels)
        step = max(1, -(-(end_us - start_us) // count))
        return Grid(-(-end_us // step) - count, count, step)


@dataclass
class Columns:
    """One entry for each column: NaN and False where nothing is.

    `filled`: a reading lies here, if only one without a value. `joined`: no gap lies between
    this column's first reading and the one before it.
    """

    low: Values
    high: Values
    filled: Bools
    joined: Bools
    worst: Flags

    @staticmethod
    def empty(count: int) -> Columns:
        """Make columns without a reading."""
        return Columns(
            np.full(count, np.nan),
            np.full(count, np.nan),
            np.zeros(count, dtype=np.bool_),
            np.zeros(count, dtype=np.bool_),
            np.zeros(count, dtype=np.uint8),
        )

    def arrays(self) -> tuple[Values | Bools | Flags, ...]:
        """Give all of them, to be moved together."""
        return self.low, self.high, self.filled, self.joined, self.worst

    def bounds(self) -> tuple[float, float] | None:
        """Give the least and greatest value of all columns; None without any."""
        known = self.low[~np.isnan(self.low)]
        if not len(known):
            return None
        return float(known.min()), float(np.nanmax(self.high))


class ColumnCache:
    """The columns of one ring on the grid that was asked for last."""

    def __init__(self, ring: ChannelRing, *, gap_us: int, raw: bool = False) -> None:
        self._ring = ring
        self._gap_us = gap_us
        self._raw = raw
        self._grid: Grid | None = None
        self._version = -1
        self._columns = Columns.empty(0)
        self.made = 0
        """How many columns were made since the beginning: what a tick costs."""

    def columns(self, grid: Grid) -> Columns:
        """Give the columns of a grid, making only those that are new or changed."""
        ring = self._ring
        if grid == self._grid and ring.version == self._version:
            return self._columns
        kept = self._keep(grid)
        if kept == 0 or len(self._columns.low) != grid.count:
            self._columns = Columns.empty(grid.count)
            kept = 0
        make_columns(ring, grid, self._columns, first=kept, gap_us=self._gap_us, raw=self._raw)
        self.made += grid.count - kept
        self._grid, self._version = grid, ring.version
        return self._columns

    def _keep(self, grid: Grid) -> int:
        """Move the columns that are still right to their new places; give how many."""
        old, ring = self._grid, self._ring
        if old is None or old.step_us != grid.step_us or old.count != grid.count:
            return 0
        moved = grid.first - old.first
        if not 0 <= moved < grid.count:
            return 0
        right = old.count
        changed_us = ring.changed_since(self._version)
        if changed_us is not None:
            right = max(0, min(right, changed_us // old.step_us - old.first))
        kept = right - moved
        if kept <= 0:
            return 0
        columns = self._columns
        for array in columns.arrays():
            array[:kept] = array[moved:right].copy()
        return kept


def make_columns(
    ring: ChannelRing,
    grid: Grid,
    columns: Columns,
    *,
    first: int = 0,
    gap_us: int,
    raw: bool = False,
) -> None:
    """Fill the columns from `first` on, exactly: no extreme is lost or moved to another column."""
    edges = (np.arange(grid.first + first, grid.first + grid.count + 1)) * grid.step_us
    times = ring.times
    places = np.searchsorted(times, edges).astype(np.int64)
    starts, ends = places[:-1], places[1:]
    low, high = ring.pyramid(raw=raw).extremes(starts, ends)
    columns.low[first:], columns.high[first:] = low, high
    filled = ends > starts
    joined = filled & (starts > 0)
    here = joined.nonzero()[0]
    joined[here] = times[starts[here]] - times[starts[here] - 1] <= gap_us
    columns.filled[first:], columns.joined[first:] = filled, joined
    columns.worst[first:] = _worst(ring.flags, starts, ends, filled)


def _worst(
    flags: Flags, starts: NDArray[np.int64], ends: NDArray[np.int64], filled: Bools
) -> Flags:
    """Give the worst flag of each column; one pass over the flags in view."""
    worst = np.zeros(len(starts), dtype=np.uint8)
    if not filled.any():
        return worst
    first, last = int(starts[0]), int(ends[-1])
    part = flags[first:last]
    if part.any():
        kept = starts[filled] - first
        worst[filled] = np.maximum.reduceat(part, kept)
    return worst
