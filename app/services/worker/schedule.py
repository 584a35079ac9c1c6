"""When the worker does what: tasks with their intervals, on a clock that only goes forward.

Owns which task is due; runs none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Seconds = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do every so many seconds, and at once when a word of change is heard."""

    name: str
    every_s: float
    run: Callable[[], None]
    on: frozenset[str] = frozenset()


class Schedule:
    """Tasks and when each is due next; all are due at the start."""

    def __init__(self, tasks: tuple[Task, ...], seconds: Seconds) -> None:
        self._tasks = tasks
        self._seconds = seconds
        self._due = dict.fromkeys((task.name for task in tasks), seconds())

    def hear(self, word: str) -> None:
        """Make due what a change asks for."""
        for task in self._tasks:
            if word in task.on:
                self._due[task.name] = self._seconds()

    def due(self) -> tuple[Task, ...]:
        """Give the tasks that are due, and put each off by its interval."""
        now = self._seconds()
        found = tuple(task for task in self._tasks if self._due[task.name] <= now)
        for task in found:
            self._due[task.name] = now + task.every_s
        return found

    def wait_s(self) -> float:
        """Give how long nothing is due."""
        return max(0.0, min(self._due.values()) - self._seconds())
