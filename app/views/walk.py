"""A hand and an eye at the desk: plays real windows by mouse and keys, as a person would.

Owns finding what is visible by its accessible name, pointing, typing and waiting. Calls no
service, presenter or page: what it knows of the desk it sees. The demonstration without a
display and the journey test are told with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QTableView,
    QWidget,
)

WidgetT = TypeVar("WidgetT", bound=QWidget)
Found = TypeVar("Found")

_LONGEST_WAIT_S = 30.0
_STEP_MS = 25
_AFTER_ACT_MS = 40
_LOOKS_AT_OPTIONS = 12
_WHEEL_STEP = 120
_MOST_WHEEL_STEPS = 60


class NotSeen(Exception):
    """What was looked for did not come into sight."""


class Hand:
    """Acts on what is visible in the active window; every act waits until it is possible."""

    def __init__(self, longest_wait_s: float = _LONGEST_WAIT_S) -> None:
        self._longest_wait_s = longest_wait_s

    # Looking

    def window(self) -> QWidget:
        """Give the window in front: a dialog before the desk."""
        modal = QApplication.activeModalWidget()
        if modal is not None:
            return modal
        shown = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        windows = [each for each in shown if each.isWindow() and not isinstance(each, QMenu)]
        if not windows:
            raise NotSeen("no window is open")
        return windows[-1]

    def find(self, name: str, kind: type[WidgetT]) -> WidgetT | None:
        """Find a visible widget by its accessible name, or by its beginning before a comma."""
        for widget in self.window().findChildren(kind):
            if widget.isVisible() and name in (
                widget.accessibleName(),
                widget.accessibleName().partition(",")[0],
            ):
                return widget
        return None

    def see(self, name: str, kind: type[WidgetT] = QWidget) -> WidgetT:  # type: ignore[assignment]
        """Wait for a visible widget; raises NotSeen."""
        return self.wait_for(lambda: self.find(name, kind), f"{kind.__name__} “{name}”")

    def names_in(self, name: str) -> list[str]:
        """Read the names of the visible buttons inside a part of the window."""
        part: QWidget = self.see(name)
        buttons = part.findChildren(QAbstractButton)
        return [each.accessibleName().partition(",")[0] for each in buttons if each.isVisible()]

    def texts(self) -> list[str]:
        """Read every visible label."""
        labels = self.window().findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and label.text()]

    def read(self, pattern: str) -> str:
        """Wait for a label that matches a pattern; give its first group, or all of it."""

        def match() -> str | None:
            for text in self.texts():
                found = re.search(pattern, text)
                if found is not None:
                    return found[found.lastindex or 0]
            return None

        return self.wait_for(match, f"a text like “{pattern}”")

    def wait_for(self, look: Callable[[], Found | None], what: str) -> Found:
        """Look again and again until there is something to see; raises NotSeen."""
        waited_ms = 0
        while waited_ms < self._longest_wait_s * 1000:
            found = look()
            if found:
                return found
            _wait(_STEP_MS)
            waited_ms += _STEP_MS
        raise NotSeen(f"{what} did not come into sight; there was: {self.texts()}")

    def wait_quiet(self) -> None:
        """Wait until no list is loading any more."""
        _wait(_AFTER_ACT_MS)
        self.wait_for(lambda: not any("Loading" in text for text in self.texts()), "a loaded list")
        _wait(_AFTER_ACT_MS)

    # Pointing

    def click(self, name: str, kind: type[QWidget] = QAbstractButton) -> None:
        """Click a widget by its name once it is enabled."""
        widget = self.see(name, kind)
        self.wait_for(widget.isEnabled, f"an enabled “{name}”")
        self.click_on(widget)

    def click_on(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click where a widget is seen, by the window's own events, so nothing covers it."""
        self._bring_into_sight(widget)
        point = place or widget.rect().center()
        window = widget.window()
        if QApplication.activeWindow() is None:
            # A window manager gives the keyboard back when a dialog closes; none is here.
            window.activateWindow()
        handle = window.windowHandle()
        QTest.mouseClick(
            handle,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            widget.mapTo(window, point),
        )
        _wait(_AFTER_ACT_MS)

    def click_row(self, table: str, *words: str) -> None:
        """Click the first row of a table in which all the words stand."""
        view = self.see(table, QTableView)

        def find_row() -> QPoint | None:
            model = view.model()
            for row in range(model.rowCount()):
                cells = [model.index(row, column) for column in range(model.columnCount())]
                text = " ".join(str(cell.data() or "") for cell in cells)
                if all(word in text for word in words):
                    view.scrollTo(cells[0])
                    return view.visualRect(cells[0]).center()
            return None

        point = self.wait_for(find_row, f"a row of “{table}” with {words}")
        self.click_on(view.viewport(), point)

    def choose_in_menu(self, button: str, action: str) -> None:
        """Open a button's menu and click one of its actions."""

        def pick() -> None:
            menu = QApplication.activePopupWidget()
            if not isinstance(menu, QMenu):
                QTimer.singleShot(_STEP_MS, pick)
                return
            found = next(each for each in menu.actions() if each.text() == action)
            self.click_on(menu, menu.actionGeometry(found).center())

        QTimer.singleShot(_STEP_MS, pick)
        self.click(button)

    # Typing

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """Press and release one key where the focus is."""
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or self.window()
        QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)
        _wait(_AFTER_ACT_MS)

    def type(self, text: str) -> None:
        """Type where the focus is: plain letters by keys, others as an input method gives them."""
        for part in re.findall(r"[ -~]+|[^ -~]+", text):
            target = QApplication.focusWidget()
            if target is None:
                raise NotSeen("nothing has the focus to type into")
            if part.isascii():
                QTest.keyClicks(target, part)
            else:
                event = QInputMethodEvent()
                event.setCommitString(part)
                QApplication.sendEvent(target, event)
        _wait(_AFTER_ACT_MS)

    def fill(self, name: str, text: str) -> None:
        """Replace what stands in a field."""
        field: QWidget = self.see(name)
        self.click_on(field)
        self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.press(Qt.Key.Key_Delete)
        self.type(text)

    def choose(self, name: str, words: str) -> None:
        """Choose in a field of options: type what is looked for, take the first that is found.

        Options may still be on their way; like a person, the hand then types again.
        """
        popup = self.wait_for(lambda: self._look_up(name, words), f"“{words}” under “{name}”")
        self.press(Qt.Key.Key_Down)
        self.press(Qt.Key.Key_Return)
        self.wait_for(lambda: not popup.isVisible(), "the options closed")
        _wait(_AFTER_ACT_MS)

    def _look_up(self, name: str, words: str) -> QWidget | None:
        self.fill(name, words)
        for _step in range(_LOOKS_AT_OPTIONS):
            popup = QApplication.activePopupWidget()
            if popup is not None:
                return popup
            _wait(_STEP_MS)
        return None

    def save_as(self, path: str) -> None:
        """Write a path into the save dialog in front, and press Enter."""
        dialog = self.wait_for(self._file_dialog, "the save dialog")
        line = dialog.findChildren(QLineEdit)[0]
        self.click_on(line)
        self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.type(path)
        self.press(Qt.Key.Key_Return)
        self.wait_for(lambda: not _is_shown(dialog), "the save dialog closed")

    def _file_dialog(self) -> QFileDialog | None:
        window = QApplication.activeModalWidget()
        return window if isinstance(window, QFileDialog) else None

    def _bring_into_sight(self, widget: QWidget) -> None:
        """Turn the wheel over the scroll area until the widget's middle is visible."""
        area = _scroll_area_of(widget)
        for _step in range(_MOST_WHEEL_STEPS):
            if area is None or widget.visibleRegion().contains(widget.rect().center()):
                return
            below = widget.mapTo(area, widget.rect().center()).y() > area.height() // 2
            _turn_wheel(area, -_WHEEL_STEP if below else _WHEEL_STEP)
        raise NotSeen(f"“{widget.accessibleName()}” cannot be scrolled into sight")


def _wait(milliseconds: int) -> None:
    """Let the desk live for a while; unlike Qt's own wait, its tasks' threads run meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _scroll_area_of(widget: QWidget) -> QScrollArea | None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            return parent
        parent = parent.parentWidget()
    return None


def _turn_wheel(area: QAbstractScrollArea, delta: int) -> None:
    place = QPointF(area.viewport().rect().center())
    event = QWheelEvent(
        place,
        area.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(area.viewport(), event)
    _wait(_STEP_MS)


def _is_shown(dialog: QFileDialog) -> bool:
    return QApplication.activeModalWidget() is dialog
