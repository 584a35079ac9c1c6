"""The one task runner: work runs off the window's thread, answers come back by signal.

Owns the two lanes (one serial lane for the registry, one for long work beside it),
cancelling, progress and dropping of stale answers. Must not know what the work does, nor
show anything: the main window shows `failed`, `crashed` and the progress.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from app.models.errors import TeakError
from app.services.checks.violation import RulesBroken

Result = TypeVar("Result")
_PROGRESS_INTERVAL_S = 0.05
_TURN_S = 0.0005
"""How long busy work keeps the interpreter while the window waits for it. A repaint asks for it
hundreds of times: at Python's own five milliseconds the window would stand still for a second."""
_log = logging.getLogger(__name__)


class Lane(StrEnum):
    """Where work runs: the registry's serial lane, or beside it for what takes long."""

    REGISTRY = "registry"
    LONG = "long"


class Cancelled(Exception):
    """The person, or a newer task, cancelled the work; shown to nobody."""


class TaskControl:
    """What long work holds in its hand: cancelling, progress, the registry's lane."""

    def __init__(self, runner: TaskRunner, task: Task) -> None:
        self._runner = runner
        self._task = task
        self._told_at = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._task.cancel_asked.is_set()

    def check_cancelled(self) -> None:
        """Raise `Cancelled` if the work should stop."""
        if self.cancelled:
            raise Cancelled

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far the work is; cheap to call often. Raises `Cancelled` when asked to."""
        self.check_cancelled()
        now = time.monotonic()
        if now - self._told_at < _PROGRESS_INTERVAL_S and done != total:
            return
        self._told_at = now
        self._runner.report_progress(self._task, done, total)

    def on_registry(self, work: Callable[[], Result]) -> Result:
        """Run a short piece on the registry's lane, wait for it and return its result."""
        return self._runner.call_on_registry(work, self._task)


@dataclass(eq=False)
class Task:
    """One piece of work under way; `title` is shown with its progress when not empty."""

    title: str
    lane: Lane
    latest_key: str
    work: Callable[[TaskControl], Any]
    on_done: Callable[[Any], None] | None
    on_error: Callable[[Exception], None] | None
    on_finished: Callable[[], None] | None
    owner: QObject | None
    outlasts: bool = False
    cancel_asked: threading.Event = field(default_factory=threading.Event)
    done: int = 0
    total: int | None = None

    def cancel(self) -> None:
        """Ask the work to stop; its result is dropped, and nobody is told."""
        self.cancel_asked.set()


class _LaneThread(threading.Thread):
    """One thread that runs pieces of work in order until told to stop."""

    def __init__(self, name: str) -> None:
        super().__init__(name=f"teak-{name}", daemon=True)
        self._waiting: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._stopping = False

    def put(self, piece: Callable[[], None], *, first: bool = False) -> None:
        """Queue a piece of work, at the end or before all that waits."""
        with self._changed:
            if self._stopping:
                raise RuntimeError("the task runner is shut down")
            if first:
                self._waiting.appendleft(piece)
            else:
                self._waiting.append(piece)
            self._changed.notify()

    def stop(self) -> None:
        """Let the thread end after the pieces that wait."""
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def run(self) -> None:
        """Run pieces until stopped; a piece never raises."""
        while True:
            with self._changed:
                while not self._waiting and not self._stopping:
                    self._changed.wait()
                if not self._waiting:
                    return
                piece = self._waiting.popleft()
            piece()


class TaskRunner(QObject):
    """Runs work beside the window; everything it calls back runs in the window's thread.

    `expected` are the kinds of error that are the environment's or a rule's, not a bug. `met`
    carries each of them, `failed` those that nobody else answers.
    """

    progressed = Signal(object)
    ended = Signal(object)
    met = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)
    _answered = Signal(object, object, object)
    _told = Signal(object, object, object)

    def __init__(
        self,
        expected: tuple[type[Exception], ...] = (TeakError, RulesBroken),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN_S)
        self._expected = expected
        self._lanes: dict[Lane, _LaneThread] = {}
        self._open: list[Task] = []
        self._latest: dict[str, Task] = {}
        self._stopped = False
        queued = Qt.ConnectionType.QueuedConnection
        self._answered.connect(self._deliver, queued)
        self._told.connect(self._deliver_progress, queued)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that wait or run."""
        return tuple(self._open)

    def run(
        self,
        work: Callable[[], Result],
        *,
        on_done: Callable[[Result], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_finished: Callable[[], None] | None = None,
        latest_key: str = "",
        owner: QObject | None = None,
        title: str = "",
        outlasts: bool = False,
    ) -> Task:
        """Run short work on the registry's lane.

        `on_done` gets the result; `on_error` an expected error (without it the window shows
        the error); `on_finished` is called last in every case but cancelling. A newer task
        with the same `latest_key` makes this one stale: its answer is dropped. Nothing is
        called once `owner` is gone. What `outlasts` the desk is done before the runner ends.
        """
        return self._start(
            Task(
                title=title,
                lane=Lane.REGISTRY,
                latest_key=latest_key,
                work=lambda _control: work(),
                on_done=on_done,
                on_error=on_error,
                on_finished=on_finished,
                owner=owner,
                outlasts=outlasts,
            )
        )

    def run_long(
        self,
        work: Callable[[TaskControl], Result],
        *,
        title: str,
        on_done: Callable[[Result], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
        on_finished: Callable[[], None] | None = None,
        latest_key: str = "",
        owner: QObject | None = None,
        lane: Lane = Lane.LONG,
    ) -> Task:
        """Run long work with progress and cancel, beside the registry's lane.

        It reaches the registry through `control.on_registry(...)`, or runs whole on the
        registry's lane with `lane=Lane.REGISTRY`.
        """
        return self._start(
            Task(
                title=title,
                lane=lane,
                latest_key=latest_key,
                work=work,
                on_done=on_done,
                on_error=on_error,
                on_finished=on_finished,
                owner=owner,
            )
        )

    def cancel_all(self) -> None:
        """Ask every open task to stop."""
        for task in self._open:
            task.cancel()

    def shut_down(self, timeout_s: float = 5.0) -> bool:
        """Finish what runs and what outlasts, drop what waits; tell whether all ended."""
        self._stopped = True
        for task in self._open:
            if not task.outlasts:
                task.cancel()
        for lane in (Lane.LONG, Lane.REGISTRY):
            if lane in self._lanes:
                self._lanes[lane].stop()
                self._lanes[lane].join(timeout_s)
        return not any(thread.is_alive() for thread in self._lanes.values())

    def report_progress(self, task: Task, done: int, total: int | None) -> None:
        """Pass progress from a lane to the window's thread."""
        self._told.emit(task, done, total)

    def call_on_registry(self, work: Callable[[], Result], task: Task) -> Result:
        """Run a piece of a long task on the registry's lane; raises what it raises."""
        if threading.current_thread() is self._lanes.get(Lane.REGISTRY):
            return work()
        answer: Future[Result] = Future()

        def piece() -> None:
            if task.cancel_asked.is_set():
                answer.set_exception(Cancelled())
                return
            try:
                answer.set_result(work())
            except BaseException as error:  # noqa: BLE001 - carried to the one who asked
                answer.set_exception(error)

        try:
            self._lane(Lane.REGISTRY).put(piece)
        except RuntimeError as error:
            raise Cancelled from error
        return answer.result()

    def _start(self, task: Task) -> Task:
        if self._stopped:
            task.cancel()
            return task
        if task.latest_key:
            older = self._latest.get(task.latest_key)
            if older is not None:
                older.cancel()
            self._latest[task.latest_key] = task
        self._open.append(task)
        self._lane(task.lane).put(lambda: self._work(task))
        return task

    def _lane(self, lane: Lane) -> _LaneThread:
        if lane not in self._lanes:
            self._lanes[lane] = _LaneThread(lane.value)
            self._lanes[lane].start()
        return self._lanes[lane]

    def _work(self, task: Task) -> None:
        result: Any = None
        problem: BaseException | None = None
        try:
            if task.cancel_asked.is_set():
                raise Cancelled
            result = task.work(TaskControl(self, task))
        except BaseException as error:  # noqa: BLE001 - carried to the one who asked
            problem = error
        try:
            self._answered.emit(task, result, problem)
        except RuntimeError:
            _log.info("the window is gone; the answer of %r is dropped", task.title)

    def _deliver_progress(self, task: Task, done: int, total: int | None) -> None:
        task.done, task.total = done, total
        if task in self._open:
            self.progressed.emit(task)

    def _deliver(self, task: Task, result: object, problem: BaseException | None) -> None:
        if task in self._open:
            self._open.remove(task)
        if self._latest.get(task.latest_key) is task:
            del self._latest[task.latest_key]
        self.ended.emit(task)
        if task.cancel_asked.is_set() or isinstance(problem, Cancelled):
            return
        if task.owner is not None and not isValid(task.owner):
            return
        if problem is None:
            if task.on_done is not None:
                task.on_done(result)
        else:
            self._deliver_problem(task, problem)
        if task.on_finished is not None:
            task.on_finished()

    def _deliver_problem(self, task: Task, problem: BaseException) -> None:
        if isinstance(problem, self._expected):
            self.met.emit(problem)
            if task.on_error is not None:
                task.on_error(problem)
            else:
                self.failed.emit(problem)
            return
        _log.error("a task failed that should not: %r", task.title, exc_info=problem)
        self.crashed.emit(problem)
