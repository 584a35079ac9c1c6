"""The navigation rail: groups of pages with their counts.

Owns the buttons; which page is shown is the main window's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.views.components.chips import Chip
from app.views.components.labels import role_label
from app.views.components.page import Page
from app.views.desk import Desk
from app.views.theme.tokens import (
    CONTROL_HEIGHT,
    FOCUS_WIDTH,
    GAP_M,
    GAP_S,
    GAP_XS,
    ICON_SIZE,
    LINE_WIDTH,
    NAVIGATION_WIDTH,
    Tone,
)


@dataclass(frozen=True)
class PageEntry:
    """One page: made by `factory` when first shown; `badge` counts what waits there."""

    key: str
    title_key: str
    icon: str
    group_key: str
    factory: Callable[[], Page]
    badge: int = 0


class NavigationButton(QPushButton):
    """A page's name with its icon and count; Up and Down go to its neighbours."""

    step_asked = Signal(int)

    def __init__(self, desk: Desk, entry: PageEntry) -> None:
        super().__init__()
        self._desk = desk
        self._entry = entry
        self.setProperty("kind", "navigation")
        self.setCheckable(True)
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self._badge = Chip("", Tone.TEAK)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, GAP_S, 0)
        row.addStretch()
        row.addWidget(self._badge)
        self._count = entry.badge
        desk.language.keep(self, self._take_title, entry.title_key)
        desk.theme.changed.connect(self._draw_icon)
        self.toggled.connect(self._draw_icon)
        self._draw_icon()

    def set_count(self, count: int) -> None:
        """Show how much waits; nothing for none."""
        self._count = count
        self._take_title(self._desk.language.text(self._entry.title_key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the neighbour by Up and Down."""
        if event.key() == Qt.Key.Key_Down:
            self.step_asked.emit(1)
        elif event.key() == Qt.Key.Key_Up:
            self.step_asked.emit(-1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _take_title(self, title: str) -> None:
        self.setText(f"  {title}")
        count = self._desk.language.quantity(self._count)
        self.setAccessibleName(f"{title}, {count}" if self._count else title)
        self._badge.set_chip(count, Tone.TEAK)
        self._badge.setVisible(self._count > 0)

    def _draw_icon(self) -> None:
        checked = self.isChecked()
        icon: QIcon = self._desk.theme.icon(
            self._entry.icon, lambda palette: palette.leaf if checked else palette.ink
        )
        self.setIcon(icon)


class Navigation(QFrame):
    """Emits `chosen` with a page's key."""

    chosen = Signal(str)

    def __init__(self, desk: Desk, entries: Sequence[PageEntry]) -> None:
        super().__init__()
        self.setProperty("role", "rail-edge")
        self.setFixedWidth(NAVIGATION_WIDTH)
        desk.language.keep(self, self.setAccessibleName, "navigation.name")
        self._buttons: dict[str, NavigationButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        inner = QWidget()
        inner.setProperty("role", "rail")
        column = QVBoxLayout(inner)
        column.setContentsMargins(GAP_S, GAP_M, GAP_S, GAP_M)
        column.setSpacing(FOCUS_WIDTH)
        for group_key, members in groupby(entries, key=lambda entry: entry.group_key):
            title = role_label("section")
            title.setContentsMargins(GAP_S, GAP_M, 0, GAP_XS)
            desk.language.keep(title, title.setText, group_key)
            column.addWidget(title)
            for entry in members:
                column.addWidget(self._button(desk, entry))
        column.addStretch()
        area = self._area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, LINE_WIDTH, 0)
        outer.addWidget(area)

    def mark(self, key: str) -> None:
        """Mark the page that is shown."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            self._area.ensureWidgetVisible(self._buttons[key], 0, GAP_M)

    def set_count(self, key: str, count: int) -> None:
        """Show how much waits on a page, where the person has it."""
        button = self._buttons.get(key)
        if button is not None:
            button.set_count(count)

    def _step(self, button: NavigationButton, step: int) -> None:
        buttons = list(self._buttons.values())
        number = max(0, min(len(buttons) - 1, buttons.index(button) + step))
        buttons[number].setFocus(Qt.FocusReason.TabFocusReason)

    def _button(self, desk: Desk, entry: PageEntry) -> NavigationButton:
        button = NavigationButton(desk, entry)
        button.clicked.connect(lambda: self.chosen.emit(entry.key))
        button.step_asked.connect(lambda step: self._step(button, step))
        self._group.addButton(button)
        self._buttons[entry.key] = button
        return button
