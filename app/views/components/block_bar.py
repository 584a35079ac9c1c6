"""The bar of blocks that move and stay, each as wide as its share of the units.

Owns the drawing; which blocks move is the plan's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.desk import Desk
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    BLOCK_BAR_HEIGHT,
    BLOCK_MINIMUM_WIDTH,
    FOCUS_WIDTH,
    GAP_S,
    GAP_XS,
    LABEL,
    LABEL_STRONG,
)


@dataclass(frozen=True)
class Block:
    """Units in a row that move or stay together; the caption stands below."""

    quantity: int
    moves: bool
    caption: str = ""


class BlockBar(QWidget):
    """Leaf moves, teak tint stays; the word stands in the block when it has room."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._blocks: tuple[Block, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        desk.theme.changed.connect(self.update)
        desk.language.changed.connect(self._tell)
        desk.language.keep(self, self.setAccessibleName, "blocks.title")

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show blocks in the order in which they are taken."""
        self._blocks = tuple(block for block in blocks if block.quantity > 0)
        self.updateGeometry()
        self._tell()

    def sizeHint(self) -> QSize:
        """Prefer the bar's height, and a line of captions if there are any."""
        captions = LABEL.line + GAP_S if any(block.caption for block in self._blocks) else 0
        return QSize(BLOCK_MINIMUM_WIDTH * 4, BLOCK_BAR_HEIGHT + captions)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the blocks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(0, 0, self.width(), BLOCK_BAR_HEIGHT), GAP_XS, GAP_XS)
        painter.save()
        painter.setClipPath(clip)
        rects = self._rects()
        for block, rect in zip(self._blocks, rects, strict=True):
            self._draw_block(painter, block, rect)
        painter.restore()
        self._draw_captions(painter, rects)
        painter.end()

    def _rects(self) -> list[QRectF]:
        if not self._blocks:
            return []
        gaps = FOCUS_WIDTH * (len(self._blocks) - 1)
        room = max(1.0, self.width() - gaps)
        least = min(BLOCK_MINIMUM_WIDTH, room / len(self._blocks))
        total = sum(block.quantity for block in self._blocks)
        widths = [max(least, room * block.quantity / total) for block in self._blocks]
        spare = sum(width - least for width in widths)
        excess = sum(widths) - room
        rects, left = [], 0.0
        for width in widths:
            fitted = width - (excess * (width - least) / spare if spare > 0 else 0.0)
            rects.append(QRectF(left, 0, fitted, BLOCK_BAR_HEIGHT))
            left += fitted + FOCUS_WIDTH
        return rects

    def _draw_block(self, painter: QPainter, block: Block, rect: QRectF) -> None:
        palette = self._desk.theme.palette
        painter.fillRect(rect, QColor(palette.leaf if block.moves else palette.teak_tint))
        font = desk_font(LABEL_STRONG, language=self._desk.language.code)
        painter.setFont(font)
        painter.setPen(QColor(palette.on_leaf if block.moves else palette.teak))
        metrics = QFontMetricsF(font)
        number = self._desk.language.quantity(block.quantity)
        key = "blocks.moves" if block.moves else "blocks.stay"
        for text in (self._desk.language.text(key, count=block.quantity), number):
            if metrics.horizontalAdvance(text) + GAP_S <= rect.width():
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
                return

    def _draw_captions(self, painter: QPainter, rects: Sequence[QRectF]) -> None:
        font = desk_font(LABEL, language=self._desk.language.code)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(self._desk.theme.palette.muted))
        free_from = 0.0
        for block, rect in zip(self._blocks, rects, strict=True):
            width = metrics.horizontalAdvance(block.caption)
            left = min(rect.left(), self.width() - width)
            if block.caption and left >= free_from:
                place = QRectF(left, BLOCK_BAR_HEIGHT + GAP_XS, width + 1, LABEL.line + GAP_XS)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, block.caption)
                free_from = left + width + GAP_S

    def _tell(self) -> None:
        language = self._desk.language
        parts = [
            language.text(
                "blocks.moves_told" if block.moves else "blocks.stay", count=block.quantity
            )
            for block in self._blocks
        ]
        self.setAccessibleDescription("; ".join(parts))
        self.update()
