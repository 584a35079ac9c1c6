"""Minima and maxima of a growing series in steps of sixteen, kept up as values come.

Owns the levels and exact extremes over index ranges; knows neither times nor pixels. A missing
value is NaN and counts for nothing; a range without a value answers NaN.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FANOUT = 16
BLOCK = FANOUT**3
"""What is dropped from the front is a multiple of this, so that every level moves whole."""
_LEVELS = 4
_DIRECT = 4 * FANOUT
"""Ranges up to this long are read as they are."""
_FEW = BLOCK
"""So many values in all are read as they are, too: a tick makes a column or two."""

Values: TypeAlias = NDArray[np.float64]
Indexes: TypeAlias = NDArray[np.int64]


class Pyramid:
    """Extremes of a series whose values live in `base`, an array owned by somebody else."""

    def __init__(self, base: Values) -> None:
        self._lows: list[Values] = [base]
        self._highs: list[Values] = [base]
        size = len(base)
        for _level in range(_LEVELS):
            size = size // FANOUT + 2
            self._lows.append(np.full(size, np.nan))
            self._highs.append(np.full(size, np.nan))

    @property
    def nbytes(self) -> int:
        """Bytes held beside the base."""
        return sum(each.nbytes for each in (*self._lows[1:], *self._highs[1:]))

    def renew(self, first: int, last: int) -> None:
        """Bring the levels up to date after base[first:last] changed; `last` is the new end."""
        for level in range(1, len(self._lows)):
            end = last
            first, last = first // FANOUT, -(-last // FANOUT)
            self._renew_level(level, first, last, end)

    def drop(self, count: int, used: int) -> None:
        """Forget `count` values (a multiple of BLOCK) at the front of `used`, levels only."""
        for level in range(1, len(self._lows)):
            size = FANOUT**level
            gone, kept = count // size, -(-used // size)
            for values in (self._lows[level], self._highs[level]):
                values[: kept - gone] = values[gone:kept]
                values[kept - gone : kept] = np.nan
            if count % size:
                self._renew_level(level, 0, kept, -(-(used - count) * FANOUT // size))

    def extremes(self, firsts: Indexes, lasts: Indexes) -> tuple[Values, Values]:
        """Give minimum and maximum over base[first:last] of each pair; NaN where nothing is."""
        low = np.full(len(firsts), np.nan)
        high = low.copy()
        for level in range(len(self._lows)):
            lows, highs = self._lows[level], self._highs[level]
            longest = int((lasts - firsts).max(initial=0))
            is_little = longest <= _DIRECT or int((lasts - firsts).sum()) <= _FEW
            if is_little or level == len(self._lows) - 1:
                low = np.fmin(low, _reduce(np.fmin, lows, firsts, lasts))
                high = np.fmax(high, _reduce(np.fmax, highs, firsts, lasts))
                break
            heads = np.minimum(-(-firsts // FANOUT) * FANOUT, lasts)
            tails = np.maximum(lasts // FANOUT * FANOUT, heads)
            for starts, ends in ((firsts, heads), (tails, lasts)):
                low = np.fmin(low, _gather(np.fmin, lows, starts, ends))
                high = np.fmax(high, _gather(np.fmax, highs, starts, ends))
            firsts, lasts = -(-heads // FANOUT), tails // FANOUT
        return low, high

    def _renew_level(self, level: int, first: int, last: int, end: int) -> None:
        """Make buckets first to last of a level anew from the `end` values of the one below."""
        starts = np.arange(first, last, dtype=np.int64) * FANOUT
        if not len(starts):
            return
        for function, levels in ((np.fmin, self._lows), (np.fmax, self._highs)):
            levels[level][first:last] = function.reduceat(levels[level - 1][:end], starts)


def _reduce(function: Any, values: Values, firsts: Indexes, lasts: Indexes) -> Values:
    """Reduce over ranges of any length, empty ones to NaN."""
    if not len(firsts):
        return np.empty(0)
    pairs = np.empty(2 * len(firsts), dtype=np.int64)
    pairs[0::2], pairs[1::2] = firsts, lasts
    end = min(int(pairs.max()) + 1, len(values))
    reduced: Values = function.reduceat(values[:end], np.minimum(pairs, end - 1))[0::2]
    reduced[lasts <= firsts] = np.nan
    return reduced


def _gather(function: Any, values: Values, firsts: Indexes, lasts: Indexes) -> Values:
    """Reduce over ranges shorter than one bucket."""
    places = firsts[:, None] + np.arange(FANOUT)
    inside = places < lasts[:, None]
    taken = values[np.minimum(places, len(values) - 1)]
    gathered: Values = function.reduce(np.where(inside, taken, np.nan), axis=1)
    return gathered
