"""What each check said of a transaction, step by step."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models.codes import AccountState
from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import TransactionEvent
from app.services.accounts import change_account
from app.services.checks.catalogue import APPLYING
from app.services.listings.transaction_checks import (
    Finding,
    _outcomes,
    list_transaction_checks,
)
from app.services.registry.context import Actor
from app.services.transactions.proposing import reject
from tests.fixtures.conversions import Committee, cer, row
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines


def test_every_check_that_applied_is_told_at_every_step(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    done = ledger.complete(ledger.transfer(100))
    proposed, completed = list_transaction_checks(ledger.registry, done.identifier)
    assert (proposed.status, completed.status) == ("awaiting approval", "completed")
    assert (proposed.by, completed.by) == ("officer", "approver")
    for step in (proposed, completed):
        assert [check.code for check in step.checks] == [
            check.code for check in APPLYING["transfer"]
        ]
        assert {check.outcome for check in step.checks} == {Finding.PASSED}
        assert {(check.message, check.message_th) for check in step.checks} == {("Passed.", "ผ่าน")}


def test_what_refused_is_told_in_its_words_and_later_categories_as_skipped(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    ledger.complete(ledger.issuance())
    pending = ledger.propose(ledger.transfer(100))
    change_account(
        ledger.registry, people["admin"], ledger.green, AccountState.SUSPENDED, reason="case 7"
    )
    ledger.approve(pending)
    step = list_transaction_checks(ledger.registry, pending.identifier)[-1]
    found = {check.code: check for check in step.checks}
    assert step.status == "terminated"
    assert found[2004].outcome is Finding.REFUSED
    assert ledger.green in found[2004].message
    assert "ระงับ" in found[2004].message_th
    assert found[3005].outcome is Finding.SKIPPED
    assert found[2003].outcome is Finding.PASSED
    assert "earlier category" in found[3005].message


def test_notes_are_told_as_notes(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    pending = ledger.propose(ledger.cancellation(5, beneficiary=""))
    (step,) = list_transaction_checks(ledger.registry, pending.identifier)
    found = {check.code: check for check in step.checks}
    assert found[9301].outcome is Finding.NOTED
    assert "No beneficiary" in found[9301].message
    assert found[9302].outcome is Finding.PASSED


def test_a_rejection_was_no_judgement(ledger: Ledger) -> None:
    pending = ledger.propose(ledger.issuance())
    reject(ledger.registry, pending.transaction_id, ledger.approver, comment="no")
    steps = list_transaction_checks(ledger.registry, pending.identifier)
    assert [step.status_code for step in steps] == [2]


def test_the_last_vote_is_a_step(committee: Committee) -> None:
    committee.register(row(1, 600))
    number = committee.convert(cer(1, 600))
    steps = list_transaction_checks(committee.ledger.registry, f"TH{number}")
    assert [step.by for step in steps] == ["officer", "committee3"]
    assert 9556 in {check.code for check in steps[1].checks}


class Event:
    """A step as a version of Teak before 0.2 recorded it, or one with checks of the past."""

    def __init__(self, codes: str = "", passed: str = "", said: str = "") -> None:
        self.codes, self.passed, self.said = codes, passed, said


@pytest.mark.parametrize(
    ("event", "code", "outcome"),
    [
        (Event(), 2002, Finding.NOT_RECORDED),
        (Event(codes="2004"), 2004, Finding.REFUSED),
        (Event(codes="2004"), 3005, Finding.SKIPPED),
        (Event(passed="9101 9102"), 9101, Finding.PASSED),
        (Event(passed="9101 9102"), 9103, Finding.NOT_RECORDED),
        (
            Event(
                codes="9999",
                said='[{"code":9999,"category":"general","message":"Old.","message_th":"เก่า"}]',
            ),
            9999,
            Finding.REFUSED,
        ),
    ],
)
def test_what_older_versions_recorded(event: Event, code: int, outcome: Finding) -> None:
    found = {item.code: item for item in _outcomes(event, APPLYING["transfer"])}  # type: ignore[arg-type]
    assert found[code].outcome is outcome
    assert any("฀" <= letter <= "๿" for letter in found[code].message_th)


def test_codes_kept_are_those_of_the_history(ledger: Ledger) -> None:
    done = ledger.complete(ledger.issuance())
    (proposed, completed) = list_transaction_checks(ledger.registry, done.identifier)
    with reading(ledger.registry.engine) as connection:
        kept = connection.execute(
            select(TransactionEvent.passed).where(TransactionEvent.status == 4)
        ).scalar_one()
    passed = [check.code for check in completed.checks if check.outcome is Finding.PASSED]
    assert passed == [int(code) for code in kept.split()]
    assert completed.as_json()["checks"][0]["outcome"] == "passed"
    assert proposed.as_json()["transaction"] == done.identifier


def test_an_unknown_transaction(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="TH999"):
        list_transaction_checks(ledger.registry, "TH999")
