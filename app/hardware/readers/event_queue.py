"""The bounded queue between a reader's thread and whoever takes its events.

Owns what happens when it is full: the reader waits a while, so that the line's own buffer holds
the bytes; then the oldest samples give way, they are counted, and the count is told in their
place. Gaps, problems and jumps never give way.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from app.hardware.readers.events import ReaderEvent, Sample, SamplesLost

_LARGEST_WORDS = 2000


class EventQueue:
    """Events in the order they happened; `put` by one thread, `take` by another."""

    def __init__(
        self, capacity: int = 5000, *, patience_s: float = 0.5, wall: Callable[[], datetime]
    ) -> None:
        self._capacity = capacity
        self._patience_s = patience_s
        self._wall = wall
        self._events: deque[ReaderEvent] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        self._untold = 0
        self.samples_lost = 0

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: ReaderEvent) -> None:
        """Add an event; wait for room at most the patience, then let the oldest sample go."""
        with self._changed:
            if isinstance(event, Sample) and len(self._events) >= self._capacity:
                self._changed.wait_for(self._has_room, self._patience_s)
                while not self._has_room() and self._drop_oldest_sample():
                    pass
            elif len(self._events) >= self._capacity + _LARGEST_WORDS:
                # Words alone have filled it: nobody listens at all. The newest matter most.
                self._events.popleft()
            self._events.append(event)
            self._changed.notify_all()

    def take(self, timeout_s: float | None = None) -> list[ReaderEvent]:
        """Give all events there are, waiting for the first; an empty list when none came."""
        with self._changed:
            self._changed.wait_for(self._has_something, timeout_s)
            taken: list[ReaderEvent] = []
            if self._untold:
                taken.append(SamplesLost(self._wall(), self._untold))
                self._untold = 0
            taken.extend(self._events)
            self._events.clear()
            self._changed.notify_all()
            return taken

    def take_until(
        self, wanted: Callable[[ReaderEvent], bool], timeout_s: float
    ) -> list[ReaderEvent]:
        """Give events until one is wanted, that one the last taken in; or until time is over."""
        ends_s = time.monotonic() + timeout_s
        taken: list[ReaderEvent] = []
        while (left_s := ends_s - time.monotonic()) > 0:
            taken += self.take(left_s)
            if any(wanted(event) for event in taken):
                break
        return taken

    def close(self) -> None:
        """Let nobody wait any longer; what is there can still be taken."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _has_room(self) -> bool:
        return self._is_closed or len(self._events) < self._capacity

    def _has_something(self) -> bool:
        return self._is_closed or bool(self._events) or bool(self._untold)

    def _drop_oldest_sample(self) -> bool:
        for place, event in enumerate(self._events):
            if isinstance(event, Sample):
                del self._events[place]
                self._untold += 1
                self.samples_lost += 1
                return True
        return False
