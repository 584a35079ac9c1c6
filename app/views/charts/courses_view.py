"""Mean days laid over one another: a line for each month or week, hour by hour.

Owns the drawing. Each line has its name at its right end, and beyond the ninth it is dashed, so
that colour never speaks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.services.readings.daily_courses import HOURS, MeanDay
from app.views.desk import Desk
from app.views.presenters.charts.geometry import spread_out
from app.views.presenters.charts.ticks import value_text, value_ticks
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    CHART_AXIS_WIDTH,
    CHART_HEIGHT,
    COURSE_NAME_WIDTH,
    FOCUS_WIDTH,
    GAP_M,
    GAP_S,
    GAP_XS,
    LABEL,
    LABEL_STRONG,
    LINE_WIDTH,
)

_EVERY = 3
_LINES = 6


@dataclass(frozen=True)
class Course:
    """A mean day and what it is called."""

    name: str
    day: MeanDay


class CoursesView(QWidget):
    """Any number of mean days of one channel."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._courses: tuple[Course, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(CHART_HEIGHT)
        desk.theme.changed.connect(self.update)
        desk.language.keep(self, self.setAccessibleName, "charts.courses")

    @property
    def courses(self) -> tuple[Course, ...]:
        """What is drawn."""
        return self._courses

    def sizeHint(self) -> QSize:
        """Prefer room for each hour."""
        return QSize(HOURS * 2 * GAP_S, 2 * CHART_HEIGHT)

    def show_courses(self, courses: Sequence[Course]) -> None:
        """Draw these mean days."""
        self._courses = tuple(courses)
        self.setAccessibleDescription(
            "; ".join(
                f"{each.name}: {', '.join(value_text(mean) for mean in each.day.means)}"
                for each in courses
            )
        )
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say the values of the hour where the pointer rests."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.told_at(event.pos().x()), self)
            return True
        return super().event(event)

    def told_at(self, x: float) -> str:
        """Say what every line is at a place across the widget."""
        area = self._area()
        hour = int((x - area.left()) / area.width() * HOURS)
        if not 0 <= hour < HOURS or not self._courses:
            return ""
        lines = [f"{hour:02d}:00–{(hour + 1) % HOURS:02d}:00"]
        for each in self._courses:
            days = self._desk.language.text("charts.of_days", count=each.day.counts[hour])
            lines.append(f"{each.name}: {value_text(each.day.means[hour])} ({days})")
        return "\n".join(lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw scales, lines and names."""
        values = [mean for each in self._courses for mean in each.day.means if mean is not None]
        if not values:
            return
        low, high = min(values), max(values)
        air = (high - low) * 0.08 or abs(high) * 0.01 or 1.0
        painter = QPainter(self)
        painter.setFont(desk_font(LABEL, language=self._desk.language.code))
        self._draw_scales(painter, low - air, high + air)
        ends = [
            self._draw_course(painter, place, each.day, low - air, high + air)
            for place, each in enumerate(self._courses)
        ]
        self._draw_names(painter, ends)
        painter.end()

    def _area(self) -> QRectF:
        foot = LABEL.line + GAP_S
        return QRectF(
            CHART_AXIS_WIDTH,
            GAP_S,
            max(1, self.width() - CHART_AXIS_WIDTH - COURSE_NAME_WIDTH),
            max(1, self.height() - foot - GAP_S),
        )

    def _draw_scales(self, painter: QPainter, low: float, high: float) -> None:
        palette, area = self._desk.theme.palette, self._area()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, text in value_ticks(low, high, _LINES):
            y = _place(area, value, low, high)
            painter.setPen(QPen(QColor(palette.line), LINE_WIDTH))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(palette.muted))
            box = QRectF(0, y - LABEL.line / 2, area.left() - GAP_S, LABEL.line)
            painter.drawText(box, right, text.replace("-", "−"))
        for hour in range(0, HOURS + 1, _EVERY):
            x = area.left() + area.width() * hour / HOURS
            painter.setPen(QPen(QColor(palette.line), LINE_WIDTH))
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + GAP_XS))
            painter.setPen(QColor(palette.muted))
            box = QRectF(x - 2 * GAP_M, area.bottom() + GAP_XS, 4 * GAP_M, LABEL.line)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, f"{hour:02d}:00")

    def _pen(self, place: int) -> QPen:
        series = self._desk.theme.palette.series
        style = Qt.PenStyle.SolidLine if place < len(series) else Qt.PenStyle.DashLine
        return QPen(QColor(series[place % len(series)]), FOCUS_WIDTH, style)

    def _draw_course(
        self, painter: QPainter, place: int, day: MeanDay, low: float, high: float
    ) -> float:
        """Draw a line, open where hours are missing; give the height of its end."""
        area = self._area()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen(place))
        step, end = area.width() / HOURS, area.center().y()
        run: list[QPointF] = []
        for hour, mean in enumerate((*day.means, None)):
            if mean is not None:
                end = _place(area, mean, low, high)
                run.append(QPointF(area.left() + (hour + 0.5) * step, end))
                continue
            if len(run) == 1:
                painter.drawLine(run[0] - QPointF(step / 4, 0), run[0] + QPointF(step / 4, 0))
            elif run:
                painter.drawPolyline(QPolygonF(run))
            run = []
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        return end

    def _draw_names(self, painter: QPainter, ends: Sequence[float]) -> None:
        """Name each line at its end, moved apart where they would lie over one another."""
        area = self._area()
        painter.setFont(desk_font(LABEL_STRONG, language=self._desk.language.code))
        placed = spread_out(ends, apart=LABEL.line, least=area.top(), most=area.bottom())
        for place, (each, end, y) in enumerate(zip(self._courses, ends, placed, strict=True)):
            painter.setPen(self._pen(place))
            painter.drawLine(QPointF(area.right(), end), QPointF(area.right() + GAP_M, y))
            box = QRectF(
                *(area.right() + GAP_M + GAP_XS, y - LABEL.line / 2),
                *(COURSE_NAME_WIDTH - GAP_M - GAP_XS, LABEL.line),
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, each.name)


def _place(area: QRectF, value: float, low: float, high: float) -> float:
    return area.bottom() - area.height() * (value - low) / (high - low)
