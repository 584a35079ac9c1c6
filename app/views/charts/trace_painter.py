"""Draws the traces of a chart from their columns, in device pixels, from arrays made once.

Owns those arrays. No antialiasing, opaque colours, one call for each trace and flag.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from app.views.charts.chart_inks import ChartInks
from app.views.charts.segments import Bars, Lines
from app.views.presenters.charts.chart import Chart, Trace
from app.views.presenters.charts.columns import Columns, Grid
from app.views.presenters.charts.geometry import (
    Scale,
    bar_rows,
    bridge_rows,
    flagged_places,
    point_rows,
    run_starts,
)
from app.views.presenters.charts.ring import Severity
from app.views.theme.tokens import CHART_FLAG_SIZE

_START_COLUMNS = 512
_WIDEST_BITE = 2


class TracePainter:
    """The arrays grow to the widest chart drawn so far and then stay."""

    def __init__(self) -> None:
        self._make_arrays(_START_COLUMNS)

    def draw(
        self,
        painter: QPainter,
        chart: Chart,
        grid: Grid,
        *,
        height: int,
        ratio: float,
        inks: ChartInks,
        raw: bool,
    ) -> None:
        """Draw every trace; the painter's origin is the plot's upper left, in device pixels."""
        if grid.count > self._columns:
            self._make_arrays(grid.count)
        for trace in chart.traces:
            limits = chart.range_of(trace)
            scale = Scale(limits.low, limits.high, height)
            if raw:
                self._draw_trace(
                    painter, trace, grid, scale, inks.raw_brush, inks.raw_pen, raw=True
                )
            number = (trace.number - 1) % len(inks.series)
            pen, brush = inks.series_pens[number], inks.series_brushes[number]
            self._draw_trace(painter, trace, grid, scale, brush, pen)
            columns = trace.columns(grid)
            if columns.worst.any():
                self._draw_flags(painter, columns, scale, ratio, inks)

    def _make_arrays(self, columns: int) -> None:
        self._columns = columns
        self._bars = Bars(columns)
        self._lines = Lines(4 * columns)

    def _draw_trace(
        self,
        painter: QPainter,
        trace: Trace,
        grid: Grid,
        scale: Scale,
        brush: QBrush,
        pen: QPen,
        *,
        raw: bool = False,
    ) -> None:
        if trace.shows_points(grid):
            count = point_rows(
                trace.ring, grid, scale, self._lines.rows, gap_us=trace.gap_us, raw=raw
            )
            painter.setPen(pen)
            self._lines.draw(painter, count)
            return
        columns = trace.columns(grid, raw=raw)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        self._bars.draw(painter, bar_rows(columns, scale, self._bars.rows))
        bridges = bridge_rows(columns, scale, self._lines.rows)
        if bridges:
            painter.setPen(pen)
            self._lines.draw(painter, bridges)

    def _draw_flags(
        self, painter: QPainter, columns: Columns, scale: Scale, ratio: float, inks: ChartInks
    ) -> None:
        """Colour what is flagged, and put a shape over each run: a triangle, or a cross if bad."""
        for severity, colour in ((Severity.SUSPICIOUS, inks.amber), (Severity.BAD, inks.red)):
            places = flagged_places(columns, severity)
            if not len(places):
                continue
            tops = scale.places(columns.high[places])
            feet = scale.places(columns.low[places])
            known = ~np.isnan(tops)
            count = int(known.sum())
            rows = self._bars.rows[:count]
            rows[:, 0] = rows[:, 2] = places[known]
            rows[:, 1], rows[:, 3] = tops[known], feet[known]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            self._bars.draw(painter, count)
            size = CHART_FLAG_SIZE * ratio
            for place in run_starts(places, apart=round(_WIDEST_BITE * size)).tolist():
                top = float(tops[np.searchsorted(places, place)])
                foot = size if np.isnan(top) else max(size, top - size / 4)
                draw_flag(painter, severity, colour, place, foot, size)


def draw_flag(
    painter: QPainter, severity: Severity, colour: QColor, x: float, foot: float, size: float
) -> None:
    """Draw the shape of a flag standing on a point: a triangle is suspicious, a cross is bad."""
    half = size / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if severity is Severity.SUSPICIOUS:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(
            QPolygonF([QPointF(x - half, foot), QPointF(x + half, foot), QPointF(x, foot - size)])
        )
    else:
        painter.setPen(QPen(colour, size / 4))
        painter.drawLine(QPointF(x - half, foot - size), QPointF(x + half, foot))
        painter.drawLine(QPointF(x - half, foot), QPointF(x + half, foot - size))
    painter.restore()
