"""A day by its hours: from the least to the greatest reading of each, and the mean.

Owns the drawing; the hours are the presenter's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.desk import Desk
from app.views.presenters.charts.long_history import HourBar
from app.views.presenters.charts.ticks import moment, value_text, value_ticks
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
_EVERY = 3
_LINES = 5


class DayView(QWidget):
    """Twenty-four hours of one channel."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._bars: tuple[HourBar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(CHART_HEIGHT)
        desk.theme.changed.connect(self.update)
        desk.language.keep(self, self.setAccessibleName, "charts.day_course")

    def sizeHint(self) -> QSize:
        """Prefer a bar's room for each hour."""
        return QSize(_HOURS * 2 * GAP_S, CHART_HEIGHT)

    def show_hours(self, bars: Sequence[HourBar]) -> None:
        """Show the hours of a day."""
        self._bars = tuple(bars)
        language = self._desk.language
        self.setAccessibleDescription(
            "; ".join(
                f"{language.time(moment(each.start_us))} {value_text(each.mean)}" for each in bars
            )
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw lines, hours and bars."""
        lows = [bar.minimum for bar in self._bars if bar.minimum is not None]
        highs = [bar.maximum for bar in self._bars if bar.maximum is not None]
        if not lows or not highs:
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
        self._draw_scales(painter, area, low, high)
        for bar in self._bars:
            self._draw_bar(painter, area, bar, low, high)
        painter.end()

    def _draw_scales(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        palette = self._desk.theme.palette
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, text in value_ticks(low, high, _LINES):
            y = _place(area, value, low, high)
            painter.setPen(QPen(QColor(palette.line), LINE_WIDTH))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(palette.muted))
            box = QRectF(0, y - LABEL.line / 2, area.left() - GAP_S, LABEL.line)
            painter.drawText(box, right, text.replace("-", "−"))
        for hour in range(0, _HOURS, _EVERY):
            x = area.left() + area.width() * hour / _HOURS
            box = QRectF(x, area.bottom() + GAP_XS, area.width() * _EVERY / _HOURS, LABEL.line)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, f"{hour:02d}:00")

    def _draw_bar(
        self, painter: QPainter, area: QRectF, bar: HourBar, low: float, high: float
    ) -> None:
        if bar.minimum is None or bar.maximum is None:
            return
        palette, language = self._desk.theme.palette, self._desk.language
        local = language.local(moment(bar.start_us))
        step = area.width() / _HOURS
        x = area.left() + step * (local.hour + local.minute / 60)
        top, bottom = (_place(area, value, low, high) for value in (bar.maximum, bar.minimum))
        painter.fillRect(
            QRectF(x + GAP_XS / 2, top, step - GAP_XS, max(LINE_WIDTH, bottom - top)),
            QColor(palette.leaf_tint),
        )
        if bar.mean is not None:
            y = _place(area, bar.mean, low, high)
            painter.fillRect(
                QRectF(x + GAP_XS / 2, y, step - GAP_XS, FOCUS_WIDTH), QColor(palette.leaf)
            )


def _place(area: QRectF, value: float, low: float, high: float) -> float:
    return area.bottom() - area.height() * (value - low) / (high - low)
