"""The window before any registry is open, by keys and mouse, and the desk's way back to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.services.desk_memory import DeskMemory, recall, remember
from app.views.desk_shell import DeskShell
from app.views.dialogs.enrolment import EnrolmentDialog
from app.views.presenters.welcome import WelcomePresenter
from app.views.theme.theme import ThemeMode
from app.views.welcome_window import WelcomeWindow


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "desk.json"


@pytest.fixture
def demo(demo_registry_path: Path) -> Path:
    return demo_registry_path


@pytest.fixture
def shell(qapp: QApplication, memory: Path, demo: Path) -> Iterator[DeskShell]:
    made = DeskShell(qapp, WelcomePresenter(memory, demo), language="en")
    yield made
    made.shut_down()


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def welcome(shell: DeskShell) -> WelcomeWindow:
    assert shell.welcome is not None
    return shell.welcome


def wait_for_sign_in(shell: DeskShell, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: shell.assembly is not None and shell.assembly.sign_in_window is not None
    )
    assert shell.welcome is None


def test_the_demonstration_is_one_key_away_and_remembered(
    shell: DeskShell, qtbot: QtBot, memory: Path, demo: Path
) -> None:
    shell.start(None)
    window = welcome(shell)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.ways.buttons["open"])
    for name in ("server", "create", "demo"):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is window.ways.buttons[name]
    QTest.keyClick(window.ways.buttons["demo"], Qt.Key.Key_Return)
    assert not window.ways.isEnabled()
    wait_for_sign_in(shell, qtbot)
    assert recall(memory).recent == (str(demo),)


def test_back_to_the_choice_and_in_again_from_the_list(
    shell: DeskShell, qtbot: QtBot, demo: Path
) -> None:
    shell.start(demo)
    wait_for_sign_in(shell, qtbot)
    assert shell.assembly is not None
    assert shell.assembly.sign_in_window is not None
    panel = shell.assembly.sign_in_window.panel
    another = next(
        button for button in panel.findChildren(QPushButton) if "Another" in button.text()
    )
    click(another)
    assert [shell.assembly] == [None]
    first = welcome(shell).recent.first()
    assert first is not None
    assert demo.name in first.accessibleName()
    click(first)
    wait_for_sign_in(shell, qtbot)


def test_what_cannot_be_opened_is_said_in_the_window(
    shell: DeskShell, qtbot: QtBot, tmp_path: Path
) -> None:
    shell.start(tmp_path / "missing.teak")
    window = welcome(shell)
    assert "missing.teak" in window.message.title
    window.open(str(tmp_path / "other.teak"))
    qtbot.waitUntil(lambda: "other.teak" in window.message.title)
    assert window.ways.isEnabled()


def test_a_server_is_asked_for_by_name(shell: DeskShell, qtbot: QtBot) -> None:
    shell.start(None)
    window = welcome(shell)
    click(window.ways.buttons["server"])
    click(window.server.act)
    assert window.server.problem_of("server")
    # Nothing listens there: a port of this machine that no server has.
    window.server.set_values({"server": "postgresql://127.0.0.1:1/teak?sslmode=disable"})
    click(window.server.act)
    qtbot.waitUntil(lambda: "There is no connection" in window.message.title, timeout=20_000)
    click(window.server.cancel)
    assert window.right.currentWidget() is window.ways
    assert window.message.isHidden()


def test_a_new_registry_is_made_and_its_administrator_enrolled(
    shell: DeskShell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.start(None)
    window = welcome(shell)
    path = tmp_path / "forest.teak"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    click(window.ways.buttons["create"])
    form = window.creation
    click(form.act)
    assert form.problem_of("registry_name")
    form.set_values(
        {
            "registry_name": "Forest Registry",
            "name": "Somsri Rakdee",
            "passphrase": "seven quiet elephants",
            "again": "seven quiet elephants",
        }
    )
    click(form.act)
    assert not form.act.isEnabled()
    qtbot.waitUntil(lambda: bool(window.findChildren(EnrolmentDialog)), timeout=30_000)
    dialog = window.findChild(EnrolmentDialog)
    assert form.values()["passphrase"] == ""
    assert dialog is not None
    dialog.done(EnrolmentDialog.DialogCode.Rejected)
    wait_for_sign_in(shell, qtbot)
    assert path.exists()


def test_one_taken_off_the_list_is_gone_next_time(qapp: QApplication, memory: Path) -> None:
    remember(memory, DeskMemory(recent=("/x/a.teak", "/x/b.teak")))
    made = DeskShell(qapp, WelcomePresenter(memory, Path("/x")), language="en")
    made.start(None)
    window = welcome(made)
    window.recent.removed.emit("/x/a.teak")
    assert [opener.toolTip() for opener in window.recent.openers] == ["/x/b.teak"]
    assert recall(memory).recent == ("/x/b.teak",)
    made.shut_down()


def test_language_and_colours_are_there_at_the_next_start(
    qapp: QApplication, memory: Path, demo: Path
) -> None:
    first = DeskShell(qapp, WelcomePresenter(memory, demo), language="en")
    first.start(None)
    welcome(first)._desk.language.set_code("th")
    welcome(first)._desk.theme.set_mode(ThemeMode.DARK)
    first.shut_down()
    second = DeskShell(qapp, WelcomePresenter(memory, demo), language="en")
    second.start(None)
    desk = welcome(second)._desk
    assert (desk.language.code, desk.theme.mode) == ("th", ThemeMode.DARK)
    assert "เปิดไฟล์ทะเบียน" in welcome(second).ways.buttons["open"].accessibleName()
    desk.theme.set_mode(ThemeMode.LIGHT)
    second.shut_down()
