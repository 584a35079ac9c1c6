"""Everything the desk remembers of live stations: a ring for each channel, and marks.

Owns filling the rings from the source, whether or not anything is shown; draws nothing. How long
is remembered follows from the interval, within bounds, and does not grow with time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from app.views.presenters.charts.live_source import (
    LiveBlock,
    LiveChannel,
    Mark,
    MarkKind,
    ReadingSource,
)
from app.views.presenters.charts.ring import ChannelRing
from app.views.presenters.charts.rolled import RolledCourse

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
_REMEMBERED_US = 2 * HOUR_US
_LEAST_READINGS = 7200
_MOST_READINGS = 100_000
_MARKS = 500
_SAME_MARK_US = 5 * SECOND_US


def capacity_for(interval_us: int) -> int:
    """Count the readings remembered of a channel: two hours, at least 7200, at most 100,000."""
    wanted = _REMEMBERED_US // max(1, interval_us)
    return max(_LEAST_READINGS, min(_MOST_READINGS, wanted))


class LiveMemory:
    """Rings by channel key, and the newest marks."""

    def __init__(self, source: ReadingSource, *, capacity: int | None = None) -> None:
        self._source = source
        self._capacity = capacity
        self.channels: dict[str, LiveChannel] = {}
        self.rings: dict[str, ChannelRing] = {}
        self.marks: deque[Mark] = deque(maxlen=_MARKS)
        self.rolled: dict[str, RolledCourse] = {}
        """The averages that stored channels are drawn from; empty where readings are."""
        self.unknown = 0
        """Readings of channels the source never named."""
        self.meet_channels()

    @property
    def nbytes(self) -> int:
        """Bytes the rings hold."""
        return sum(ring.nbytes for ring in self.rings.values())

    @property
    def newest_us(self) -> int | None:
        """The time of what came last; where a clock was set back, earlier than some before it."""
        newest = (ring.latest_us for ring in self.rings.values())
        return max((each for each in newest if each is not None), default=None)

    def add_marks(self, marks: Iterable[Mark]) -> None:
        """Take marks of the registry, none twice; a gap noticed here already is the same gap."""
        for mark in marks:
            if not any(_is_same(mark, known) for known in self.marks):
                self.marks.append(mark)

    def meet_channels(self) -> None:
        """Make a ring for every channel that is new; none is ever taken away while running."""
        for channel in self._source.channels():
            if channel.key not in self.rings:
                capacity = self._capacity or capacity_for(channel.interval_us)
                self.rings[channel.key] = ChannelRing(capacity)
            self.channels[channel.key] = channel

    def take(self) -> int:
        """Take what came; give how many readings that were."""
        blocks, marks = self._source.take()
        self.marks.extend(marks)
        return self.fill(blocks)

    def fill(self, blocks: Iterable[LiveBlock]) -> int:
        """Put readings into their rings; give how many."""
        taken = 0
        for block in blocks:
            if block.key not in self.rings:
                self.meet_channels()
            ring = self.rings.get(block.key)
            if ring is None:
                self.unknown += len(block.readings)
                continue
            ring.add(block.readings)
            taken += len(block.readings)
        return taken


def _is_same(mark: Mark, known: Mark) -> bool:
    if mark.kind in (MarkKind.GAP, MarkKind.CLOCK) and mark.kind is known.kind:
        near = abs(mark.at_us - known.at_us) <= _SAME_MARK_US
        return near and mark.station == known.station
    return mark == known
