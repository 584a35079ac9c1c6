from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.services.listings.page import PageRequest
from app.services.listings.transactions import list_transactions
from app.services.registry.context import Actor
from app.views.components.checks_panel import CheckState
from app.views.pages.block_picker import BlockPicker
from app.views.pages.cancellation import CancellationPage
from app.views.pages.transfer import TransferPage
from tests.views.pages.conftest import Surroundings

Show = Callable[[QWidget], None]


@pytest.fixture
def page(surroundings: Surroundings, shown: Show, qtbot: QtBot) -> TransferPage:
    ledger = surroundings.ledger
    ledger.complete(ledger.issuance(10_000))
    made = TransferPage(surroundings.context(ledger.officer))
    shown(made)
    made.enter()
    qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)
    return made


def type_into(page: TransferPage, key: str, text: str) -> None:
    control = page.form.field(key).control
    control.setFocus()
    if isinstance(control, QComboBox):
        edit = control.lineEdit()
        assert edit is not None
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
    else:
        if isinstance(control, QLineEdit | QPlainTextEdit):
            control.selectAll()
        QTest.keyClicks(control, text)


def fill(page: TransferPage, surroundings: Surroundings, qtbot: QtBot, quantity: str) -> None:
    type_into(page, "from", surroundings.ledger.forest)
    qtbot.waitUntil(lambda: page.form.values()["unit_type"] == "TER")
    type_into(page, "to", surroundings.ledger.green)
    type_into(page, "quantity", quantity)
    qtbot.waitUntil(lambda: page.panel.outcome is not None)


def transactions(surroundings: Surroundings) -> int:
    return len(list_transactions(surroundings.ledger.registry, PageRequest()).rows)


def test_what_will_happen_stands_there_while_one_types(
    page: TransferPage, surroundings: Surroundings, qtbot: QtBot
) -> None:
    fill(page, surroundings, qtbot, "2500")
    outcome = page.panel.outcome
    assert outcome is not None
    assert [line.moves for line in outcome.lines] == [2_500, None]
    assert page.panel.bar.accessibleDescription() == "2,500 moves; 7,000 stay"
    qtbot.waitUntil(lambda: page.panel.table.model.known_rows == 2)
    assert page.form.checks.summary.passed > 20
    assert page.form.checks.summary.count(CheckState.FAILED) == 0


def test_a_failing_check_stands_at_its_field_and_in_the_panel(
    page: TransferPage, surroundings: Surroundings, qtbot: QtBot
) -> None:
    fill(page, surroundings, qtbot, "99999")
    qtbot.waitUntil(lambda: page.form.problem_of("quantity").startswith("3005"))
    assert "9,500 are free" in page.form.problem_of("quantity")
    assert [line.code for line in page.form.checks.summary.lines] == ["3005"]
    surroundings.desk.language.set_code("th")
    assert "มีหน่วยว่าง 9,500" in page.form.problem_of("quantity")
    assert "มีหน่วยว่าง" in page.form.checks.summary.lines[0].sentence


def test_proposing_twice_makes_one_transaction(
    page: TransferPage, surroundings: Surroundings, qtbot: QtBot
) -> None:
    fill(page, surroundings, qtbot, "2500")
    before = transactions(surroundings)
    QTest.mouseDClick(page.form.act, Qt.MouseButton.LeftButton)
    page.form.act.click()
    qtbot.waitUntil(lambda: "is proposed" in page.message.title)
    qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)
    assert transactions(surroundings) == before + 1
    assert page.form.values()["quantity"] == ""
    assert page.context.drafts.load("transfer") == {}
    assert page.panel.outcome is None
    assert frozenset({"transactions", "holdings", "inbox"}) in surroundings.told
    page.message.acted.emit()
    assert surroundings.opened == [("transactions", "TH2")]


def test_a_refusal_loses_nothing_that_was_typed(
    page: TransferPage, surroundings: Surroundings, qtbot: QtBot
) -> None:
    fill(page, surroundings, qtbot, "99999")
    typed = page.form.values()
    page.form.act.click()
    qtbot.waitUntil(page.form.act.isEnabled)
    assert page.form.values() == typed
    assert page.form.problem_of("quantity").startswith("3005")


def test_what_is_missing_is_asked_for_only_when_the_act_is(
    page: TransferPage, surroundings: Surroundings, qtbot: QtBot
) -> None:
    type_into(page, "quantity", "12")
    qtbot.wait(300)
    assert page.form.problem_of("from") == ""
    page.form.act.click()
    assert page.form.problem_of("from") == "Choose the account units leave."
    assert page.form.problem_of("to") == "Choose the account units enter."
    assert page.form.act.isEnabled()


def test_a_draft_comes_back_in_the_next_window(
    page: TransferPage, surroundings: Surroundings, shown: Show, qtbot: QtBot
) -> None:
    fill(page, surroundings, qtbot, "2500")
    drafts = page.context.drafts
    qtbot.waitUntil(lambda: drafts.load("transfer").get("quantity") == "2500")
    other = TransferPage(surroundings.context(surroundings.ledger.officer))
    shown(other)
    other.enter()
    qtbot.waitUntil(lambda: other.panel.outcome is not None)
    assert other.form.values() == page.form.values()


def test_cancel_empties_the_form_and_can_be_taken_back(
    page: TransferPage, surroundings: Surroundings, qtbot: QtBot
) -> None:
    fill(page, surroundings, qtbot, "2500")
    typed = page.form.values()
    page.form.cancel.click()
    assert page.form.values()["quantity"] == ""
    page.message.acted.emit()
    assert page.form.values() == typed


def test_blocks_are_picked_in_parts_by_keyboard(
    page: TransferPage, surroundings: Surroundings, qtbot: QtBot
) -> None:
    fill(page, surroundings, qtbot, "1")
    page.form.set_values({"choice": "pick"})
    page.open_picker()
    picker = page.findChild(BlockPicker)
    assert isinstance(picker, BlockPicker)
    qtbot.waitUntil(lambda: picker.table.model.known_rows == 1)
    picker.table.view.selectRow(0)
    QTest.keyClick(picker.table.view, Qt.Key.Key_Space)
    entries = [each for each in picker.findChildren(QLineEdit) if "number" in each.accessibleName()]
    first, last = entries
    for entry, text in ((first, "101"), (last, "200")):
        entry.selectAll()
        QTest.keyClicks(entry, text)
    picker.take.click()
    values = page.form.values()
    assert values["blocks"] == "TH-TER-14-0042-2025--101-200"
    assert values["quantity"] == "100"
    qtbot.waitUntil(
        lambda: (
            page.panel.outcome is not None
            and [line.moves for line in page.panel.outcome.lines] == [None, 100, None]
        )
    )


def test_others_may_look_and_are_told_why_they_cannot_propose(
    surroundings: Surroundings, people: dict[str, Actor], shown: Show
) -> None:
    page = TransferPage(surroundings.context(people["auditor"]))
    shown(page)
    assert not page.form.act.isEnabled()
    assert page.form.act.toolTip() == "Only a registry officer proposes; you are an auditor."
    surroundings.desk.language.set_code("th")
    assert "ผู้ตรวจสอบ" in page.form.act.toolTip()


def test_every_control_has_a_name_and_is_reached_by_tab(page: TransferPage) -> None:
    controls = [
        each
        for kind in (QAbstractButton, QComboBox, QPlainTextEdit)
        for each in page.findChildren(kind)
        if each.isVisible()
    ]
    assert controls
    for each in controls:
        assert each.accessibleName(), each
        assert each.focusPolicy() & Qt.FocusPolicy.TabFocus, each.accessibleName()


def test_a_cancellation_notes_what_its_certificate_will_lack(
    surroundings: Surroundings, shown: Show, qtbot: QtBot
) -> None:
    ledger = surroundings.ledger
    ledger.complete(ledger.issuance(10_000))
    page = CancellationPage(surroundings.context(ledger.officer))
    shown(page)
    page.enter(ledger.forest)
    qtbot.waitUntil(lambda: page.form.values()["unit_type"] == "TER")
    page.form.set_values({"quantity": "1204"})
    qtbot.waitUntil(lambda: page.form.checks.summary.count(CheckState.NOTE) == 2)
    page.form.act.click()
    qtbot.waitUntil(lambda: "is proposed" in page.message.title)
