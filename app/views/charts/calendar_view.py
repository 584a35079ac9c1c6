"""A year as a calendar: a row for each month, a cell for each day, darker where more.

Owns the drawing and which day is chosen. The number stands in the cell beside its colour; a day
measured too little for an average is hatched, one not measured is empty.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.views.charts.wind_rose_view import mix_colours
from app.views.desk import Desk
from app.views.presenters.charts.long_history import CLASSES, DayCell, Year
from app.views.presenters.charts.ticks import value_text
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    CALENDAR_CELL,
    CALENDAR_MONTH_WIDTH,
    FOCUS_WIDTH,
    GAP_L,
    GAP_S,
    GAP_XS,
    LABEL,
    LINE_WIDTH,
    SECTION,
)

_MONTHS, _DAYS = 12, 31


class CalendarView(QWidget):
    """`day_chosen` follows a click on a measured day, and Enter."""

    day_chosen = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._cells: dict[date, DayCell] = {}
        self._year: Year | None = None
        self.chosen: date | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        desk.theme.changed.connect(self.update)
        desk.language.changed.connect(self.update)
        desk.language.keep(self, self.setAccessibleName, "charts.calendar")

    def sizeHint(self) -> QSize:
        """Ask for twelve months, days and a legend."""
        return QSize(
            CALENDAR_MONTH_WIDTH + _DAYS * CALENDAR_CELL,
            (_MONTHS + 1) * CALENDAR_CELL + 2 * LABEL.line + GAP_L,
        )

    def minimumSizeHint(self) -> QSize:
        """Cells grow narrow before they are cut."""
        return QSize(CALENDAR_MONTH_WIDTH + _DAYS * LABEL.line, self.sizeHint().height())

    def show_year(self, year: Year) -> None:
        """Show a year's days."""
        self._year = year
        self._cells = {cell.on: cell for cell in year.days}
        measured = [cell for cell in year.days if cell.is_measured]
        self.setAccessibleDescription(
            self._desk.language.text(
                "charts.calendar_told", year=str(year.year), count=len(measured)
            )
        )
        self.update()

    def choose(self, on: date) -> None:
        """Choose a day that was measured."""
        cell = self._cells.get(on)
        if cell is not None and cell.is_measured:
            self.chosen = on
            self.update()
            self.day_chosen.emit(on)

    def cell_rect(self, on: date) -> QRectF:
        """Give where a day lies."""
        width = self._cell_width()
        return QRectF(
            CALENDAR_MONTH_WIDTH + (on.day - 1) * width,
            on.month * CALENDAR_CELL,
            width - LINE_WIDTH,
            CALENDAR_CELL - LINE_WIDTH,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw days, months and the classes."""
        painter = QPainter(self)
        palette, language = self._desk.theme.palette, self._desk.language
        painter.setFont(desk_font(LABEL, language=language.code))
        painter.setPen(QColor(palette.muted))
        width = self._cell_width()
        for day in range(1, _DAYS + 1):
            place = QRectF(CALENDAR_MONTH_WIDTH + (day - 1) * width, 0, width, CALENDAR_CELL)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(day))
        for month in range(1, _MONTHS + 1):
            place = QRectF(0, month * CALENDAR_CELL, CALENDAR_MONTH_WIDTH, CALENDAR_CELL)
            text = language.text(f"months.short.{month}")
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        for cell in self._cells.values():
            self._draw_cell(painter, cell)
        self._draw_classes(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day under the pointer."""
        on = self._day_at(event.position())
        if on is not None:
            self.choose(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from measured day to measured day with the arrows."""
        days = [cell.on for cell in self._cells.values() if cell.is_measured]
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not days:
            super().keyPressEvent(event)
            return
        here = days.index(self.chosen) if self.chosen in days else -1 if step > 0 else 0
        self.choose(days[max(0, min(len(days) - 1, here + step))])

    def event(self, event: QEvent) -> bool:
        """Say a day's figures where the pointer rests."""
        if isinstance(event, QHelpEvent):
            on = self._day_at(QPointF(event.pos()))
            text = self._told(self._cells[on]) if on is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _cell_width(self) -> float:
        return (self.width() - CALENDAR_MONTH_WIDTH) / _DAYS

    def _day_at(self, point: QPointF) -> date | None:
        return next((on for on in self._cells if self.cell_rect(on).contains(point)), None)

    def _told(self, cell: DayCell) -> str:
        return self._desk.language.text(
            "charts.day_told",
            day=cell.on,
            mean=value_text(cell.mean),
            minimum=value_text(cell.minimum),
            maximum=value_text(cell.maximum),
            good=cell.good,
            expected=cell.expected,
        )

    def _colour(self, level: int) -> QColor:
        palette = self._desk.theme.palette
        share = level / (CLASSES - 1)
        return mix_colours(QColor(palette.leaf_tint), QColor(palette.leaf), share)

    def _draw_cell(self, painter: QPainter, cell: DayCell) -> None:
        palette = self._desk.theme.palette
        rect = self.cell_rect(cell.on)
        painter.setPen(Qt.PenStyle.NoPen)
        if cell.level is None:
            painter.setBrush(QColor(palette.page))
            painter.drawRect(rect)
            if cell.is_measured:
                painter.setBrush(QBrush(QColor(palette.amber), Qt.BrushStyle.BDiagPattern))
                painter.drawRect(rect)
        else:
            painter.setBrush(self._colour(cell.level))
            painter.drawRect(rect)
            dark = cell.level > CLASSES // 2
            painter.setPen(QColor(palette.on_leaf if dark else palette.ink))
            painter.setFont(desk_font(SECTION, language=self._desk.language.code))
            text = _short(cell.mean)
            if painter.fontMetrics().horizontalAdvance(text) <= rect.width():
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        if cell.on == self.chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.ink), FOCUS_WIDTH))
            painter.drawRect(rect)

    def _draw_classes(self, painter: QPainter) -> None:
        palette, language = self._desk.theme.palette, self._desk.language
        painter.setFont(desk_font(LABEL, language=language.code))
        left, top = 0.0, (_MONTHS + 1) * CALENDAR_CELL + GAP_S
        limits = self._year.class_limits() if self._year is not None else []
        for level, (low, high) in enumerate(limits):
            text = f"{value_text(low, 10 * (high - low))} – {value_text(high, 10 * (high - low))}"
            painter.fillRect(QRectF(left, top, LABEL.size, LABEL.size), self._colour(level))
            painter.setPen(QColor(palette.muted))
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(
                QRectF(left + LABEL.line + GAP_XS, top - GAP_XS / 2, width + 1, LABEL.line), 0, text
            )
            left += LABEL.line + GAP_XS + width + GAP_L
        hatched = QBrush(QColor(palette.amber), Qt.BrushStyle.BDiagPattern)
        top += LABEL.line + GAP_XS
        painter.fillRect(QRectF(0, top, LABEL.size, LABEL.size), hatched)
        painter.setPen(QColor(palette.muted))
        painter.drawText(
            QRectF(LABEL.line + GAP_XS, top - GAP_XS / 2, self.width(), LABEL.line + GAP_XS),
            0,
            language.text("charts.too_little"),
        )


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}"
