from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.models.codes import RuleKind
from app.services.checks.violation import RulesBroken
from app.services.listings.transaction_checks import Finding
from app.services.registry.context import Actor
from app.services.transactions.acts import Act, ExternalTransfer, Rollback
from app.services.transactions.proposing import reject
from app.views.presenters.supposition import Assumption
from app.views.presenters.transaction_reading import (
    RollbackForm,
    count_findings,
    is_completed_issuance,
    may_be_undone,
    read_transaction,
    said_in,
    silent,
    spoken,
    suppose,
)
from app.views.presenters.transaction_words import act_title_key, is_text_key, request_lines
from tests.fixtures.ledger import Ledger


def sending(ledger: Ledger) -> ExternalTransfer:
    return ExternalTransfer(
        from_account=ledger.forest,
        unit_type="TER",
        quantity=20,
        registry="CH",
        account="CH-100-77-0-11",
    )


@pytest.fixture
def issued(ledger: Ledger) -> Ledger:
    """TH1 issued 10,000 TER."""
    ledger.complete(ledger.issuance(10_000))
    return ledger


def test_every_step_tells_what_each_check_said(issued: Ledger) -> None:
    done = issued.complete(issued.cancellation(10, beneficiary=""))
    shown = read_transaction(issued.registry, done.identifier)
    assert [step.status for step in shown.checks] == ["awaiting approval", "completed"]
    last = shown.last_checked
    assert last is not None
    noted = spoken(last)
    assert [each.outcome for each in noted] == [Finding.NOTED]
    assert said_in(noted[0], "en") != said_in(noted[0], "th")
    passed = count_findings(last, Finding.PASSED)
    assert passed == len(silent(last, Finding.PASSED)) == len(last.checks) - 1


def test_a_pending_message_is_there_and_that_of_a_rejected_one_is_not(issued: Ledger) -> None:
    outcome = issued.propose(sending(issued))
    message = read_transaction(issued.registry, outcome.identifier).message
    assert message is not None
    assert message.content["header"]["to"] == "CH"
    reject(issued.registry, outcome.transaction_id, issued.approver, comment="No")
    assert read_transaction(issued.registry, outcome.identifier).message is None
    assert read_transaction(issued.registry, "TH1").message is None


@pytest.mark.parametrize(
    ("user", "make", "offered"),
    [
        ("admin", lambda ledger: ledger.transfer(10), True),
        ("officer", lambda ledger: ledger.transfer(10), False),
        ("admin", lambda ledger: ledger.cancellation(10), False),
        ("admin", sending, False),
    ],
)
def test_only_an_administrator_is_offered_to_undo_a_completed_transfer(
    issued: Ledger,
    people: dict[str, Actor],
    user: str,
    make: Callable[[Ledger], Act],
    offered: bool,
) -> None:
    outcome = issued.propose(make(issued))
    detail = read_transaction(issued.registry, outcome.identifier).detail
    assert not may_be_undone(detail, people[user])
    issued.approve(outcome)
    detail = read_transaction(issued.registry, outcome.identifier).detail
    assert may_be_undone(detail, people[user]) is offered


def test_a_rollback_is_foreseen_proposed_once_and_then_refused(
    issued: Ledger, people: dict[str, Actor]
) -> None:
    done = issued.complete(issued.transfer(100))
    form = RollbackForm(issued.registry, people["admin"], done.identifier)
    assert [gap.field for gap in form.read({}).gaps] == ["reason"]
    act = form.read({"reason": "Wrong"}).act
    assert act == form.act("Wrong")
    foreseen = form.foresee("–")
    assert foreseen.violations == ()
    assert sum(move.quantity for move in foreseen.plan.moves) == 100
    first = form.carry_out("Wrong")
    assert form.carry_out("Wrong").identifier == first.identifier
    with pytest.raises(RulesBroken):
        form.carry_out("Wrong for another reason")
    issued.approve(first)
    detail = read_transaction(issued.registry, done.identifier).detail
    assert detail.transaction.rolled_back_by == first.identifier
    assert not may_be_undone(detail, people["admin"])


def test_only_a_completed_issuance_is_compared(issued: Ledger) -> None:
    moved = issued.complete(issued.transfer(10))
    assert not is_completed_issuance(read_transaction(issued.registry, moved.identifier).detail)
    detail = read_transaction(issued.registry, "TH1").detail
    assert is_completed_issuance(detail)
    found = suppose(issued.registry, detail, Assumption(RuleKind.LEVY_RATE, Decimal("0.1")))
    assert dict(found.sentences[0].values) == {"was": 500, "would_be": 1_000}


def test_further_acts_are_told_by_their_own_names(issued: Ledger) -> None:
    act = sending(issued)
    assert act_title_key(act, "transactions.types.external-transfer") == (
        "further.external-transfer.name"
    )
    undo = Rollback(transaction="TH2", reason="Wrong", unit_type="", quantity=0)
    assert act_title_key(undo, "transactions.types.transfer") == "transactions.rollback"
    plain = issued.transfer(1)
    assert act_title_key(plain, "transactions.types.transfer") == "transactions.types.transfer"
    lines = {line.label_key: line.value for line in request_lines(act)}
    assert lines["transactions.other_registry"] == "CH"
    assert lines["further.foreign_account"] == "CH-100-77-0-11"
    mandatory = issued.cancellation(1, kind="mandatory", notice="N-1")
    lines = {line.label_key: line.value for line in request_lines(mandatory)}
    assert lines["cancellation.kind"] == "cancellation.kinds.mandatory"
    assert lines["further.notice"] == "N-1"


@pytest.mark.parametrize(
    ("value", "is_key"),
    [
        ("transactions.fifo", True),
        ("cancellation.kinds.mandatory", True),
        ("CH", False),
        (3, False),
    ],
)
def test_keys_of_texts_are_told_from_values(value: object, is_key: bool) -> None:
    assert is_text_key(value) is is_key
