"""Rows of a rule along the days: what applied, what applies today, what is to come.

Owns the drawing; which rows there are is the page's. The words stand below it as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.desk import Desk
from app.views.theme.tokens import (
    BLOCK_BAR_HEIGHT,
    FOCUS_WIDTH,
    GAP_S,
    GAP_XS,
    LINE_WIDTH,
    Tone,
    tone_colours,
)

_LEAST_WIDTH = 26


@dataclass(frozen=True)
class Validity:
    """One row: its days, both included, and its value as people read it."""

    first: date
    last: date
    text: str


class ValidityBar(QWidget):
    """`show_rows` draws rows in their order, today marked by a line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._rows: tuple[Validity, ...] = ()
        self._today = date.min
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        desk.theme.changed.connect(self.update)

    def show_rows(self, rows: Sequence[Validity], today: date, words: str) -> None:
        """Show rows that follow each other; `words` say the same to who cannot see it."""
        self._rows, self._today = tuple(rows), today
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the bar and a little around the mark of today."""
        return QSize(_LEAST_WIDTH * max(1, len(self._rows)), BLOCK_BAR_HEIGHT + GAP_S)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows as wide as their days, but none too narrow to be read."""
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0.0
        for row, width in zip(self._rows, self._widths(), strict=True):
            box = QRectF(left, GAP_XS, width - GAP_XS / 2, BLOCK_BAR_HEIGHT)
            self._draw_row(painter, row, box)
            if row.first <= self._today <= row.last:
                self._draw_today(painter, row, box)
            left += width
        painter.end()

    def _widths(self) -> list[float]:
        days = [(row.last - row.first).days + 1 for row in self._rows]
        room = self.width() - _LEAST_WIDTH * len(days)
        return [_LEAST_WIDTH + max(0, room) * each / sum(days) for each in days]

    def _tone(self, row: Validity) -> Tone:
        if row.last < self._today:
            return Tone.QUIET
        return Tone.LEAF if row.first <= self._today else Tone.BLUE

    def _draw_row(self, painter: QPainter, row: Validity, box: QRectF) -> None:
        colours = tone_colours(self._desk.theme.palette, self._tone(row))
        painter.setPen(QPen(QColor(colours.text), LINE_WIDTH))
        painter.setBrush(QColor(colours.tint))
        painter.drawRoundedRect(box, GAP_XS, GAP_XS)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, row.text)

    def _draw_today(self, painter: QPainter, row: Validity, box: QRectF) -> None:
        share = ((self._today - row.first).days + 0.5) / ((row.last - row.first).days + 1)
        x = box.left() + box.width() * share
        painter.setPen(QPen(QColor(self._desk.theme.palette.ink), FOCUS_WIDTH))
        painter.drawLine(QPointF(x, 0), QPointF(x, BLOCK_BAR_HEIGHT + GAP_S))
