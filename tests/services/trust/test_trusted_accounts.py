"""Trust is proposed and approved by two, waits its hours, and ends at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.models.codes import RuleKind, TransactionStatus
from app.models.errors import NotFound
from app.services.checks.violation import RulesBroken
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor
from app.services.rules.changes import approve_rule, propose_rule
from app.services.rules.new_rule import NewRule
from app.services.transactions.evaluation import preview
from app.services.transactions.proposing import approve, propose, reject
from app.services.trust.holidays import (
    HolidayRow,
    add_holidays,
    list_holidays,
    remove_holiday,
)
from app.services.trust.trusted_accounts import (
    approve_trusted,
    list_trusted,
    propose_trusted,
    reject_trusted,
    remove_trusted,
)
from app.services.trust.working_hours import add_working_hours
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock

pytestmark = pytest.mark.both_engines

People = dict[str, Actor]


def set_rule(ledger: Ledger, people: People, kind: RuleKind, value: int) -> None:
    tomorrow = ledger.registry.today() + timedelta(days=1)
    rule = NewRule(
        kind=kind, unit_type="TER", value=Decimal(value), valid_from=tomorrow, reason="Policy 3"
    )
    change = propose_rule(ledger.registry, people["admin"], rule)
    approve_rule(ledger.registry, people["approver"], change.id)


def test_a_number_no_column_holds_is_nobodys_entry(ledger: Ledger, people: People) -> None:
    with pytest.raises(NotFound):
        approve_trusted(ledger.registry, people["approver"], 10**30)


def codes(error: pytest.ExceptionInfo[RulesBroken]) -> list[int]:
    return [item.code for item in error.value.violations]


def test_an_entry_lives_from_proposal_to_removal(
    ledger: Ledger, people: People, clock: FrozenClock
) -> None:
    set_rule(ledger, people, RuleKind.TRUST_DELAY, 24)
    clock.advance(days=1)
    registry = ledger.registry
    entry = propose_trusted(registry, people["officer"], ledger.forest, ledger.green)
    with pytest.raises(RulesBroken) as twice:
        propose_trusted(registry, people["officer"], ledger.forest, ledger.green)
    assert codes(twice) == [9631]
    with pytest.raises(RulesBroken) as by_role:
        approve_trusted(registry, people["officer"], entry)
    assert codes(by_role) == [9402]
    effective_at = approve_trusted(registry, people["approver"], entry)
    assert effective_at == add_working_hours(registry.now(), 24, frozenset())
    with pytest.raises(RulesBroken) as decided:
        reject_trusted(registry, people["approver"], entry, comment="Late")
    assert codes(decided) == [9632]
    remove_trusted(registry, people["officer"], entry, reason="Asked by the holder")
    assert [row.state for row in list_trusted(registry, ledger.forest)] == ["removed"]
    assert propose_trusted(registry, people["officer"], ledger.forest, ledger.green) > entry
    assert verify_registry(registry).ok


@pytest.mark.parametrize("number", ["TH-100-1042-0-51", "nonsense"])
def test_what_cannot_be_trusted_is_refused(ledger: Ledger, people: People, number: str) -> None:
    for trusted in (number, ledger.forest):
        with pytest.raises(RulesBroken) as refused:
            propose_trusted(ledger.registry, people["officer"], ledger.forest, trusted)
        assert codes(refused) == [9630]


def test_a_transfer_to_a_stranger_waits(ledger: Ledger, people: People, clock: FrozenClock) -> None:
    ledger.complete(ledger.issuance())
    set_rule(ledger, people, RuleKind.STRANGER_DELAY, 12)
    clock.advance(days=1)
    registry = ledger.registry
    seen = preview(registry, ledger.transfer(100), people["officer"])
    assert [note.code for note in seen.checks.notes] == [9660]
    outcome = propose(registry, ledger.transfer(100), people["officer"])
    with pytest.raises(RulesBroken) as early:
        approve(registry, outcome.transaction_id, people["approver"])
    assert codes(early) == [9661]
    other = propose(registry, ledger.transfer(50), people["officer"])
    ended = reject(registry, other.transaction_id, people["approver"], comment="Not now")
    assert ended.status is TransactionStatus.REJECTED
    clock.advance(days=7)
    done = approve(registry, outcome.transaction_id, people["approver"])
    assert done.status is TransactionStatus.COMPLETED


def test_the_delay_is_worked_out_anew_at_the_decision(
    ledger: Ledger, people: People, clock: FrozenClock
) -> None:
    """What a proposal says of its delay is the proposer's word; here it says nothing."""
    ledger.complete(ledger.issuance())
    registry = ledger.registry
    outcome = propose(registry, ledger.transfer(100), people["officer"])
    set_rule(ledger, people, RuleKind.STRANGER_DELAY, 48)
    clock.advance(days=1)
    with pytest.raises(RulesBroken) as early:
        approve(registry, outcome.transaction_id, people["approver"])
    assert codes(early) == [9661]
    clock.advance(days=20)
    done = approve(registry, outcome.transaction_id, people["approver"])
    assert done.status is TransactionStatus.COMPLETED


def test_a_transfer_to_a_trusted_account_does_not_wait(
    ledger: Ledger, people: People, clock: FrozenClock
) -> None:
    ledger.complete(ledger.issuance())
    set_rule(ledger, people, RuleKind.STRANGERS_ALLOWED, 0)
    clock.advance(days=1)
    registry = ledger.registry
    with pytest.raises(RulesBroken) as stranger:
        propose(registry, ledger.transfer(100), people["officer"])
    assert codes(stranger) == [2507]
    entry = propose_trusted(registry, people["officer"], ledger.forest, ledger.green)
    approve_trusted(registry, people["approver"], entry)
    outcome = propose(registry, ledger.transfer(100), people["officer"])
    done = approve(registry, outcome.transaction_id, people["approver"])
    assert done.status is TransactionStatus.COMPLETED


def test_own_units_keep_their_reserve_and_maximum_and_acquired_ones_are_free(
    ledger: Ledger, people: People, clock: FrozenClock
) -> None:
    ledger.complete(ledger.issuance(quantity=10_000))
    set_rule(ledger, people, RuleKind.MAXIMUM_TRANSFER, 3_000)
    clock.advance(days=1)
    registry = ledger.registry
    ledger.complete(ledger.transfer(2_000))
    with pytest.raises(RulesBroken) as most:
        propose(registry, ledger.transfer(1_001), people["officer"])
    assert codes(most) == [9662]
    ledger.complete(ledger.transfer(1_000))
    back = ledger.transfer(500, from_account=ledger.green, to_account=ledger.forest)
    ledger.complete(back)
    assert propose(registry, ledger.transfer(500), people["officer"]).status
    set_rule(ledger, people, RuleKind.RESERVE, 7_500)
    clock.advance(days=1)
    with pytest.raises(RulesBroken) as kept:
        propose(registry, ledger.transfer(10), people["officer"])
    assert 9663 in codes(kept)
    assert verify_registry(registry).ok


def test_holidays_are_kept_by_an_administrator(ledger: Ledger, people: People) -> None:
    registry, day = ledger.registry, date(2026, 12, 7)
    holiday = HolidayRow(day, "Day after the King's birthday", "วันหยุดชดเชย")
    with pytest.raises(RulesBroken) as refused:
        add_holidays(registry, people["officer"], [holiday])
    assert codes(refused) == [9420]
    add_holidays(registry, people["admin"], [holiday])
    with pytest.raises(RulesBroken) as twice:
        add_holidays(registry, people["admin"], [HolidayRow(date(2026, 12, 8), "x", "y"), holiday])
    assert codes(twice) == [9651]
    assert list_holidays(registry) == [holiday]
    remove_holiday(registry, people["admin"], day)
    with pytest.raises(RulesBroken) as gone:
        remove_holiday(registry, people["admin"], day)
    assert codes(gone) == [9651]
