"""One chart as a widget: draws what its presenter lays out, and hands on what a hand does to it.

Owns painting in layers and turning the mouse and keys into zooming, panning, boxes and cursors;
decides nothing about data. Wheel: zoom; drag: move; Shift and drag: a box; double-click: back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.charts.chart_backdrop import BackdropPlan, ChartBackdrop
from app.views.charts.chart_head import ChartHead, HeadPlan, HeadWords, head_height
from app.views.charts.chart_inks import ChartInks
from app.views.charts.head_words import head_words
from app.views.charts.trace_painter import TracePainter
from app.views.desk import Desk
from app.views.presenters.charts.chart import Chart, LegendEntry
from app.views.presenters.charts.columns import Grid
from app.views.presenters.charts.geometry import Scale
from app.views.presenters.charts.live import LivePresenter
from app.views.theme.tokens import (
    CHART_AXIS_WIDTH,
    CHART_COMPACT_HEIGHT,
    CHART_DRAG_PIXELS,
    CHART_FLAG_SIZE,
    CHART_LOW_HEIGHT,
    FOCUS_WIDTH,
    GAP_M,
    GAP_S,
    GAP_XS,
    LABEL,
    LINE_WIDTH,
    LIVE_CHART_LEAST,
)

_ZOOM_STEP = 1.25
_KEY_ZOOM = 1.5
_KEY_PAN = 0.2
_HEAD_S = 0.5
_FEW_TRACES = 3
_WHEEL_NOTCH = 120.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class _Drag:
    """A button held down: where it began, and what it does."""

    began: QPointF
    last: QPointF
    is_box: bool
    moved: bool = False


class ChartView(QWidget):
    """`chosen` when the chart is pointed at, `moved` when the span or a scale was changed."""

    chosen = Signal()
    moved = Signal()
    placed = Signal()

    def __init__(self, desk: Desk, live: LivePresenter, chart: Chart) -> None:
        super().__init__()
        self._desk = desk
        self._live = live
        self.chart = chart
        self.is_selected = False
        self._inks = ChartInks(desk.theme.palette, desk.language.code)
        self._backdrop = ChartBackdrop()
        self._head = ChartHead()
        self._traces = TracePainter()
        self._entries: tuple[LegendEntry, ...] = ()
        self._words = HeadWords("", "", (), (), "")
        self._head_at_s = 0.0
        self._drag: _Drag | None = None
        self.redraws = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(*LIVE_CHART_LEAST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        desk.theme.changed.connect(self._take_inks)
        desk.language.changed.connect(self._take_inks)

    def sizeHint(self) -> QSize:
        """Prefer the least; the grid shares out what there is."""
        return QSize(*LIVE_CHART_LEAST)

    def show_chart(self, chart: Chart) -> None:
        """Show another chart in this widget."""
        self.chart = chart
        self.refresh()

    def refresh(self) -> None:
        """Draw all of it anew, the head included."""
        self._head_at_s = 0.0
        self.update()

    # Places

    @property
    def is_compact(self) -> bool:
        """Whether the chart is too low for a legend with values."""
        return self.height() < CHART_COMPACT_HEIGHT and len(self.chart.traces) > _FEW_TRACES

    @property
    def is_low(self) -> bool:
        """Whether not even two rows of names find room below the title."""
        return self.height() < CHART_LOW_HEIGHT

    def plot_rect(self) -> QRect:
        """Give where the lines are drawn, in device-independent pixels."""
        inner = self.width() - 2 * GAP_M
        count = len(self.chart.traces)
        head = head_height(count, inner, is_compact=self.is_compact, is_low=self.is_low)
        top = GAP_S + head + GAP_XS
        left = CHART_AXIS_WIDTH
        bottom = self.height() - LABEL.line - GAP_S - GAP_XS
        return QRect(left, top, max(1, self.width() - left - 2 * GAP_M), max(1, bottom - top))

    def grid(self) -> Grid:
        """Give the columns in view: one for each device pixel."""
        return self._live.grid(round(self.plot_rect().width() * self.devicePixelRatioF()))

    def time_at(self, x: float) -> int:
        """Give the moment at a place across the widget."""
        plot, grid = self.plot_rect(), self.grid()
        share = (x - plot.left()) / max(1, plot.width())
        return grid.start_us + round(share * (grid.end_us - grid.start_us))

    def place_of(self, at_us: int) -> float:
        """Give the place across the widget of a moment."""
        plot, grid = self.plot_rect(), self.grid()
        return plot.left() + plot.width() * (at_us - grid.start_us) / (grid.end_us - grid.start_us)

    def value_at(self, y: float) -> float:
        """Give the axis's value at a place down the widget."""
        plot, limits = self.plot_rect(), self.chart.axis_range()
        return Scale(limits.low, limits.high, plot.height()).value(y - plot.top())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw backdrop, head, traces, marks and cursors."""
        ratio = self.devicePixelRatioF()
        plot, grid = self.plot_rect(), self.grid()
        self.chart.fit(grid, raw=self._live.shows_raw)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._backdrop_pixmap(plot, grid, ratio))
        self._draw_head(painter, ratio)
        painter.save()
        painter.setClipRect(plot)
        self._draw_selection(painter, plot)
        painter.translate(plot.topLeft())
        painter.scale(1 / ratio, 1 / ratio)
        self._traces.draw(
            painter,
            self.chart,
            grid,
            height=round(plot.height() * ratio),
            ratio=ratio,
            inks=self._inks,
            raw=self._live.shows_raw,
        )
        painter.restore()
        self._draw_numbers(painter, plot)
        self._draw_marks(painter, plot, grid)
        self._draw_cursors(painter, plot, grid)
        self._draw_focus(painter)
        painter.end()
        self.redraws += 1

    def _backdrop_pixmap(self, plot: QRect, grid: Grid, ratio: float) -> QPixmap:
        limits = self.chart.axis_range()
        plan = BackdropPlan(
            size=self.size(),
            ratio=ratio,
            plot=plot,
            grid=grid,
            low=limits.low,
            high=limits.high,
            is_selected=self.is_selected,
            inks_key=self._inks.key,
        )
        zone = self._desk.language.local(_EPOCH).tzinfo or UTC
        return self._backdrop.pixmap(plan, self._inks, zone)

    def _draw_head(self, painter: QPainter, ratio: float) -> None:
        now = time.monotonic()
        if now - self._head_at_s >= _HEAD_S or len(self._entries) != len(self.chart.traces):
            self._head_at_s = now
            self._entries = tuple(self.chart.legend(self._live.memory.newest_us))
            self._words = head_words(self._desk, self.chart)
        width = self.width() - 2 * GAP_M
        plan = HeadPlan(
            *(width, ratio, self._words, self._entries),
            *(self.is_compact, self.is_low, self._inks.key),
        )
        painter.drawPixmap(GAP_M, GAP_S, self._head.pixmap(plan, self._inks))

    def _draw_numbers(self, painter: QPainter, plot: QRect) -> None:
        """Write each line's number at its right end, where there is room for it."""
        if len(self.chart.traces) < 2:
            return
        taken: list[float] = []
        painter.setFont(self._inks.label_strong)
        for trace in self.chart.traces:
            entry = next((e for e in self._entries if e.key == trace.channel.key), None)
            if entry is None or entry.value is None:
                continue
            limits = self.chart.range_of(trace)
            y = plot.top() + (limits.high - entry.value) / (limits.high - limits.low) * (
                plot.height()
            )
            if not plot.top() <= y <= plot.bottom():
                continue
            if any(abs(y - other) < GAP_M for other in taken):
                continue
            taken.append(y)
            painter.setPen(self._inks.series[(trace.number - 1) % len(self._inks.series)])
            place = QRectF(plot.right() + GAP_XS, y - LABEL.line / 2, 2 * GAP_M, LABEL.line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, str(trace.number))

    def _draw_marks(self, painter: QPainter, plot: QRect, grid: Grid) -> None:
        stations = {trace.channel.station for trace in self.chart.traces}
        for mark in self._live.memory.marks:
            if mark.station in stations and grid.start_us <= mark.at_us <= grid.end_us:
                x = self.place_of(mark.at_us)
                painter.setBrush(self._inks.mark_colours[mark.kind])
                painter.setPen(self._inks.mark)
                painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
                painter.setPen(Qt.PenStyle.NoPen)
                half = CHART_FLAG_SIZE / 2
                painter.drawRect(QRectF(x - half / 2, plot.top(), half, CHART_FLAG_SIZE))

    def _draw_cursors(self, painter: QPainter, plot: QRect, grid: Grid) -> None:
        cursors = self._live.cursors
        if not cursors.are_on:
            return
        for name, at_us, pen in zip(
            "AB", (cursors.a_us, cursors.b_us), self._inks.cursors, strict=True
        ):
            if at_us is None or not grid.start_us <= at_us <= grid.end_us:
                continue
            x = self.place_of(at_us)
            painter.setPen(pen)
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setFont(self._inks.label_strong)
            painter.setPen(self._inks.ink)
            painter.drawText(QPointF(x + GAP_XS, plot.bottom() - GAP_XS), name)

    def _draw_selection(self, painter: QPainter, plot: QRect) -> None:
        if self._drag is not None and self._drag.is_box and self._drag.moved:
            box = QRectF(self._drag.began, self._drag.last).normalized()
            painter.setPen(QPen(self._inks.leaf, LINE_WIDTH))
            painter.setBrush(self._inks.selection)
            painter.drawRect(box.intersected(QRectF(plot)))

    def _draw_focus(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setPen(QPen(self._inks.leaf, FOCUS_WIDTH))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inside = QRectF(self.rect()).adjusted(
                FOCUS_WIDTH, FOCUS_WIDTH, -FOCUS_WIDTH, -FOCUS_WIDTH
            )
            painter.drawRoundedRect(inside, FOCUS_WIDTH, FOCUS_WIDTH)

    # Hands

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; with Shift move along the time."""
        notches = (event.angleDelta().y() or event.angleDelta().x()) / _WHEEL_NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._live.span.pan(-round(notches * _KEY_PAN * self._live.span.width_us))
        else:
            around = self.time_at(event.position().x())
            self._live.span.zoom(_ZOOM_STEP**-notches, around_us=around)
        event.accept()
        self.moved.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the chart, its axis by its legend, or begin to drag."""
        self.chosen.emit()
        point = event.position()
        for key, rect in self._head.places.items():
            if rect.translated(GAP_M, GAP_S).contains(point):
                self.chart.choose_axis(key)
                self.refresh()
                return
        if self.plot_rect().contains(point.toPoint()):
            is_box = (
                bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                or event.button() == Qt.MouseButton.RightButton
            )
            self._drag = _Drag(point, point, is_box)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move along the time, or draw the box."""
        drag, point = self._drag, event.position()
        if drag is None:
            return
        far = (point - drag.began).manhattanLength() >= CHART_DRAG_PIXELS
        drag.moved = drag.moved or far
        if drag.moved and not drag.is_box:
            grid = self.grid()
            per_pixel = (grid.end_us - grid.start_us) / max(1, self.plot_rect().width())
            self._live.span.pan(round((drag.last.x() - point.x()) * per_pixel))
            self.moved.emit()
        drag.last = point
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show what the box holds, or put a cursor where the click was."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if drag.is_box and drag.moved:
            self._show_box(QRectF(drag.began, event.position()).normalized())
        elif not drag.moved and self._live.cursors.are_on:
            self._live.cursors.place(self.time_at(event.position().x()))
            self.placed.emit()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Undo every zoom."""
        self._drag = None
        self._live.reset_zoom()
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do by keys what the mouse does: arrows move, plus and minus zoom, Home goes back."""
        span = self._live.span
        middle = (span.start_us + span.end_us) // 2
        step = round(_KEY_PAN * span.width_us)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            span.pan(step if key == Qt.Key.Key_Right else -step)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            span.zoom(1 / _KEY_ZOOM, around_us=middle)
        elif key == Qt.Key.Key_Minus:
            span.zoom(_KEY_ZOOM, around_us=middle)
        elif key == Qt.Key.Key_Home:
            self._live.reset_zoom()
        elif key == Qt.Key.Key_End:
            self._live.follow()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)
            return
        self.moved.emit()

    def _show_box(self, box: QRectF) -> None:
        plot = QRectF(self.plot_rect())
        box = box.intersected(plot)
        if box.width() < CHART_DRAG_PIXELS or box.height() < CHART_DRAG_PIXELS:
            return
        low, high = self.value_at(box.bottom()), self.value_at(box.top())
        start, end = self.time_at(box.left()), self.time_at(box.right())
        self._live.span.show(start, end)
        self.chart.choose_limits(low, high)
        self.moved.emit()

    def _take_inks(self) -> None:
        self._inks = ChartInks(self._desk.theme.palette, self._desk.language.code)
        self.refresh()
