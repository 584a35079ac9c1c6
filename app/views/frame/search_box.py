"""The global search of the top bar: Ctrl+K, words, and what was found below.

Owns asking and choosing; finding is the injected callable's, off the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.views.components.labels import role_label
from app.views.desk import Desk
from app.views.theme.tokens import (
    CHIP_HEIGHT,
    CONTROL_HEIGHT,
    GAP_S,
    GAP_XS,
    SEARCH_LEAST_WIDTH,
    SEARCH_POPUP_ROWS,
    SEARCH_WIDTH,
    TALL_ROW_HEIGHT,
)

_DEBOUNCE_MS = 200


@dataclass(frozen=True)
class SearchHit:
    """One thing found: the page that shows it, and what that page is to show."""

    page_key: str
    target: str
    title: str
    detail: str = ""


Search: TypeAlias = Callable[[str], Sequence[SearchHit]]


class SearchBox(QWidget):
    """Emits `chosen` with the hit that was picked."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, search: Search) -> None:
        super().__init__()
        self._desk = desk
        self._search = search
        self._hits: tuple[SearchHit, ...] = ()
        self.line = QLineEdit()
        self._popup: QFrame | None = None
        self.list = QListWidget()
        self._timer = QTimer(self, interval=_DEBOUNCE_MS, singleShot=True)
        self._build()
        self._timer.timeout.connect(self._ask)
        self.line.textEdited.connect(lambda _text: self._timer.start())
        self.line.returnPressed.connect(self._pick_current)
        self.list.itemClicked.connect(lambda _item: self._pick_current())
        self.line.installEventFilter(self)
        shortcut = QShortcut(QKeySequence("Ctrl+K"), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self.take_focus)

    def take_focus(self) -> None:
        """Stand in the box with its words selected."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list by Up and Down, leave by Escape, hide when the focus goes."""
        if watched is self.line and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._key(event.key())
        if event.type() == QEvent.Type.FocusOut and not self.list.underMouse():
            self._hide()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the list below the box."""
        super().resizeEvent(event)
        self._place()

    def _build(self) -> None:
        self.setMaximumWidth(SEARCH_WIDTH)
        self.setMinimumWidth(SEARCH_LEAST_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        language, line = self._desk.language, self.line
        glass = QAction(self)
        self._desk.theme.keep_icon(self, glass.setIcon, "search", lambda palette: palette.muted)
        language.keep(glass, glass.setText, "search.name")
        line.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        language.keep(line, line.setPlaceholderText, "search.placeholder")
        language.keep(line, line.setAccessibleName, "search.name")
        keys = role_label("key", "Ctrl K")
        keys.setFixedHeight(CHIP_HEIGHT)
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, GAP_S, 0)
        inside.addStretch()
        inside.addWidget(keys)
        line.setTextMargins(0, 0, keys.sizeHint().width() + GAP_S, 0)
        keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        language.keep(self.list, self.list.setAccessibleName, "search.results")

    def _key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self._hide()
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.list.count():
            step = 1 if key == Qt.Key.Key_Down else -1
            number = max(0, min(self.list.count() - 1, self.list.currentRow() + step))
            self.list.setCurrentRow(number)
            return True
        return False

    def _ask(self) -> None:
        words = self.line.text().strip()
        if not words:
            self._hide()
            return
        self._desk.tasks.run(
            lambda: tuple(self._search(words)),
            on_done=self._show_hits,
            latest_key="search",
            owner=self,
        )

    def _show_hits(self, hits: tuple[SearchHit, ...]) -> None:
        self._hits = hits
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(f"{hit.title}\n{hit.detail}" if hit.detail else hit.title)
            item.setSizeHint(QSize(0, TALL_ROW_HEIGHT if hit.detail else CONTROL_HEIGHT))
            self.list.addItem(item)
        if not hits:
            item = QListWidgetItem(self._desk.language.text("search.nothing"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.list.setCurrentRow(0 if hits else -1)
        self._popup = self._popup or self._make_popup()
        self._place()
        self._popup.show()
        self._popup.raise_()

    def _make_popup(self) -> QFrame:
        # A child of the window, not a window of its own: the box keeps the focus.
        popup = QFrame(self.window())
        popup.setProperty("role", "card")
        layout = QVBoxLayout(popup)
        layout.setContentsMargins(GAP_XS, GAP_XS, GAP_XS, GAP_XS)
        layout.addWidget(self.list)
        return popup

    def _place(self) -> None:
        if self._popup is None:
            return
        below = self.mapTo(self.window(), QPoint(0, self.height() + GAP_XS))
        rows = min(max(1, self.list.count()), SEARCH_POPUP_ROWS)
        height = sum(max(CONTROL_HEIGHT, self.list.sizeHintForRow(row)) for row in range(rows))
        self._popup.setGeometry(below.x(), below.y(), self.width(), height + 3 * GAP_S)

    def _hide(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    def _pick_current(self) -> None:
        number = self.list.currentRow()
        if self._popup is not None and self._popup.isVisible() and 0 <= number < len(self._hits):
            self._hide()
            self.chosen.emit(self._hits[number])
