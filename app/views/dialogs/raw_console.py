"""The raw console of a station: bytes in hex and as text beside what they were decoded to.

Owns the window and its slow timer; the bytes are the source's, which keeps a bounded number.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.views.components.labels import wrapped_label
from app.views.desk import Desk
from app.views.presenters.charts.live_source import ConsoleRow, LineReport, LiveSource
from app.views.presenters.charts.ticks import moment
from app.views.presenters.station_words import line_words
from app.views.theme.tokens import CONSOLE_DIALOG_SIZE, GAP_L, GAP_M, GAP_XL

_LOOK_MS = 500
_ROWS = 200
_COLUMNS = ("time", "way", "hex", "text", "decoded")


class RawConsoleDialog(QDialog):
    """Follows one sensor's line; the newest line is the lowest."""

    def __init__(
        self, desk: Desk, source: LiveSource, station: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._source = source
        self._station = station
        self._shown: tuple[ConsoleRow, ...] = ()
        self.setWindowTitle(f"{desk.language.text('stations.console')} · {station}")
        self.resize(*CONSOLE_DIALOG_SIZE)
        self.sensor = QComboBox()
        desk.language.keep(self.sensor, self.sensor.setAccessibleName, "stations.sensors")
        for line in self._lines():
            state = desk.language.text(f"stations.state.{line.state}")
            self.sensor.addItem(f"{line.sensor} · {state}", line.sensor)
        self.told = wrapped_label("muted")
        self.table = QTableWidget(0, len(_COLUMNS))
        self._dress_table()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP_XL, GAP_XL, GAP_XL, GAP_L)
        layout.setSpacing(GAP_M)
        layout.addWidget(wrapped_label("", desk.language.text("stations.console_sentence")))
        layout.addWidget(self.sensor)
        layout.addWidget(self.told)
        layout.addWidget(self.table, 1)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK_MS)
        self.sensor.activated.connect(self.look)
        self.look()

    def look(self) -> None:
        """Show what came since."""
        line = next((each for each in self._lines() if each.sensor == self._sensor()), None)
        if line is not None:
            language = self._desk.language
            counted = language.text("stations.counted", frames=line.frames, dropped=line.dropped)
            problem = line_words(line, language.text, language.has)
            self.told.setText(f"{counted} {problem}".rstrip())
        rows = tuple(self._source.console(self._station, self._sensor()))[-_ROWS:]
        if rows == self._shown:
            return
        self._shown = rows
        self.table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate(self._cells(row)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(place, column, item)
        self.table.scrollToBottom()

    def _lines(self) -> list[LineReport]:
        return [line for line in self._source.lines() if line.station == self._station]

    def _sensor(self) -> str:
        return str(self.sensor.currentData() or "")

    def _cells(self, row: ConsoleRow) -> tuple[str, ...]:
        language = self._desk.language
        at = language.local(moment(row.at_us))
        way = language.text("stations.sent" if row.is_sent else "stations.received")
        return f"{at:%H:%M:%S.%f}"[:-3], way, row.hex, row.text, row.decoded

    def _dress_table(self) -> None:
        language = self._desk.language
        titles = [language.text(f"stations.console_columns.{name}") for name in _COLUMNS]
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setAccessibleName(language.text("stations.console"))
        self.table.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (2, 3, 4):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
