"""How failed sign-ins slow the next ones down, and when they lock the name.

Owns the rule alone, without files or clocks of its own. The counts are advisory: they stand
beside the key slots, and whoever may write that file may also clear them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_FAILURES = 2
LONGEST_DELAY_S = 60
LOCKING_FAILURES = 10
REMEMBERED_UNKNOWN = 64
"""How many names without a slot are counted: the most recent ones."""


@dataclass(frozen=True)
class Failure:
    """Consecutive failures of one slot id, whether or not there is such a slot."""

    slot_id: str
    count: int
    last: datetime


@dataclass(frozen=True)
class Standing:
    """Whether a name may try to sign in now: `wait_s` is in whole seconds."""

    failures: int = 0
    wait_s: int = 0
    locked: bool = False


def delay_s(count: int) -> int:
    """Return the seconds to wait after `count` failures in a row: 0, 0, 1, 2, 4 … 60."""
    if count <= FREE_FAILURES:
        return 0
    return min(LONGEST_DELAY_S, 1 << min(count - FREE_FAILURES - 1, 16))


def standing(failure: Failure | None, *, now: datetime) -> Standing:
    """Return how the name stands at `now`.

    A failure in the future, after a clock was set back, asks for no wait: it might never end.
    """
    if failure is None:
        return Standing()
    if failure.count >= LOCKING_FAILURES:
        return Standing(failure.count, locked=True)
    if now < failure.last:
        return Standing(failure.count)
    left = failure.last + timedelta(seconds=delay_s(failure.count)) - now
    return Standing(failure.count, wait_s=max(0, math.ceil(left.total_seconds())))


def find_failure(failures: tuple[Failure, ...], slot_id: str) -> Failure | None:
    """Return the count kept for the slot id, if any."""
    return next((failure for failure in failures if failure.slot_id == slot_id), None)


def with_failure(
    failures: tuple[Failure, ...],
    slot_id: str,
    *,
    known: frozenset[str],
    now: datetime,
) -> tuple[Failure, ...]:
    """Return the counts with one more for the slot id, the latest last.

    Of ids that are not `known` slots only the most recent are kept.
    """
    earlier = find_failure(failures, slot_id)
    count = earlier.count + 1 if earlier else 1
    others = without_failures(failures, slot_id)
    counted = (*others, Failure(slot_id, count, now))
    unknown = [failure.slot_id for failure in counted if failure.slot_id not in known]
    forgotten = set(unknown[:-REMEMBERED_UNKNOWN])
    return tuple(failure for failure in counted if failure.slot_id not in forgotten)


def without_failures(failures: tuple[Failure, ...], slot_id: str) -> tuple[Failure, ...]:
    """Return the counts with those of the slot id forgotten."""
    return tuple(failure for failure in failures if failure.slot_id != slot_id)
