"""A second click while an act runs: it is done once, and what came of it is always told."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import ConnectionLost
from app.services.listings.accounts import list_accounts
from app.services.listings.page import PageRequest
from app.services.registry.context import Actor
from app.services.trust import trusted_accounts
from app.services.trust.trusted_accounts import list_trusted, propose_trusted
from app.views.desk import Desk
from app.views.dialogs import propose_account
from app.views.dialogs.propose_account import ProposeAccountDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.accounts import AccountsPage
from app.views.presenters.account_proposal import propose_with_document
from app.views.presenters.one_request import OneRequest
from tests.views.pages.conftest import Surroundings


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_reason_is_acted_on_once_and_not_left_while_it_is(desk: Desk, qtbot: QtBot) -> None:
    may_end, acted, told = threading.Event(), [], []

    def work(reason: str) -> None:
        acted.append(reason)
        may_end.wait(20)

    dialog = ReasonDialog(
        desk,
        title="Suspend",
        sentence="It will be suspended.",
        act_key="common.retry",
        work=work,
        done=lambda: told.append(True),
    )
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.reason.entry.set_value("Order 4")
    click(dialog.act)
    click(dialog.act)
    dialog._run()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not dialog.act.isEnabled()
    may_end.set()
    qtbot.waitUntil(lambda: told == [True])
    assert (acted, dialog.isVisible()) == (["Order 4"], False)


def test_a_refused_reason_can_be_mended(desk: Desk, qtbot: QtBot) -> None:
    def work(_reason: str) -> None:
        raise ConnectionLost("cut", hint="Try again.")

    dialog = ReasonDialog(
        desk, title="x", sentence="y", act_key="common.retry", work=work, done=lambda: None
    )
    qtbot.addWidget(dialog)
    dialog.show()
    click(dialog.act)
    qtbot.waitUntil(dialog.act.isEnabled)
    assert dialog.message.title == "cut"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_trust_is_approved_once_however_often_it_is_clicked(
    surroundings: Surroundings,
    people: dict[str, Actor],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger, calls, may_end = surroundings.ledger, [], threading.Event()
    approve = trusted_accounts.approve_trusted

    def slowly(*values: object) -> object:
        calls.append(values)
        may_end.wait(20)
        return approve(*values)  # type: ignore[arg-type]

    monkeypatch.setattr("app.views.presenters.trusted.approve_trusted", slowly)
    propose_trusted(ledger.registry, people["officer"], ledger.forest, ledger.green)
    page = AccountsPage(surroundings.context(people["approver"]))
    qtbot.addWidget(page)
    page.show()
    page.enter(ledger.forest)

    def buttons() -> list[QPushButton]:
        return [each for each in page.trusted.findChildren(QPushButton) if "Approve" in each.text()]

    qtbot.waitUntil(lambda: bool(buttons()))
    approving = buttons()[0]
    click(approving)
    click(approving)
    assert not approving.isEnabled()
    may_end.set()
    qtbot.waitUntil(
        lambda: [row.state for row in list_trusted(ledger.registry, ledger.forest)] == ["approved"]
    )
    qtbot.waitUntil(lambda: not surroundings.desk.tasks.open_tasks)
    assert len(calls) == 1
    assert page.trusted.message.title


def test_an_account_whose_answer_was_cut_off_is_proposed_once(
    surroundings: Surroundings,
    people: dict[str, Actor],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server did it, its answer did not come: the same click again finds the same account."""
    propose, numbers = propose_with_document, []

    def cut_off(*values: object, **options: object) -> str:
        number = propose(*values, **options)  # type: ignore[arg-type]
        numbers.append(number)
        if len(numbers) == 1:
            raise ConnectionLost("The answer was cut off.", hint="Try again.")
        return number

    monkeypatch.setattr(propose_account, "propose_with_document", cut_off)
    dialog = ProposeAccountDialog(surroundings.context(people["officer"]))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.form.set_values({"name_en": "Solar Village", "name_th": "หมู่บ้านแสงอาทิตย์"})
    click(dialog.form.act)
    qtbot.waitUntil(lambda: "cut off" in dialog.form.message.title)
    qtbot.waitUntil(dialog.form.act.isEnabled)
    with qtbot.waitSignal(dialog.proposed) as told:
        click(dialog.form.act)
    assert numbers == [told.args[0]] * 2
    rows = list_accounts(surroundings.ledger.registry, PageRequest(filter_text="Solar")).rows
    assert len(rows) == 1


def test_other_content_or_the_next_act_is_another_request() -> None:
    request = OneRequest()
    first = request.id_of({"name": "a"})
    assert request.id_of({"name": "a"}) == first
    assert request.id_of({"name": "b"}) != first
    kept = request.kept({})
    other = OneRequest()
    assert other.id_of({"name": "a"}) != first
    other.take(kept)
    assert other.id_of({"name": "a"}) == first
    other.take({})
    other.finish()
    assert other.id_of({"name": "a"}) != first
