"""The test's side of the nursery: starts writers, kills them, reads what they were told."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.fire.crew import Place

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Writer:
    """One writer's name over all its lives, and what was acknowledged to it."""

    name: str
    notes: Path
    pid: int = 0

    def lines(self) -> list[list[str]]:
        """Read the whole lines; the last may be half written."""
        if not self.notes.exists():
            return []
        whole = self.notes.read_text().rpartition("\n")[0]
        return [line.split() for line in whole.splitlines()]

    def acknowledged(self) -> dict[int, int]:
        """Give the transaction of each number that was acknowledged."""
        return {int(words[0]): int(words[1]) for words in self.lines() if len(words) > 1}

    def count(self, word: int) -> int:
        """Add up a word of all acknowledgements: 2 for broken calls, 3 for acts found there."""
        return sum(int(words[word]) for words in self.lines() if len(words) > word)

    @property
    def size(self) -> int:
        return self.notes.stat().st_size if self.notes.exists() else 0


@dataclass
class Nursery:
    """A process that forks writers; `with` it, so that none outlives the test."""

    place: Place
    folder: Path
    users: tuple[str, ...] = ()
    _living: set[int] = field(default_factory=set)
    _made: int = 0

    def __enter__(self) -> Self:
        told = json.dumps(asdict(self.place) | {"users": self.users})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fire.nursery", told],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._answer() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        for pid in list(self._living):
            self._kill(pid)
        self._process.communicate(timeout=20)

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _ask(self, **order: Any) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def new(self, name: str) -> Writer:
        self._made += 1
        return Writer(name, self.folder / f"{self._made}-{name}.notes")

    def start(self, writer: Writer, job: str, **order: Any) -> None:
        order = {"job": job, "name": writer.name, "notes": str(writer.notes), **order}
        writer.pid = self._ask(**order)
        self._living.add(writer.pid)

    def wait(self, writer: Writer) -> int:
        """Wait until it has ended by itself; give its exit status."""
        status = self._ask(wait=writer.pid)
        self._living.discard(writer.pid)
        return os.waitstatus_to_exitcode(status)

    def kill(self, *writers: Writer) -> None:
        """Kill them all, then wait until they are gone; each must have been alive until then."""
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
        for writer in writers:
            assert self.wait(writer) == -signal.SIGKILL, "a writer had ended by itself"

    def _kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self._ask(wait=pid)
        self._living.discard(pid)


def until(holds: Callable[[], bool], *, seconds: float = 30.0) -> float:
    """Wait until something holds; give how long it took."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        time.sleep(0.001)
    return time.monotonic() - begun
