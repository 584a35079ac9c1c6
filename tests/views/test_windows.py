from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.models.errors import SignInRefused
from app.views.components.detail_pane import Detail, DetailPane
from app.views.components.page import Page
from app.views.components.timeline import Timeline, TimelineEntry
from app.views.desk import Desk
from app.views.dialogs.error_dialogs import CrashDialog, ProblemDialog
from app.views.frame.navigation import PageEntry
from app.views.frame.search_box import SearchHit
from app.views.frame.top_bar import Person
from app.views.idle_lock import LONGEST_IDLE_S, SHORTEST_IDLE_S, IdleLock
from app.views.main_window import MainWindow
from app.views.sign_in_window import DemoPerson, SignInPanel, SignInWindow
from app.views.tasks import TaskControl
from app.views.theme.tokens import Tone


class Notebook(Page):
    """A page that remembers what was asked of it."""

    shows = frozenset({"holdings"})

    def __init__(self, desk: Desk, made: list[str], key: str) -> None:
        super().__init__(desk, "table.columns", "table.filter")
        made.append(key)
        self.entered: list[str] = []
        self.refreshed = 0
        self.line = QLineEdit()
        self.body.addWidget(self.line)

    def enter(self, target: str = "") -> None:
        self.entered.append(target)

    def refresh(self) -> None:
        self.refreshed += 1


@pytest.fixture
def lock(qapp: QApplication) -> Iterator[IdleLock]:
    made = IdleLock(qapp)
    yield made
    made.stop()
    qapp.removeEventFilter(made)


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def window(desk: Desk, qtbot: QtBot, made: list[str], lock: IdleLock) -> MainWindow:
    def entry(key: str, group: str) -> PageEntry:
        return PageEntry(key, "table.columns", "inbox", group, lambda: Notebook(desk, made, key))

    def search(words: str) -> list[SearchHit]:
        return [SearchHit("second", f"{words}-1", "TH-100", "an account")]

    entries = (entry("first", "form.outcome"), entry("second", "checks.title"))
    opened = MainWindow(
        desk, entries, person=Person("officer 1", "sign_in.user"), search=search, lock=lock
    )
    qtbot.addWidget(opened)
    opened.show()
    return opened


def notebook(window: MainWindow, key: str) -> Notebook:
    page = window.page(key)
    assert isinstance(page, Notebook)
    return page


def test_pages_are_made_when_first_shown(window: MainWindow, made: list[str]) -> None:
    assert made == ["first"]
    window.navigation.chosen.emit("second")
    assert made == ["first", "second"]
    window.show_page("first")
    window.show_page("second", "TH-1")
    assert made == ["first", "second"]
    assert notebook(window, "second").entered == ["", "TH-1"]


def test_a_change_refreshes_the_open_page_now_and_others_when_shown(
    desk: Desk, window: MainWindow
) -> None:
    window.show_page("second")
    window.show_page("first")
    desk.changes.tell("holdings")
    desk.changes.tell("people")
    assert notebook(window, "first").refreshed == 1
    assert notebook(window, "second").refreshed == 0
    window.show_page("second")
    assert notebook(window, "second").refreshed == 1


def test_search_goes_to_what_was_found(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    line = window.top_bar.search.line
    QTest.keyClicks(line, "TH")
    qtbot.waitUntil(lambda: window.top_bar.search.list.count() == 1)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert window.current_key == "second"
    assert notebook(window, "second").entered == ["TH-1"]


def test_counts_stand_beside_the_pages(window: MainWindow) -> None:
    window.set_count("second", 1200)
    button = window.navigation._buttons["second"]
    assert button._badge.text() == "1,200"
    assert button.accessibleName() == "Choose columns, 1,200"
    window.set_count("second", 0)
    assert not button._badge.isVisible()


def test_locking_covers_the_desk_and_keeps_what_was_typed(desk: Desk, window: MainWindow) -> None:
    notebook(window, "first").line.setText("Sale contract")
    panel = SignInPanel(desk, lambda *parts: parts, locked_user="officer 1")
    window.cover(panel)
    assert window.is_covered
    assert not window.page("first").isVisible()
    assert panel.isVisible()
    window.uncover()
    assert window.page("first").isVisible()
    assert notebook(window, "first").line.text() == "Sale contract"


def test_locking_puts_open_dialogs_away_and_brings_them_back(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    dialog = QDialog(window)
    typed = QLineEdit(dialog)
    dialog.open()
    typed.setText("a new secret")
    window.cover(SignInPanel(desk, lambda *parts: parts, locked_user="officer 1"))
    assert not dialog.isVisible()
    assert QApplication.activeModalWidget() is None
    window.uncover()
    assert dialog.isVisible()
    assert typed.text() == "a new secret"
    dialog.close()


def test_an_error_waits_until_the_desk_is_unlocked(
    desk: Desk, window: MainWindow, qtbot: QtBot
) -> None:
    window.cover(SignInPanel(desk, lambda *parts: parts, locked_user="officer 1"))
    window.errors.show_problem(SignInRefused("The units of TH12 cannot be read."))
    assert QApplication.activeModalWidget() is None
    window.uncover()
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, ProblemDialog)
    shown.close()


def test_status_line_tells_the_state(desk: Desk, window: MainWindow) -> None:
    line = window.status_line
    line.show_database("registry.example.th")
    line.show_verification(datetime(2026, 11, 21, 9, 12, tzinfo=UTC), entries=1_204_331)
    line.show_lock(581)
    assert line._database.text() == "registry.example.th · encrypted"
    assert line._verification.text().endswith("1,204,331 entries")
    assert line._lock.text() == "locks in 9:41"
    line.show_database("registry.example.th", connected=False)
    assert line._database.text() == "registry.example.th · not connected"


def test_status_line_shows_work_and_stops_it(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    line = window.status_line

    def work(control: TaskControl) -> None:
        for number in range(10**7):
            control.progress(number, 10**7)

    desk.tasks.run_long(work, title="Exporting")
    qtbot.waitUntil(line._bar.isVisible)
    assert line._work.text() == "Exporting"
    with qtbot.waitSignal(desk.tasks.ended):
        line._stop.click()
    assert not line._bar.isVisible()


def test_errors_nobody_answers_are_shown(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    def refuse() -> None:
        raise SignInRefused("It is refused.", hint="Ask an administrator.")

    with qtbot.waitSignal(desk.tasks.failed):
        desk.tasks.run(refuse)
    dialog = window.findChild(ProblemDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.accept()
    window.errors.show_crash(ZeroDivisionError("a bug"))
    crash = window.findChild(CrashDialog)
    assert crash is not None
    assert "ZeroDivisionError: a bug" in crash._report
    crash.accept()


def test_every_control_says_its_name(desk: Desk, window: MainWindow) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox)
    shown = [each for kind in kinds for each in window.findChildren(kind) if each.isVisible()]
    page_line = notebook(window, "first").line
    nameless = [each for each in shown if not each.accessibleName() and each is not page_line]
    clear_buttons = [each for each in nameless if isinstance(each.parent(), QLineEdit)]
    assert [each for each in nameless if each not in clear_buttons] == []
    assert len(shown) > 10


def test_keyboard_walks_through_the_window(window: MainWindow) -> None:
    window.activateWindow()
    seen: list[QWidget | None] = []
    window.top_bar.search.line.setFocus()
    for _ in range(40):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        seen.append(window.focusWidget())
    assert notebook(window, "first").line in seen
    first, second = (window.navigation._buttons[key] for key in ("first", "second"))
    assert first in seen, "Tab enters the group of pages at the page that is shown"
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert window.focusWidget() is second
    QTest.keyClick(second, Qt.Key.Key_Return)
    assert window.current_key == "second"
    assert window.top_bar.search.line in seen, "and comes back to where it began"


def test_idle_lock_cannot_be_lengthened(lock: IdleLock) -> None:
    lock.set_idle(LONGEST_IDLE_S * 10)
    assert lock.idle_s == LONGEST_IDLE_S
    lock.set_idle(0)
    assert lock.idle_s == SHORTEST_IDLE_S
    lock.set_idle(120)
    assert lock.idle_s == 120


def test_idle_lock_counts_down_and_locks(lock: IdleLock, qtbot: QtBot) -> None:
    lock.set_idle(SHORTEST_IDLE_S)
    lock.start()
    lock._touched_at -= 20
    with qtbot.waitSignal(lock.ticked) as told:
        lock.check_idle()
    assert told.args == [SHORTEST_IDLE_S - 20]
    lock._touched_at -= SHORTEST_IDLE_S
    with qtbot.waitSignal(lock.locked):
        lock.check_idle()
    assert not lock.is_running


def test_a_key_anywhere_winds_the_clock_up(window: MainWindow, lock: IdleLock) -> None:
    lock.start()
    lock._touched_at -= 300
    assert lock.left_s() <= LONGEST_IDLE_S - 299
    QTest.keyClick(notebook(window, "first").line, Qt.Key.Key_A)
    assert lock.left_s() == LONGEST_IDLE_S


def test_sign_in_hands_over_what_was_entered(desk: Desk, qtbot: QtBot) -> None:
    window = SignInWindow(desk, lambda *parts: (parts, threading.get_ident()))
    qtbot.addWidget(window)
    window.show()
    panel = window.panel
    QTest.keyClicks(panel.user.entry.control, "officer1")
    QTest.keyClicks(panel.passphrase.entry.control, "correct horse")
    QTest.keyClicks(panel.code.entry.control, "483 920")
    with qtbot.waitSignal(panel.signed_in) as told:
        QTest.keyClick(panel.code.entry.control, Qt.Key.Key_Return)
    parts, thread = told.args[0]
    assert parts == ("officer1", "correct horse", "483920")
    assert thread != threading.get_ident()
    assert panel.passphrase.entry.value() == ""


def test_refused_sign_in_says_so_and_forgets_the_secrets(desk: Desk, qtbot: QtBot) -> None:
    def refuse(*parts: str) -> None:
        raise SignInRefused("Name, passphrase or code is not right.")

    panel = SignInPanel(desk, refuse)
    qtbot.addWidget(panel)
    panel.show()
    for field, text in ((panel.user, "officer1"), (panel.passphrase, "x"), (panel.code, "1")):
        field.entry.set_value(text)
    panel.submit()
    qtbot.waitUntil(panel.message.isVisible)
    qtbot.waitUntil(panel.act.isEnabled)
    assert panel.user.entry.value() == "officer1"
    assert panel.passphrase.entry.value() == ""


def test_unlocking_is_for_the_same_person_only(desk: Desk, qtbot: QtBot) -> None:
    panel = SignInPanel(desk, lambda *parts: parts, locked_user="officer 1")
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.user.isVisible()
    panel.fill(DemoPerson("approver 1", "", "sign_in.user", "pp", "123456", 9))
    with qtbot.waitSignal(panel.signed_in) as told:
        panel.submit()
    assert told.args[0] == ("officer 1", "pp", "123456")


def test_demo_people_fill_the_fields_with_the_code_that_holds_now(desk: Desk, qtbot: QtBot) -> None:
    codes = iter(["111111", "222222", "333333"])
    last = ["333333"]

    def people() -> list[DemoPerson]:
        return [DemoPerson("officer 1", "", "sign_in.user", "pp", next(codes, last[0]), 12)]

    window = SignInWindow(desk, lambda *parts: parts, demo_people=people)
    qtbot.addWidget(window)
    window.show()
    demo = window.panel.demo
    assert demo is not None
    qtbot.waitUntil(lambda: "officer 1" in demo._rows)
    demo._rows["officer 1"].click()
    assert window.panel.code.entry.value() == "111111"
    demo.tick()
    qtbot.waitUntil(lambda: demo._rows["officer 1"].person.code != "111111")
    demo._rows["officer 1"].click()
    assert window.panel.code.entry.value() != "111111"


def test_detail_pane_shows_and_closes(desk: Desk, qtbot: QtBot) -> None:
    pane = DetailPane(desk)
    qtbot.addWidget(pane)
    assert pane.isHidden()
    pane.show_details("TH-100", [Detail("table.columns", "12")], chip="open", tone=Tone.LEAF)
    assert pane.isVisible()
    desk.language.set_code("th")
    assert pane._labels[0][0].text() == "เลือกคอลัมน์"
    with qtbot.waitSignal(pane.closed):
        pane.clear()


def test_timeline_tells_its_steps(desk: Desk, qtbot: QtBot) -> None:
    timeline = Timeline(desk)
    qtbot.addWidget(timeline)
    moment = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    timeline.show_entries(
        [TimelineEntry(moment, "Approved", "approver 1"), TimelineEntry(moment, "Proposed")]
    )
    timeline.show()
    names = [
        each.accessibleName() for each in timeline.findChildren(QWidget) if each.accessibleName()
    ]
    assert names[0].endswith("Approved approver 1")
    assert names[1].endswith("Proposed")
