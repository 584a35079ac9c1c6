"""Which stretch of time and which values the charts show.

Owns following, pausing, zooming, panning and going back; knows no pixel. All charts of a page
share the time; each may have its own limits of value, set by a box and cleared by a reset.
"""

from __future__ import annotations

from app.views.presenters.charts.live_memory import HOUR_US, SECOND_US

_NARROWEST_US = 1000
_WIDEST_US = 400 * 24 * HOUR_US
START_WIDTH_US = HOUR_US
WIDTHS_US = tuple(60 * SECOND_US * minutes for minutes in (1, 5, 15, 60, 120))
"""What is offered to choose from; a wheel or a box gives any other."""


class TimeSpan:
    """A start and an end in microseconds; while following, the end is the newest reading."""

    def __init__(self, width_us: int = START_WIDTH_US) -> None:
        self._width_us = width_us
        self._end_us = 0
        self._home_us = width_us
        self.is_following = True
        self.is_paused = False

    @property
    def start_us(self) -> int:
        """Where the span begins."""
        return self._end_us - self._width_us

    @property
    def end_us(self) -> int:
        """Where the span ends."""
        return self._end_us

    @property
    def width_us(self) -> int:
        """How long the span is."""
        return self._width_us

    @property
    def is_home(self) -> bool:
        """Whether a reset would change nothing."""
        return self.is_following and self._width_us == self._home_us

    def move_on(self, newest_us: int | None) -> bool:
        """Follow to the newest reading, unless paused or away; tell whether anything moved."""
        if newest_us is None or not self.is_following or self.is_paused:
            return False
        moved = newest_us != self._end_us
        self._end_us = newest_us
        return moved

    def choose_width(self, width_us: int) -> None:
        """Show this much, keeping the end; a reset comes back to it."""
        self._width_us = self._home_us = _bounded(width_us)

    def zoom(self, factor: float, *, around_us: int) -> None:
        """Show `factor` times as much, with a moment staying where it is; ends following."""
        width = _bounded(round(self._width_us * factor))
        share = (around_us - self.start_us) / self._width_us
        share = min(1.0, max(0.0, share))
        if self.is_following and share > 1 - _NEAR_THE_END:
            self._width_us = width
            return
        self.is_following = False
        self._end_us = around_us + round(width * (1 - share))
        self._width_us = width

    def pan(self, by_us: int) -> None:
        """Show what lies so much later (or, negative, earlier); ends following."""
        if by_us:
            self.is_following = False
            self._end_us += by_us

    def show(self, start_us: int, end_us: int) -> None:
        """Show exactly this stretch, as a drawn box asks; ends following."""
        self.is_following = False
        self._width_us = _bounded(end_us - start_us)
        self._end_us = start_us + self._width_us

    def follow(self, newest_us: int | None) -> None:
        """Go to the newest reading and stay with it."""
        self.is_following = True
        self.is_paused = False
        self.move_on(newest_us)

    def reset(self, newest_us: int | None) -> None:
        """Undo every zoom and pan."""
        self._width_us = self._home_us
        self.follow(newest_us)


_NEAR_THE_END = 0.02
"""Zooming at the right edge while following goes on following."""


def _bounded(width_us: int) -> int:
    return max(_NARROWEST_US, min(_WIDEST_US, width_us))


class ValueRange:
    """The values one scale shows: what the readings need, in quiet steps, or what was chosen."""

    def __init__(self) -> None:
        self.low = 0.0
        self.high = 1.0
        self.is_chosen = False
        self._is_new = True

    def choose(self, low: float, high: float) -> None:
        """Show exactly these values until a reset."""
        if high > low:
            self.low, self.high, self.is_chosen = low, high, True

    def reset(self) -> None:
        """Follow the readings again."""
        self.is_chosen, self._is_new = False, True

    def fit(self, bounds: tuple[float, float] | None) -> bool:
        """Make room for what is in view; shrink only when much room is empty. Tell a change.

        The limits move in steps, so that the lines stand still while readings tremble.
        """
        if bounds is None or self.is_chosen:
            return False
        low, high = bounds
        reach = high - low or max(abs(high) * 0.01, 1e-6)
        inside = self.low <= low and high <= self.high
        if not self._is_new and inside and reach > _EMPTY_SHARE * (self.high - self.low):
            return False
        before = (self.low, self.high)
        self.low, self.high = low - reach * _AIR, high + reach * _AIR
        self._is_new = False
        return before != (self.low, self.high)


_EMPTY_SHARE = 0.45
_AIR = 0.12
