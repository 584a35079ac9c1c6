"""What pages of a list have in common: the table, and beside it what is known of one row.

Owns asking for the detail in the background and keeping it in step with the selection; a page
says what is read and how it is shown.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from app.views.components.cards import Card
from app.views.components.detail_pane import DetailPane
from app.views.components.listing import Listing
from app.views.components.page import Page
from app.views.components.table import Table
from app.views.pages.context import PageContext
from app.views.theme.tokens import GAP_L, NARROW_PAGE_WIDTH, WIDE_PANE_WIDTH


class ListingPage(Page):
    """A table at the left and a pane at the right.

    A page answers `read_detail` (off the window's thread) and `show_detail`.
    """

    def __init__(
        self, context: PageContext, title_key: str, sentence_key: str, listing: Listing
    ) -> None:
        super().__init__(context.desk, title_key, sentence_key)
        self.context = context
        self._listing = listing
        self._loaded = False
        self._wanted = ""
        self._key = ""
        self._detail: Any = None
        self.table = Table(context.desk, listing)
        self.pane = DetailPane(context.desk)
        self._paper = Card(context.desk)
        self._paper.body.addWidget(self.table)
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        row.addWidget(self._paper, 1)
        row.addWidget(self.pane)
        self.body.addLayout(row, 1)
        self.table.selection_changed.connect(self._take_selection)
        self.table.model.loaded.connect(self._select_wanted)
        self.pane.closed.connect(self._forget_detail)
        context.language.changed.connect(self._show_again)

    def enter(self, target: str = "") -> None:
        """Show the list, and in the pane what `target` names."""
        if not self._loaded:
            self._loaded = True
            self.table.load()
        if target:
            self._wanted = target
            self._select_wanted()
            self._ask_detail(target)

    def refresh(self) -> None:
        """Fetch again what is in view, and the detail that is shown."""
        if self._loaded:
            self.table.refresh()
        if self._key and not self.pane.isHidden():
            self._ask_detail(self._key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put list and pane beside each other where there is room."""
        super().resizeEvent(event)
        self._fit()

    def read_detail(self, key: str) -> Any:
        """Read what the pane shows of the row with a key; called off the window's thread."""
        raise NotImplementedError

    def show_detail(self, detail: Any) -> None:
        """Show in the pane what was read."""
        raise NotImplementedError

    def _take_selection(self, row: Any | None) -> None:
        if row is not None:
            self._ask_detail(self._listing.row_key(row))

    def _ask_detail(self, key: str) -> None:
        self._key = key
        self.context.tasks.run(
            lambda: self.read_detail(key),
            on_done=self._take_detail,
            latest_key=f"detail-{type(self).__name__}",
            owner=self,
        )

    def _take_detail(self, detail: Any) -> None:
        self._detail = detail
        self.show_detail(detail)
        self._fit()

    def _fit(self) -> None:
        """Give a narrow page to the pane alone while it is open; closing it brings the list."""
        narrow = self.width() < NARROW_PAGE_WIDTH
        self.pane.setMinimumWidth(WIDE_PANE_WIDTH)
        self.pane.setMaximumWidth(max(WIDE_PANE_WIDTH, self.width()) if narrow else WIDE_PANE_WIDTH)
        self._paper.setVisible(not narrow or self.pane.isHidden())

    def _show_again(self) -> None:
        if self._detail is not None and not self.pane.isHidden():
            self.show_detail(self._detail)

    def _select_wanted(self) -> None:
        if not self._wanted:
            return
        number = self.table.model.find_number(self._wanted, self._listing.row_key)
        if number is not None:
            self._wanted = ""
            self.table.view.selectRow(number)
            self.table.view.scrollTo(self.table.model.index(number, 0))

    def _forget_detail(self) -> None:
        self._key = ""
        self._fit()
        self.table.view.clearSelection()
        self.table.view.setCurrentIndex(QModelIndex())
