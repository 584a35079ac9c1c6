"""How the worker of the desk's server stands, asked anew when the log may have grown.

Owns when it is asked; finding out is the service's, showing it the status line's and the page's.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.registry.context import OpenRegistry
from app.services.worker.standing import WorkerStanding, read_worker_standing
from app.views.desk import Desk

_KINDS = frozenset({"transactions", "accounts", "projects", "people", "rules", "log"})
_ASKED_AGAIN_MS = 15_000
"""A worker that is killed tells nobody: its lease runs out after so long."""


class WorkerState(QObject):
    """`changed` follows each answer; `last` is None until the first, and without a server."""

    changed = Signal()

    def __init__(self, desk: Desk, registry: OpenRegistry) -> None:
        super().__init__()
        self._desk = desk
        self._registry = registry
        self.last: WorkerStanding | None = None
        desk.changes.told.connect(self._take_changes)
        self._timer = QTimer(self, interval=_ASKED_AGAIN_MS)
        self._timer.timeout.connect(self.refresh)

    def start(self) -> None:
        """Ask now, and from now on."""
        if self._registry.server is not None:
            self._timer.start()
            self.refresh()

    def refresh(self) -> None:
        """Ask in the background."""
        self._desk.tasks.run(
            lambda: read_worker_standing(self._registry),
            on_done=self._take,
            # The line to the server says itself when it is lost.
            on_error=lambda _error: None,
            latest_key="worker",
            owner=self,
        )

    def _take(self, standing: WorkerStanding) -> None:
        self.last = standing
        self.changed.emit()

    def _take_changes(self, kinds: frozenset[str]) -> None:
        if self._timer.isActive() and kinds & _KINDS:
            self.refresh()
