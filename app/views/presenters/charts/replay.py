"""Playing a past stretch again, from once to a thousand times as fast.

Owns the clock of the replay and what has been played; the readings come from whoever remembers
them. Recording goes on meanwhile. No Qt: the time that passes is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from app.views.presenters.charts.live_source import LiveBlock, LiveChannel, Mark
from app.views.presenters.charts.ring import Block

SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
Past: TypeAlias = Callable[[str, int, int], Block]
"""Give the readings of a channel from a start up to, not including, an end."""


class ReplayClock:
    """Where a replay stands between a start and an end, in microseconds."""

    def __init__(self, start_us: int, end_us: int, *, speed: int = 1) -> None:
        if end_us <= start_us:
            raise ValueError(f"a replay from {start_us} to {end_us} has no length")
        self.start_us, self.end_us = start_us, end_us
        self._position = float(start_us)
        self._speed = 1
        self.is_playing = True
        self.set_speed(speed)

    @property
    def position_us(self) -> int:
        """The moment that is played now."""
        return int(self._position)

    @property
    def speed(self) -> int:
        """How many times as fast as it happened."""
        return self._speed

    @property
    def is_over(self) -> bool:
        """Whether the end is reached."""
        return self._position >= self.end_us

    def set_speed(self, speed: int) -> None:
        """Play so many times as fast; 1 to 1000."""
        if not SPEEDS[0] <= speed <= SPEEDS[-1]:
            raise ValueError(f"a replay runs at ×{SPEEDS[0]} to ×{SPEEDS[-1]}, not ×{speed}")
        self._speed = speed

    def advance(self, elapsed_s: float) -> int:
        """Let real seconds pass; give the new position."""
        if self.is_playing:
            self._position = min(float(self.end_us), self._position + elapsed_s * 1e6 * self._speed)
        return self.position_us

    def seek(self, at_us: int) -> None:
        """Go to a moment within the stretch."""
        self._position = float(max(self.start_us, min(self.end_us, at_us)))


class ReplaySource:
    """A live source whose readings happened before; `elapsed` gives the seconds since last asked.

    It stands where the stations stood, so that every chart, figure and export works on it alike.
    """

    def __init__(
        self,
        clock: ReplayClock,
        channels: Sequence[LiveChannel],
        past: Past,
        *,
        marks: Sequence[Mark] = (),
        elapsed: Callable[[], float],
    ) -> None:
        self.clock = clock
        self._channels = tuple(channels)
        self._past = past
        self._marks = tuple(sorted(marks, key=lambda mark: mark.at_us))
        self._elapsed = elapsed
        self._given_us = clock.start_us

    def channels(self) -> Sequence[LiveChannel]:
        """Give the channels that are played."""
        return self._channels

    def take(self) -> tuple[Sequence[LiveBlock], Sequence[Mark]]:
        """Give what happened between the last position and the one now."""
        start, end = self._given_us, self.clock.advance(self._elapsed())
        if self.clock.is_over:
            end += 1
        if end <= start:
            return (), ()
        self._given_us = end
        blocks = [
            LiveBlock(channel.key, readings)
            for channel in self._channels
            if len(readings := self._past(channel.key, start, end))
        ]
        marks = [mark for mark in self._marks if start <= mark.at_us < end]
        return blocks, marks

    def seek(self, at_us: int) -> None:
        """Go to a moment; whoever remembers what was played forgets it and takes anew."""
        self.clock.seek(at_us)
        self._given_us = self.clock.start_us
