"""The one table of the desk: filters above, rows, export; every list uses it.

Owns what the person does with rows: filter, sort, choose columns, copy, export, open.
Must not query; rows come through the listing's fetcher.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.views.components.cell_delegate import CellDelegate
from app.views.components.columns import Column
from app.views.components.empty_state import EmptyState
from app.views.components.listing import Listing
from app.views.components.message_bar import MessageBar
from app.views.components.table_export import guard_formula
from app.views.components.table_header import TableHeader
from app.views.components.table_model import TableModel
from app.views.components.table_saving import ask_export_path, export_to
from app.views.components.table_toolbar import TableToolbar
from app.views.desk import Desk
from app.views.theme.tokens import GAP_S, TABLE_START


class Table(QWidget):
    """Rows of one listing; call `load` when the page is first shown.

    `row_activated` carries the row opened by Enter or double click, `selection_changed`
    the current row or None, `begin_asked` follows the empty table's act.
    """

    row_activated = Signal(object)
    selection_changed = Signal(object)
    begin_asked = Signal()

    def __init__(self, desk: Desk, listing: Listing, *, toolbar: bool = True) -> None:
        super().__init__()
        self._desk = desk
        self._listing = listing
        self._kept_key = ""
        self.model = TableModel(desk, listing.columns, listing.fetch, listing.first_request, self)
        self.view = QTableView()
        self.header = TableHeader(desk, listing.columns, self.view)
        self.toolbar = TableToolbar(desk, listing.filters)
        if not toolbar:
            self.toolbar.hide()
        self.message = MessageBar(desk)
        self._build_view()
        self._build_layout()
        self._connect()
        self._add_shortcuts()
        self.header.show_sort(listing.sort, descending=listing.descending)

    def load(self) -> None:
        """Fetch the first page and show it."""
        self.model.reload()

    def refresh(self) -> None:
        """Fetch again what is in view, keeping place and selection."""
        first, last = self._rows_in_view()
        self.model.refresh(first_row=first, last_row=last)

    def current_row(self) -> Any | None:
        """Return the row the person stands on, or None."""
        index = self.view.currentIndex()
        return self.model.row_at(index.row()) if index.isValid() else None

    def selected_rows(self) -> list[Any]:
        """Return the selected rows that are held, from top to bottom."""
        numbers = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        rows = (self.model.row_at(number) for number in numbers)
        return [row for row in rows if row is not None]

    def set_filter(self, key: str, value: str) -> None:
        """Filter by a value; an empty value lifts the filter."""
        self.toolbar.set_choice(key, value)
        filters = {**self.model.request.filters, key: value}
        kept = {name: each for name, each in filters.items() if each}
        if kept != dict(self.model.request.filters):
            self.model.ask(replace(self.model.request, filters=kept))

    def set_filter_text(self, text: str) -> None:
        """Filter by words at once."""
        self.toolbar.set_text(text)
        if text != self.model.request.filter_text:
            self.model.ask(replace(self.model.request, filter_text=text))

    def lift_filters(self) -> None:
        """Show every row again."""
        self.toolbar.clear()
        self.model.ask(replace(self.model.request, filter_text="", filters={}))

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Sort by a column."""
        self.header.show_sort(key, descending=descending)
        self.model.ask(replace(self.model.request, sort=key, descending=descending))

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard, tab-separated, under the column titles."""
        columns, language = self._visible_columns(), self._desk.language
        lines = ["\t".join(language.text(column.title_key) for column in columns)]
        for row in self.selected_rows():
            texts = (column.text_of(row, language) for column in columns)
            lines.append("\t".join(guard_formula(text.replace("\t", " ")) for text in texts))
        if len(lines) > 1:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def export(self) -> None:
        """Ask for a file and write every matching row to it in the background."""
        path = ask_export_path(self._desk, self, self._listing.title_key)
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write every matching row to a .csv or .xlsx file in the background."""
        export_to(
            self._desk,
            path,
            fetch=self._listing.fetch,
            request=self.model.request,
            columns=self._visible_columns(),
            message=self.message,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the rows that came into view."""
        super().resizeEvent(event)
        self._see_to_view()

    def sizeHint(self) -> QSize:
        """Prefer a middling size; the page's layout decides."""
        return QSize(*TABLE_START)

    def _visible_columns(self) -> list[Column]:
        return [self.model.columns[number] for number in self.header.visible_columns()]

    def _build_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setHorizontalHeader(self.header)
        self.header.place_columns()
        delegate = CellDelegate(self._desk, self.model)
        view.setItemDelegate(delegate)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(delegate.row_height)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setMouseTracking(True)
        view.setTabKeyNavigation(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._desk.language.keep(view, view.setAccessibleName, self._listing.title_key)

    def _build_layout(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_S)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.message)
        empty = self._listing.empty
        self._empty = EmptyState(
            self._desk,
            empty.title_key,
            empty.sentence_key,
            action_key=empty.action_key,
            icon=empty.icon,
        )
        self._nothing_found = EmptyState(
            self._desk,
            "table.nothing_found",
            "table.nothing_found_sentence",
            action_key="table.lift_filters",
            icon="funnel",
        )
        place = QWidget()
        self._stack = QStackedLayout(place)
        for shown in (self.view, self._empty, self._nothing_found):
            self._stack.addWidget(shown)
        layout.addWidget(place, 1)

    def _connect(self) -> None:
        self.view.verticalScrollBar().valueChanged.connect(self._see_to_view)
        self.view.doubleClicked.connect(self._activate)
        self.view.selectionModel().currentRowChanged.connect(self._current_changed)
        self.header.sort_asked.connect(lambda key, down: self.sort_by(key, descending=down))
        self.model.loaded.connect(self._after_load)
        self.model.failed.connect(self._show_failure)
        self.model.modelReset.connect(self._after_reset)
        self.message.acted.connect(self._retry)
        self._empty.acted.connect(self.begin_asked)
        self._nothing_found.acted.connect(self.lift_filters)
        self._desk.language.changed.connect(self._show_count)
        toolbar = self.toolbar
        toolbar.text_asked.connect(self.set_filter_text)
        toolbar.filter_asked.connect(self.set_filter)
        toolbar.columns_button.clicked.connect(self._choose_columns)
        toolbar.copy_button.clicked.connect(self.copy_selection)
        toolbar.export_button.clicked.connect(self.export)
        toolbar.refresh_button.clicked.connect(self.refresh)

    def _add_shortcuts(self) -> None:
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        standard = QKeySequence.StandardKey
        for keys, slot in (
            (standard.Copy, self.copy_selection),
            (standard.Find, self.toolbar.filter_box.setFocus),
            (standard.Refresh, self.refresh),
        ):
            QShortcut(QKeySequence(keys), self.view, context=inside).activated.connect(slot)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            opening = QShortcut(QKeySequence(key), self.view)
            opening.setContext(Qt.ShortcutContext.WidgetShortcut)
            opening.activated.connect(lambda: self._activate(self.view.currentIndex()))

    def _choose_columns(self) -> None:
        menu = self.header.columns_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = self.toolbar.columns_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _rows_in_view(self) -> tuple[int, int]:
        height = max(1, self.view.verticalHeader().defaultSectionSize())
        first = max(0, self.view.rowAt(0))
        return first, first + self.view.viewport().height() // height + 1

    def _see_to_view(self) -> None:
        first, last = self._rows_in_view()
        self.model.need(first_row=first, last_row=last)

    def _activate(self, index: QModelIndex) -> None:
        row = self.model.row_at(index.row()) if index.isValid() else None
        if row is not None:
            self.row_activated.emit(row)

    def _current_changed(self, current: QModelIndex) -> None:
        row = self.model.row_at(current.row()) if current.isValid() else None
        if row is not None:
            self._kept_key = self._listing.row_key(row)
        self.selection_changed.emit(row)

    def _after_load(self) -> None:
        request = self.model.request
        if not self.model.is_empty:
            self._stack.setCurrentWidget(self.view)
        elif request.filter_text or request.filters:
            self._stack.setCurrentWidget(self._nothing_found)
        else:
            self._stack.setCurrentWidget(self._empty)
        self._show_count()
        self._keep_selection()
        self._see_to_view()

    def _after_reset(self) -> None:
        self.message.clear()
        self._stack.setCurrentWidget(self.view)
        self._show_count()

    def _keep_selection(self) -> None:
        if not self._kept_key:
            return
        current = self.current_row()
        if current is not None and self._listing.row_key(current) == self._kept_key:
            self.selection_changed.emit(current)
            return
        number = self.model.find_number(self._kept_key, self._listing.row_key)
        if number is not None:
            flags = QItemSelectionModel.SelectionFlag
            self.view.selectionModel().setCurrentIndex(
                self.model.index(number, 0), flags.ClearAndSelect | flags.Rows
            )

    def _show_count(self) -> None:
        language, total = self._desk.language, self.model.total
        if total is not None:
            self.toolbar.set_count(language.text("table.count", count=total))
        elif self.model.known_rows:
            seen = self.model.known_rows
            self.toolbar.set_count(language.text("table.count_more", count=seen))
        else:
            self.toolbar.set_count(language.text("table.loading"))

    def _retry(self) -> None:
        self.message.clear()
        self.model.retry()
        self._see_to_view()

    def _show_failure(self, error: Exception) -> None:
        self.message.say_problem(error, action=self._desk.language.text("common.retry"))
        self.toolbar.set_count("")
