"""Rows judged: latest provisional, the one before settled, reasons in both languages."""

from __future__ import annotations

import re

import pytest

from app.services.quality.flags import Flag, Quality
from app.services.quality.judging import Row, RowJudge, RowJudgement
from app.services.quality.missing import read_value
from app.services.quality.rules import (
    Agreement,
    ColumnRules,
    FlatLine,
    Gap,
    GrossRange,
    NotAbove,
    RateOfChange,
    RuleSet,
    Spike,
    WindConsistency,
)

RULES = RuleSet({"a": ColumnRules(gross_range=GrossRange((0, 50), (0, 100)), spike=Spike(3, 9))})


def row(number: int, text: str, *, minutes: int | None = None) -> Row:
    minute = number if minutes is None else minutes
    return Row(number, minute * 60_000_000, f"minute {minute}", {"a": read_value(text)})


def judged(texts: list[str], rules: RuleSet = RULES) -> list[RowJudgement]:
    judge = RowJudge(rules, columns=("a",), interval_s=60)
    settled = [judge.push(row(number, text)) for number, text in enumerate(texts, 1)]
    return [one for one in (*settled, judge.finish()) if one is not None]


def test_every_row_is_settled_once_and_in_order() -> None:
    rows = judged(["1", "1", "20", "1", "1"])
    assert [one.row.number for one in rows] == [1, 2, 3, 4, 5]
    assert [one.tests["spike"] for one in rows] == [2, 4, 4, 4, 2]
    assert not any(one.is_provisional for one in rows)


def test_the_latest_is_provisional_only_where_a_test_waits() -> None:
    judge = RowJudge(RULES, columns=("a",), interval_s=60)
    judge.push(row(1, "1"))
    assert judge.latest.is_provisional
    judge.push(row(2, "1"))
    assert judge.latest.quality is Quality.GOOD
    without = RuleSet({"a": ColumnRules(gross_range=GrossRange((0, 50), None))})
    judge = RowJudge(without, columns=("a",), interval_s=60)
    with pytest.raises(LookupError):
        _ = judge.latest
    judge.push(row(1, "1"))
    assert not judge.latest.is_provisional


@pytest.mark.parametrize(
    ("text", "flag", "part"),
    [
        ("-9999", Flag.MISSING, "code for “no value”"),
        ("-200", Flag.MISSING, "code for “no value”"),
        ("-200.0", Flag.MISSING, "code for “no value”"),
        ("", Flag.MISSING, "no value"),
        ("NaN", Flag.MISSING, "no value"),
        ("inf", Flag.MISSING, "no number"),
        ("1_0", Flag.FAIL, "“1_0” cannot be read"),
        ("12,5", Flag.FAIL, "“12,5” cannot be read"),
        ("120", Flag.FAIL, "outside 0 – 100"),
        ("70", Flag.SUSPECT, "outside 0 – 50"),
    ],
)
def test_what_is_wrong_is_said_and_the_text_kept(text: str, flag: Flag, part: str) -> None:
    (only,) = judged([text], RuleSet({"a": ColumnRules(gross_range=GrossRange((0, 50), (0, 100)))}))
    column = only.columns["a"]
    assert (column.flag, column.value.text) == (flag, text)
    assert any(part in reason.message for reason in column.reasons)
    assert all(re.search("[ก-๙]", reason.message_th) for reason in column.reasons)


def test_a_clock_that_does_not_go_forward_is_suspicious() -> None:
    judge = RowJudge(RULES, columns=("a",), interval_s=60)
    for number, minutes in enumerate((1, 2, 2, 1, 3), 1):
        judge.push(row(number, "1", minutes=minutes))
        assert (judge.latest.tests.get("timing") == Flag.SUSPECT) == (number in (3, 4))


def test_an_unreadable_time_is_bad_and_the_row_stays() -> None:
    judge = RowJudge(RULES, columns=("a",), interval_s=60)
    judge.push(Row(1, None, "25 o'clock", {"a": read_value("1")}))
    assert judge.latest.quality is Quality.BAD
    assert "25 o'clock" in judge.latest.columns["a"].reasons[0].message


def test_every_test_can_give_its_reason() -> None:
    rules = ColumnRules(
        gross_range=GrossRange(None, (0, 100)),
        spike=Spike(3, None),
        rate_of_change=RateOfChange(1, 1e6),
        flat_line=FlatLine(0.01, 0.02, 1000),
        gap=Gap(fail_h=1),
        not_above=NotAbove("b"),
        wind_consistency=WindConsistency("c"),
        agreement=Agreement(("b",), suspect=1),
    )
    judge = RowJudge(RuleSet({"a": rules}), columns=("a",), interval_s=60)
    seen = set()
    for number, text in enumerate(("1", "1", "500", "1", "1"), 1):
        values = {"a": read_value(text), "b": read_value("0"), "c": read_value("")}
        settled = judge.push(Row(number, number**4 * 3_600_000_000, "", values))
        if settled is not None:
            for reason in settled.columns["a"].reasons:
                assert "{" not in reason.message + reason.message_th
                seen.add(reason.test) if reason.flag is not Flag.NOT_EVALUATED else None
    assert seen == set(rules.asked)


def test_a_series_without_steps_cannot_be_flat() -> None:
    rules = RuleSet({"a": ColumnRules(flat_line=FlatLine(fail_h=1, tolerance=1))})
    judge = RowJudge(rules, columns=("a",), interval_s=None)
    judge.push(row(1, "1"))
    assert judge.latest.tests == {"flat_line": Flag.NOT_EVALUATED}
    assert judge.latest.quality is Quality.SUSPICIOUS
    assert judge.latest.columns["a"].reasons[0].flag is Flag.NOT_EVALUATED
