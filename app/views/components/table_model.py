"""The model of every table: a window of pages over rows that may be millions.

Owns which pages are held, asked for and let go; must not query: pages are fetched in the
background by a callable. Pages follow each other by key, so rows are appended as one
scrolls; pages far from the view are let go and asked for again by their cursor, so memory
stays bounded by `KEPT_PAGES`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.services.listings.page import Cursor, Page, PageRequest
from app.views.components.columns import CellKind, Column
from app.views.desk import Desk

Index: TypeAlias = QModelIndex | QPersistentModelIndex
Fetch: TypeAlias = Callable[[PageRequest], Page[Any]]
KEPT_PAGES = 24
_PLACEHOLDERS_WHILE_UNKNOWN = 12
_NO_INDEX = QModelIndex()


@dataclass(frozen=True)
class _Extent:
    """How far the rows are known: counted from the top, whether that is all, the total."""

    limit: int
    known: int = 0
    ended: bool = True
    total: int | None = None

    @property
    def rows(self) -> int:
        """The rows shown: those known and placeholders for some that are to come."""
        if self.ended:
            return self.known
        if self.total is None:
            return self.known + min(self.limit, _PLACEHOLDERS_WHILE_UNKNOWN)
        return self.known + max(1, min(self.total - self.known, self.limit))

    def after(self, page: Page[Any]) -> _Extent:
        """Return the extent once a page is appended."""
        total = self.total if page.total is None else page.total
        known, ended = self.known + len(page.rows), page.next is None
        return _Extent(self.limit, known=known, ended=ended, total=total)


class TableModel(QAbstractTableModel):
    """Rows of a listing, fetched page by page.

    `loaded` follows each page that arrives, `failed` carries the error of one that did
    not. `row_at` is None for a row that is still on its way.
    """

    loaded = Signal()
    failed = Signal(object)

    def __init__(
        self,
        desk: Desk,
        columns: Sequence[Column],
        fetch: Fetch,
        request: PageRequest,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._columns = tuple(columns)
        self._fetch = fetch
        self._request = request
        self._pages: OrderedDict[int, tuple[Any, ...]] = OrderedDict()
        self._cursors: list[Cursor | None] = [None]
        self._extent = _Extent(request.limit)
        self._asked: set[int] = set()
        self._generation = 0
        self._started = False
        self._broken = False
        desk.language.changed.connect(self._retranslate)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in order."""
        return self._columns

    @property
    def request(self) -> PageRequest:
        """The sort and filters in force."""
        return self._request

    @property
    def total(self) -> int | None:
        """How many rows match, if the listing tells or the end was reached."""
        return self._extent.known if self._extent.ended else self._extent.total

    @property
    def known_rows(self) -> int:
        """How many rows were seen from the top on without a gap."""
        return self._extent.known

    @property
    def held_rows(self) -> int:
        """How many rows are in memory now."""
        return sum(len(rows) for rows in self._pages.values())

    @property
    def is_loading(self) -> bool:
        """Whether a page is on its way."""
        return bool(self._asked)

    @property
    def is_empty(self) -> bool:
        """Whether the listing has answered and has no row."""
        return self._started and not self._broken and self._extent.ended and self._extent.known == 0

    def ask(self, request: PageRequest) -> None:
        """Show other rows: another sort or filter; begins at the top."""
        self._request = replace(request, after=None, limit=self._request.limit)
        self.reload()

    def reload(self) -> None:
        """Forget every row and fetch the first page again."""
        self.beginResetModel()
        self._generation += 1
        self._started = True
        self._broken = False
        self._pages.clear()
        self._asked.clear()
        self._cursors = [None]
        self._extent = _Extent(self._request.limit, ended=False)
        self.endResetModel()
        self._ask_page(0)

    def refresh(self, *, first_row: int, last_row: int) -> None:
        """Fetch again what is in view after data changed; the place is kept."""
        if not self._started or self._extent.known == 0:
            self.reload()
            return
        self._generation += 1
        self._broken = False
        self._asked.clear()
        in_view = range(self._page_of(first_row), self._page_of(last_row) + 1)
        for number in [each for each in self._pages if each not in in_view]:
            del self._pages[number]
        for number in in_view:
            self._ask_page(number)

    def retry(self) -> None:
        """Ask again after a failure; rows that were seen stay."""
        if self._extent.known == 0:
            self.reload()
        else:
            self._broken = False

    def need(self, *, first_row: int, last_row: int) -> None:
        """See to it that the rows in view are held or on their way."""
        if not self._started or self._broken:
            return
        first, last = self._page_of(max(first_row, 0)), self._page_of(last_row)
        for number in range(first, last + 1):
            if number in self._pages:
                self._pages.move_to_end(number)
            else:
                self._ask_page(number)
        near_end = last_row >= self._extent.known - self._request.limit // 2
        if near_end and not self._extent.ended:
            self._ask_page(len(self._cursors) - 1)

    def row_at(self, row: int) -> Any:
        """Return the row value at a position, or None while it is on its way."""
        page = self._pages.get(self._page_of(row))
        offset = row % self._request.limit
        return page[offset] if page is not None and offset < len(page) else None

    def find_number(self, key: str, row_key: Callable[[Any], str]) -> int | None:
        """Return the position of the row with a key, if it is held."""
        for number, rows in self._pages.items():
            for offset, row in enumerate(rows):
                if row_key(row) == key:
                    return number * self._request.limit + offset
        return None

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Count the rows seen so far, with a few placeholders while more are to come."""
        return 0 if parent.isValid() else self._extent.rows

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Count the columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text or alignment; cheap, for it is called for every repaint."""
        column = self._columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self.row_at(index.row())
            return "" if row is None else column.text_of(row, self._desk.language)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole and column.kind in (CellKind.TEXT, CellKind.SERIAL):
            row = self.row_at(index.row())
            return None if row is None else column.text_of(row, self._desk.language)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return a column's title in the language in force."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self._columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._desk.language.text(column.title_key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def _page_of(self, row: int) -> int:
        return row // self._request.limit

    def _ask_page(self, number: int) -> None:
        if number in self._asked or number >= len(self._cursors):
            return
        self._asked.add(number)
        request = replace(self._request, after=self._cursors[number])
        generation = self._generation
        self._desk.tasks.run(
            lambda: self._fetch(request),
            on_done=lambda page: self._take(number, generation, page),
            on_error=lambda error: self._fail(number, generation, error),
            owner=self,
        )

    def _fail(self, number: int, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self._asked.discard(number)
            self._broken = True
            if self._extent.known == 0:
                self._set_extent(_Extent(self._request.limit))
            self.failed.emit(error)

    def _take(self, number: int, generation: int, page: Page[Any]) -> None:
        if generation != self._generation:
            return
        self._asked.discard(number)
        if len(page.rows) != self._request.limit and page.next is not None:
            raise ValueError(f"page {number} has {len(page.rows)} rows and is not the last")
        is_last = number == len(self._cursors) - 1
        if is_last and not self._extent.ended:
            self._append(number, page)
        elif self._still_fits(number, page, is_last=is_last):
            self._hold(number, page.rows)
            self._emit_rows(number)
        elif number == 0:
            self._restart_with(page)
        else:
            self.reload()
            return
        self.loaded.emit()

    def _still_fits(self, number: int, page: Page[Any], *, is_last: bool) -> bool:
        limit = self._request.limit
        expected = min(limit, self._extent.known - number * limit)
        return len(page.rows) == expected and (not is_last or page.next is None)

    def _append(self, number: int, page: Page[Any]) -> None:
        self._set_extent(self._extent.after(page))
        if page.next is not None:
            self._cursors.append(page.next)
        self._hold(number, page.rows)
        self._emit_rows(number)

    def _restart_with(self, page: Page[Any]) -> None:
        self.beginResetModel()
        self._generation += 1
        self._asked.clear()
        self._pages.clear()
        self._cursors = [None] if page.next is None else [None, page.next]
        self._extent = _Extent(self._request.limit).after(page)
        self._hold(0, page.rows)
        self.endResetModel()

    def _set_extent(self, extent: _Extent) -> None:
        before, after = self._extent.rows, extent.rows
        if after > before:
            self.beginInsertRows(_NO_INDEX, before, after - 1)
            self._extent = extent
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(_NO_INDEX, after, before - 1)
            self._extent = extent
            self.endRemoveRows()
        else:
            self._extent = extent

    def _hold(self, number: int, rows: tuple[Any, ...]) -> None:
        self._pages[number] = rows
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)

    def _emit_rows(self, number: int) -> None:
        first = number * self._request.limit
        last = min(first + self._request.limit, self.rowCount()) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def _retranslate(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)
        if self.rowCount():
            self.dataChanged.emit(
                self.index(0, 0), self.index(self.rowCount() - 1, len(self._columns) - 1)
            )


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.aligned_right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
