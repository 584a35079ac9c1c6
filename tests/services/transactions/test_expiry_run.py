"""The run finds what has expired, moves it to mandatory cancellation, and nothing else."""

from __future__ import annotations

import pytest

from app.models.codes import AccountState, TransactionStatus
from app.services.accounts import change_account
from app.services.checks.violation import RulesBroken
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor
from app.services.transactions import expiry_run
from app.services.transactions.expiry_run import (
    approve_expiry_run,
    list_expired,
    propose_expiry_run,
)
from app.services.transactions.proposing import propose
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock

pytestmark = pytest.mark.both_engines

People = dict[str, Actor]
PAST_2030 = 366 * 5


@pytest.fixture
def expired(ledger: Ledger, clock: FrozenClock) -> Ledger:
    """9,500 units of 2024 that expired with 2030, of which 1,500 are with somebody else."""
    ledger.complete(ledger.issuance(quantity=10_000, vintage=2024))
    ledger.complete(ledger.transfer(1_500))
    clock.advance(days=PAST_2030)
    return ledger


def test_expired_units_are_found_where_they_are(expired: Ledger) -> None:
    found = {(row.account, row.quantity) for row in list_expired(expired.registry)}
    buffered = {row for row in found if "-901-" in row[0]}
    assert found - buffered == {(expired.forest, 8_000), (expired.green, 1_500)}
    assert [quantity for _, quantity in buffered] == [500]


def test_nothing_expires_before_its_day(ledger: Ledger, clock: FrozenClock) -> None:
    ledger.complete(ledger.issuance(quantity=10_000, vintage=2024))
    assert list_expired(ledger.registry) == []


def test_code_99_never_expires(ledger: Ledger, people: People, clock: FrozenClock) -> None:
    from dataclasses import replace

    from app.models.codes import NO_EXPIRY_CODE  # the rule of EPC in a fresh registry

    assert NO_EXPIRY_CODE == 99
    ledger.complete(replace(ledger.issuance(), unit_type="EPC"))
    clock.advance(days=366 * 80)
    assert list_expired(ledger.registry) == []


def test_a_run_is_proposed_by_one_and_approved_by_another(expired: Ledger, people: People) -> None:
    with pytest.raises(RulesBroken) as by_role:
        propose_expiry_run(expired.registry, people["officer"])
    assert [item.code for item in by_role.value.violations] == [9402]
    run = propose_expiry_run(expired.registry, people["admin"])
    assert len(run.outcomes) == 3
    assert run.refused == ()
    assert list_expired(expired.registry) == []
    assert propose_expiry_run(expired.registry, people["admin"]).outcomes == ()
    done = approve_expiry_run(expired.registry, people["approver"], run.outcomes)
    assert {outcome.status for outcome in done} == {TransactionStatus.COMPLETED}
    assert expired.holding(expired.forest) == (0, 0)
    verification = verify_registry(expired.registry)
    assert verification.ok
    assert verification.units["TER"]["cancelled"] == 10_000


def test_an_account_that_cannot_be_taken_from_does_not_keep_the_others(
    expired: Ledger, people: People
) -> None:
    change_account(
        expired.registry, people["admin"], expired.green, AccountState.SUSPENDED, reason="Case 4"
    )
    run = propose_expiry_run(expired.registry, people["admin"])
    assert len(run.outcomes) == 2
    ((left, violations),) = run.refused
    assert left.account == expired.green
    assert [item.code for item in violations] == [1004]


def test_expired_units_go_nowhere_else(expired: Ledger) -> None:
    with pytest.raises(RulesBroken) as refused:
        propose(expired.registry, expired.transfer(10), expired.officer)
    assert [item.code for item in refused.value.violations] == [3005]


def test_units_that_last_never_make_up_for_expired_ones_taken_meanwhile(
    ledger: Ledger, people: People, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for vintage in (2024, 2025):
        ledger.complete(ledger.issuance(quantity=10_000, vintage=vintage))
    clock.advance(days=PAST_2030)
    counted = list_expired(ledger.registry)
    assert len(propose_expiry_run(ledger.registry, people["admin"]).outcomes) == 2
    monkeypatch.setattr(expiry_run, "list_expired", lambda _registry: counted)
    late = propose_expiry_run(ledger.registry, people["admin2"])
    assert (late.outcomes, late.refused) == ((), ())
    assert ledger.holding(ledger.forest) == (19_000, 9_500)
