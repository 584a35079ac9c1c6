"""A day by its hours: from the least to the greatest reading of each, and the mean.

Owns the drawing; the hours are the presenter's.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.desk import Desk
from app.views.presenters.charts.long_history import Day, HourBar
from app.views.presenters.charts.ticks import moment, time_ticks, value_text, value_ticks
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    CHART_AXIS_WIDTH,
    CHART_HEIGHT,
    FOCUS_WIDTH,
    GAP_S,
    GAP_XS,
    LABEL,
    LINE_WIDTH,
)

_HOURS = 24
_HOUR_US = 3_600_000_000
_LABELS = 8
_LINES = 5


class DayView(QWidget):
    """Twenty-four hours of one channel."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._day: Day | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(CHART_HEIGHT)
        desk.theme.changed.connect(self.update)
        desk.language.keep(self, self.setAccessibleName, "charts.day_course")

    def sizeHint(self) -> QSize:
        """Prefer a bar's room for each hour."""
        return QSize(_HOURS * 2 * GAP_S, CHART_HEIGHT)

    def show_day(self, day: Day | None) -> None:
        """Show the hours of a day, or none."""
        self._day = day
        told: tuple[str, ...] = ()
        if day is not None:
            told = tuple(
                f"{moment(each.start_us).astimezone(day.zone):%H:%M} {value_text(each.mean)}"
                for each in day.hours
            )
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw lines, hours and bars."""
        day = self._day
        if day is None:
            return
        ends = [_ends(bar) for bar in day.hours]
        lows, highs = ([end[place] for end in ends if end is not None] for place in (0, 1))
        if not lows:
            return
        low, high = min(lows), max(highs)
        air = (high - low) * 0.1 or abs(high) * 0.01 or 1.0
        low, high = low - air, high + air
        painter = QPainter(self)
        painter.setFont(desk_font(LABEL, language=self._desk.language.code))
        foot = LABEL.line + GAP_S
        area = QRectF(
            CHART_AXIS_WIDTH, GAP_S, self.width() - CHART_AXIS_WIDTH, self.height() - foot - GAP_S
        )
        self._draw_scales(painter, area, day, low, high)
        for bar in day.hours:
            self._draw_bar(painter, area, day, bar, low, high)
        painter.end()

    def _draw_scales(
        self, painter: QPainter, area: QRectF, day: Day, low: float, high: float
    ) -> None:
        palette = self._desk.theme.palette
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, text in value_ticks(low, high, _LINES):
            y = _place(area, value, low, high)
            painter.setPen(QPen(QColor(palette.line), LINE_WIDTH))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(palette.muted))
            box = QRectF(0, y - LABEL.line / 2, area.left() - GAP_S, LABEL.line)
            painter.drawText(box, right, text.replace("-", "−"))
        for at_us, text in time_ticks(day.start_us, day.end_us - 1, _LABELS, day.zone):
            x = area.left() + area.width() * (at_us - day.start_us) / (day.end_us - day.start_us)
            box = QRectF(x, area.bottom() + GAP_XS, area.width() / _LABELS, LABEL.line)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, text)

    def _draw_bar(
        self, painter: QPainter, area: QRectF, day: Day, bar: HourBar, low: float, high: float
    ) -> None:
        ends = _ends(bar)
        if ends is None:
            return
        palette = self._desk.theme.palette
        step = area.width() * _HOUR_US / (day.end_us - day.start_us)
        x = area.left() + step * (bar.start_us - day.start_us) / _HOUR_US
        bottom, top = (_place(area, value, low, high) for value in ends)
        painter.fillRect(
            QRectF(x + GAP_XS / 2, top, step - GAP_XS, max(LINE_WIDTH, bottom - top)),
            QColor(palette.leaf_tint),
        )
        if bar.mean is not None:
            y = _place(area, bar.mean, low, high)
            painter.fillRect(
                QRectF(x + GAP_XS / 2, y, step - GAP_XS, FOCUS_WIDTH), QColor(palette.leaf)
            )


def _ends(bar: HourBar) -> tuple[float, float] | None:
    """Give least and greatest; of a direction, which has none, its mean; None without any."""
    least = bar.mean if bar.minimum is None else bar.minimum
    greatest = bar.mean if bar.maximum is None else bar.maximum
    return None if least is None or greatest is None else (least, greatest)


def _place(area: QRectF, value: float, low: float, high: float) -> float:
    return area.bottom() - area.height() * (value - low) / (high - low)
