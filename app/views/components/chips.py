"""Chips: one word in a rounded pill, whose tone says the same as the word.

Owns the pill as a widget and as a drawing for table cells.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy

from app.views.components.labels import redress
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    CHIP_HEIGHT,
    GAP_S,
    LABEL_STRONG,
    Palette,
    Tone,
    tone_colours,
)


class Chip(QLabel):
    """One word in a pill."""

    def __init__(self, text: str = "", tone: Tone = Tone.QUIET) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "chip")
        self.setProperty("tone", tone.value)
        self.setFixedHeight(CHIP_HEIGHT)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def set_chip(self, text: str, tone: Tone) -> None:
        """Show another word and tone."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setProperty("tone", tone.value)
        redress(self)


def draw_chip(
    painter: QPainter, rect: QRectF, text: str, tone: Tone, palette: Palette, *, language: str
) -> None:
    """Draw a chip at the left of a rectangle, centred in its height, elided to its width."""
    colours = tone_colours(palette, tone)
    font = desk_font(LABEL_STRONG, language=language)
    metrics = QFontMetricsF(font)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - 2 * GAP_S)
    width = metrics.horizontalAdvance(text) + 2 * GAP_S
    pill = QRectF(0, 0, width, CHIP_HEIGHT)
    pill.moveTopLeft(QPointF(rect.left(), rect.center().y() - CHIP_HEIGHT / 2))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.tint))
    painter.drawRoundedRect(pill, CHIP_HEIGHT / 2, CHIP_HEIGHT / 2)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
