"""The desk locks when nobody touches it: ten minutes, or fewer by setting.

Owns the clock; covering the desk is the main window's.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

LONGEST_IDLE_S = 600
SHORTEST_IDLE_S = 60
_TICK_MS = 1000
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class IdleLock(QObject):
    """Emits `ticked` with the seconds left, each second, and `locked` when none are."""

    ticked = Signal(int)
    locked = Signal()

    def __init__(self, application: QApplication, idle_s: int = LONGEST_IDLE_S) -> None:
        super().__init__(application)
        self._idle_s = LONGEST_IDLE_S
        self._touched_at = time.monotonic()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.check_idle)
        self.set_idle(idle_s)
        application.installEventFilter(self)

    @property
    def idle_s(self) -> int:
        """After how many idle seconds the desk locks."""
        return self._idle_s

    @property
    def is_running(self) -> bool:
        """Whether the clock runs: it stands still while the desk is locked."""
        return self._timer.isActive()

    def set_idle(self, idle_s: int) -> None:
        """Lock after so many idle seconds: at most ten minutes, at least one."""
        self._idle_s = max(SHORTEST_IDLE_S, min(idle_s, LONGEST_IDLE_S))

    def start(self) -> None:
        """Start the clock, after sign-in or unlocking."""
        self._touched_at = time.monotonic()
        self._timer.start()
        self.ticked.emit(self._idle_s)

    def stop(self) -> None:
        """Stop the clock, at sign-out."""
        self._timer.stop()

    def lock(self) -> None:
        """Lock at once, as asked by the person."""
        self._timer.stop()
        self.locked.emit()

    def left_s(self) -> int:
        """Return the seconds left before locking."""
        return max(0, round(self._idle_s - (time.monotonic() - self._touched_at)))

    def check_idle(self) -> None:
        """Tell what is left, and lock when nothing is."""
        if not self._timer.isActive():
            return
        left = self.left_s()
        self.ticked.emit(left)
        if left == 0:
            self.lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; never takes an event."""
        if event.type() in _TOUCHES:
            self._touched_at = time.monotonic()
        return False
