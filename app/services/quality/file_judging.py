"""A file of measurements judged row by row: read twice, held never.

Owns the first pass (the usual step between rows, which the flat-line test counts in) and the
second (rows into the judge); must not know arguments or output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from app.models.errors import UsageError
from app.services.measurement_files import LocalTimes, MeasurementFile, WrittenRow
from app.services.quality.judging import Row, RowJudge, RowJudgement
from app.services.quality.missing import ReadValue, read_value
from app.services.quality.rules import ColumnRules, RuleSet
from app.services.quality.series_tests import SECOND, usable_interval


@dataclass(frozen=True)
class FileQuestion:
    """Which columns of which file to judge, and how its times are written."""

    file: MeasurementFile
    time: str
    values: tuple[str, ...]
    zone: tzinfo = UTC
    form: str | None = None


def judge_file(question: FileQuestion, rules: RuleSet) -> Iterator[RowJudgement]:
    """Judge every row of a file in order; nothing is left out.

    A column without rules, or one that rules need and the file lacks, is a UsageError; proposed
    rules merely do without.
    """
    fitting = _fitting_rules(question, rules)
    interval, rows = _usual_step(question)
    judge = RowJudge(fitting, columns=question.values, interval_s=interval, too_few=rows < 3)
    others = (other for column in fitting.columns.values() for other in column.other_columns)
    columns = tuple(dict.fromkeys((*question.values, *others)))
    times = _times(question)
    for written in question.file.rows((question.time, *columns)):
        text = written.texts[question.time] or ""
        values = _values(fitting, written, columns)
        settled = judge.push(Row(written.number, times.read(text), text, values))
        if settled is not None:
            yield settled
    last = judge.finish()
    if last is not None:
        yield last


def _fitting_rules(question: FileQuestion, rules: RuleSet) -> RuleSet:
    """Keep the rules of the asked columns, complete or not at all."""
    header = question.file.header()
    kept = {}
    for column in question.values:
        if column not in rules.columns:
            raise UsageError(
                f"The rules say nothing of column “{column}”.",
                hint=f"Columns they know: {', '.join(rules.columns) or 'none'}.",
            )
        asked = rules.columns[column]
        kept[column] = _without_absent(asked, header) if rules.is_proposal else asked
    return replace(rules, columns=kept)


def _without_absent(asked: ColumnRules, header: tuple[str, ...]) -> ColumnRules:
    if asked.not_above is not None and asked.not_above.column not in header:
        asked = replace(asked, not_above=None)
    if asked.wind_consistency is not None and asked.wind_consistency.direction not in header:
        asked = replace(asked, wind_consistency=None)
    return asked


def _usual_step(question: FileQuestion) -> tuple[float | None, int]:
    """Give the median step in seconds and the number of rows.

    Steps are counted, not kept: a logger knows few different ones.
    """
    steps: Counter[int] = Counter()
    rows = 0
    last: int | None = None
    times = _times(question)
    for written in question.file.rows((question.time,)):
        rows += 1
        time = times.read(written.texts[question.time] or "")
        if time is not None and last is not None:
            steps[time - last] += 1
        last = time
    return _median_s(steps), rows


def _median_s(steps: Counter[int]) -> float | None:
    total = steps.total()
    if not total:
        return None
    lower = upper = None
    passed = 0
    for step in sorted(steps):
        passed += steps[step]
        if lower is None and passed > (total - 1) // 2:
            lower = step
        if passed > total // 2:
            upper = step
            break
    assert lower is not None
    assert upper is not None
    return usable_interval((lower + upper) / 2 / SECOND)


def _times(question: FileQuestion) -> LocalTimes:
    return LocalTimes(zone=question.zone, form=question.form)


def _values(rules: RuleSet, written: WrittenRow, columns: tuple[str, ...]) -> dict[str, ReadValue]:
    values: dict[str, ReadValue] = {}
    for column in columns:
        sentinels = rules.columns.get(column, ColumnRules()).missing
        values[column] = read_value(written.texts[column] or "", sentinels=sentinels)
    return values
