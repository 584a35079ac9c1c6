"""The tests of one channel reading by reading, with the answers of `series_tests`.

Owns what each test must remember. A tester's flag for the latest reading may be provisional:
the next reading then revises it, once. What was never revised stands at the end, so a series
fed through a tester ends with the flags of the whole-series test.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.services.quality.flags import Flag
from app.services.quality.rules import ColumnRules, FlatLine, Gap, GrossRange, RateOfChange, Spike
from app.services.quality.series_tests import HOUR_S, SECOND, readings_in, whole_seconds


@dataclass(frozen=True)
class Answer:
    """The flag of a reading, whether the next may revise it, and the revised one before it."""

    flag: Flag
    is_provisional: bool = False
    revised: Flag | None = None


class Tester(Protocol):
    """Judges the readings of one channel in their order."""

    def push(self, time_us: int | None, value: float) -> Answer:
        """Take the next reading: time in microseconds (None: unreadable), value or NaN."""
        ...


class GrossRangeTester:
    """`flag_gross_range`, reading by reading."""

    def __init__(self, settings: GrossRange) -> None:
        self._settings = settings

    def push(self, time_us: int | None, value: float) -> Answer:  # noqa: ARG002 - one signature
        if math.isnan(value):
            return Answer(Flag.MISSING)
        for span, flag in (
            (self._settings.fail, Flag.FAIL),
            (self._settings.suspect, Flag.SUSPECT),
        ):
            if span is not None and not span[0] <= value <= span[1]:
                return Answer(flag)
        return Answer(Flag.GOOD)


class SpikeTester:
    """`flag_spike`: each reading waits for the one after it."""

    def __init__(self, settings: Spike) -> None:
        self._settings = settings
        self._before: float | None = None
        self._here: float | None = None

    def push(self, time_us: int | None, value: float) -> Answer:  # noqa: ARG002 - one signature
        revised = None
        if self._before is not None and self._here is not None:
            revised = self._judge(self._before, self._here, value)
        self._before, self._here = self._here, value
        missing = math.isnan(value)
        flag = Flag.MISSING if missing else Flag.NOT_EVALUATED
        return Answer(flag, is_provisional=not missing, revised=revised)

    def _judge(self, before: float, here: float, after: float) -> Flag:
        if math.isnan(here):
            return Flag.MISSING
        if math.isnan(before) or math.isnan(after):
            return Flag.NOT_EVALUATED
        if self._settings.method == "average":
            excess = abs(here - (before + after) / 2)
        else:
            rise, fall = here - before, after - here
            excess = min(abs(rise), abs(fall)) if rise * fall < 0 else 0.0
        if self._settings.fail and excess > self._settings.fail:
            return Flag.FAIL
        if self._settings.suspect and excess > self._settings.suspect:
            return Flag.SUSPECT
        return Flag.GOOD


class RateOfChangeTester:
    """`flag_rate_of_change`, reading by reading."""

    def __init__(self, settings: RateOfChange) -> None:
        self._suspect = settings.per_hour / HOUR_S
        self._least = settings.least
        fail = settings.fail_per_hour
        self._fail = None if fail is None else fail / HOUR_S
        self._last: tuple[int | None, float] | None = None

    def push(self, time_us: int | None, value: float) -> Answer:
        last, self._last = self._last, (time_us, value)
        if math.isnan(value):
            return Answer(Flag.MISSING)
        if last is None or math.isnan(last[1]):
            return Answer(Flag.GOOD)
        if time_us is None or last[0] is None:
            return Answer(Flag.NOT_EVALUATED)
        change = abs(value - last[1])
        if change <= self._least:
            return Answer(Flag.GOOD)
        seconds = abs(time_us - last[0]) / SECOND
        rate = change / (seconds or 1.0)
        if self._fail is not None and rate > self._fail:
            return Answer(Flag.FAIL)
        return Answer(Flag.SUSPECT if rate > self._suspect else Flag.GOOD)


class FlatLineTester:
    """`flag_flat_line`, with the usual step between readings told beforehand.

    `interval_s` None: there is none, nothing can be judged. `too_few`: the whole series has
    fewer than three readings. Memory grows with the window, not with the series.
    """

    def __init__(
        self, settings: FlatLine, *, interval_s: float | None, too_few: bool = False
    ) -> None:
        self._tolerance = settings.tolerance
        self._unjudged = Flag.GOOD if too_few else Flag.NOT_EVALUATED
        self._windows: list[tuple[_Window, Flag]] = []
        if interval_s is not None and not too_few:
            self._windows = [
                (_Window(readings_in(hours, interval_s)), flag)
                for hours, flag in (
                    (settings.fail_h, Flag.FAIL),
                    (settings.suspect_h, Flag.SUSPECT),
                )
                if hours is not None
            ]

    def push(self, time_us: int | None, value: float) -> Answer:  # noqa: ARG002 - one signature
        ranges = [(window.push(value), flag) for window, flag in self._windows]
        if math.isnan(value):
            return Answer(Flag.MISSING)
        if not ranges:
            return Answer(self._unjudged)
        flat = (flag for width, flag in ranges if width is not None and width < self._tolerance)
        return Answer(next(flat, Flag.GOOD))


class GapTester:
    """`flag_gap`: the first reading waits for the second."""

    def __init__(self, settings: Gap) -> None:
        self._limits = [
            (whole_seconds(hours) * SECOND, flag)
            for hours, flag in ((settings.fail_h, Flag.FAIL), (settings.suspect_h, Flag.SUSPECT))
            if hours is not None
        ]
        self._last: int | None = None
        self._count = 0

    def push(self, time_us: int | None, value: float) -> Answer:  # noqa: ARG002 - one signature
        last, self._last = self._last, time_us
        self._count += 1
        if time_us is None:
            return Answer(Flag.MISSING)
        if last is None:
            return Answer(Flag.NOT_EVALUATED, is_provisional=self._count == 1)
        passed = (flag for limit, flag in self._limits if time_us - last > limit)
        flag = next(passed, Flag.GOOD)
        return Answer(flag, revised=flag if self._count == 2 else None)


class _Window:
    """The range of the latest `count` + 1 values, missing ones left out."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._seen = 0
        self._highest: deque[tuple[int, float]] = deque()
        self._lowest: deque[tuple[int, float]] = deque()

    def push(self, value: float) -> float | None:
        """Take a value and give the range; None before the window is full or with no value."""
        place = self._seen
        self._seen += 1
        if not math.isnan(value):
            self._keep(self._highest, place, value, beaten=lambda kept: kept <= value)
            self._keep(self._lowest, place, value, beaten=lambda kept: kept >= value)
        for kept in (self._highest, self._lowest):
            if kept and kept[0][0] < place - self._count:
                kept.popleft()
        if place < self._count or not self._highest:
            return None
        return self._highest[0][1] - self._lowest[0][1]

    @staticmethod
    def _keep(
        kept: deque[tuple[int, float]], place: int, value: float, *, beaten: Callable[[float], bool]
    ) -> None:
        while kept and beaten(kept[-1][1]):
            kept.pop()
        kept.append((place, value))


def make_testers(
    rules: ColumnRules, *, interval_s: float | None, too_few: bool = False
) -> dict[str, Tester]:
    """Make a tester for each test of one channel that the rules ask for."""
    testers: dict[str, Tester] = {}
    if rules.gross_range is not None:
        testers["gross_range"] = GrossRangeTester(rules.gross_range)
    if rules.spike is not None:
        testers["spike"] = SpikeTester(rules.spike)
    if rules.rate_of_change is not None:
        testers["rate_of_change"] = RateOfChangeTester(rules.rate_of_change)
    if rules.flat_line is not None:
        testers["flat_line"] = FlatLineTester(
            rules.flat_line, interval_s=interval_s, too_few=too_few
        )
    if rules.gap is not None:
        testers["gap"] = GapTester(rules.gap)
    return testers
