"""One transaction read in all its parts, and a transfer rolled back by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.services.registry.context import Actor
from app.services.transactions.acts import ExternalTransfer, Rollback
from app.services.transactions.proposing import approve, propose
from app.views.pages.transactions import TransactionsPage
from app.views.walk import Hand
from tests.views.pages.conftest import Surroundings

Open = Callable[[str, str], tuple[TransactionsPage, Hand]]


@pytest.fixture
def open_transaction(surroundings: Surroundings, people: dict[str, Actor], qtbot: QtBot) -> Open:
    """TH1 issued 10,000 and TH2 moved 1,000 to `green`."""
    ledger = surroundings.ledger
    ledger.complete(ledger.issuance(10_000))
    ledger.complete(ledger.transfer(1_000))

    def make(user: str, key: str) -> tuple[TransactionsPage, Hand]:
        page = TransactionsPage(surroundings.context(people[user]))
        qtbot.addWidget(page)
        page.resize(1400, 860)
        page.show()
        page.activateWindow()
        page.enter(key)
        qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)
        return page, Hand(10)

    return make


def test_every_check_of_every_step_can_be_read(open_transaction: Open) -> None:
    _page, hand = open_transaction("auditor", "TH2")
    assert {"Overview", "Checks", "Evidence"} <= set(hand.names_in("TH2 · Transfer"))
    hand.click("Checks")
    counted = [text for text in hand.texts() if text.endswith("checks passed.")]
    assert len(counted) == 2
    hand.click(next(n for n in hand.names_in("TH2 · Transfer") if n.startswith("Those that")))
    listed = hand.read(r"(?s)^(\d{4} · .+\n.+)$").splitlines()
    assert len(listed) == int(counted[0].split()[0])
    assert any(line.startswith("3005 · ") for line in listed)


def test_an_issuance_tells_its_rules_its_report_and_what_it_would_have_been(
    open_transaction: Open,
) -> None:
    _page, hand = open_transaction("auditor", "TH1")
    hand.click("Evidence")
    hand.read(r"^(Levy rate: 0\.05 for TER, valid .+)$")
    hand.read(r"^(Default expiry: \d+ for TER, valid .+)$")
    hand.read(r"^(SHA-256 a{16}…)$")
    hand.read(r"^(Kept elsewhere; its digest stands for it\.)$")
    hand.choose("Rule", "Levy rate")
    hand.fill("Its value", "0")
    assert hand.read(r"^(The levy would be .+)$") == "The levy would be 0 units instead of 500."


def test_the_message_to_the_counterpart_is_copied_and_saved(
    open_transaction: Open, surroundings: Surroundings, people: dict[str, Actor], tmp_path: Path
) -> None:
    ledger = surroundings.ledger
    act = ExternalTransfer(
        from_account=ledger.forest,
        unit_type="TER",
        quantity=20,
        registry="CH",
        account="CH-100-77-0-11",
    )
    _page, hand = open_transaction("officer", ledger.propose(act).identifier)
    hand.read(r"^(TH3 · External transfer)$")
    hand.click("Evidence")
    hand.click("Copy message")
    hand.read(r"^(The message is on the clipboard\.)$")
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("From registry TH to registry CH\nTransaction TH3, 3-0")
    file = tmp_path / "message.json"
    hand.click("Save message…")
    hand.save_as(str(file))
    hand.read(r"^(message\.json is saved\.)$")
    assert b'"transactionIdentifier":"TH3"' in file.read_bytes()


def test_a_transfer_is_rolled_back_by_an_administrator(
    open_transaction: Open, surroundings: Surroundings, people: dict[str, Actor], qtbot: QtBot
) -> None:
    page, hand = open_transaction("admin", "TH2")
    hand.click("Roll back…")
    hand.read(r"^(These blocks go back, as they stand now\.)$")
    hand.click("Propose rollback")
    hand.read(r"^(Say why the transfer is undone\.)$")
    hand.fill("Reason", "The wrong account was chosen")
    hand.click("Propose rollback")
    assert hand.read(r"^(TH\d+) is proposed") == "TH3"
    assert frozenset({"transactions", "holdings", "inbox"}) in surroundings.told
    approve(surroundings.ledger.registry, 3, people["approver"])
    page.enter("TH2")
    hand.read(r"^(Rolled back by)$")
    qtbot.waitUntil(lambda: "TH3" in hand.texts())
    assert hand.find("Roll back…", QAbstractButton) is None
    page.enter("TH3")
    hand.read(r"^(TH3 · Rollback)$")
    hand.read(r"^(Undoes)$")


def test_a_refused_rollback_says_which_serial_moved_on_and_keeps_the_reason(
    open_transaction: Open, surroundings: Surroundings
) -> None:
    ledger = surroundings.ledger
    page, hand = open_transaction("admin", "TH2")
    ledger.complete(ledger.transfer(10, from_account=ledger.green, to_account=ledger.forest))
    hand.click("Roll back…")
    assert "TH-TER-14-0042-2025--1-10" in hand.read(r"^(.*moved.*TH3.*)$")
    assert not hand.see("Propose rollback", QAbstractButton).isEnabled()
    hand.fill("Reason", "Wrong account")
    assert "Wrong account" in hand.see("Reason").toPlainText()
    hand.click("Cancel")
    assert page.message.title == ""


def test_a_rollback_refused_at_the_last_moment_keeps_the_reason(
    open_transaction: Open, surroundings: Surroundings, people: dict[str, Actor]
) -> None:
    ledger = surroundings.ledger
    _page, hand = open_transaction("admin", "TH2")
    hand.click("Roll back…")
    hand.read(r"^(These blocks go back, as they stand now\.)$")
    hand.fill("Reason", "Wrong account")
    other = Rollback(transaction="TH2", reason="First", unit_type="", quantity=0)
    propose(ledger.registry, other, people["admin2"])
    hand.click("Propose rollback")
    hand.read(r"^(Code.+)$")
    assert "Wrong account" in hand.see("Reason").toPlainText()
    hand.wait_for(
        lambda: not hand.see("Propose rollback", QAbstractButton).isEnabled(), "the act off"
    )
    hand.click("Cancel")


@pytest.mark.parametrize(
    ("user", "key"), [("officer", "TH2"), ("auditor", "TH2"), ("admin", "TH1")]
)
def test_a_rollback_is_offered_only_where_it_can_be(
    open_transaction: Open, user: str, key: str
) -> None:
    _page, hand = open_transaction(user, key)
    hand.read(rf"^({key} · .+)$")
    assert hand.find("Roll back…", QAbstractButton) is None
