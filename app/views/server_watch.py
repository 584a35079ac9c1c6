"""Whether the desk's server answers, and what others changed there: watched beside the window.

Owns the thread that watches, the waits before it connects again, and passing on in the window's
thread what it finds. What the line is, is the service's; what follows, the desk's.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.models.errors import ServerAccessDenied, SessionEnded, TeakError
from app.services.registry.context import OpenRegistry
from app.services.registry.server_line import STANDARD_PATIENCE, LinePatience, ServerLine

_log = logging.getLogger(__name__)
_SECOND_LOOK_MS = 1100
"""Of frequent changes a server tells only the first, so one looks once more after being told."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 15.0


class LineState(StrEnum):
    """How the line to the server stands."""

    HOLDS = "holds"
    LOST = "lost"
    ENDED = "ended"
    """The server answers, and this person's session is over."""


class ServerWatch(QObject):
    """`changed` follows another state, `heard` carries the kinds of change that others made."""

    changed = Signal()
    heard = Signal(object)
    _found = Signal(object)
    _told = Signal(object)

    def __init__(
        self, registry: OpenRegistry, *, patience: LinePatience = STANDARD_PATIENCE
    ) -> None:
        super().__init__()
        self.state = LineState.HOLDS
        self.has_answered = False
        self._doubts = 0
        self._kinds: set[str] = set()
        self._again = QTimer(self, interval=_SECOND_LOOK_MS, singleShot=True)
        self._again.timeout.connect(self._look_again)
        queued = Qt.ConnectionType.QueuedConnection
        self._found.connect(self._take_state, queued)
        self._told.connect(self._take_kinds, queued)
        self._thread = _WatchThread(
            ServerLine(registry, patience),
            doubts=lambda: self._doubts,
            found=self._found.emit,
            told=self._told.emit,
        )

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Watch no more; nothing is told from now on."""
        self._again.stop()
        self._thread.stop()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def doubt(self) -> None:
        """Take the line for lost, after work failed for want of it, until it proves to hold."""
        self._doubts += 1
        self._set_state(LineState.LOST)
        self._thread.look()

    def end(self) -> None:
        """Take the session for ended, after a server said so."""
        self._doubts += 1
        self._set_state(LineState.ENDED)
        self._thread.look()

    def try_now(self) -> None:
        """Connect again without waiting any longer."""
        self._thread.look()

    def _take_state(self, found: tuple[LineState, int]) -> None:
        state, doubts = found
        self.has_answered |= state is LineState.HOLDS
        if doubts == self._doubts:
            self._set_state(state)

    def _set_state(self, state: LineState) -> None:
        if state is not self.state:
            self.state = state
            self.changed.emit()

    def _take_kinds(self, kinds: frozenset[str]) -> None:
        if not self._again.isActive():
            self.heard.emit(kinds)
            self._again.start()
        self._kinds |= kinds

    def _look_again(self) -> None:
        kinds, self._kinds = frozenset(self._kinds), set()
        self.heard.emit(kinds)


class _WatchThread(threading.Thread):
    """Waits at the line for ever: connects, listens, and connects again when it breaks."""

    def __init__(
        self,
        line: ServerLine,
        *,
        doubts: Callable[[], int],
        found: Callable[[tuple[LineState, int]], None],
        told: Callable[[frozenset[str]], None],
    ) -> None:
        super().__init__(name="teak-server-watch", daemon=True)
        self._line = line
        self._doubts = doubts
        self._found = found
        self._told = told
        self._stopping = threading.Event()

    def look(self) -> None:
        self._line.wake()

    def stop(self) -> None:
        self._stopping.set()
        self._line.wake()

    def run(self) -> None:
        wait_s = _FIRST_WAIT_S
        while not self._stopping.is_set():
            doubts = self._doubts()
            try:
                self._line.connect()
                self._tell(LineState.HOLDS, doubts)
                wait_s = _FIRST_WAIT_S
                self._watch()
            except (SessionEnded, ServerAccessDenied):
                self._tell(LineState.ENDED, self._doubts())
                self._line.pause(_LONGEST_WAIT_S)
            except TeakError as error:
                self._lose(error)
                self._line.pause(wait_s * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
        self._line.close()

    def _watch(self) -> None:
        """Listen as long as the line holds; what breaks it is raised."""
        while not self._stopping.is_set():
            kinds = self._line.wait()
            if kinds:
                self._told(kinds)
            elif not self._stopping.is_set():
                doubts = self._doubts()
                self._line.ask()
                self._tell(LineState.HOLDS, doubts)

    def _lose(self, error: TeakError) -> None:
        _log.info("no connection to the server: %s", error)
        self._line.hold_back()
        self._tell(LineState.LOST, self._doubts())

    def _tell(self, state: LineState, doubts: int) -> None:
        if not self._stopping.is_set():
            self._found((state, doubts))
