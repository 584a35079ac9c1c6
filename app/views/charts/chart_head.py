"""The head of a chart: what is shown, the newest values, and how far they can be trusted.

Owns one pixmap, drawn anew a few times a second at most: figures that flicker twenty times a
second cannot be read. Each line has its number beside its colour, each flag its shape.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from app.views.charts.chart_inks import ChartInks
from app.views.charts.trace_painter import draw_flag
from app.views.presenters.charts.chart import LegendEntry
from app.views.presenters.charts.ring import Severity
from app.views.presenters.charts.ticks import value_text
from app.views.theme.tokens import (
    CHART_FLAG_SIZE,
    FOCUS_WIDTH,
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XS,
    LABEL,
    STRONG,
)

_ENTRY_WIDTH = 112


@dataclass(frozen=True)
class HeadWords:
    """What the head says, in the language in force."""

    title: str
    unit: str
    names: tuple[str, ...]
    flags: tuple[str, ...]
    silent: str


@dataclass(frozen=True)
class HeadPlan:
    """All that a head depends on."""

    width: int
    ratio: float
    words: HeadWords
    entries: tuple[LegendEntry, ...]
    is_compact: bool
    is_low: bool
    inks_key: tuple[str, str]


def head_height(count: int, width: int, *, is_compact: bool, is_low: bool = False) -> int:
    """Give the height a head needs for so many channels, in device-independent pixels.

    A compact head names its lines in two rows and leaves their values to the side panel; in a
    low chart the first of these rows begins beside the title.
    """
    if count <= 1:
        return STRONG.line + GAP_S
    if is_compact and is_low:
        return STRONG.line + LABEL.line + GAP_XS
    rows = 2 if is_compact else -(-count // entries_per_row(width, count))
    return STRONG.line + rows * (LABEL.line + FOCUS_WIDTH) + GAP_XS


def entries_per_row(width: int, count: int) -> int:
    """Count the entries of a legend that stand beside each other; a few share the whole width."""
    return max(1, min(count, width // _ENTRY_WIDTH))


class ChartHead:
    """The cached pixmap, and where each entry lies, so that a click finds it."""

    def __init__(self) -> None:
        self._plan: HeadPlan | None = None
        self._pixmap = QPixmap()
        self.places: dict[str, QRectF] = {}

    def pixmap(self, plan: HeadPlan, inks: ChartInks) -> QPixmap:
        """Give the picture of a plan."""
        if plan != self._plan:
            self._plan = plan
            self._draw(plan, inks)
        return self._pixmap

    def _draw(self, plan: HeadPlan, inks: ChartInks) -> None:
        height = head_height(
            len(plan.entries), plan.width, is_compact=plan.is_compact, is_low=plan.is_low
        )
        size = QSize(plan.width, height) * plan.ratio
        if self._pixmap.size() != size:
            self._pixmap = QPixmap(size)
        self._pixmap.setDevicePixelRatio(plan.ratio)
        self._pixmap.fill(inks.paper)
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.places = {}
        if len(plan.entries) == 1:
            _draw_single(painter, plan, inks)
        elif plan.is_compact:
            self._draw_compact(painter, plan, inks)
        else:
            self._draw_many(painter, plan, inks)
        painter.end()

    def _draw_compact(self, painter: QPainter, plan: HeadPlan, inks: ChartInks) -> None:
        """Name the lines one after another; what finds no room in two rows is in the panel."""
        left, row = 0.0, 0
        title = plan.words.title if plan.is_low else ""
        if title:
            painter.setFont(inks.strong)
            painter.setPen(inks.ink)
            place_of_title = QRectF(0, 0, plan.width, STRONG.line)
            painter.drawText(place_of_title, Qt.AlignmentFlag.AlignVCenter, title)
            left = QFontMetricsF(inks.strong).horizontalAdvance(title) + GAP_S
        else:
            _draw_title(painter, plan, inks, room=float(plan.width))
        first = GAP_XS / 2 if title else STRONG.line
        for place, entry in enumerate(plan.entries):
            painter.setFont(inks.label_strong if entry.is_axis else inks.label)
            text = f"{entry.number} {plan.words.names[place]}"
            width = QFontMetricsF(painter.font()).horizontalAdvance(text)
            if left and left + width > plan.width:
                left, row = 0.0, row + 1
            if row > 1:
                return
            top = first + row * (LABEL.line + FOCUS_WIDTH)
            rect = QRectF(left, top, min(width, plan.width), LABEL.line)
            self.places[entry.key] = rect
            painter.setPen(inks.series[(entry.number - 1) % len(inks.series)])
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)
            left += width + CHART_FLAG_SIZE
            if entry.severity in (Severity.SUSPICIOUS, Severity.BAD):
                _draw_mark(painter, entry, QPointF(left, rect.center().y()), inks)
                left += CHART_FLAG_SIZE
            left += GAP_XS

    def _draw_many(self, painter: QPainter, plan: HeadPlan, inks: ChartInks) -> None:
        _draw_title(painter, plan, inks, room=float(plan.width))
        columns = entries_per_row(plan.width, len(plan.entries))
        width = plan.width / columns
        for place, entry in enumerate(plan.entries):
            row, column = divmod(place, columns)
            top = STRONG.line + row * (LABEL.line + FOCUS_WIDTH)
            rect = QRectF(column * width, top, min(width - GAP_L, 2 * _ENTRY_WIDTH), LABEL.line)
            self.places[entry.key] = rect
            _draw_entry(painter, rect, entry, plan.words.names[place], inks)


def _draw_title(painter: QPainter, plan: HeadPlan, inks: ChartInks, *, room: float) -> float:
    """Draw title and unit; give where they end."""
    painter.setFont(inks.strong)
    metrics = QFontMetricsF(inks.strong)
    title = metrics.elidedText(plan.words.title, Qt.TextElideMode.ElideRight, room)
    painter.setPen(inks.ink)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(0, 0, room, STRONG.line), middle, title)
    end = metrics.horizontalAdvance(title) + GAP_S
    painter.setFont(inks.label)
    painter.setPen(inks.muted)
    left = max(0.0, room - end)
    unit = QFontMetricsF(inks.label).elidedText(plan.words.unit, Qt.TextElideMode.ElideRight, left)
    painter.drawText(QRectF(end, 0, left, STRONG.line), middle, unit)
    return end + QFontMetricsF(inks.label).horizontalAdvance(unit) + GAP_S


def _draw_single(painter: QPainter, plan: HeadPlan, inks: ChartInks) -> None:
    entry = plan.entries[0]
    text = value_text(entry.value)
    metrics = QFontMetricsF(inks.strong)
    width = metrics.horizontalAdvance(text) + GAP_XS
    painter.setFont(inks.strong)
    painter.setPen(inks.series[0])
    place = QRectF(plan.width - width, 0, width, STRONG.line)
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
    flag, colour = _flag_words(entry, plan.words, inks)
    flag_width = QFontMetricsF(inks.label_strong).horizontalAdvance(flag) + GAP_L
    room = plan.width - width - flag_width - GAP_M
    end = _draw_title(painter, plan, inks, room=max(0.0, room))
    _draw_mark(painter, entry, QPointF(end + GAP_XS, STRONG.line / 2), inks)
    painter.setFont(inks.label_strong)
    painter.setPen(colour)
    painter.drawText(
        QRectF(end + GAP_M, 0, flag_width, STRONG.line), Qt.AlignmentFlag.AlignVCenter, flag
    )


def _draw_entry(
    painter: QPainter, rect: QRectF, entry: LegendEntry, name: str, inks: ChartInks
) -> None:
    colour = inks.series[(entry.number - 1) % len(inks.series)]
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(inks.label_strong if entry.is_axis else inks.label)
    metrics = QFontMetricsF(painter.font())
    painter.setPen(colour)
    number = f"{entry.number}"
    painter.drawText(rect, middle, number)
    left = rect.left() + GAP_M
    value = value_text(entry.value)
    value_width = metrics.horizontalAdvance(value)
    painter.setPen(inks.muted if entry.is_silent else inks.ink)
    painter.drawText(rect, middle | Qt.AlignmentFlag.AlignRight, value)
    _draw_mark(
        painter,
        entry,
        QPointF(rect.right() - value_width - CHART_FLAG_SIZE, rect.center().y()),
        inks,
    )
    room = max(0.0, rect.right() - left - value_width - CHART_FLAG_SIZE - GAP_S)
    painter.setPen(colour)
    shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(left, rect.top(), room, rect.height()), middle, shown)


def _draw_mark(painter: QPainter, entry: LegendEntry, at: QPointF, inks: ChartInks) -> None:
    """Draw the flag's shape: nothing is good, a triangle suspicious, a cross bad."""
    if entry.severity in (Severity.SUSPICIOUS, Severity.BAD):
        colour = inks.amber if entry.severity is Severity.SUSPICIOUS else inks.red
        foot = at.y() + CHART_FLAG_SIZE / 2
        draw_flag(painter, entry.severity, colour, at.x(), foot, CHART_FLAG_SIZE)


def _flag_words(entry: LegendEntry, words: HeadWords, inks: ChartInks) -> tuple[str, QColor]:
    if entry.severity is None:
        return "", inks.muted
    if entry.is_silent:
        return words.silent, inks.muted
    colours = {
        Severity.GOOD: inks.leaf,
        Severity.SUSPICIOUS: inks.amber,
        Severity.BAD: inks.red,
    }
    return words.flags[entry.severity], colours[entry.severity]
