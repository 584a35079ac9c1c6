from __future__ import annotations

import pytest

from app.models.codes import AccountState, TransactionStatus
from app.services.accounts import NewAccount, NewHolder, change_account, propose_account
from app.services.checks.violation import RulesBroken
from app.services.listings.account_detail import get_account
from app.services.listings.page import PageRequest
from app.services.registry.context import Actor
from app.views.language import load_texts
from app.views.presenters.inbox import Decision, InboxForm, InboxRow, Standing
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock


def rows(inbox: InboxForm, **request: object) -> tuple[InboxRow, ...]:
    return inbox.list_rows(PageRequest(**request)).rows  # type: ignore[arg-type]


def of_approver(ledger: Ledger) -> InboxForm:
    return InboxForm(ledger.registry, ledger.approver)


def propose_some(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    clock = ledger.registry.clock
    assert isinstance(clock, FrozenClock)
    ledger.propose(ledger.transfer(1_000))
    clock.advance(minutes=1)
    ledger.propose(ledger.cancellation(200, beneficiary=""))
    clock.advance(minutes=1)
    holder = NewHolder(name_en="Lampang Solar", name_th="ลำปางโซลาร์")
    propose_account(ledger.registry, ledger.officer, NewAccount(name="Solar", holder=holder))


def test_nothing_awaits_in_a_quiet_registry(ledger: Ledger) -> None:
    assert rows(of_approver(ledger)) == ()


def test_what_awaits_stands_in_order_with_its_checks(ledger: Ledger) -> None:
    propose_some(ledger)
    found = rows(of_approver(ledger))
    assert [(row.kind, row.standing, row.units) for row in found] == [
        ("internal_transfer", Standing.CLEAR, 1_000),
        ("cancellation", Standing.NOTE, 200),
        ("account", Standing.NOTE, None),
    ]
    assert found[0].way == "Ban Huai Sak Community Forest → Green Thai Co., Ltd."


def test_pages_follow_each_other_without_gap(ledger: Ledger) -> None:
    propose_some(ledger)
    inbox = of_approver(ledger)
    first = inbox.list_rows(PageRequest(limit=2))
    assert first.next is not None
    second = inbox.list_rows(PageRequest(limit=2, after=first.next))
    keys = [row.key for row in (*first.rows, *second.rows)]
    assert keys == [row.key for row in rows(inbox)]
    assert second.next is None


def test_everybody_sees_only_what_concerns_them(ledger: Ledger, people: dict[str, Actor]) -> None:
    propose_some(ledger)
    own = rows(InboxForm(ledger.registry, ledger.officer))
    assert {row.standing for row in own} == {Standing.WAITING}
    assert rows(InboxForm(ledger.registry, people["officer2"])) == ()
    assert rows(InboxForm(ledger.registry, people["auditor"])) == ()


def test_a_transaction_is_read_with_history_and_outcome(ledger: Ledger) -> None:
    propose_some(ledger)
    inbox = of_approver(ledger)
    detail = inbox.read(rows(inbox)[0].awaiting)
    assert detail.outcome is not None
    assert [line.moves for line in detail.outcome.lines] == [1_000]
    assert [step.key for step in detail.steps] == ["inbox.status_checked", "inbox.status_proposed"]
    assert inbox.decisions(detail.row) == (Decision.REJECT, Decision.APPROVE)


def test_approving_moves_the_units(ledger: Ledger) -> None:
    propose_some(ledger)
    inbox = of_approver(ledger)
    decided = inbox.decide(rows(inbox)[0].awaiting, Decision.APPROVE, "")
    assert decided.went_well
    assert decided.phrase.key == "inbox.completed_internal_transfer"
    assert ledger.holding(ledger.green) == (1_000, 0)
    assert [row.kind for row in rows(inbox)] == ["cancellation", "account"]


def test_rejecting_asks_for_a_comment_and_frees_the_units(ledger: Ledger) -> None:
    propose_some(ledger)
    inbox = of_approver(ledger)
    row = rows(inbox)[0].awaiting
    assert inbox.missing_comment(Decision.REJECT, "  ") is not None
    assert inbox.missing_comment(Decision.APPROVE, "") is None
    with pytest.raises(RulesBroken):
        inbox.decide(row, Decision.REJECT, "  ")
    decided = inbox.decide(row, Decision.REJECT, "Wrong account")
    assert decided.phrase.key == "inbox.rejected_internal_transfer"
    assert ledger.holding(ledger.forest) == (9_500, 200)


def test_the_proposer_withdraws_and_nothing_else(ledger: Ledger) -> None:
    propose_some(ledger)
    inbox = InboxForm(ledger.registry, ledger.officer)
    transfer, _cancellation, account = rows(inbox)
    assert inbox.decisions(transfer.awaiting) == (Decision.WITHDRAW,)
    assert inbox.decisions(account.awaiting) == ()
    decided = inbox.decide(transfer.awaiting, Decision.WITHDRAW, "")
    assert decided.phrase.key == "inbox.cancelled_internal_transfer"
    assert ledger.holding(ledger.forest) == (9_500, 200)


def test_an_act_whose_rule_broke_meanwhile_is_told_as_terminated(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    propose_some(ledger)
    inbox = of_approver(ledger)
    change_account(
        ledger.registry, people["admin"], ledger.green, AccountState.SUSPENDED, reason="A case"
    )
    transfer = rows(inbox)[0]
    assert transfer.standing is Standing.REFUSED
    decided = inbox.decide(transfer.awaiting, Decision.APPROVE, "")
    assert not decided.went_well
    assert decided.phrase.key == "inbox.terminated"
    assert decided.phrase.values["codes"] == "2004"


@pytest.mark.parametrize(
    ("decision", "state"), [(Decision.APPROVE, "open"), (Decision.REJECT, "rejected")]
)
def test_a_proposed_account_is_opened_or_rejected(
    ledger: Ledger, decision: Decision, state: str
) -> None:
    propose_some(ledger)
    inbox = of_approver(ledger)
    account = rows(inbox)[2]
    detail = inbox.read(account.awaiting)
    assert detail.outcome is None
    assert "Lampang Solar · ลำปางโซลาร์" in [fact.value for fact in detail.facts]
    decided = inbox.decide(account.awaiting, decision, "Papers are in order")
    assert "accounts" in decided.changed
    assert get_account(ledger.registry, account.key).account.state == state


def test_every_status_has_its_words() -> None:
    for code in ("en", "th"):
        texts = load_texts(code)
        for status in TransactionStatus:
            assert f"inbox.status_{status.name.lower()}" in texts
        for state in AccountState:
            assert f"inbox.state_{state}" in texts
