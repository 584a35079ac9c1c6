"""Readings that came while nobody looked: kept by channel in few bytes until a page asks.

Owns what waits, so that a hidden page needs no timer. Whoever collects puts readings in on a
thread of its own; the page takes them out. The oldest of a channel give way, as in its memory;
those in the registry do not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np

from app.services.quality.flags import Flag
from app.services.readings.ingest import LiveReading
from app.views.presenters.charts.live_source import LiveBlock
from app.views.presenters.charts.ring import Block, Severity

PACKED_AT = 4_096
"""Readings that wait as they came, before they are packed."""


class WaitingReadings:
    """At most `keep(channel_id)` readings of each channel, give or take one packing."""

    def __init__(self, keep: Callable[[int], int]) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._loose: list[LiveReading] = []
        self._packed: dict[int, list[Block]] = {}

    def put(self, readings: Sequence[LiveReading]) -> None:
        """Let readings wait; on a collector's thread."""
        with self._lock:
            self._loose.extend(readings)
            if len(self._loose) >= PACKED_AT:
                self._pack()

    def take(self) -> list[LiveBlock]:
        """Give all that waits, each channel's in the order it came, and forget it."""
        with self._lock:
            self._pack()
            packed, self._packed = self._packed, {}
        return [LiveBlock(str(key), joined(blocks)) for key, blocks in packed.items()]

    def _pack(self) -> None:
        heard: dict[int, list[LiveReading]] = {}
        for reading in self._loose:
            heard.setdefault(reading.channel_id, []).append(reading)
        self._loose = []
        for key, found in heard.items():
            blocks = self._packed.setdefault(key, [])
            blocks.append(_block(found))
            kept, most = sum(map(len, blocks)), self._keep(key)
            while len(blocks) > 1 and kept - len(blocks[0]) >= most:
                kept -= len(blocks.pop(0))


def joined(blocks: Sequence[Block]) -> Block:
    """Put blocks of one channel behind one another."""
    if len(blocks) == 1:
        return blocks[0]
    return Block(
        np.concatenate([each.times for each in blocks]),
        np.concatenate([each.values for each in blocks]),
        np.concatenate([each.raw for each in blocks]),
        np.concatenate([each.flags for each in blocks]),
    )


def _block(readings: Sequence[LiveReading]) -> Block:
    return Block(
        np.array([each.time_us for each in readings], dtype=np.int64),
        np.array([each.value for each in readings]),
        np.array([each.raw for each in readings]),
        np.array([_severity(each.flag) for each in readings], dtype=np.uint8),
    )


def _severity(flag: Flag) -> Severity:
    if flag is Flag.GOOD:
        return Severity.GOOD
    return Severity.BAD if flag in (Flag.FAIL, Flag.MISSING) else Severity.SUSPICIOUS
