"""What lies under the lines of a chart and changes seldom: paper, lines of the scales, numbers.

Owns one pixmap, drawn again only when what is on it changes. A live chart that scrolls by less
than a column costs nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.views.charts.chart_inks import ChartInks
from app.views.presenters.charts.columns import Grid
from app.views.presenters.charts.geometry import Scale
from app.views.presenters.charts.ticks import time_ticks, value_ticks
from app.views.theme.tokens import CARD_RADIUS, FOCUS_WIDTH, GAP_S, GAP_XS, LABEL, LINE_WIDTH

_PIXELS_PER_TIME = 72
_PIXELS_PER_VALUE = 28


@dataclass(frozen=True)
class BackdropPlan:
    """All that a backdrop depends on; the same plan gives the same picture."""

    size: QSize
    ratio: float
    plot: QRect
    grid: Grid
    low: float
    high: float
    is_selected: bool
    inks_key: tuple[str, str]


class ChartBackdrop:
    """The cached pixmap."""

    def __init__(self) -> None:
        self._plan: BackdropPlan | None = None
        self._pixmap = QPixmap()
        self.drawn = 0
        """How often it was drawn anew."""

    def pixmap(self, plan: BackdropPlan, inks: ChartInks, zone: tzinfo) -> QPixmap:
        """Give the picture of a plan."""
        if plan != self._plan:
            self._plan = plan
            self._draw(plan, inks, zone)
            self.drawn += 1
        return self._pixmap

    def _draw(self, plan: BackdropPlan, inks: ChartInks, zone: tzinfo) -> None:
        wanted = plan.size * plan.ratio
        if self._pixmap.size() != wanted:
            self._pixmap = QPixmap(wanted)
        self._pixmap.setDevicePixelRatio(plan.ratio)
        self._pixmap.fill(QColor(inks.palette.page))
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = inks.leaf if plan.is_selected else QColor(inks.palette.line)
        painter.setPen(QPen(edge, LINE_WIDTH))
        painter.setBrush(inks.paper)
        half = LINE_WIDTH / 2
        paper = QRectF(0, 0, plan.size.width(), plan.size.height())
        painter.drawRoundedRect(paper.adjusted(half, half, -half, -half), CARD_RADIUS, CARD_RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setFont(inks.label)
        _draw_values(painter, plan, inks)
        _draw_times(painter, plan, inks, zone)
        painter.end()


def _draw_values(painter: QPainter, plan: BackdropPlan, inks: ChartInks) -> None:
    plot = plan.plot
    scale = Scale(plan.low, plan.high, plot.height())
    most = max(3, plot.height() // _PIXELS_PER_VALUE)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for value, text in value_ticks(plan.low, plan.high, most):
        y = plot.top() + (scale.high - value) * (scale.pixels - 1) / (scale.high - scale.low)
        painter.setPen(inks.grid)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(inks.muted)
        place = QRectF(0, y - LABEL.line / 2, plot.left() - GAP_S, LABEL.line)
        painter.drawText(place, right, text.replace("-", "−"))


def _draw_times(painter: QPainter, plan: BackdropPlan, inks: ChartInks, zone: tzinfo) -> None:
    plot, grid = plan.plot, plan.grid
    most = max(2, plot.width() // _PIXELS_PER_TIME)
    centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
    half = _PIXELS_PER_TIME / 2
    for at_us, text in time_ticks(grid.start_us, grid.end_us, most, zone):
        x = plot.left() + (at_us - grid.start_us) / grid.step_us / plan.ratio
        painter.setPen(inks.grid)
        painter.drawLine(
            QPointF(x, plot.bottom() + FOCUS_WIDTH), QPointF(x, plot.bottom() + GAP_XS)
        )
        painter.setPen(inks.muted)
        left = min(max(0.0, x - half), plan.size.width() - 2 * half)
        painter.drawText(
            QRectF(left, plot.bottom() + GAP_XS, 2 * half, LABEL.line + GAP_XS), centre, text
        )
