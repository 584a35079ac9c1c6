"""Count, mean, spread and slope of any stretch of a series, from sums kept by buckets.

Owns the buckets: of 64 readings, of 64 of these, and of 64 of those, counted from the first
reading that ever came. Each keeps its own mean and the squares about it, so that merging loses
no digits. They are made when first asked for: a channel nobody asks about costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.views.presenters.charts.pyramid import Indexes, Values

FANOUT = 64
LEVELS = 3
Readings: TypeAlias = tuple[Indexes, Values, NDArray[np.bool_]]
"""Times, values, and which of them count."""
Read: TypeAlias = Callable[[int, int], Readings]
"""Give the readings from one place to another."""
_US_PER_HOUR = 3.6e9


@dataclass
class Sums:
    """What is known of stretches, one entry each; `hours` lie after the series' first reading.

    `values_2`, `hours_2` and `both` are sums of squares and products about the entry's own means.
    """

    count: Values
    value: Values
    hours: Values
    values_2: Values
    hours_2: Values
    both: Values
    low: Values
    high: Values

    @staticmethod
    def empty(size: int) -> Sums:
        """Make room for so many stretches, nothing in any."""
        made = Sums(*(np.zeros(size) for _ in range(8)))
        made.low[:] = made.high[:] = np.nan
        return made

    def arrays(self) -> tuple[Values, ...]:
        """Give all of them, to be moved and cut together."""
        return (
            *(self.count, self.value, self.hours, self.values_2, self.hours_2, self.both),
            *(self.low, self.high),
        )

    def part(self, first: int, last: int) -> Sums:
        """Give some entries."""
        return Sums(*(each[first:last] for each in self.arrays()))

    def put(self, first: int, other: Sums) -> None:
        """Write entries from `first` on."""
        for mine, new in zip(self.arrays(), other.arrays(), strict=True):
            mine[first : first + len(new)] = new


class Moments:
    """Sums of one series; whoever owns the readings tells what changed and reads them out."""

    def __init__(self, size: int) -> None:
        self._levels: list[Sums] = []
        self._size = size
        self._dropped = 0
        self._known = 0
        self._origin_us: int | None = None
        self.read = 0
        """How many readings and buckets the last answer was made of: what it cost."""

    def touch(self, first: int) -> None:
        """Take note that readings from place `first` on came or changed."""
        self._known = min(self._known, self._dropped + first)

    def drop(self, count: int) -> None:
        """Take note that so many readings went from the front."""
        before, self._dropped = self._dropped, self._dropped + count
        self._known = max(self._known, self._dropped)
        for level, sums in enumerate(self._levels, start=1):
            gone = _base(self._dropped, level) - _base(before, level)
            for array in sums.arrays():
                array[: len(array) - gone] = array[gone:]

    def over(self, read: Read, length: int, first: int, last: int) -> Sums:
        """Give the sums over places first to last of so many: one entry, its count 0 for none."""
        self._catch_up(read, length)
        self.read = 0
        parts: list[Sums] = []
        begin, end = self._dropped + first, self._dropped + last
        for level in range(LEVELS + 1):
            is_top = level == LEVELS
            head = end if is_top else min(end, -(-begin // FANOUT) * FANOUT)
            tail = end if is_top else max(head, end // FANOUT * FANOUT)
            for start, stop in ((begin, head), (tail, end)):
                if stop > start:
                    parts.append(self._take(level, start, stop, read))
                    self.read += stop - start
            begin, end = head // FANOUT, tail // FANOUT
            if begin >= end:
                break
        if not parts:
            return Sums.empty(1)
        merged = Sums(*(np.concatenate(each) for each in zip(*_arrays(parts), strict=True)))
        return merge(merged, np.zeros(1, dtype=np.int64))

    def _take(self, level: int, start: int, stop: int, read: Read) -> Sums:
        """Give buckets start to stop of a level, counted from the beginning of the series."""
        if level:
            base = _base(self._dropped, level)
            return self._levels[level - 1].part(start - base, stop - base)
        times, values, counts = read(start - self._dropped, stop - self._dropped)
        hours = (times - (self._origin_us or 0)) / _US_PER_HOUR
        known = np.where(counts, values, 0.0)
        nothing = np.zeros(len(times))
        shown = np.where(counts, values, np.nan)
        return Sums(
            counts.astype(np.float64), known, hours, nothing, nothing, nothing, shown, shown
        )

    def _catch_up(self, read: Read, length: int) -> None:
        """Make the buckets that became whole since the last question."""
        if not length:
            return
        if self._origin_us is None:
            self._origin_us = int(read(0, 1)[0][0])
        if not self._levels:
            sizes = (self._size // FANOUT**level + 2 for level in range(1, LEVELS + 1))
            self._levels = [Sums.empty(size) for size in sizes]
        end = self._dropped + length
        first, last = -(-self._dropped // FANOUT), end // FANOUT
        first = max(first, self._known // FANOUT)
        below_first, below_last = first * FANOUT, last * FANOUT
        for level in range(1, LEVELS + 1):
            if last <= first:
                break
            taken = self._take(level - 1, below_first, below_last, read)
            starts = np.arange(0, below_last - below_first, FANOUT, dtype=np.int64)
            self._levels[level - 1].put(first - _base(self._dropped, level), merge(taken, starts))
            whole = -(-self._dropped // FANOUT ** (level + 1))
            first, last = max(whole, first // FANOUT), last // FANOUT
            below_first, below_last = first * FANOUT, last * FANOUT
        self._known = max(self._known, end // FANOUT * FANOUT)


def merge(sums: Sums, starts: Indexes) -> Sums:
    """Merge runs of entries into one each; Chan, Golub and LeVeque's formula for the squares."""
    sizes = np.diff(np.append(starts, len(sums.count)))
    count = np.add.reduceat(sums.count, starts)
    sure = np.maximum(count, 1.0)
    value = np.add.reduceat(sums.count * sums.value, starts) / sure
    hours = np.add.reduceat(sums.count * sums.hours, starts) / sure
    away = sums.value - np.repeat(value, sizes)
    later = sums.hours - np.repeat(hours, sizes)
    return Sums(
        count,
        value,
        hours,
        np.add.reduceat(sums.values_2 + sums.count * away**2, starts),
        np.add.reduceat(sums.hours_2 + sums.count * later**2, starts),
        np.add.reduceat(sums.both + sums.count * away * later, starts),
        np.fmin.reduceat(sums.low, starts),
        np.fmax.reduceat(sums.high, starts),
    )


def _arrays(parts: list[Sums]) -> list[tuple[Values, ...]]:
    return [part.arrays() for part in parts]


def _base(dropped: int, level: int) -> int:
    """Give the first bucket of a level that is kept, which may have lost its beginning."""
    return int(dropped // FANOUT**level)
