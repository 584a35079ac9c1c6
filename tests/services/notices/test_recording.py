"""Notices have a thirty-day clock and close only when what they ask for is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.models.errors import NotFound, UsageError
from app.services.checks.violation import RulesBroken
from app.services.notices.kinds import NOTICE_KINDS
from app.services.notices.recording import (
    COMPLETED,
    OPEN,
    NewNotice,
    close_notice,
    list_notices,
    record_notice,
)
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.periods import list_periods, open_period
from tests.fixtures.registries import FrozenClock

pytestmark = pytest.mark.both_engines

People = dict[str, Actor]
NOTICE = NewNotice(
    number="N-1", type=1, message="Net source of 2025", unit_type="TER", target_quantity=100
)


def codes(error: pytest.ExceptionInfo[RulesBroken]) -> list[int]:
    return [item.code for item in error.value.violations]


def test_a_notice_is_due_in_thirty_days(
    registry: OpenRegistry, people: People, clock: FrozenClock
) -> None:
    record_notice(registry, people["admin"], NOTICE)
    (row,) = list_notices(registry)
    assert row.due_on == registry.today() + timedelta(days=30)
    assert (row.status, row.fulfilled, row.is_overdue) == (OPEN, 0, False)
    clock.advance(days=31)
    assert list_notices(registry)[0].is_overdue


def test_a_notice_is_due_today_or_later(registry: OpenRegistry, people: People) -> None:
    today = registry.today()
    with pytest.raises(RulesBroken) as refused:
        record_notice(registry, people["admin"], replace(NOTICE, due_on=today - timedelta(days=1)))
    assert codes(refused) == [9644]
    assert "N-1" in str(refused.value)
    assert str(today) in str(refused.value)
    assert list_notices(registry) == []
    record_notice(registry, people["admin"], replace(NOTICE, due_on=today))
    assert [row.due_on for row in list_notices(registry)] == [today]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": 14}, 9640),
        ({"type": 0}, 9640),
        ({"target_quantity": None}, 9642),
        ({"target_quantity": 0}, 9642),
        ({"unit_type": None}, 9642),
    ],
)
def test_a_notice_says_what_it_asks_for(
    registry: OpenRegistry, people: People, changes: dict[str, object], code: int
) -> None:
    with pytest.raises(RulesBroken) as refused:
        record_notice(registry, people["admin"], replace(NOTICE, **changes))  # type: ignore[arg-type]
    assert codes(refused) == [code]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"number": " "}, "number"),
        ({"target_quantity": 10**25}, "target_quantity"),
        ({"period": 10**25}, "period"),
        ({"period": 9}, "period"),
    ],
)
def test_a_notice_names_what_can_be(
    registry: OpenRegistry, people: People, changes: dict[str, object], named: str
) -> None:
    with pytest.raises((UsageError, NotFound), match=named):
        record_notice(registry, people["admin"], replace(NOTICE, **changes))  # type: ignore[arg-type]
    assert list_notices(registry) == []


def test_a_notice_is_recorded_once_by_an_administrator(
    registry: OpenRegistry, people: People
) -> None:
    record_notice(registry, people["admin"], NOTICE)
    with pytest.raises(RulesBroken) as twice:
        record_notice(registry, people["admin"], NOTICE)
    assert codes(twice) == [9641]
    with pytest.raises(RulesBroken) as by_role:
        record_notice(registry, people["officer"], NewNotice(number="N-2", type=7, message="m"))
    assert codes(by_role) == [9420]


def test_only_what_is_fulfilled_is_closed(registry: OpenRegistry, people: People) -> None:
    record_notice(registry, people["admin"], NOTICE)
    record_notice(registry, people["admin"], NewNotice(number="N-7", type=7, message="Reserve"))
    with pytest.raises(RulesBroken) as early:
        close_notice(registry, people["admin"], "N-1", reason="Done")
    assert codes(early) == [9643]
    with pytest.raises(RulesBroken) as silent:
        close_notice(registry, people["admin"], "N-7", reason=" ")
    assert codes(silent) == [9617]
    close_notice(registry, people["admin"], "N-7", reason="The reserve is restored")
    assert {row.number: row.status for row in list_notices(registry)} == {
        "N-1": OPEN,
        "N-7": COMPLETED,
    }
    with pytest.raises(NotFound):
        close_notice(registry, people["admin"], "N-9", reason="Done")


def test_every_kind_of_the_standards_is_there() -> None:
    assert sorted(NOTICE_KINDS) == list(range(1, 14))


def test_the_next_period_follows_the_last(registry: OpenRegistry, people: People) -> None:
    admin, other = people["admin"], people["admin2"]
    with pytest.raises(RulesBroken) as backwards:
        open_period(registry, admin, other, last_day=date(2030, 12, 31))
    assert codes(backwards) == [9650]
    with pytest.raises(RulesBroken) as alone:
        open_period(registry, admin, admin, last_day=date(2035, 12, 31))
    assert codes(alone) == [9616]
    opened = open_period(registry, admin, other, last_day=date(2035, 12, 31))
    assert (opened.number, opened.first_day) == (2, date(2031, 1, 1))
    assert list_periods(registry)[-1] == opened
