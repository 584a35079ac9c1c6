"""Two bars a month: what was issued and what was offset.

Owns the drawing; the figures are the page's. The legend says in words what the colours do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.desk import Desk
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    BAR_WIDTH,
    CHART_HEIGHT,
    FOCUS_WIDTH,
    GAP_L,
    GAP_S,
    GAP_XL,
    GAP_XS,
    LABEL,
    LINE_WIDTH,
)

_LINES = 3


@dataclass(frozen=True)
class MonthBars:
    """One month: 1 to 12, and its two quantities in units."""

    month: int
    issued: int
    offset: int


class MonthChart(QWidget):
    """Bars over a few quiet lines, months below, legend last."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._months: tuple[MonthBars, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(CHART_HEIGHT)
        desk.theme.changed.connect(self.update)
        desk.language.changed.connect(self._tell)
        desk.language.keep(self, self.setAccessibleName, "home.chart")

    def show_months(self, months: Sequence[MonthBars]) -> None:
        """Show months in the order given, the last one at the right."""
        self._months = tuple(months)
        self._tell()

    def sizeHint(self) -> QSize:
        """Prefer room for twelve months."""
        return QSize(12 * 3 * BAR_WIDTH, CHART_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw lines, bars, months and legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(desk_font(LABEL, language=self._desk.language.code))
        metrics = QFontMetricsF(painter.font())
        top = _round_up(max((max(m.issued, m.offset) for m in self._months), default=0))
        axis = metrics.horizontalAdvance(self._number(top)) + GAP_S
        foot = 2 * (LABEL.line + GAP_S) + GAP_S
        area = QRectF(axis, GAP_S, self.width() - axis, self.height() - foot - GAP_S)
        self._draw_lines(painter, area, top)
        self._draw_bars(painter, area, top)
        self._draw_legend(painter, metrics)
        painter.end()

    def _draw_lines(self, painter: QPainter, area: QRectF, top: int) -> None:
        palette = self._desk.theme.palette
        for number in range(_LINES + 1):
            y = area.bottom() - area.height() * number / _LINES
            painter.setPen(QPen(QColor(palette.line), LINE_WIDTH))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(palette.muted))
            place = QRectF(0, y - LABEL.line / 2, area.left() - GAP_S, LABEL.line)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, right, self._number(top * number // _LINES))

    def _draw_bars(self, painter: QPainter, area: QRectF, top: int) -> None:
        palette, language = self._desk.theme.palette, self._desk.language
        step = area.width() / max(1, len(self._months))
        width = min(BAR_WIDTH, (step - GAP_XS) / 2)
        every = self._months_between_words(painter, step)
        for place, month in enumerate(self._months):
            middle = area.left() + step * (place + 0.5)
            for left, quantity, colour in (
                (middle - width - LINE_WIDTH, month.issued, palette.leaf),
                (middle + LINE_WIDTH, month.offset, palette.teak),
            ):
                height = area.height() * quantity / top if top else 0.0
                height = max(height, FOCUS_WIDTH) if quantity else 0.0
                bar = QRectF(left, area.bottom() - height, width, height)
                painter.fillRect(bar, QColor(colour))
            if (len(self._months) - 1 - place) % every:
                continue
            painter.setPen(QColor(palette.muted))
            room = step * every
            words = QRectF(middle - room / 2, area.bottom() + GAP_XS, room, LABEL.line + GAP_XS)
            text = language.text(f"months.short.{month.month}")
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)

    def _months_between_words(self, painter: QPainter, step: float) -> int:
        """Count from one month that is named to the next: all, where there is room."""
        words = (self._desk.language.text(f"months.short.{m.month}") for m in self._months)
        metrics = QFontMetricsF(painter.font())
        widest = max((metrics.horizontalAdvance(word) for word in words), default=0.0)
        return max(1, math.ceil((widest + GAP_XS) / max(1.0, step)))

    def _draw_legend(self, painter: QPainter, metrics: QFontMetricsF) -> None:
        palette, language = self._desk.theme.palette, self._desk.language
        left, y = 0.0, self.height() - LABEL.line / 2 - GAP_XS
        for key, colour in (("home.issued", palette.leaf), ("home.offset", palette.teak)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QPointF(left + GAP_XS, y), GAP_XS, GAP_XS)
            painter.setPen(QColor(palette.muted))
            text = language.text(key)
            place = QRectF(
                left + GAP_L, y - LABEL.line / 2, metrics.horizontalAdvance(text) + 1, LABEL.line
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            left = place.right() + GAP_XL

    def _number(self, value: int) -> str:
        return self._desk.language.quantity(value)

    def _tell(self) -> None:
        language = self._desk.language
        parts = [
            language.text(
                "home.month_told",
                month=language.text(f"months.long.{each.month}"),
                issued=each.issued,
                offset=each.offset,
            )
            for each in self._months
        ]
        self.setAccessibleDescription("; ".join(parts))
        self.update()


def _round_up(value: int) -> int:
    """Give the next number that three lines divide into round figures."""
    if value <= 0:
        return _LINES
    size = int(10 ** max(0, len(str(value)) - 2))
    step = _LINES * size
    return -(-value // step) * step
