"""Deriving every holding from the log alone.

Owns the state that follows from moves: which account has which serial numbers. Knows no
database; `verification` feeds it and compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sortedcontainers import SortedList

from app.models.codes import AccountType, UnitState


class DoesNotFollow(Exception):
    """An entry asks for something the entries before it do not allow; says what."""


@dataclass(slots=True)
class Interval:
    """Serials up to `end` in one account."""

    end: int
    account: str
    unit_type: str


def unit_state_of(account_number: str) -> UnitState:
    """Give what units are in an account, by the type in its number."""
    return AccountType(int(account_number.split("-", 2)[1])).unit_state


class _Series:
    """Non-overlapping intervals of one series, found by their start."""

    def __init__(self) -> None:
        self.by_start: dict[int, Interval] = {}
        self.starts: SortedList = SortedList()

    def add(self, start: int, interval: Interval) -> None:
        place = self.starts.bisect_right(interval.end)
        if place:
            before = self.starts[place - 1]
            if self.by_start[before].end >= start:
                raise DoesNotFollow(f"serials from {start:,} exist already")
        self.starts.add(start)
        self.by_start[start] = interval

    def cut(self, start: int) -> None:
        """Make an interval begin at `start`, if one spans it."""
        if start in self.by_start:
            return
        place = self.starts.bisect_left(start)
        if not place:
            return
        before = self.starts[place - 1]
        whole = self.by_start[before]
        if whole.end < start:
            return
        self.starts.add(start)
        self.by_start[start] = Interval(whole.end, whole.account, whole.unit_type)
        whole.end = start - 1

    def move(self, start: int, end: int, source: str, target: str, unit_type: str) -> None:
        """Move start to end, which must lie in `source` without a gap."""
        self.cut(start)
        found = self.by_start.get(start)
        if found is not None and found.end > end:
            self.cut(end + 1)
        position = start
        while position <= end:
            interval = self.by_start.get(position)
            if interval is None or interval.account != source or interval.unit_type != unit_type:
                raise DoesNotFollow(f"serial {position:,} is not in account {source}")
            if interval.end > end:
                self.cut(end + 1)
            interval.account = target
            position = interval.end + 1


class Replay:
    """The ledger as it follows from the moves applied so far."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self.issued: Counter[str] = Counter()

    def apply(self, body: Mapping[str, Any]) -> None:
        """Apply one completed transaction; raises DoesNotFollow."""
        unit_type, moved = body["unit_type"], 0
        for move in body["moves"]:
            series, start, end = move["series"], move["start"], move["end"]
            if start > end:
                raise DoesNotFollow(f"serials {start:,} to {end:,} are no range")
            kept = self._series.setdefault(series, _Series())
            if move["from"] is None:
                kept.add(start, Interval(end, move["to"], unit_type))
                self.issued[unit_type] += end - start + 1
            elif unit_state_of(move["from"]) is not UnitState.HELD:
                raise DoesNotFollow(f"units left account {move['from']}, which nothing leaves")
            else:
                kept.move(start, end, move["from"], move["to"], unit_type)
            moved += end - start + 1
        if moved != body["quantity"]:
            raise DoesNotFollow(f"{moved:,} units move where {body['quantity']:,} are stated")

    def intervals(self, series: str) -> Iterator[tuple[int, Interval]]:
        """Give the intervals of a series by rising start."""
        kept = self._series.get(series)
        if kept is not None:
            for start in kept.starts:
                yield start, kept.by_start[start]

    def series(self) -> list[str]:
        """Give every series that has units."""
        return sorted(self._series)

    def holdings(self) -> Counter[tuple[str, str]]:
        """Give the units of each account and unit type."""
        found: Counter[tuple[str, str]] = Counter()
        for kept in self._series.values():
            for start, interval in kept.by_start.items():
                found[interval.account, interval.unit_type] += interval.end - start + 1
        return found
