"""Two clocks: the wall's, which people and daylight saving move, and the steady one.

Owns how a jump of the wall clock is noticed. Times of events are the wall's, in UTC; lengths of
time are the steady clock's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

JUMP_S = 2.0
"""A smaller difference is the wall clock being drawn to the right time."""


def wall_now() -> datetime:
    """Give the time of day, aware, in UTC: a change to summer time moves nothing here."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both clocks; a test hands in its own."""

    wall: Callable[[], datetime] = wall_now
    steady: Callable[[], float] = time.monotonic


class JumpWatch:
    """Notices when the wall clock moves against the steady one."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._difference_s = self._difference()

    def look(self) -> float | None:
        """Give the jump since the last look in seconds, negative back; None for no jump."""
        now_s = self._difference()
        jump_s = now_s - self._difference_s
        self._difference_s = now_s
        return jump_s if abs(jump_s) >= JUMP_S else None

    def _difference(self) -> float:
        return self._clocks.wall().timestamp() - self._clocks.steady()
