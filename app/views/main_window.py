"""The desk's window: assembles top bar, navigation, pages and status line.

Owns which page is shown and the cover that lies over a locked desk; must not know what a
page does. Pages are made when first shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.views.components.message_bar import MessageBar
from app.views.components.page import Page
from app.views.desk import Desk
from app.views.dialogs.error_dialogs import ErrorReporter
from app.views.frame.navigation import Navigation, PageEntry
from app.views.frame.search_box import Search, SearchHit
from app.views.frame.status_line import StatusLine
from app.views.frame.top_bar import Person, TopBar
from app.views.idle_lock import IdleLock
from app.views.theme.tokens import WINDOW_MINIMUM, WINDOW_START


class MainWindow(QMainWindow):
    """The desk of one signed-in person.

    `sign_out_asked` and `notices_asked` follow the top bar; `closed` follows the window's
    end, so that the composition root can shut down the task runner and the registry.
    """

    sign_out_asked = Signal()
    notices_asked = Signal()
    closed = Signal()

    def __init__(
        self,
        desk: Desk,
        entries: Sequence[PageEntry],
        *,
        person: Person,
        search: Search,
        lock: IdleLock,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._entries = {entry.key: entry for entry in entries}
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._current = ""
        self.top_bar = TopBar(desk, search)
        self.navigation = Navigation(desk, entries)
        self.status_line = StatusLine(desk)
        self.banner = MessageBar(desk, closable=False)
        self._stack = QStackedWidget()
        self._root = QStackedWidget()
        self._cover: QWidget | None = None
        self._hidden_dialogs: list[QDialog] = []
        self.errors = ErrorReporter(desk, self, open_dialog=self._open_dialog)
        self._build()
        self._connect(lock)
        self.top_bar.show_person(person)
        if entries:
            self.show_page(entries[0].key)
        self._stack.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack.setFocus()

    @property
    def current_key(self) -> str:
        """The key of the page that is shown."""
        return self._current

    @property
    def is_covered(self) -> bool:
        """Whether the desk is locked."""
        return self._cover is not None

    def page(self, key: str) -> Page:
        """Return a page, made if it was never shown; an unknown key raises KeyError."""
        if key not in self._pages:
            page = self._entries[key].factory()
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    def show_page(self, key: str, target: str = "") -> None:
        """Show a page, and in it what `target` names."""
        page = self.page(key)
        self._current = key
        self._stack.setCurrentWidget(page)
        self._stack.setAccessibleName(self._desk.language.text(self._entries[key].title_key))
        self.navigation.mark(key)
        self._refresh_stale()
        page.enter(target)

    def put_down(self) -> None:
        """Have every page keep what is unfinished, before the desk is taken down."""
        for page in self._pages.values():
            page.put_down()

    def refresh_all(self) -> None:
        """Fetch everything anew: the page that is shown now, the others when they are shown."""
        self._stale |= set(self._pages)
        self._refresh_stale()

    def set_count(self, key: str, count: int) -> None:
        """Show in the navigation how much waits on a page."""
        self.navigation.set_count(key, count)

    def cover(self, widget: QWidget) -> None:
        """Cover the desk with the unlock page; pages, forms and dialogs stay as they are.

        Open dialogs and menus are put away: what they show is not for whoever passes by.
        """
        self.uncover()
        self._cover = widget
        self._put_dialogs_away()
        self._root.addWidget(widget)
        self._root.setCurrentWidget(widget)
        widget.setFocus()

    def uncover(self) -> None:
        """Show the desk again, as it was left."""
        if self._cover is None:
            return
        cover, self._cover = self._cover, None
        self._root.setCurrentIndex(0)
        self._root.removeWidget(cover)
        cover.deleteLater()
        hidden, self._hidden_dialogs = self._hidden_dialogs, []
        for dialog in hidden:
            if isValid(dialog):
                dialog.show()
        self._refresh_stale()

    def _open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog, or keep it for when the desk is unlocked."""
        if self.is_covered:
            self._hidden_dialogs.append(dialog)
        else:
            dialog.open()

    def _put_dialogs_away(self) -> None:
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._hidden_dialogs = [
            widget
            for widget in QApplication.topLevelWidgets()
            if isinstance(widget, QDialog) and widget.isVisible()
        ]
        for dialog in self._hidden_dialogs:
            dialog.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the window is gone."""
        super().closeEvent(event)
        self.closed.emit()

    def _build(self) -> None:
        self._stack.setProperty("role", "page")
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.navigation)
        below.addWidget(self._stack, 1)
        surface = QWidget()
        column = QVBoxLayout(surface)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.banner)
        column.addLayout(below, 1)
        column.addWidget(self.status_line)
        self._root.addWidget(surface)
        self.setCentralWidget(self._root)
        self.setMinimumSize(*WINDOW_MINIMUM)
        self.resize(*WINDOW_START)
        self._desk.language.keep(self, self.setWindowTitle, "brand.name")
        self._desk.theme.keep_icon(self, self.setWindowIcon, "trees", lambda palette: palette.teak)

    def _connect(self, lock: IdleLock) -> None:
        self.navigation.chosen.connect(self.show_page)
        self.top_bar.search.chosen.connect(self._show_hit)
        self.top_bar.sign_out_asked.connect(self.sign_out_asked)
        self.top_bar.notices_asked.connect(self.notices_asked)
        self.top_bar.lock_asked.connect(lock.lock)
        lock.ticked.connect(self.status_line.show_lock)
        self._desk.changes.told.connect(self._take_changes)

    def changeEvent(self, event: QEvent) -> None:
        """Catch up once the window is shown again after it was minimised."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange and self._is_seen():
            self._refresh_stale()

    def _is_seen(self) -> bool:
        return not self.is_covered and not self.isMinimized()

    def _refresh_stale(self) -> None:
        if self._current in self._stale and self._is_seen():
            self._stale.discard(self._current)
            self._pages[self._current].refresh()

    def _show_hit(self, hit: SearchHit) -> None:
        self.show_page(hit.page_key, hit.target)

    def _take_changes(self, kinds: frozenset[str]) -> None:
        for key, page in self._pages.items():
            if page.shows & kinds:
                self._stale.add(key)
        self._refresh_stale()
