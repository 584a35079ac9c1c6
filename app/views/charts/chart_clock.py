"""The one timer of all charts: it ticks while something is seen, and only what is seen is told.

Owns the timer. A hidden page costs nothing: with nobody in view the timer stands still, and what
comes meanwhile waits in the source, which goes on recording by threads of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 45
"""Twenty redraws a second, with a little to spare: a timer is late rather than early."""


class ChartClock(QObject):
    """Calls `take` at every tick, then `draw` where charts are in view."""

    def __init__(self, take: Callable[[], object], *, tick_ms: int = TICK_MS) -> None:
        super().__init__()
        self._take = take
        self._watchers: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(tick_ms)
        self._timer.timeout.connect(self.tick)

    @property
    def is_watched(self) -> bool:
        """Whether anything is in view."""
        return bool(self._watchers)

    @property
    def is_running(self) -> bool:
        """Whether the timer goes."""
        return self._timer.isActive()

    def hold(self) -> None:
        """Let the timer stand, though something is in view: whoever measures ticks by hand."""
        self._timer.stop()

    def go_on(self) -> None:
        """Tick again."""
        if self._watchers:
            self._timer.start()

    def watch(self, draw: Callable[[], None]) -> None:
        """Call `draw` at every tick from now on: something came into view."""
        if draw not in self._watchers:
            self._watchers.append(draw)
        if not self._timer.isActive():
            self._take()
            self._timer.start()

    def unwatch(self, draw: Callable[[], None]) -> None:
        """Leave `draw` alone: it went out of view."""
        if draw in self._watchers:
            self._watchers.remove(draw)
        if not self._watchers:
            self._timer.stop()

    def tick(self) -> None:
        """Take what came, and let what is in view draw it."""
        self._take()
        for draw in tuple(self._watchers):
            draw()
