"""Rows of simultaneous readings in, their flags with reasons out, one row late where needed.

Owns how tests become one judgement of a reading; must not read files or store anything. The
same judge serves live samples (`latest`, perhaps provisional) and files (`push` gives the row
before, final). No value is changed: a missing one is flagged and keeps its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.quality.cross_tests import flag_across
from app.services.quality.flags import Flag, Quality, combine_flags, quality_of
from app.services.quality.missing import ReadValue
from app.services.quality.reasons import Reason, explain_flag
from app.services.quality.rules import ColumnRules, RuleSet
from app.services.quality.streaming import Tester, make_testers

TIMING = "timing"
SYNTAX = "syntax"
MISSING = "missing"


@dataclass(frozen=True)
class Row:
    """Readings of one moment: microseconds since 1970 (None: the time cannot be read)."""

    number: int
    time_us: int | None
    time_text: str
    values: Mapping[str, ReadValue]


@dataclass(frozen=True)
class ColumnJudgement:
    """The flags of one reading by test, the one they come to, and why."""

    value: ReadValue
    tests: Mapping[str, Flag]
    reasons: tuple[Reason, ...]

    @property
    def flag(self) -> Flag:
        return combine_flags(self.tests.values())

    @property
    def quality(self) -> Quality:
        return quality_of(self.flag)


@dataclass(frozen=True)
class RowJudgement:
    """The judgement of every column judged; provisional until the next row comes."""

    row: Row
    columns: Mapping[str, ColumnJudgement]
    is_provisional: bool

    @property
    def flag(self) -> Flag:
        return combine_flags(judged.flag for judged in self.columns.values())

    @property
    def quality(self) -> Quality:
        return quality_of(self.flag)

    @property
    def tests(self) -> dict[str, Flag]:
        """The worst flag of each test among the columns."""
        names = dict.fromkeys(name for judged in self.columns.values() for name in judged.tests)
        return {
            name: combine_flags(
                judged.tests[name] for judged in self.columns.values() if name in judged.tests
            )
            for name in names
        }


@dataclass
class _Column:
    rules: ColumnRules
    testers: dict[str, Tester]


@dataclass
class _Pending:
    row: Row
    flags: dict[str, dict[str, Flag]]
    provisional: bool = False


class RowJudge:
    """Judges rows in their order.

    `interval_s` is the usual step between rows, which the flat-line test counts in; `too_few`
    says that the whole series has fewer than three rows.
    """

    def __init__(
        self,
        rules: RuleSet,
        *,
        columns: tuple[str, ...],
        interval_s: float | None,
        too_few: bool = False,
    ) -> None:
        self._columns = {}
        for column in columns:
            asked = rules.columns.get(column, ColumnRules())
            testers = make_testers(asked, interval_s=interval_s, too_few=too_few)
            self._columns[column] = _Column(asked, testers)
        self._pending: _Pending | None = None
        self._latest_time: int | None = None

    def push(self, row: Row) -> RowJudgement | None:
        """Take the next row and give the one before, now final; None for the first.

        The row's values must hold every column that the rules read.
        """
        now = _Pending(row, {})
        before = self._pending
        numbers = {name: read.value for name, read in row.values.items()}
        for name, column in self._columns.items():
            flags = self._flags_of_row(row, row.values[name])
            for test, tester in column.testers.items():
                answer = tester.push(row.time_us, numbers[name])
                flags[test] = answer.flag
                now.provisional |= answer.is_provisional
                if answer.revised is not None and before is not None:
                    before.flags[name][test] = answer.revised
            flags |= flag_across(column.rules, numbers[name], numbers)
            now.flags[name] = flags
        if row.time_us is not None:
            self._latest_time = row.time_us
        self._pending = now
        return None if before is None else self._judgement(before, provisional=False)

    @property
    def latest(self) -> RowJudgement:
        """The judgement of the row pushed last, as far as it is known by now."""
        if self._pending is None:
            raise LookupError("no row is pending: none was pushed, or the judge has finished")
        return self._judgement(self._pending, provisional=self._pending.provisional)

    def finish(self) -> RowJudgement | None:
        """Give the last row as it stands when nothing follows; None when there was none."""
        last, self._pending = self._pending, None
        return None if last is None else self._judgement(last, provisional=False)

    def _flags_of_row(self, row: Row, read: ReadValue) -> dict[str, Flag]:
        """Flag what is wrong before any test was asked: the text, the value, the clock."""
        if row.time_us is None or read.reason == "unreadable":
            return {SYNTAX: Flag.FAIL}
        flags: dict[str, Flag] = {}
        if read.reason:
            flags[MISSING] = Flag.MISSING
        if self._latest_time is not None and row.time_us <= self._latest_time:
            flags[TIMING] = Flag.SUSPECT
        return flags

    def _judgement(self, pending: _Pending, *, provisional: bool) -> RowJudgement:
        columns = {}
        for name, flags in pending.flags.items():
            read = pending.row.values[name]
            columns[name] = ColumnJudgement(
                read, dict(flags), self._reasons(name, flags, pending.row, read)
            )
        return RowJudgement(pending.row, columns, provisional)

    def _reasons(
        self, column: str, flags: Mapping[str, Flag], row: Row, read: ReadValue
    ) -> tuple[Reason, ...]:
        rules = self._columns[column].rules
        reasons = []
        for test, flag in flags.items():
            # What is missing is said once, not again by every test that could not look at it.
            said = flag is Flag.MISSING and test != MISSING
            if flag is not Flag.GOOD and not said:
                of_time = test == SYNTAX and row.time_us is None
                text = row.time_text if of_time else read.text
                why = "" if of_time else read.reason
                reasons.append(explain_flag(test, flag, rules, text=text.strip(), missing=why))
        return tuple(reasons)
