from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.models.codes import AccountState
from app.services.accounts import change_account
from app.services.registry.context import Actor
from app.services.transactions.proposing import withdraw
from app.views.components.empty_state import EmptyState
from app.views.pages.inbox import InboxPage
from tests.fixtures.registries import FrozenClock
from tests.views.pages.conftest import Surroundings

Open = Callable[[Actor, str], InboxPage]


@pytest.fixture
def open_inbox(surroundings: Surroundings, shown: Callable[[QWidget], None], qtbot: QtBot) -> Open:
    def make(actor: Actor, target: str = "") -> InboxPage:
        page = InboxPage(surroundings.context(actor))
        shown(page)
        page.enter(target)
        qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)
        return page

    return make


@pytest.fixture
def proposed(surroundings: Surroundings, clock: FrozenClock) -> Surroundings:
    """Two transfers and a cancellation await: TH2, TH3, TH4."""
    ledger = surroundings.ledger
    ledger.complete(ledger.issuance(10_000))
    for act in (ledger.transfer(100), ledger.transfer(200), ledger.cancellation(300)):
        clock.advance(minutes=1)
        ledger.propose(act)
    return surroundings


def title(page: InboxPage) -> str:
    return page.detail.accessibleName()


def _stands(page: InboxPage, key: str) -> bool:
    return key in title(page) and page.detail.approve.isEnabled()


def _is_said(page: InboxPage, words: str) -> bool:
    return page.message.title.startswith(words)


def test_an_empty_inbox_says_so(surroundings: Surroundings, open_inbox: Open) -> None:
    page = open_inbox(surroundings.ledger.approver, "")
    (empty,) = (each for each in page.table.findChildren(EmptyState) if each.isVisible())
    assert "Nothing awaits you" in [label.text() for label in empty.findChildren(QLabel)]
    assert not page.detail.isVisible()


def test_the_first_is_shown_at_once_with_what_it_would_do(
    proposed: Surroundings, open_inbox: Open
) -> None:
    page = open_inbox(proposed.ledger.approver, "")
    assert title(page) == "Transfer · TH2"
    assert page.detail.approve.isVisible()
    assert not page.detail.withdraw.isVisible()
    outcome = page.detail.panel.outcome
    assert outcome is not None
    assert [line.moves for line in outcome.lines] == [100]


def test_a_target_is_chosen(proposed: Surroundings, open_inbox: Open, qtbot: QtBot) -> None:
    page = open_inbox(proposed.ledger.approver, "TH4")
    qtbot.waitUntil(lambda: title(page) == "Cancellation · TH4")


def test_approving_says_what_changed_and_goes_on_to_the_next(
    proposed: Surroundings, open_inbox: Open, qtbot: QtBot
) -> None:
    page = open_inbox(proposed.ledger.approver, "")
    QTest.mouseDClick(page.detail.approve, Qt.MouseButton.LeftButton)
    page.detail.approve.click()
    qtbot.waitUntil(lambda: title(page) == "Transfer · TH3")
    assert page.message.title.startswith("TH2 is completed: 100 TER moved to")
    assert page.table.model.known_rows == 2
    assert proposed.ledger.holding(proposed.ledger.green) == (100, 0)
    assert frozenset({"transactions", "holdings", "inbox"}) in proposed.told


def test_a_rejection_waits_for_its_comment(
    proposed: Surroundings, open_inbox: Open, qtbot: QtBot
) -> None:
    page = open_inbox(proposed.ledger.approver, "")
    page.detail.reject.click()
    assert "needs a comment" in page.detail.comment.problem
    QTest.keyClicks(page.detail.comment.entry.control, "Wrong account")
    assert page.detail.comment.problem == ""
    page.detail.reject.click()
    qtbot.waitUntil(lambda: title(page) == "Transfer · TH3")
    assert page.message.title.startswith("TH2 is rejected")
    assert page.detail.comment.entry.value() == ""


def test_the_last_decision_leaves_an_empty_inbox(
    proposed: Surroundings, open_inbox: Open, qtbot: QtBot
) -> None:
    page = open_inbox(proposed.ledger.approver, "")
    for key in ("TH2", "TH3", "TH4"):
        qtbot.waitUntil(partial(_stands, page, key))
        page.detail.approve.click()
        qtbot.waitUntil(partial(_is_said, page, f"{key} is completed"))
    qtbot.waitUntil(lambda: not page.detail.isVisible())


def test_the_proposer_sees_their_own_and_withdraws(
    proposed: Surroundings, open_inbox: Open, qtbot: QtBot
) -> None:
    page = open_inbox(proposed.ledger.officer, "")
    assert page.detail.withdraw.isVisible()
    assert not page.detail.approve.isVisible()
    assert not page.detail.reject.isVisible()
    page.detail.withdraw.click()
    qtbot.waitUntil(lambda: page.message.title.startswith("TH2 is withdrawn"))


def test_what_somebody_else_decided_first_is_refused_and_told(
    proposed: Surroundings, open_inbox: Open, qtbot: QtBot
) -> None:
    page = open_inbox(proposed.ledger.approver, "")
    withdraw(proposed.ledger.registry, 2, proposed.ledger.officer)
    page.detail.approve.click()
    qtbot.waitUntil(lambda: "has ended already" in page.message.title)
    qtbot.waitUntil(lambda: title(page) == "Transfer · TH3")


def test_a_rule_that_broke_meanwhile_is_told_in_words(
    proposed: Surroundings, open_inbox: Open, people: dict[str, Actor], qtbot: QtBot
) -> None:
    page, ledger = open_inbox(proposed.ledger.approver, ""), proposed.ledger
    change_account(
        ledger.registry, people["admin"], ledger.green, AccountState.SUSPENDED, reason="A case"
    )
    page.detail.approve.click()
    qtbot.waitUntil(lambda: page.message.title.startswith("TH2 is terminated"))
    assert ledger.green in page.message.accessibleName()
    assert "suspended" in page.message.accessibleName()


def test_thai_is_spoken_at_once(proposed: Surroundings, open_inbox: Open) -> None:
    page = open_inbox(proposed.ledger.approver, "")
    proposed.desk.language.set_code("th")
    assert title(page) == "การโอน · TH2"
    assert page.detail.approve.accessibleName() == "อนุมัติ"
