"""The last verification of the log in this session, and the one under way.

Owns running it and telling of it; what it finds out is the service's, how it looks is the
status line's and the pages'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.services.log.verification import Verification, verify_registry
from app.services.registry.context import OpenRegistry
from app.views.desk import Desk
from app.views.tasks import Task, TaskControl


@dataclass(frozen=True)
class Verified:
    """What verifying found, when it ended, and how long it took."""

    result: Verification
    when: datetime
    took_s: float


class VerificationState(QObject):
    """`changed` follows the beginning, the progress and the end of a verification."""

    changed = Signal()

    def __init__(self, desk: Desk, registry: OpenRegistry) -> None:
        super().__init__()
        self._desk = desk
        self._registry = registry
        self._task: Task | None = None
        self.last: Verified | None = None
        desk.tasks.progressed.connect(self._take_progress)
        desk.tasks.ended.connect(self._take_end)

    @property
    def is_running(self) -> bool:
        """Whether a verification is under way."""
        return self._task is not None

    @property
    def progress(self) -> tuple[int, int | None]:
        """How many log entries are verified, and of how many if that is known."""
        return (0, None) if self._task is None else (self._task.done, self._task.total)

    def start(self) -> None:
        """Verify the registry beside the other work; nothing happens while one is under way."""
        if self.is_running:
            return
        self._task = self._desk.tasks.run_long(
            self._verify,
            title=self._desk.language.text("verification.running"),
            on_done=self._take,
            latest_key="verification",
            owner=self,
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Stop the verification under way."""
        if self._task is not None:
            self._task.cancel()

    def _verify(self, control: TaskControl) -> Verified:
        started = self._registry.now()
        result = verify_registry(self._registry, control.progress)
        ended = self._registry.now()
        return Verified(result, ended, (ended - started).total_seconds())

    def _take(self, verified: Verified) -> None:
        self.last = verified
        self.changed.emit()

    def _take_progress(self, task: Task) -> None:
        if task is self._task:
            self.changed.emit()

    def _take_end(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.changed.emit()
