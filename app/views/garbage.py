"""Collecting Python's garbage on the window's thread alone.

Python collects cycles on whichever thread happens to allocate. A cycle may hold a Qt widget, and
Qt forbids destroying one outside the window's thread: a task in the background would now and
then crash the desk. So automatic collection is off while the desk runs, and a timer collects
instead.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 2_000


class WindowGarbage(QObject):
    """Collects on the thread it lives in, generation by generation, as Python would.

    Automatic collection is off from its making until `stop`.
    """

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = INTERVAL_MS) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation whose threshold has passed."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.enable()
