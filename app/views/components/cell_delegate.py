"""How a cell of a table is drawn: lines, not grids; chips; bars for rows on their way.

Owns the drawing only; texts and tones come from the column and the row.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.views.components.chips import draw_chip
from app.views.components.columns import CellKind, Column
from app.views.components.table_model import Index, TableModel
from app.views.desk import Desk
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    BODY,
    FOCUS_WIDTH,
    GAP_S,
    GAP_XS,
    LINE_WIDTH,
    ROW_HEIGHT,
    STRONG,
    TALL_ROW_HEIGHT,
)

_PLACEHOLDER_SHARE = 0.6


class CellDelegate(QStyledItemDelegate):
    """Draws the cells of a `TableModel`."""

    def __init__(self, desk: Desk, model: TableModel) -> None:
        super().__init__(model)
        self._desk = desk
        self._model = model
        self._tall = any(column.second for column in model.columns)
        self._fonts: dict[tuple[str, bool], QFont] = {}

    @property
    def row_height(self) -> int:
        """The height of every row, in pixels."""
        return TALL_ROW_HEIGHT if self._tall else ROW_HEIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the column's width and the row's height."""
        return QSize(self._model.columns[index.column()].width, self.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        # PySide does not tell mypy of the members a style option inherits.
        options: Any = option
        painter.save()
        rect: QRect = options.rect
        self._draw_ground(painter, rect, options.state)
        inner = QRectF(rect).adjusted(GAP_S, 0, -GAP_S, -LINE_WIDTH)
        row = self._model.row_at(index.row())
        column = self._model.columns[index.column()]
        if row is None:
            self._draw_placeholder(painter, inner)
        elif column.kind is CellKind.CHIP:
            self._draw_chip(painter, inner, column, row)
        else:
            self._draw_text(painter, inner, column, row)
        painter.restore()

    def _draw_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        palette = self._desk.theme.palette
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(palette.leaf_tint))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(palette.rail))
        painter.setPen(QPen(QColor(palette.line), LINE_WIDTH))
        bottom = rect.bottom() + 0.5
        painter.drawLine(QLineF(rect.left(), bottom, rect.right() + 1, bottom))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(palette.leaf), FOCUS_WIDTH))
            painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -2))

    def _draw_placeholder(self, painter: QPainter, inner: QRectF) -> None:
        bar = QRectF(0, 0, inner.width() * _PLACEHOLDER_SHARE, GAP_S)
        bar.moveCenter(inner.center())
        bar.moveLeft(inner.left())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._desk.theme.palette.line))
        painter.drawRoundedRect(bar, GAP_XS, GAP_XS)

    def _draw_chip(self, painter: QPainter, inner: QRectF, column: Column, row: Any) -> None:
        language = self._desk.language
        text = column.text_of(row, language)
        if text:
            palette = self._desk.theme.palette
            draw_chip(painter, inner, text, column.tone_of(row), palette, language=language.code)

    def _draw_text(self, painter: QPainter, inner: QRectF, column: Column, row: Any) -> None:
        language, palette = self._desk.language, self._desk.theme.palette
        side = Qt.AlignmentFlag.AlignRight if column.aligned_right else Qt.AlignmentFlag.AlignLeft
        second = column.second_line_of(row, language)
        upper = inner
        if second:
            upper = inner.adjusted(0, GAP_S, 0, -inner.height() / 2)
            lower = inner.adjusted(0, inner.height() / 2, 0, -GAP_S)
            self._draw_line(painter, lower, second, palette.muted, side, strong=False)
        text = column.text_of(row, language)
        serial = column.kind is CellKind.SERIAL
        strong = column.strong or (bool(column.second) and not serial)
        # What tells two serial numbers apart stands at their end.
        elide = Qt.TextElideMode.ElideMiddle if serial else Qt.TextElideMode.ElideRight
        self._draw_line(painter, upper, text, palette.ink, side, strong=strong, elide=elide)

    def _draw_line(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        colour: str,
        side: Qt.AlignmentFlag,
        *,
        strong: bool,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        painter.setFont(self._font(strong=strong))
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(text, elide, int(rect.width()) + 1)
        flags = side.value | Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextSingleLine.value
        painter.drawText(rect, flags, shown)

    def _font(self, *, strong: bool) -> QFont:
        key = (self._desk.language.code, strong)
        if key not in self._fonts:
            self._fonts[key] = desk_font(STRONG if strong else BODY, language=key[0])
        return self._fonts[key]
