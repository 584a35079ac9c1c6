"""An account's life and its trusted list, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.services.registry.context import Actor
from app.services.trust.trusted_accounts import (
    approve_trusted,
    list_trusted,
    propose_trusted,
)
from app.views.pages.accounts import AccountsPage
from app.views.walk import Hand
from tests.views.pages.conftest import Surroundings

Open = Callable[[str, str], tuple[AccountsPage, Hand]]


@pytest.fixture
def open_account(surroundings: Surroundings, people: dict[str, Actor], qtbot: QtBot) -> Open:
    def make(user: str, number: str) -> tuple[AccountsPage, Hand]:
        page = AccountsPage(surroundings.context(people[user]))
        surroundings.desk.changes.told.connect(lambda kinds: page.refresh())
        qtbot.addWidget(page)
        page.resize(1400, 860)
        page.show()
        page.activateWindow()
        page.enter(number)
        qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)
        return page, Hand(10)

    return make


def test_everything_that_keeps_an_account_open_is_told_at_once(
    surroundings: Surroundings, open_account: Open
) -> None:
    ledger = surroundings.ledger
    ledger.complete(ledger.issuance(10_000))
    ledger.propose(ledger.transfer(100))
    propose_trusted(ledger.registry, ledger.officer, ledger.forest, ledger.green)
    _page, hand = open_account("admin", ledger.forest)
    hand.click("Close…")
    hand.fill("Reason", "The holder asks for it")
    hand.click("Close account")
    told = hand.read(r"(?s)^(.*9,500 TER.*)$").splitlines()
    assert len(told) == 3
    assert "TH2" in told[1]
    assert hand.see("Reason", QPlainTextEdit).toPlainText() == "The holder asks for it"
    hand.click("Cancel")


def test_an_account_is_suspended_and_opened_again(
    surroundings: Surroundings, open_account: Open
) -> None:
    _page, hand = open_account("admin", surroundings.ledger.green)
    for button, act, state in (
        ("Suspend…", "Suspend account", "suspended"),
        ("Lift…", "Lift and open again", "open"),
    ):
        hand.click(button)
        hand.fill("Reason", "A case")
        hand.click(act)
        hand.read(rf"^(Account .+ is now: {state}\.)$")


def test_a_trusted_account_is_proposed_and_a_wrong_number_keeps_what_was_typed(
    surroundings: Surroundings, open_account: Open
) -> None:
    ledger = surroundings.ledger
    page, hand = open_account("officer", ledger.forest)
    hand.click("Trusted")
    hand.read(r"^(No account is on the list yet\..+)$")
    hand.click("Propose trusted account")
    hand.read(r"^(Give the number of the account to trust\.)$")
    hand.fill("Account to trust", "TH-100-1-0-1")
    hand.fill("Why it is trusted", "Our own trader")
    hand.click("Propose trusted account")
    hand.read(r"^(.*TH-100-1-0-1.*)$")
    hand.wait_for(lambda: page.trusted.message.title, "the refusal")
    assert page.trusted.number.entry.value() == "TH-100-1-0-1"
    assert page.trusted.note.entry.value() == "Our own trader"
    hand.fill("Account to trust", ledger.green)
    hand.click("Propose trusted account")
    hand.read(rf"^({ledger.green} is proposed; an approver decides\.)$")
    (row,) = list_trusted(ledger.registry, ledger.forest)
    assert (row.trusted, row.note, row.state) == (ledger.green, "Our own trader", "proposed")


def test_an_approver_approves_and_reads_when_it_takes_effect(
    surroundings: Surroundings, open_account: Open
) -> None:
    ledger = surroundings.ledger
    propose_trusted(ledger.registry, ledger.officer, ledger.forest, ledger.green)
    _page, hand = open_account("approver", ledger.forest)
    hand.click("Trusted")
    assert hand.find("Propose trusted account", QAbstractButton) is None
    hand.click("Approve")
    hand.read(rf"^({ledger.green} is approved\..+)$")
    hand.read(r"^(In force since .+|Takes effect .+)$")
    assert list_trusted(ledger.registry, ledger.forest)[0].state == "approved"


def test_an_approver_rejects_with_a_comment(surroundings: Surroundings, open_account: Open) -> None:
    ledger = surroundings.ledger
    propose_trusted(ledger.registry, ledger.officer, ledger.forest, ledger.green)
    _page, hand = open_account("approver", ledger.forest)
    hand.click("Trusted")
    hand.click("Reject…")
    hand.fill("Reason", "Not known")
    hand.click("Reject…")
    hand.read(rf"^({ledger.green} is rejected\.)$")
    assert list_trusted(ledger.registry, ledger.forest)[0].state == "rejected"


def test_an_administrator_removes_with_a_reason(
    surroundings: Surroundings, open_account: Open
) -> None:
    ledger = surroundings.ledger
    entry = propose_trusted(ledger.registry, ledger.officer, ledger.forest, ledger.green)
    approve_trusted(ledger.registry, ledger.approver, entry)
    _page, hand = open_account("admin", ledger.forest)
    hand.click("Trusted")
    hand.read(r"^(Only a registry officer proposes a trusted account\.)$")
    hand.click("Remove…")
    hand.fill("Reason", "The contract ended")
    hand.click("Remove…")
    hand.read(rf"^({ledger.green} is off the list\.)$")
    assert list_trusted(ledger.registry, ledger.forest)[0].state == "removed"


def test_one_s_own_units_stand_with_what_may_be_passed_on(
    surroundings: Surroundings, open_account: Open
) -> None:
    ledger = surroundings.ledger
    ledger.complete(ledger.issuance(10_000))
    _page, hand = open_account("auditor", ledger.forest)
    hand.read(r"^(9,500 TER issued in period 1, 0 passed on\. No rule limits passing them on\.)$")


def test_a_built_in_account_has_no_trusted_list(
    surroundings: Surroundings, open_account: Open
) -> None:
    page, hand = open_account("auditor", surroundings.ledger.forest)
    hand.click("Trusted")
    number = next(
        each.number
        for number in range(page.table.model.known_rows)
        if (each := page.table.model.row_at(number)) is not None and each.is_built_in
    )
    page.enter(number)
    hand.read(rf"^({number}\n.+)$")
    assert hand.find("Trusted", QAbstractButton) is None
    hand.read(r"^(This account holds no units\.)$")
