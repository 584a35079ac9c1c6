"""The memory of one channel: the newest readings in arrays made once, and their extremes.

Owns what is remembered and how much; knows no pixel and no window. Times are whole
microseconds since 1970 (UTC). What comes late is put where it belongs; nothing that came is
left out before it is older than the newest `capacity` readings.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.views.presenters.charts.moments import Moments, Sums
from app.views.presenters.charts.pyramid import BLOCK, Pyramid, Values

Times: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.uint8]

_LARGEST_SLACK = 64 * BLOCK
_CHANGES_REMEMBERED = 256
_EVERYTHING = -(2**62)


class Severity(IntEnum):
    """How far a reading can be trusted, worst last."""

    GOOD = 0
    SUSPICIOUS = 1
    BAD = 2


@dataclass(frozen=True)
class Block:
    """Readings of one channel, in the order they came; `values` are the calibrated ones."""

    times: Times
    values: Values
    raw: Values
    flags: Flags

    def __len__(self) -> int:
        """Count the readings."""
        return len(self.times)


EMPTY_BLOCK = Block(
    np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty(0, dtype=np.uint8)
)


def part_of(block: Block, start_us: int, end_us: int) -> Block:
    """Give the readings of a block in order of time from start up to, not including, end."""
    first, last = block.times.searchsorted((start_us, end_us))
    part = slice(int(first), int(last))
    return Block(block.times[part], block.values[part], block.raw[part], block.flags[part])


class ChannelRing:
    """Holds the newest `capacity` readings, and up to a quarter more."""

    def __init__(self, capacity: int, *, has_raw: bool = True) -> None:
        slack = max(BLOCK, min(capacity // 4, _LARGEST_SLACK) // BLOCK * BLOCK)
        size = capacity + slack + 1
        self.capacity = capacity
        self._slack = slack
        self._times = np.zeros(size, dtype=np.int64)
        self._values = np.full(size, np.nan)
        self._raw = np.full(size, np.nan) if has_raw else self._values
        self._flags = np.zeros(size, dtype=np.uint8)
        self._count = 0
        self.version = 0
        """Grows with every change."""
        self._changes: deque[int] = deque(maxlen=_CHANGES_REMEMBERED)
        self._pyramid = Pyramid(self._values)
        self._raw_pyramid = Pyramid(self._raw) if has_raw else self._pyramid
        self._stale: dict[int, int] = {}
        self._moments = Moments(size)
        self._raw_moments = Moments(size) if has_raw else self._moments
        self.latest_us: int | None = None
        """The time of what came last, which a clock set back makes earlier than others."""

    def __len__(self) -> int:
        """Count the readings remembered."""
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes held; constant from the beginning."""
        arrays = {id(each): each.nbytes for each in (self._times, self._values, self._raw)}
        pyramids = {id(each): each.nbytes for each in (self._pyramid, self._raw_pyramid)}
        return sum(arrays.values()) + self._flags.nbytes + sum(pyramids.values())

    @property
    def times(self) -> Times:
        """The times remembered; a view, valid until the next `add`."""
        return self._times[: self._count]

    @property
    def values(self) -> Values:
        """The calibrated values remembered; a view, valid until the next `add`."""
        return self._values[: self._count]

    @property
    def raw(self) -> Values:
        """The raw values remembered; a view, valid until the next `add`."""
        return self._raw[: self._count]

    @property
    def flags(self) -> Flags:
        """The severities remembered; a view, valid until the next `add`."""
        return self._flags[: self._count]

    def pyramid(self, *, raw: bool = False) -> Pyramid:
        """Give the extremes of the calibrated or of the raw values, brought up to date."""
        pyramid = self._raw_pyramid if raw else self._pyramid
        first = self._stale.pop(id(pyramid), None)
        if first is not None:
            pyramid.renew(first, self._count)
        return pyramid

    def moments(self, *, raw: bool = False) -> Moments:
        """Give the sums of the calibrated or of the raw values."""
        return self._raw_moments if raw else self._moments

    def sums(self, first: int, last: int, *, raw: bool = False) -> Sums:
        """Sum up the readings between two places; missing and bad ones count for nothing."""
        values = self._raw if raw else self._values

        def read(start: int, stop: int) -> tuple[Times, Values, NDArray[np.bool_]]:
            part = slice(start, stop)
            counts = ~np.isnan(values[part]) & (self._flags[part] < Severity.BAD)
            return self._times[part], values[part], counts

        return self.moments(raw=raw).over(read, self._count, first, last)

    def add(self, block: Block) -> None:
        """Take new readings; times need not be in order."""
        if len(block):
            self.latest_us = int(block.times[-1])
        for start in range(0, len(block), self._slack):
            part = slice(start, start + self._slack)
            piece = Block(block.times[part], block.values[part], block.raw[part], block.flags[part])
            self._add_piece(piece)

    def clear(self) -> None:
        """Forget everything."""
        self._count, self.latest_us = 0, None
        self._stale.clear()
        self._touch(0)
        self._tell_change(_EVERYTHING)

    def block(self, start_us: int, end_us: int) -> Block:
        """Copy the readings from start up to, not including, end."""
        first, last = np.searchsorted(self.times, (start_us, end_us))
        part = slice(int(first), int(last))
        return Block(
            self._times[part].copy(),
            self._values[part].copy(),
            self._raw[part].copy(),
            self._flags[part].copy(),
        )

    def changed_since(self, version: int) -> int | None:
        """Give the earliest time touched since a version; None when nothing was."""
        behind = self.version - version
        if behind <= 0:
            return None
        if behind > len(self._changes):
            return _EVERYTHING
        return min(list(self._changes)[-behind:])

    def _tell_change(self, from_us: int) -> None:
        self.version += 1
        self._changes.append(from_us)

    def _add_piece(self, block: Block) -> None:
        if self._count + len(block) > self.capacity + self._slack:
            self._drop_oldest()
        first, end = self._count, self._count + len(block)
        for array, new in self._pairs(block):
            array[first:end] = new
        start = self._times[first]
        before = self._times[first - 1] if first else start
        if start < before or (len(block) > 1 and bool(np.any(np.diff(block.times) < 0))):
            first = self._sort_from(int(self._times[first:end].min()), end)
        self._count = end
        self._touch(first)
        self._tell_change(int(self._times[first]))

    def _touch(self, first: int) -> None:
        """Note from where on extremes and sums are to be made anew, once somebody asks."""
        for key in (id(self._pyramid), id(self._raw_pyramid)):
            self._stale[key] = min(first, self._stale.get(key, first))
        self._moments.touch(first)
        if self._raw_moments is not self._moments:
            self._raw_moments.touch(first)

    def _sort_from(self, earliest_us: int, end: int) -> int:
        """Put what came late where it belongs; give the first place that moved."""
        first = int(np.searchsorted(self._times[: self._count], earliest_us, side="right"))
        order = np.argsort(self._times[first:end], kind="stable")
        for array in self._arrays():
            array[first:end] = array[first:end][order]
        return first

    def _drop_oldest(self) -> None:
        used, gone = self._count, self._slack
        for is_raw in (False, True):
            self.pyramid(raw=is_raw)
        for array in self._arrays():
            array[: used - gone] = array[gone:used]
        for pyramid in {id(p): p for p in (self._pyramid, self._raw_pyramid)}.values():
            pyramid.drop(gone, used)
        for moments in {id(m): m for m in (self._moments, self._raw_moments)}.values():
            moments.drop(gone)
        self._count = used - gone

    def _arrays(self) -> list[NDArray[np.int64] | Values | Flags]:
        arrays: list[NDArray[np.int64] | Values | Flags] = [self._times, self._values, self._flags]
        if self._raw is not self._values:
            arrays.append(self._raw)
        return arrays

    def _pairs(
        self, block: Block
    ) -> list[tuple[NDArray[np.int64] | Values | Flags, NDArray[np.int64] | Values | Flags]]:
        pairs: list[
            tuple[NDArray[np.int64] | Values | Flags, NDArray[np.int64] | Values | Flags]
        ] = [
            (self._times, block.times),
            (self._values, block.values),
            (self._flags, block.flags),
        ]
        if self._raw is not self._values:
            pairs.append((self._raw, block.raw))
        return pairs
