"""Draws a wind rose: sixteen sectors, longer where the wind came from more often.

Owns the drawing; the counting is the presenter's. What the classes of speed are is told by
`WindRoses`, once for all roses.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.desk import Desk
from app.views.presenters.charts.wind_rose import CLASS_LIMITS_M_S, SECTORS, WindRose
from app.views.theme.fonts import desk_font
from app.views.theme.tokens import (
    GAP_L,
    GAP_M,
    GAP_S,
    GAP_XL,
    LABEL,
    LINE_WIDTH,
    STRONG,
    WIND_ROSE_LEAST,
    Palette,
)

_HALF_SECTOR = math.pi / SECTORS * 0.86
_RINGS = 4
_ARC_STEPS = 6
_POINTS = ("n", "e", "s", "w")


class WindRoseView(QWidget):
    """The rose of one station over the visible span."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._rose: WindRose | None = None
        self._name = ""
        self._longest = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(WIND_ROSE_LEAST, WIND_ROSE_LEAST)
        desk.theme.changed.connect(self.update)
        desk.language.changed.connect(self.update)
        desk.language.keep(self, self.setAccessibleName, "charts.wind_rose")

    def sizeHint(self) -> QSize:
        """Prefer a square."""
        return QSize(2 * WIND_ROSE_LEAST, 2 * WIND_ROSE_LEAST)

    def show_rose(self, rose: WindRose, *, name: str, longest: float) -> None:
        """Show the rose of a station; `longest` is the share that reaches the outer ring."""
        self._rose, self._name, self._longest = rose, name, longest or 1.0
        self.setAccessibleName(f"{name}: {self._desk.language.text('charts.wind_rose')}")
        if rose.prevailing is not None:
            self.setAccessibleDescription(
                self._desk.language.text(
                    "charts.wind_told",
                    degrees=round(rose.prevailing * 360 / SECTORS),
                    share=f"{100 * rose.share(rose.prevailing):.0f}",
                    count=rose.count,
                )
            )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw rings, sectors, points of the compass and the classes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(desk_font(LABEL, language=self._desk.language.code))
        rose = self._rose
        if rose is not None:
            head, foot = STRONG.line + GAP_S, LABEL.line + GAP_M
            radius = min(self.width(), self.height() - head - foot) / 2 - GAP_XL
            centre = QPointF(self.width() / 2, head + GAP_XL + radius)
            self._draw_rings(painter, centre, radius)
            for sector in range(SECTORS):
                self._draw_sector(painter, rose, sector, centre, radius / self._longest)
            self._draw_words(painter, rose)
        painter.end()

    def _draw_rings(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        palette = self._desk.theme.palette
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in range(1, _RINGS + 1):
            reach = radius * ring / _RINGS
            painter.setPen(QPen(QColor(palette.line), LINE_WIDTH))
            painter.drawEllipse(centre, reach, reach)
            painter.setPen(QColor(palette.muted))
            at = centre + QPointF(GAP_S, -reach + LABEL.line)
            painter.drawText(at, f"{100 * self._longest * ring / _RINGS:.0f} %")
        for place, point in enumerate(_POINTS):
            angle = place * math.pi / 2
            away = radius + GAP_L
            at = centre + QPointF(math.sin(angle) * away, -math.cos(angle) * away)
            box = QRectF(at.x() - GAP_L, at.y() - LABEL.line / 2, 2 * GAP_L, LABEL.line)
            painter.setPen(QColor(palette.ink))
            text = self._desk.language.text(f"charts.compass.{point}")
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_sector(
        self, painter: QPainter, rose: WindRose, sector: int, centre: QPointF, reach: float
    ) -> None:
        middle = sector * 2 * math.pi / SECTORS
        inner = 0.0
        painter.setPen(QPen(QColor(self._desk.theme.palette.paper), LINE_WIDTH))
        colours = class_colours(self._desk.theme.palette)
        for count, colour in zip(rose.counts[sector].tolist(), colours, strict=True):
            if not count:
                continue
            outer = inner + count / rose.count * reach
            painter.setBrush(colour)
            painter.drawPolygon(_wedge(centre, middle, inner, outer))
            inner = outer

    def _draw_words(self, painter: QPainter, rose: WindRose) -> None:
        """Write whose rose it is above it, and what is not in it below."""
        palette, language = self._desk.theme.palette, self._desk.language
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.setFont(desk_font(STRONG, language=language.code))
        painter.setPen(QColor(palette.ink))
        painter.drawText(QRectF(0, 0, self.width(), STRONG.line), middle, self._name)
        painter.setFont(desk_font(LABEL, language=language.code))
        painter.setPen(QColor(palette.muted))
        calm = language.text("charts.no_wind_readings")
        if rose.count:
            share = f"{100 * rose.calms / rose.count:.1f}"
            calm = language.text("charts.calms", share=share, count=rose.count)
        top = self.height() - LABEL.line - GAP_S
        painter.drawText(QRectF(0, top, self.width(), LABEL.line + GAP_S), middle, calm)


def class_colours(palette: Palette) -> list[QColor]:
    """Give the colour of each class of speed, stronger where the wind is."""
    calm, strong = QColor(palette.leaf_tint), QColor(palette.leaf)
    last = len(CLASS_LIMITS_M_S)
    return [mix_colours(calm, strong, (place + 0.5) / (last + 0.5)) for place in range(last + 1)]


def _wedge(centre: QPointF, middle: float, inner: float, outer: float) -> QPolygonF:
    angles = [
        middle - _HALF_SECTOR + 2 * _HALF_SECTOR * step / _ARC_STEPS
        for step in range(_ARC_STEPS + 1)
    ]
    rim = [QPointF(math.sin(a) * outer, -math.cos(a) * outer) + centre for a in angles]
    hub = [QPointF(math.sin(a) * inner, -math.cos(a) * inner) + centre for a in reversed(angles)]
    return QPolygonF(rim + hub)


def mix_colours(first: QColor, second: QColor, share: float) -> QColor:
    """Give the colour that lies so far from the first towards the second."""
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
    red, green, blue = (round(a + (b - a) * share) for a, b in parts)
    return QColor(red, green, blue)
