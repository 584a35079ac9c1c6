"""Every act beyond issuance and transfer, played by mouse and keys on its visible form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.models.codes import AccountType
from app.services.registry.context import Actor
from app.services.transactions.acts import BufferHold, ExternalTransfer, Transfer
from app.views.components.page import Page
from app.views.pages.act_board import ActBoard
from app.views.pages.act_page import ActPage
from app.views.pages.buffer import BufferPage
from app.views.pages.cancellation import CancellationPage
from app.views.pages.context import PageContext
from app.views.pages.further_acts import FurtherActsPage
from app.views.walk import Hand
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk as Acts
from tests.views.pages.conftest import Surroundings

WHY = "Decided by the board"


@dataclass(frozen=True)
class Played:
    """One form: the act's name in the list, who proposes, and what is entered in which field."""

    name: str
    user: str
    choices: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    act: str = ""


OFFICER, ADMIN = "officer", "admin"
FURTHER = (
    Played(
        "Retirement",
        OFFICER,
        {"From account": "Ban Huai Sak"},
        {"Quantity": "100", "Beneficiary": "The State", "Purpose": "Period 1"},
        "retirement",
    ),
    Played("Carry-over", OFFICER, {"From account": "Ban Huai Sak"}, {"Quantity": "100"}),
    Played(
        "Expiry-date change",
        OFFICER,
        {"From account": "Ban Huai Sak"},
        {"Quantity": "100", "New expiry date": "2030-12-31", "Reason": WHY},
        "expiry-date change",
    ),
    Played(
        "External transfer",
        OFFICER,
        {"From account": "Ban Huai Sak"},
        {"Quantity": "100", "Registry": "CH", "Its account": "CH-100-77-0-11", "Reason": WHY},
        "external transfer",
    ),
    Played(
        "Corrective transfer",
        ADMIN,
        {"From account": "Green Thai", "To account": "Ban Huai Sak"},
        {"Quantity": "100", "Transaction to be put right": "TH2", "Reason": WHY},
        "corrective transfer",
    ),
    Played(
        "Closure transfer",
        ADMIN,
        {"From account": "Green Thai", "To account": "Ban Huai Sak"},
        {"Reason": WHY},
        "closure transfer",
    ),
)
BUFFER = (
    Played(
        "Deposit",
        ADMIN,
        {"From account": "Ban Huai Sak", "To account": "T-VER"},
        {"Quantity": "10", "Reason": WHY},
        "deposit",
    ),
    Played("Hold", ADMIN, {"From account": "T-VER"}, {"Quantity": "10", "Reason": WHY}, "hold"),
    Played(
        "Return",
        ADMIN,
        {"From account": "TH-902", "To account": "T-VER"},
        {"Quantity": "10", "Reason": WHY},
        "return",
    ),
    Played(
        "Release",
        ADMIN,
        {"From account": "T-VER", "To account": "Ban Huai Sak"},
        {"Quantity": "10", "Reason": WHY},
        "release",
    ),
    Played(
        "Cancel against a reversal",
        ADMIN,
        {"From account": "T-VER", "Project whose removals were reversed": "0042"},
        {"Quantity": "10", "Report that found it": "MR-7", "Reason": WHY},
        "cancellation against the reversal",
    ),
    Played(
        "Compensate an over-issuance",
        ADMIN,
        {"From account": "Ban Huai Sak"},
        {"Quantity": "10", "Issuance that was too large": "TH1", "Reason": WHY},
        "compensation",
    ),
)


@pytest.fixture
def acts(surroundings: Surroundings, people: dict[str, Actor], clock: FrozenClock) -> Acts:
    """TH1 issued 10,000, TH2 moved 1,000 to `green`, TH3 holds 50 of the buffer aside."""
    ledger = surroundings.ledger
    made = Acts(ledger, people, clock)
    made.complete(ledger.issuance(10_000))
    made.complete(ledger.transfer(1_000))
    pool = made.built_in(AccountType.BUFFER, "T-VER")
    hold = BufferHold(from_account=pool, unit_type="TER", quantity=50, reason=WHY)
    made.complete(hold, "admin")
    return made


Open = Callable[[Callable[[PageContext], Page], str], tuple[Page, Hand]]


@pytest.fixture
def open_page(surroundings: Surroundings, people: dict[str, Actor], qtbot: QtBot) -> Open:
    def make(kind: Callable[[PageContext], Page], user: str) -> tuple[Page, Hand]:
        page = kind(surroundings.context(people[user]))
        qtbot.addWidget(page)
        page.resize(1400, 860)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.enter()
        hand = Hand(10)
        settle(surroundings, qtbot)
        return page, hand

    return make


def settle(surroundings: Surroundings, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)


def play(hand: Hand, played: Played) -> None:
    hand.click(played.name)
    for name, words in played.choices.items():
        hand.choose(name, words)
    hand.wait_for(lambda: hand.see("Unit type", QComboBox).currentText(), "the unit type")
    for name, text in played.texts.items():
        hand.fill(name, text)
    hand.press(Qt.Key.Key_Tab)


def current(board: Page) -> ActPage:
    assert isinstance(board, ActBoard)
    page = board.page(board.current)
    assert isinstance(page, ActPage)
    return page


@pytest.mark.parametrize(
    "played", [each for each in FURTHER if each.act], ids=lambda each: each.name
)
def test_a_further_act_is_proposed_from_its_form(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot, played: Played
) -> None:
    board, hand = open_page(FurtherActsPage, played.user)
    play(hand, played)
    hand.read(r"^(From, after|Account, after)$")
    hand.click(f"Propose {played.act}")
    assert hand.read(r"^(TH\d+) is proposed") == "TH4"
    settle(surroundings, qtbot)
    assert current(board).form.values()["quantity"] == ""


@pytest.mark.parametrize("played", BUFFER, ids=lambda each: each.name)
def test_an_act_of_the_buffer_is_proposed_from_its_form(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot, played: Played
) -> None:
    _board, hand = open_page(BufferPage, played.user)
    play(hand, played)
    hand.read(r"^(From, after)$")
    hand.click(f"Propose {played.act}")
    assert hand.read(r"^(TH\d+) is proposed") == "TH4"
    settle(surroundings, qtbot)


def test_a_refused_proposal_keeps_what_was_typed(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    board, hand = open_page(FurtherActsPage, OFFICER)
    play(hand, FURTHER[1])
    page = current(board)
    typed = page.form.values()
    qtbot.waitUntil(lambda: bool(page.form.checks.summary.lines))
    hand.click("Propose carry-over")
    settle(surroundings, qtbot)
    assert page.form.values() == typed
    assert page.form.act.isEnabled()
    assert page.form.checks.summary.lines[0].code
    assert "is proposed" not in page.message.title


def test_units_of_another_registry_come_in_by_their_serial_numbers(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    acts.project("CDM", "7014")
    _board, hand = open_page(FurtherActsPage, OFFICER)
    hand.click("Acquisition")
    settle(surroundings, qtbot)
    hand.fill("Registry", "RW")
    hand.fill("Transaction in its records", "RW1")
    hand.choose("Project there", "7014")
    hand.choose("Unit type", "CER ·")
    hand.fill("Serial numbers received", "RW-5-1-2-2-0-7014 - RW-5-100-2-2-0-7014")
    hand.choose("To account", "Green Thai")
    hand.read(r"^(The units come in with their own serial numbers\.)$")
    assert hand.see("Quantity", QLineEdit).text() == "100"
    hand.click("Propose acquisition")
    assert hand.read(r"^(TH\d+) is proposed") == "TH4"
    settle(surroundings, qtbot)


def test_lasting_units_take_the_place_of_temporary_ones(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    acts.project("CDM", "7014")
    acts.receive("CER")
    acts.receive("tCER", 1, 50)
    _board, hand = open_page(FurtherActsPage, OFFICER)
    hand.click("Replacement")
    hand.choose("From account", "Ban Huai Sak")
    hand.choose("Unit type", "CER ·")
    hand.fill("Quantity", "50")
    hand.choose("What is replaced, and why", "tCER that expire")
    hand.fill("Serial numbers to be replaced", "RW-6-1-2-2-0-7014 - RW-6-50-2-2-0-7014")
    hand.read(r"^(50 units named are replaced; .+)$")
    hand.click("Propose replacement")
    assert hand.read(r"^(TH\d+) is proposed") == "TH6"
    settle(surroundings, qtbot)


def test_what_a_role_may_not_propose_says_who_does(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    board, hand = open_page(BufferPage, OFFICER)
    hand.read(r"^(A registry administrator proposes the acts of the buffer; .+)$")
    hand.click("Hold")
    settle(surroundings, qtbot)
    page = current(board)
    assert not page.form.act.isEnabled()
    assert page.form.act.toolTip() == (
        "Only a registry administrator proposes; you are a registry officer."
    )


def test_a_buffer_opens_its_act_with_the_account_filled_in(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    board, hand = open_page(BufferPage, ADMIN)
    hand.click_row("Buffers", "T-VER")
    hand.click("Release…")
    settle(surroundings, qtbot)
    assert current(board).form.values()["from"] == acts.built_in(AccountType.BUFFER, "T-VER")
    qtbot.waitUntil(lambda: current(board).form.values()["unit_type"] == "TER")


def test_a_narrow_page_offers_the_acts_in_one_field(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    board, hand = open_page(FurtherActsPage, OFFICER)
    board.resize(830, 640)
    qtbot.waitUntil(lambda: hand.find("Retirement", QAbstractButton) is None)
    hand.choose("Further acts", "External")
    settle(surroundings, qtbot)
    assert isinstance(board, ActBoard)
    assert board.current == "external-transfer"


@pytest.mark.parametrize(
    ("kind", "words"),
    [("corrective", "Corrective"), ("non-compliance", "Non-compliance")],
)
def test_a_cancellation_of_another_kind_is_proposed(
    acts: Acts,
    open_page: Open,
    surroundings: Surroundings,
    qtbot: QtBot,
    kind: str,
    words: str,
) -> None:
    page, hand = open_page(CancellationPage, OFFICER)
    assert isinstance(page, CancellationPage)
    hand.choose("Kind of cancellation", words)
    hand.choose("From account", "Ban Huai Sak")
    hand.wait_for(lambda: page.form.values()["unit_type"], "the unit type")
    assert hand.find("Beneficiary", QWidget) is None
    hand.fill("Quantity", "10")
    hand.fill("Purpose", WHY)
    hand.read(r"^(Cancelled, after)$")
    assert page.form.values()["kind"] == kind
    hand.click("Propose cancellation")
    settle(surroundings, qtbot)
    assert page.message.title.startswith("TH4 is proposed")


def test_an_administrator_cancels_mandatorily_and_nothing_else(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    page, hand = open_page(CancellationPage, ADMIN)
    assert isinstance(page, CancellationPage)
    assert not page.form.act.isEnabled()
    hand.choose("Kind of cancellation", "Mandatory")
    qtbot.waitUntil(page.form.act.isEnabled)


def test_under_another_rule_tells_what_would_be_otherwise(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    board, hand = open_page(FurtherActsPage, OFFICER)
    play(hand, FURTHER[3])
    hand.click("Under another rule…")
    hand.choose("Rule", "Maximum transfer")
    hand.fill("Its value", "5")
    assert "would be refused" in hand.read(r"^(It would be refused .+)$")
    hand.fill("Its value", "half")
    hand.read(r"^(“half” cannot be its value\..+)$")
    settle(surroundings, qtbot)
    assert current(board).supposing.supposing.differences is None


def test_the_draft_of_each_act_is_its_own(
    acts: Acts, open_page: Open, surroundings: Surroundings, qtbot: QtBot
) -> None:
    board, hand = open_page(FurtherActsPage, OFFICER)
    play(hand, FURTHER[0])
    drafts = current(board).context.drafts
    qtbot.waitUntil(lambda: drafts.load("retirement").get("quantity") == "100", timeout=5_000)
    assert drafts.load("carry-over") == {}
    settle(surroundings, qtbot)
    assert {ExternalTransfer.name, Transfer.name} & set(drafts.load("retirement")) == set()
