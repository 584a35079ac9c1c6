"""The same act asked for twice, as after an answer that was cut off: done once, or refused.

What the desk's dialogs ask for beside transactions (which bear request ids of their own).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.models.codes import AccountState, Role, RuleKind
from app.models.errors import TeakError
from app.models.storage.unit_of_work import reading
from app.models.tables import LogEntry, LogQueue
from app.services.accounts import NewAccount, NewHolder, change_account, propose_account
from app.services.checks.violation import RulesBroken
from app.services.notices.recording import NewNotice, close_notice, record_notice
from app.services.people.administration import add_person, revoke_person
from app.services.people.new_person import DEMO_PASSPHRASE, NewPerson
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.periods import open_period
from app.services.registry.settings import set_idle_lock_minutes
from app.services.rules.changes import propose_rule
from app.services.rules.new_rule import NewRule
from app.services.trust.holidays import HolidayRow, add_holidays
from app.services.trust.trusted_accounts import (
    approve_trusted,
    propose_trusted,
    remove_trusted,
)
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines

People = dict[str, Actor]
Again = Callable[[Ledger, People], object]

SOLAR = NewAccount(name="Solar", holder=NewHolder(name_en="Solar"))
NOTICE = NewNotice(number="N-7", type=10, message="Read this")


def a_rule(ledger: Ledger) -> NewRule:
    tomorrow = ledger.registry.today() + timedelta(days=1)
    return NewRule(
        kind=RuleKind.LEVY_RATE, unit_type="TER", value=Decimal("0.07"), valid_from=tomorrow,
        reason="Policy 3",
    )  # fmt: skip


ACTS: dict[str, Again] = {
    "account proposed": lambda ledger, people: propose_account(
        ledger.registry, people["officer"], SOLAR, request_id="first"
    ),
    "account suspended": lambda ledger, people: change_account(
        ledger.registry, people["admin"], ledger.green, AccountState.SUSPENDED, reason="Order 4"
    ),
    "trust proposed": lambda ledger, people: propose_trusted(
        ledger.registry, people["officer"], ledger.forest, ledger.green
    ),
    "rule proposed with its request id": lambda ledger, people: propose_rule(
        ledger.registry, people["admin"], a_rule(ledger), request_id="first"
    ),
    "rule proposed without": lambda ledger, people: propose_rule(
        ledger.registry, people["admin"], a_rule(ledger)
    ),
    "notice recorded": lambda ledger, people: record_notice(
        ledger.registry, people["admin"], NOTICE
    ),
    "holiday added": lambda ledger, people: add_holidays(
        ledger.registry, people["admin"], [HolidayRow(date(2027, 1, 1), "New Year", "ปีใหม่")]
    ),
    "period opened": lambda ledger, people: open_period(
        ledger.registry, people["admin"], people["admin2"], last_day=date(2035, 12, 31)
    ),
    "person added": lambda ledger, people: add_person(
        ledger.registry,
        people["admin"],
        NewPerson(
            user_name="nok", name="Nok Thongchai", role=Role.OFFICER, passphrase=DEMO_PASSPHRASE
        ),
    ),
    "person revoked": lambda ledger, people: revoke_person(
        ledger.registry, people["admin"], "officer2", reason="Left"
    ),
}


def entries(registry: OpenRegistry) -> int:
    with reading(registry.engine) as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (LogEntry, LogQueue)
        )


@pytest.mark.parametrize("name", ACTS)
def test_an_act_asked_for_twice_is_done_once(ledger: Ledger, people: People, name: str) -> None:
    first = ACTS[name](ledger, people)
    after_first = entries(ledger.registry)
    with contextlib.suppress(RulesBroken, TeakError):
        assert ACTS[name](ledger, people) == first
    assert entries(ledger.registry) == after_first


def test_an_answer_that_was_lost_is_given_again(ledger: Ledger, people: People) -> None:
    registry, officer = ledger.registry, people["officer"]
    number = propose_account(registry, officer, SOLAR, request_id="first")
    assert propose_account(registry, officer, SOLAR, request_id="first") == number
    assert propose_account(registry, officer, SOLAR, request_id="second") != number
    # The ids of another person are theirs.
    assert propose_account(registry, people["officer2"], SOLAR, request_id="first") != number
    change = propose_rule(registry, people["admin"], a_rule(ledger), request_id="first")
    again = propose_rule(registry, people["admin"], a_rule(ledger), request_id="first")
    assert again == change


def test_a_decision_on_trust_stands_as_it_was_made(ledger: Ledger, people: People) -> None:
    registry = ledger.registry
    entry = propose_trusted(registry, people["officer"], ledger.forest, ledger.green)
    for act in (
        lambda: approve_trusted(registry, people["approver"], entry),
        lambda: remove_trusted(registry, people["officer"], entry, reason="Asked"),
    ):
        act()
        after_first = entries(registry)
        with pytest.raises(RulesBroken):
            act()
        assert entries(registry) == after_first


def test_a_notice_is_closed_once(ledger: Ledger, people: People) -> None:
    record_notice(ledger.registry, people["admin"], NOTICE)
    close_notice(ledger.registry, people["admin"], "N-7", reason="Read")
    after_first = entries(ledger.registry)
    with pytest.raises(TeakError):
        close_notice(ledger.registry, people["admin"], "N-7", reason="Read")
    assert entries(ledger.registry) == after_first


def test_a_setting_set_twice_is_as_it_was_set(ledger: Ledger, people: People) -> None:
    minutes = [
        set_idle_lock_minutes(ledger.registry, people["admin"], 5).idle_lock_minutes
        for _ in range(2)
    ]
    assert minutes == [5, 5]
