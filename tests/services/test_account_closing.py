"""An account closes only when nothing is left in it or on its way; everything is told at once."""

from __future__ import annotations

import pytest

from app.models.codes import AccountState
from app.services.accounts import change_account
from app.services.checks.violation import RulesBroken, Violation
from app.services.notices.recording import NewNotice, record_notice
from app.services.registry.context import Actor
from app.services.trust.trusted_accounts import propose_trusted
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines

People = dict[str, Actor]


def close(ledger: Ledger, people: People, number: str) -> tuple[Violation, ...]:
    try:
        change_account(
            ledger.registry, people["admin"], number, AccountState.CLOSED, reason="Asked for"
        )
    except RulesBroken as refused:
        return refused.violations
    return ()


def test_everything_that_keeps_it_open_is_told_at_once(ledger: Ledger, people: People) -> None:
    ledger.complete(ledger.issuance(quantity=1_000))
    pending = ledger.propose(ledger.transfer(100))
    record_notice(
        ledger.registry,
        people["admin"],
        NewNotice(number="N-7", type=7, message="Reserve", account=ledger.forest),
    )
    propose_trusted(ledger.registry, people["officer"], ledger.forest, ledger.green)
    found = close(ledger, people, ledger.forest)
    assert [item.code for item in found] == [9407, 9409, 9410, 9411]
    assert "950 TER" in found[0].message
    assert pending.identifier in found[1].message
    assert "N-7" in found[2].message


def test_an_account_that_is_only_to_receive_stays_open_too(ledger: Ledger, people: People) -> None:
    ledger.complete(ledger.issuance(quantity=1_000))
    ledger.propose(ledger.transfer(100))
    assert [item.code for item in close(ledger, people, ledger.green)] == [9409]


def test_an_empty_account_closes_for_good(ledger: Ledger, people: People) -> None:
    assert close(ledger, people, ledger.green) == ()
    for state in (AccountState.OPEN, AccountState.SUSPENDED, AccountState.LOCKED):
        with pytest.raises(RulesBroken) as refused:
            change_account(ledger.registry, people["admin"], ledger.green, state, reason="Again")
        assert [item.code for item in refused.value.violations] == [9404]
