"""The one timer of all charts: it ticks while something is seen, and only what is seen is told.

Owns the timer. A hidden page costs nothing: with nobody in view the timer stands still; what
comes meanwhile waits in the source, and is taken at a slow pace while nobody looks.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 50
"""Twenty redraws a second."""
REST_MS = 1000
"""How often readings are taken while no chart is in view, so that recording goes on."""


class ChartClock(QObject):
    """Calls `take` at every tick, then `draw` where charts are in view."""

    def __init__(
        self, take: Callable[[], object], *, tick_ms: int = TICK_MS, rest_ms: int = REST_MS
    ) -> None:
        super().__init__()
        self._take = take
        self._tick_ms, self._rest_ms = tick_ms, rest_ms
        self._watchers: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(rest_ms)
        self._timer.timeout.connect(self.tick)

    @property
    def is_watched(self) -> bool:
        """Whether anything is in view."""
        return bool(self._watchers)

    def start(self) -> None:
        """Begin to take readings."""
        self._timer.start()

    def stop(self) -> None:
        """Take no more."""
        self._timer.stop()

    def watch(self, draw: Callable[[], None]) -> None:
        """Call `draw` at every tick from now on: something came into view."""
        if draw not in self._watchers:
            self._watchers.append(draw)
        self._timer.setInterval(self._tick_ms)

    def unwatch(self, draw: Callable[[], None]) -> None:
        """Leave `draw` alone: it went out of view."""
        if draw in self._watchers:
            self._watchers.remove(draw)
        if not self._watchers:
            self._timer.setInterval(self._rest_ms)

    def tick(self) -> None:
        """Take what came, and let what is in view draw it."""
        self._take()
        for draw in tuple(self._watchers):
            draw()
