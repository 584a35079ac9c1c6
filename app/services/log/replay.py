"""Deriving every holding from the log alone.

Owns the state that follows from moves: which account has which serial numbers, whom they were
issued to, their period and expiry. Knows no database; `verification` feeds it and compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sortedcontainers import SortedList

from app.models.codes import AccountType, TransactionType, UnitState

_PASSING_ON = (TransactionType.EXTERNAL_TRANSFER, TransactionType.INTERNAL_TRANSFER)


class DoesNotFollow(Exception):
    """An entry asks for something the entries before it do not allow; says what."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a transaction gives its units: a commitment period, and an expiry as ISO text."""

    period: int = 0
    expiry: str | None = None


@dataclass(slots=True)
class Interval:
    """Serials up to `end` in one account; `issued_to` is the account that first had them."""

    end: int
    account: str
    unit_type: str
    issued_to: str = ""
    period: int = 0
    expiry: str | None = None


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
        self.by_start[start] = replace(whole)
        whole.end = start - 1

    def take(self, start: int, end: int, source: str, unit_type: str) -> list[Interval]:
        """Give the intervals of start to end, which must lie in `source` without a gap."""
        self.cut(start)
        self.cut(end + 1)
        position, taken = start, []
        while position <= end:
            interval = self.by_start.get(position)
            if interval is None or interval.account != source or interval.unit_type != unit_type:
                raise DoesNotFollow(f"serial {position:,} is not in account {source}")
            taken.append(interval)
            position = interval.end + 1
        return taken


class Replay:
    """The ledger as it follows from the moves applied so far.

    `issued` and `received` count, by unit type, units that came into being here and those that
    another registry sent.
    `own_issued` and `passed_on` count what each account was itself issued, by unit type and
    period, and what of it went on by transfers.
    """

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self._replaced: dict[str, _Series] = {}
        self.issued: Counter[str] = Counter()
        self.received: Counter[str] = Counter()
        self.own_issued: Counter[tuple[str, str, int]] = Counter()
        self.passed_on: Counter[tuple[str, str, int]] = Counter()

    def apply(self, body: Mapping[str, Any], given: Attributes) -> None:
        """Apply one completed transaction and what it gives its units; raises DoesNotFollow."""
        kind, unit_type, moved = body["type"], body["unit_type"], 0
        for move in body["moves"]:
            series, start, end = move["series"], move["start"], move["end"]
            if start > end:
                raise DoesNotFollow(f"serials {start:,} to {end:,} are no range")
            kept = self._series.setdefault(series, _Series())
            if move["from"] is None:
                self._create(kept, start, end, move["to"], unit_type, given)
                came = self.received if kind == TransactionType.EXTERNAL_TRANSFER else self.issued
                came[unit_type] += end - start + 1
            else:
                self._change(kept, move, kind, unit_type, given)
            moved += end - start + 1
        self._replace(body.get("replaced", ()))
        if moved != body["quantity"]:
            raise DoesNotFollow(f"{moved:,} units move where {body['quantity']:,} are stated")

    def _replace(self, replaced: Iterable[Mapping[str, Any]]) -> None:
        """Take note of units that a replacement takes the place of: each once."""
        for item in replaced:
            kept = self._replaced.setdefault(item["series"], _Series())
            try:
                kept.add(item["start"], Interval(item["end"], item["account"], ""))
            except DoesNotFollow:
                raise DoesNotFollow(
                    f"serials from {item['start']:,} of {item['series']} are replaced twice"
                ) from None

    def _create(
        self, kept: _Series, start: int, end: int, account: str, unit_type: str, given: Attributes
    ) -> None:
        kept.add(start, Interval(end, account, unit_type, account, given.period, given.expiry))
        self.own_issued[account, unit_type, given.period] += end - start + 1

    def _change(
        self, kept: _Series, move: Mapping[str, Any], kind: int, unit_type: str, given: Attributes
    ) -> None:
        start, source, target = move["start"], move["from"], move["to"]
        if unit_state_of(source) is not UnitState.HELD:
            raise DoesNotFollow(f"units left account {source}, which nothing leaves")
        for interval in kept.take(start, move["end"], source, unit_type):
            size = interval.end - start + 1
            start = interval.end + 1
            if kind == TransactionType.CARRY_OVER:
                self._carry_over(interval, size, given.period)
            elif kind == TransactionType.EXPIRY_CHANGE:
                interval.expiry = given.expiry
            else:
                self._pass_on(interval, size, target, kind)
                interval.account = target

    def _carry_over(self, interval: Interval, size: int, period: int) -> None:
        if interval.account == interval.issued_to:
            own = (interval.issued_to, interval.unit_type)
            self.own_issued[*own, interval.period] -= size
            self.own_issued[*own, period] += size
        interval.period = period

    def _pass_on(self, interval: Interval, size: int, target: str, kind: int) -> None:
        if kind not in _PASSING_ON or target == interval.account:
            return
        own = (interval.issued_to, interval.unit_type, interval.period)
        if interval.account == interval.issued_to:
            self.passed_on[own] += size
        elif target == interval.issued_to:
            self.passed_on[own] -= size

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
