"""The course of a score by week against the goals of 85 and 90.

Owns the drawing; the scores are the presenter's.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.quality.score import FIRST_GOAL, SECOND_GOAL
from app.views.desk import Desk
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    GAP_S,
    GAP_XL,
    GAP_XS,
    LABEL,
    LINE_WIDTH,
    SCORE_COURSE_HEIGHT,
)

_LEAST = 50.0
_GREATEST = 100.0


class ScoreCourse(QWidget):
    """A bar a week; what lies below 50 is a bar one pixel high, with its figure above."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._weeks: tuple[float | None, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(SCORE_COURSE_HEIGHT)
        desk.theme.changed.connect(self.update)
        desk.language.keep(self, self.setAccessibleName, "stations.course")

    def sizeHint(self) -> QSize:
        """Prefer the height of a few lines."""
        return QSize(SCORE_COURSE_HEIGHT * 2, SCORE_COURSE_HEIGHT)

    def show_weeks(self, weeks: Sequence[float | None]) -> None:
        """Show the weeks, the last one at the right."""
        self._weeks = tuple(weeks)
        self.setAccessibleDescription(
            ", ".join("–" if week is None else f"{week:.0f}" for week in weeks)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw goals, bars and figures."""
        painter = QPainter(self)
        palette = self._desk.theme.palette
        painter.setFont(desk_font(LABEL, language=self._desk.language.code))
        area = QRectF(0, LABEL.line, self.width() - GAP_XL, self.height() - LABEL.line)
        step = area.width() / max(1, len(self._weeks))
        for place, week in enumerate(self._weeks):
            if week is None:
                continue
            top = min(_place(area, week), area.bottom() - LINE_WIDTH)
            left = area.left() + place * step
            colour = palette.leaf if week >= FIRST_GOAL else palette.amber
            painter.fillRect(
                QRectF(left + GAP_XS / 2, top, step - GAP_XS, area.bottom() - top), QColor(colour)
            )
            painter.setPen(QColor(palette.ink))
            box = QRectF(left - GAP_S, top - LABEL.line, step + 2 * GAP_S, LABEL.line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{int(week)}")
        for goal in (FIRST_GOAL, SECOND_GOAL):
            y = _place(area, goal)
            painter.setPen(QPen(QColor(palette.ink), LINE_WIDTH, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(palette.muted))
            box = QRectF(area.right() + GAP_XS, y - LABEL.line / 2, GAP_XL, LABEL.line)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, f"{goal:.0f}")
        painter.end()


def _place(area: QRectF, score: float) -> float:
    share = (max(_LEAST, score) - _LEAST) / (_GREATEST - _LEAST)
    return area.bottom() - share * area.height()
