"""A vote as it stands: one field a member, yes and no by sign and colour, and the quorum's mark.

Owns the drawing; counting is the service's.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
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

_SIGNS = {Tone.LEAF: "✓", Tone.RED: "✗", Tone.QUIET: ""}


class TallyBar(QWidget):
    """`show_tally` draws; the words stand in the accessible name too."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._yes = self._no = self._members = self._quorum = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        desk.theme.changed.connect(self.update)

    def show_tally(self, *, yes: int, no: int, members: int, quorum: int, words: str) -> None:
        """Show the votes of so many members against the quorum."""
        self._yes, self._no, self._members, self._quorum = yes, no, members, quorum
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a bar's height and the mark's below it."""
        return QSize(BLOCK_BAR_HEIGHT * max(1, self._members), BLOCK_BAR_HEIGHT + GAP_S)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the fields from the left: yes, then no from the right end."""
        fields = max(self._members, self._quorum)
        if not fields:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = (self.width() + GAP_XS) / fields
        for number in range(fields):
            self._draw_field(painter, number, width)
        self._draw_quorum(painter, width)
        painter.end()

    def _tone(self, number: int) -> Tone:
        if number < self._yes:
            return Tone.LEAF
        return Tone.RED if number >= self._members - self._no else Tone.QUIET

    def _draw_field(self, painter: QPainter, number: int, width: float) -> None:
        tone, palette = self._tone(number), self._desk.theme.palette
        colours = tone_colours(palette, tone)
        box = QRectF(number * width, LINE_WIDTH, width - GAP_XS, BLOCK_BAR_HEIGHT - 2 * LINE_WIDTH)
        border = palette.line if tone is Tone.QUIET else colours.text
        painter.setPen(QPen(QColor(border), LINE_WIDTH))
        painter.setBrush(QColor(colours.tint))
        painter.drawRoundedRect(box, GAP_XS, GAP_XS)
        painter.setPen(QColor(colours.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _SIGNS[tone])

    def _draw_quorum(self, painter: QPainter, width: float) -> None:
        """Mark the right edge of the vote that decides."""
        x = self._quorum * width - GAP_XS / 2
        ink = QColor(self._desk.theme.palette.ink)
        painter.setPen(QPen(ink, FOCUS_WIDTH))
        painter.drawLine(QPointF(x, 0), QPointF(x, BLOCK_BAR_HEIGHT))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        top = BLOCK_BAR_HEIGHT
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x, top),
                    QPointF(x - GAP_XS, top + GAP_S),
                    QPointF(x + GAP_XS, top + GAP_S),
                ]
            )
        )
