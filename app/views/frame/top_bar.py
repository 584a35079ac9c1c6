"""The top bar: brand, search, language, scheme, notices, who is signed in.

Owns the widgets; what follows from them is the main window's.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from app.views.components.chips import Chip
from app.views.components.labels import IconLabel, icon_button, role_label
from app.views.desk import Desk
from app.views.frame.search_box import Search, SearchBox
from app.views.theme.theme import ThemeMode
from app.views.theme.tokens import (
    GAP_L,
    GAP_S,
    ICON_LARGE,
    NAVIGATION_WIDTH,
    TOP_BAR_HEIGHT,
    Tone,
)

_LANGUAGES = (("en", "EN", "English"), ("th", "ไทย", "ภาษาไทย"))


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the top bar shows it."""

    name: str
    role_key: str


class LanguageSwitch(QWidget):
    """EN | ไทย."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.buttons: dict[str, QToolButton] = {}
        for code, text, name in _LANGUAGES:
            button = QToolButton()
            button.setText(text)
            button.setAccessibleName(name)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _checked=False, code=code: desk.language.set_code(code))
            self._group.addButton(button)
            self.buttons[code] = button
            row.addWidget(button)
        desk.language.changed.connect(self._mark)
        self._mark()

    def _mark(self) -> None:
        self.buttons[self._desk.language.code].setChecked(True)


class ThemeSwitch(QToolButton):
    """Light, dark, or as the system has it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setIconSize(QSize(ICON_LARGE, ICON_LARGE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        desk.language.keep(self, self.setAccessibleName, "top.theme")
        desk.language.keep(self, self.setToolTip, "top.theme")
        desk.theme.keep_icon(self, self.setIcon, "sun-moon")
        menu = QMenu(self)
        group = QActionGroup(menu)
        for mode in ThemeMode:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setChecked(desk.theme.mode is mode)
            group.addAction(action)
            desk.language.keep(action, action.setText, f"top.theme_{mode.value}")
            action.triggered.connect(lambda _checked=False, mode=mode: desk.theme.set_mode(mode))
        self.setMenu(menu)


class TopBar(QFrame):
    """Emits `notices_asked`, `lock_asked` and `sign_out_asked`."""

    notices_asked = Signal()
    lock_asked = Signal()
    sign_out_asked = Signal()

    def __init__(self, desk: Desk, search: Search) -> None:
        super().__init__()
        self.setProperty("role", "top-bar")
        self.setFixedHeight(TOP_BAR_HEIGHT)
        self._desk = desk
        self._role_key = ""
        self.search = SearchBox(desk, search)
        self._name = role_label("strong")
        self._role = role_label("muted")
        self._notices = Chip("", Tone.TEAK)
        self._notices.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_L, 0, GAP_L, 0)
        row.setSpacing(GAP_S)
        row.addWidget(self._brand())
        row.addWidget(self.search, 3)
        row.addStretch(1)
        row.addWidget(LanguageSwitch(desk))
        row.addWidget(ThemeSwitch(desk))
        bell = icon_button(desk, "top.notices", "bell")
        bell.clicked.connect(self.notices_asked)
        row.addWidget(bell)
        row.addWidget(self._notices)
        row.addSpacing(GAP_S)
        row.addWidget(self._name)
        row.addWidget(self._role)
        for key, icon, signal in (
            ("top.lock", "lock", self.lock_asked),
            ("top.sign_out", "log-out", self.sign_out_asked),
        ):
            button = icon_button(desk, key, icon)
            button.clicked.connect(signal)
            row.addWidget(button)
        desk.language.changed.connect(self._show_role)

    def show_person(self, person: Person) -> None:
        """Show who is signed in."""
        self._name.setText(person.name)
        self._role_key = person.role_key
        self._show_role()

    def show_notices(self, count: int) -> None:
        """Show how many notices are unread."""
        self._notices.set_chip(self._desk.language.quantity(count), Tone.TEAK)
        self._notices.setVisible(count > 0)

    def _show_role(self) -> None:
        if self._role_key:
            self._role.setText(self._desk.language.text(self._role_key))

    def _brand(self) -> QWidget:
        made = QWidget()
        made.setFixedWidth(NAVIGATION_WIDTH - GAP_S)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_S)
        picture = IconLabel(self._desk, "trees", lambda palette: palette.teak, size=ICON_LARGE)
        row.addWidget(picture)
        name = role_label("brand")
        self._desk.language.keep(name, name.setText, "brand.name")
        row.addWidget(name)
        row.addStretch()
        return made
