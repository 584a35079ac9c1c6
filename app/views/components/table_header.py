"""The header of a table: sorting by click or key, columns shown or hidden.

Owns the header's behaviour; the model's request is changed by the table.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from app.views.components.columns import Column
from app.views.desk import Desk
from app.views.theme.tokens import GAP_XL, HEADER_HEIGHT


class TableHeader(QHeaderView):
    """Emits `sort_asked` with the column's key and whether descending."""

    sort_asked = Signal(str, bool)

    def __init__(self, desk: Desk, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._desk = desk
        self._columns = tuple(columns)
        self._sort = ""
        self._descending = False
        self.setFixedHeight(HEADER_HEIGHT)
        desk.language.keep(self, self.setAccessibleName, "table.columns")
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(GAP_XL * 2)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu_at)
        self.sectionClicked.connect(self._click)

    def place_columns(self) -> None:
        """Give each column its width; called once the view has its model."""
        for number, column in enumerate(self._columns):
            self.resizeSection(number, column.width)
            self.setSectionHidden(number, column.hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the columns that stretch what is left."""
        super().resizeEvent(event)
        self._stretch()

    def show_sort(self, key: str, *, descending: bool) -> None:
        """Mark the column by which the rows are sorted."""
        self._sort, self._descending = key, descending
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        number = next((n for n, each in enumerate(self._columns) if each.key == key), -1)
        self.setSortIndicatorShown(number >= 0)
        self.setSortIndicator(number, order)

    def columns_menu(self, parent: QWidget) -> QMenu:
        """Make the menu by which columns are shown and hidden, and sorted by keyboard."""
        menu = QMenu(parent)
        for number, column in enumerate(self._columns):
            action = menu.addAction(self._desk.language.text(column.title_key))
            action.setCheckable(True)
            action.setChecked(not self.isSectionHidden(number))
            action.setEnabled(column.hideable)
            action.toggled.connect(
                lambda shown, number=number: self._set_shown(number, shown=shown)
            )
        menu.addSeparator()
        sorting = menu.addMenu(self._desk.language.text("table.sort_by"))
        for number, column in enumerate(self._columns):
            if column.sortable:
                action = sorting.addAction(self._desk.language.text(column.title_key))
                action.triggered.connect(lambda _checked=False, number=number: self._click(number))
        return menu

    def show_column(self, key: str, *, shown: bool) -> None:
        """Show or hide a column, as where a page has no room for it."""
        number = next(n for n, each in enumerate(self._columns) if each.key == key)
        if self.isSectionHidden(number) == shown:
            self._set_shown(number, shown=shown)

    def visible_columns(self) -> list[int]:
        """Return the numbers of the shown columns, from left to right."""
        order = [self.logicalIndex(place) for place in range(self.count())]
        return [number for number in order if not self.isSectionHidden(number)]

    def _stretch(self) -> None:
        # Qt's own stretching would squeeze such a column to nothing in a narrow window.
        shown = [number for number in range(self.count()) if not self.isSectionHidden(number)]
        wide = [number for number in shown if self._columns[number].stretch]
        if not wide:
            return
        taken = sum(self.sectionSize(number) for number in shown if number not in wide)
        share = (self.viewport().width() - taken) // len(wide)
        for number in wide:
            self.resizeSection(number, max(share, self._columns[number].width))

    def _set_shown(self, number: int, *, shown: bool) -> None:
        self.setSectionHidden(number, not shown)
        self._stretch()

    def _show_menu_at(self, place: QPoint) -> None:
        menu = self.columns_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(place))

    def _click(self, number: int) -> None:
        column = self._columns[number]
        if column.sortable:
            descending = not self._descending if column.key == self._sort else False
            self.sort_asked.emit(column.key, descending)
        else:
            self.show_sort(self._sort, descending=self._descending)
