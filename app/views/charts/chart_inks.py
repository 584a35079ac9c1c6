"""Pens, brushes and fonts of the charts, made once for each scheme.

Owns the Qt objects; the colours are the tokens'. Pens are one device pixel wide and opaque:
wider or see-through ones cost four times as much.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPen

from app.views.presenters.charts.live_source import MarkKind
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import LABEL, LABEL_STRONG, LINE_WIDTH, STRONG, Palette


class ChartInks:
    """What a chart is drawn with in one scheme and language."""

    def __init__(self, palette: Palette, language: str) -> None:
        self.key = (palette.paper, language)
        self.palette = palette
        self.paper = QColor(palette.paper)
        self.ink = QColor(palette.ink)
        self.muted = QColor(palette.muted)
        self.grid = _pen(palette.line)
        self.axis = _pen(palette.muted)
        self.amber = QColor(palette.amber)
        self.red = QColor(palette.red)
        self.blue = QColor(palette.blue)
        self.teak = QColor(palette.teak)
        self.leaf = QColor(palette.leaf)
        self.selection = QColor(palette.leaf_tint)
        self.cursors = (_pen(palette.ink), _pen(palette.ink, Qt.PenStyle.DashLine))
        self.mark = _pen(palette.blue, Qt.PenStyle.DotLine)
        self.mark_colours = {
            MarkKind.NOTE: self.blue,
            MarkKind.GAP: self.amber,
            MarkKind.ALARM: self.red,
            MarkKind.CALIBRATION: self.leaf,
            MarkKind.MAINTENANCE: self.teak,
            MarkKind.CLOCK: self.amber,
            MarkKind.PROBLEM: self.red,
        }
        self.series = tuple(QColor(each) for each in palette.series)
        self.series_pens = tuple(_pen(each) for each in palette.series)
        self.series_brushes = tuple(QBrush(QColor(each)) for each in palette.series)
        self.raw_pen = _pen(palette.muted)
        self.raw_brush = QBrush(self.muted)
        self.label: QFont = desk_font(LABEL, language=language)
        self.label_strong: QFont = desk_font(LABEL_STRONG, language=language)
        self.strong: QFont = desk_font(STRONG, language=language)


def _pen(colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(QColor(colour), LINE_WIDTH, style)
    pen.setCosmetic(True)
    return pen
