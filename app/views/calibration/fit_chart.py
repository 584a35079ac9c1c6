"""The line through the points and what is left over, drawn.

Owns the drawing; figures are the service's.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.services.calibration.evaluation import CalibrationOutcome
from app.views.desk import Desk
from app.views.theme.tokens import FIT_CHART_LEAST, GAP_S, GAP_XS

_RESIDUAL_SHARE = 0.3
_MARGIN = 14.0
_MARK = 4.0


class FitChart(QWidget):
    """Readings over references with the line above, residuals with their U below."""

    def __init__(self, desk: Desk, outcome: CalibrationOutcome) -> None:
        super().__init__()
        self._desk = desk
        self._outcome = outcome
        self.setMinimumSize(*FIT_CHART_LEAST)
        desk.language.keep(self, self.setAccessibleName, "calibration.fit_chart")
        desk.theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Ask for a chart's room."""
        return QSize(*FIT_CHART_LEAST)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        below = area.height() * _RESIDUAL_SHARE
        self._draw_line(painter, area.adjusted(0, 0, 0, -below - _MARGIN))
        self._draw_residuals(
            painter, QRectF(area.left(), area.bottom() - below, area.width(), below)
        )
        painter.end()

    def _draw_line(self, painter: QPainter, area: QRectF) -> None:
        palette, fit = self._desk.theme.palette, self._outcome.fit
        points = [(point.material.value, point.mean) for point in self._outcome.as_found]
        low, high = _span([x for x, _ in points])
        bottom, top = _span([y for _, y in points])
        ends = [] if fit is None else [fit.predict(x) for x in (low, high)]
        bottom, top = min([bottom, *ends]), max([top, *ends])
        area = self._caption(
            painter,
            area,
            "calibration.chart.line",
            low=f"{low:.4g}",
            high=f"{high:.4g}",
            bottom=f"{bottom:.4g}",
            top=f"{top:.4g}",
        )
        if ends:
            painter.setPen(QPen(QColor(palette.leaf), 2))
            painter.drawLine(
                *(
                    _at(area, x, y, (low, high), (bottom, top))
                    for x, y in zip((low, high), ends, strict=True)
                )
            )
        painter.setPen(QPen(QColor(palette.teak), 2))
        painter.setBrush(QColor(palette.paper))
        for x, y in points:
            painter.drawEllipse(_at(area, x, y, (low, high), (bottom, top)), _MARK, _MARK)

    def _draw_residuals(self, painter: QPainter, area: QRectF) -> None:
        palette, fit = self._desk.theme.palette, self._outcome.fit
        if fit is None:
            self._frame(painter, area)
            return
        points = self._outcome.as_found
        spans = _span([point.material.value for point in points])
        halves = [point.budget.expanded for point in points]
        reach = max(abs(r) + h for r, h in zip(fit.residuals, halves, strict=True)) * 1.2 or 1.0
        vertical = (-reach, reach)
        area = self._caption(painter, area, "calibration.chart.residuals", reach=f"{reach:.3g}")
        painter.setPen(QColor(palette.muted))
        painter.drawLine(*(_at(area, x, 0.0, spans, vertical) for x in spans))
        painter.setPen(QPen(QColor(palette.teak), 2))
        for point, residual, half in zip(points, fit.residuals, halves, strict=True):
            x = point.material.value
            ends = (_at(area, x, residual + side * half, spans, vertical) for side in (-1, 1))
            painter.drawLine(*ends)
            painter.drawEllipse(_at(area, x, residual, spans, vertical), _MARK, _MARK)

    def _caption(self, painter: QPainter, area: QRectF, key: str, **values: str) -> QRectF:
        """Frame an area, write what it shows, and give the room below."""
        self._frame(painter, area)
        text = self._desk.language.text(key, unit=self._outcome.settings.unit, **values)
        return write_caption(painter, area, text, QColor(self._desk.theme.palette.muted))

    def _frame(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QColor(self._desk.theme.palette.line))
        painter.setBrush(QColor(self._desk.theme.palette.paper))
        painter.drawRect(area)


def write_caption(painter: QPainter, area: QRectF, text: str, colour: QColor) -> QRectF:
    """Write what a chart shows into its upper corner, and give the room that is left below."""
    height = painter.fontMetrics().height()
    painter.setPen(colour)
    line = area.adjusted(GAP_S, GAP_XS, -GAP_S, 0)
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)
    return area.adjusted(0, height + GAP_S, 0, 0)


def _span(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or max(abs(high) * 0.1, 1.0)
    return low - room, high + room


def _at(
    area: QRectF, x: float, y: float, across: tuple[float, float], up: tuple[float, float]
) -> QPointF:
    return QPointF(
        area.left() + (x - across[0]) / (across[1] - across[0]) * area.width(),
        area.bottom() - (y - up[0]) / (up[1] - up[0]) * area.height(),
    )
