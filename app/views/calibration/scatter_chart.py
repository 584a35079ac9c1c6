"""Pairs of a co-location as dots, the line of equality and the fitted line.

Owns the drawing; figures are the service's.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.services.calibration.colocation import CoLocation
from app.views.desk import Desk
from app.views.theme.tokens import CHART_AXIS_WIDTH, FIT_CHART_LEAST, GAP_XL

_DOT = 2.5
_TICKS = 4


class ScatterChart(QWidget):
    """Reference across, sensor up, both on one scale."""

    def __init__(self, desk: Desk, report: CoLocation) -> None:
        super().__init__()
        self._desk = desk
        self._report = report
        self.setMinimumSize(*FIT_CHART_LEAST)
        desk.language.keep(self, self.setAccessibleName, "colocation.scatter")
        desk.theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Ask for a square."""
        return QSize(FIT_CHART_LEAST[0], FIT_CHART_LEAST[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dots and both lines."""
        palette, points = self._desk.theme.palette, self._report.pairs.points
        values = [value for pair in points for value in (pair.reference, pair.measured)]
        low, high = min(0.0, *values), max(values) * 1.05 or 1.0
        area = QRectF(self.rect()).adjusted(CHART_AXIS_WIDTH, 8, -GAP_XL, -GAP_XL)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect())

        def at(x: float, y: float) -> QPointF:
            across, up = ((each - low) / (high - low) for each in (x, y))
            return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

        self._draw_ticks(painter, area, low, high)
        painter.setPen(QPen(QColor(palette.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(at(low, low), at(high, high))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.blue))
        for pair in points:
            painter.drawEllipse(at(pair.reference, pair.measured), _DOT, _DOT)
        fit = self._report.agreement.fit
        painter.setClipRect(area)
        painter.setPen(QPen(QColor(palette.leaf), 2))
        painter.drawLine(at(low, fit.predict(low)), at(high, fit.predict(high)))
        painter.end()

    def _draw_ticks(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        palette = self._desk.theme.palette
        for number in range(_TICKS + 1):
            share = number / _TICKS
            text = f"{low + share * (high - low):.3g}"
            x, y = area.left() + share * area.width(), area.bottom() - share * area.height()
            painter.setPen(QColor(palette.line))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(palette.muted))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 10, area.left() - 6, 20), right, text)
            place = QRectF(x - 30, area.bottom() + 2, 60, 20)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
