from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.models.errors import RegistryBusy
from app.services.listings.page import Page, PageRequest
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.components.table import Table
from app.views.components.table_model import KEPT_PAGES
from app.views.components.table_toolbar import TableToolbar
from app.views.desk import Desk
from app.views.theme.tokens import Tone

MILLION = 1_000_000


@dataclass(frozen=True)
class Holding:
    serial: str
    units: int
    status: str


class Holdings:
    """A listing over rows that are made when asked for; keyset by number."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.requests: list[PageRequest] = []
        self.error: Exception | None = None
        self.name = "TH-TER"

    def row(self, number: int) -> Holding:
        return Holding(f"{self.name}-{number}", number, "open" if number % 2 else "closed")

    def numbers(self, request: PageRequest) -> Iterator[int]:
        after = None if request.after is None else int(str(request.after[0]))
        if request.descending:
            numbers: Iterator[int] = iter(range((after or self.count + 1) - 1, 0, -1))
        else:
            numbers = iter(range((after or 0) + 1, self.count + 1))
        wanted = request.filters.get("status")
        for number in numbers:
            row = self.row(number)
            if request.filter_text in row.serial and wanted in (None, row.status):
                yield number

    def fetch(self, request: PageRequest) -> Page[Holding]:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        found: list[int] = []
        more = False
        for number in self.numbers(request):
            if len(found) == request.limit:
                more = True
                break
            found.append(number)
        rows = tuple(self.row(number) for number in found)
        return Page(rows, (found[-1],) if more else None)


COLUMNS = (
    Column("serial", "table.columns", stretch=True, kind=CellKind.SERIAL, hideable=False),
    Column("units", "table.sort_by", kind=CellKind.QUANTITY),
    Column(
        "status",
        "table.copy",
        kind=CellKind.CHIP,
        sortable=False,
        chips={"open": ChipLook(Tone.LEAF, "common.yes")},
    ),
)


def make_table(desk: Desk, qtbot: QtBot, source: Holdings, **changes: Any) -> Table:
    listing = Listing(
        columns=COLUMNS,
        fetch=source.fetch,
        title_key="table.columns",
        row_key=lambda row: row.serial,
        empty=EmptyText("table.nothing_found", "table.filter", "table.refresh"),
        filters=(Filter("status", "table.copy", (("open", "common.yes"),)),),
        limit=changes.pop("limit", 100),
        **changes,
    )
    table = Table(desk, listing)
    qtbot.addWidget(table)
    table.resize(800, 500)
    table.show()
    with qtbot.waitSignal(table.model.loaded if source.error is None else table.model.failed):
        table.load()
    return table


def settle(qtbot: QtBot, table: Table) -> None:
    qtbot.waitUntil(lambda: not table.model.is_loading)


def test_shows_placeholders_until_rows_come(desk: Desk, qtbot: QtBot) -> None:
    table = make_table(desk, qtbot, Holdings(250))
    assert table.model.row_at(0) == Holding("TH-TER-1", 1, "open")
    assert table.model.known_rows == 100
    assert table.model.rowCount() > 100
    assert table.model.row_at(105) is None
    assert table.model.data(table.model.index(999 - 999, 1)) == "1"


def test_scrolling_appends_pages_to_the_end(desk: Desk, qtbot: QtBot) -> None:
    source = Holdings(250)
    table = make_table(desk, qtbot, source)

    def at_end() -> bool:
        table.view.scrollToBottom()
        return table.model.total == 250

    qtbot.waitUntil(at_end)
    assert table.model.rowCount() == 250
    assert [request.after for request in source.requests] == [None, (100,), (200,)]


def test_a_million_rows_stay_bounded_and_come_back(desk: Desk, qtbot: QtBot) -> None:
    source = Holdings(MILLION)
    table = make_table(desk, qtbot, source, limit=5_000)

    def at_end() -> bool:
        table.view.scrollToBottom()
        return table.model.total == MILLION

    qtbot.waitUntil(at_end, timeout=15_000)
    assert table.model.rowCount() == MILLION
    assert table.model.held_rows <= KEPT_PAGES * 5_000
    assert table.model.row_at(0) is None
    table.view.scrollToTop()
    qtbot.waitUntil(lambda: table.model.row_at(0) is not None)
    assert table.model.row_at(0) == source.row(1)
    assert table.model.held_rows <= KEPT_PAGES * 5_000


def test_header_sorts_and_turns_around(desk: Desk, qtbot: QtBot) -> None:
    table = make_table(desk, qtbot, Holdings(250), sort="units")
    table.header.sectionClicked.emit(1)
    settle(qtbot, table)
    assert table.model.request.descending
    assert table.model.row_at(0).units == 250
    table.header.sectionClicked.emit(2)
    assert table.model.request.sort == "units", "a column that cannot be sorted sorts nothing"


def test_typing_filters_once(desk: Desk, qtbot: QtBot) -> None:
    source = Holdings(250)
    table = make_table(desk, qtbot, source)
    before = len(source.requests)
    QTest.keyClicks(table.toolbar.filter_box, "-24")
    qtbot.waitUntil(lambda: table.model.total == 11)
    assert len(source.requests) == before + 1
    assert table.model.row_at(0).units == 24


def test_filter_without_match_offers_to_lift_it(desk: Desk, qtbot: QtBot) -> None:
    table = make_table(desk, qtbot, Holdings(10))
    table.set_filter_text("nothing like it")
    qtbot.waitUntil(lambda: table._stack.currentWidget() is table._nothing_found)
    table._nothing_found.action.click()
    qtbot.waitUntil(lambda: table.model.total == 10)
    assert table.toolbar.filter_box.text() == ""


def test_choice_filters(desk: Desk, qtbot: QtBot) -> None:
    table = make_table(desk, qtbot, Holdings(10))
    table.set_filter("status", "open")
    qtbot.waitUntil(lambda: table.model.total == 5)
    table.lift_filters()
    qtbot.waitUntil(lambda: table.model.total == 10)


def test_empty_table_says_how_to_begin(desk: Desk, qtbot: QtBot) -> None:
    table = make_table(desk, qtbot, Holdings(0))
    assert table._stack.currentWidget() is table._empty
    with qtbot.waitSignal(table.begin_asked):
        table._empty.action.click()


def test_failure_is_told_and_can_be_retried(desk: Desk, qtbot: QtBot) -> None:
    source = Holdings(10)
    source.error = RegistryBusy("The registry is in use.", hint="Close the other program.")
    table = make_table(desk, qtbot, source)
    assert table.message.isVisible()
    assert "The registry is in use." in table.message.title
    source.error = None
    table.message.acted.emit()
    qtbot.waitUntil(lambda: table.model.total == 10)
    assert not table.message.isVisible()


def test_refresh_keeps_selection_and_shows_what_changed(desk: Desk, qtbot: QtBot) -> None:
    source = Holdings(50)
    table = make_table(desk, qtbot, source)
    table.view.selectRow(7)
    assert table.current_row() == source.row(8)
    source.count = 60
    with qtbot.waitSignal(table.model.loaded):
        table.refresh()
    assert table.model.total == 60
    assert table.current_row() == source.row(8)


def test_enter_opens_the_row(desk: Desk, qtbot: QtBot) -> None:
    source = Holdings(5)
    table = make_table(desk, qtbot, source)
    table.activateWindow()
    table.view.setFocus()
    table.view.selectRow(2)
    with qtbot.waitSignal(table.row_activated) as opened:
        QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert opened.args == [source.row(3)]


def test_copies_rows_as_tab_separated_text(desk: Desk, qtbot: QtBot) -> None:
    source = Holdings(5)
    source.name = "=1+1"
    table = make_table(desk, qtbot, source)
    table.view.selectRow(0)
    table.copy_selection()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[1] == "'=1+1-1\t1\tyes"


def test_hidden_column_is_neither_copied_nor_shown(desk: Desk, qtbot: QtBot) -> None:
    table = make_table(desk, qtbot, Holdings(5))
    menu = table.header.columns_menu(table)
    actions = menu.actions()
    assert not actions[0].isEnabled()
    actions[1].setChecked(False)
    assert table.header.visible_columns() == [0, 2]
    menu.deleteLater()


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_exports_every_row_safely(desk: Desk, qtbot: QtBot, tmp_path: Path, ending: str) -> None:
    source = Holdings(4_321)
    source.name = "=cmd|'/c calc'"
    table = make_table(desk, qtbot, source)
    path = tmp_path / f"holdings{ending}"
    table.export_to(path)
    qtbot.waitUntil(table.message.isVisible, timeout=10_000)
    assert "4,321" in table.message.title
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    if ending == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[1] == ["'=cmd|'/c calc'-1", "1", "yes"]
        assert len(rows) == 4_322
    else:
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        assert sheet.max_row == 4_322
        assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=cmd|'/c calc'-1")
        assert (sheet["B2"].data_type, sheet["B2"].value) == ("n", 1)


@pytest.mark.parametrize("name", ["gone/holdings.csv", "gone/holdings.xlsx", f"{'n' * 300}.csv"])
def test_export_says_where_it_cannot_write(
    desk: Desk, qtbot: QtBot, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    table = make_table(desk, qtbot, Holdings(3))
    table.export_to(tmp_path / name)
    qtbot.waitUntil(table.message.isVisible, timeout=10_000)
    assert "cannot be written" in table.message.title
    assert list(tmp_path.iterdir()) == []


def test_cancelled_export_leaves_nothing(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    table = make_table(desk, qtbot, Holdings(MILLION))
    table.export_to(tmp_path / "holdings.csv")
    with qtbot.waitSignal(desk.tasks.progressed):
        pass
    with qtbot.waitSignal(desk.tasks.ended):
        desk.tasks.cancel_all()
    assert list(tmp_path.iterdir()) == []
    assert not table.message.isVisible()


def test_speaks_the_language_while_running(desk: Desk, qtbot: QtBot) -> None:
    table = make_table(desk, qtbot, Holdings(5))
    assert table.view.accessibleName() == "Choose columns"
    desk.language.set_code("th")
    assert table.view.accessibleName() == "เลือกคอลัมน์"
    assert table.model.headerData(0, Qt.Orientation.Horizontal) == "เลือกคอลัมน์"


def test_choices_stand_below_the_filter_where_there_is_no_room_beside(
    desk: Desk, qtbot: QtBot
) -> None:
    filters = tuple(
        Filter(f"f{number}", "accounts.state_title", (("open", "accounts.title"),))
        for number in range(3)
    )
    toolbar = TableToolbar(desk, filters)
    qtbot.addWidget(toolbar)
    toolbar.show()
    toolbar.set_count("12 rows")
    boxes = toolbar.findChildren(QComboBox)
    for width in (1200, 460, 1200):
        toolbar.resize(width, toolbar.sizeHint().height())
        is_below = width < 600
        qtbot.waitUntil(
            lambda is_below=is_below: (  # type: ignore[misc]
                all(box.width() >= box.sizeHint().width() for box in boxes)
                and (boxes[0].y() > toolbar.filter_box.y()) is is_below
            )
        )
        assert max(box.geometry().right() for box in boxes) <= toolbar.width()
