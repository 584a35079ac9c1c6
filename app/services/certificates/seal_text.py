"""Words around the seal, as outlines.

Owns text on a circle. The letters are drawn, not written: the seal is a picture, and the
registry's name stands as text above it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import uharfbuzz

from app.services.certificates.typefaces import Glyph, face, shape

_WEIGHT = "SemiBold"
_WIDEST_ARC = math.radians(158)
_SPACING_EN = 90.0
"""Between Latin letters, in thousandths of the size; Thai is not spaced."""


@dataclass
class _Outline:
    """Collects one glyph's outline as operators, in font units."""

    operators: list[str] = field(default_factory=list)
    here: tuple[float, float] = (0.0, 0.0)

    def move_to(self, x: float, y: float, _: Any) -> None:
        self.operators.append(f"{x:g} {y:g} m")
        self.here = (x, y)

    def line_to(self, x: float, y: float, _: Any) -> None:
        self.operators.append(f"{x:g} {y:g} l")
        self.here = (x, y)

    def quadratic_to(self, cx: float, cy: float, x: float, y: float, _: Any) -> None:
        x0, y0 = self.here
        self.operators.append(
            f"{x0 + (cx - x0) * 2 / 3:.1f} {y0 + (cy - y0) * 2 / 3:.1f} "
            f"{x + (cx - x) * 2 / 3:.1f} {y + (cy - y) * 2 / 3:.1f} {x:g} {y:g} c"
        )
        self.here = (x, y)

    def cubic_to(
        self, ax: float, ay: float, bx: float, by: float, x: float, y: float, _: Any
    ) -> None:
        self.operators.append(f"{ax:g} {ay:g} {bx:g} {by:g} {x:g} {y:g} c")
        self.here = (x, y)

    def close_path(self, _: Any) -> None:
        self.operators.append("h")


def text_on_circle(text: str, *, radius: float, size: float, above: bool) -> str:
    """Write filled letters along a circle about the origin, over its top or under its foot.

    The size shrinks until the text takes no more than its half of the circle.
    """
    clusters = _clusters(text)
    if not clusters:
        return ""
    spacing = _SPACING_EN if text.isascii() else 25.0
    length = sum(width + spacing for _, _, width in clusters) - spacing
    size = min(size, _WIDEST_ARC * radius * 1000 / length)
    line = radius if above else radius + size * 0.68
    turn_per_unit = size / 1000 / line * (-1 if above else 1)
    angle = (math.pi / 2 if above else -math.pi / 2) - length / 2 * turn_per_unit
    parts = []
    for name, glyphs, width in clusters:
        angle += width / 2 * turn_per_unit
        parts.append(_cluster(name, glyphs, width, line, angle, size, above))
        angle += (width / 2 + spacing) * turn_per_unit
    return " ".join(parts)


def _clusters(text: str) -> list[tuple[str, list[Glyph], float]]:
    clusters: list[tuple[str, list[Glyph], float]] = []
    for run in shape(text, _WEIGHT).runs:
        bases = 0
        numbered = []
        for glyph in run.glyphs:
            # A glyph without advance is a mark and stays with the letter before it.
            bases += 1 if glyph.advance else 0
            numbered.append((bases, glyph))
        for _, group in groupby(numbered, key=lambda pair: pair[0]):
            glyphs = [glyph for _, glyph in group]
            clusters.append((run.face, glyphs, sum(glyph.advance for glyph in glyphs)))
    return clusters


def _cluster(
    name: str,
    glyphs: list[Glyph],
    width: float,
    line: float,
    angle: float,
    size: float,
    above: bool,
) -> str:
    upright = angle - math.pi / 2 if above else angle + math.pi / 2
    scale = size / face(name).units
    cosine, sine = math.cos(upright), math.sin(upright)
    place = (
        f"q {cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} "
        f"{line * math.cos(angle):.3f} {line * math.sin(angle):.3f} cm "
        f"{scale:.6f} 0 0 {scale:.6f} 0 0 cm"
    )
    parts = [place]
    pen = -width / 2
    for glyph in glyphs:
        x, y = pen + glyph.x_offset, glyph.y_offset
        unit = face(name).units / 1000
        parts.append(f"q 1 0 0 1 {x * unit:.1f} {y * unit:.1f} cm {_outline(name, glyph.number)} Q")
        pen += glyph.advance
    return " ".join([*parts, "Q"])


def _outline(name: str, glyph: int) -> str:
    outline = _Outline()
    pen = uharfbuzz.DrawFuncs()
    pen.set_move_to_func(outline.move_to)
    pen.set_line_to_func(outline.line_to)
    pen.set_quadratic_to_func(outline.quadratic_to)
    pen.set_cubic_to_func(outline.cubic_to)
    pen.set_close_path_func(outline.close_path)
    face(name).font.draw_glyph(glyph, pen, None)
    return " ".join([*outline.operators, "f"]) if outline.operators else ""
