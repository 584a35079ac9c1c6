"""The certificate's standing art: frame, brand mark, guilloche and the registry's seal.

Owns what looks the same on every certificate of a registry, drawn once a process and placed in
each file as a form. Must not draw what a statement says.

The brand mark is Lucide's icon "trees" (ISC licence, copyright Lucide Contributors).
"""

from __future__ import annotations

import math
import zlib
from functools import lru_cache

from app.services.certificates.palette import (
    FRAME_INNER,
    FRAME_OUTER,
    GROUND_SIZE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SEAL_SIZE,
    TEAK,
    TEAK_LIGHT,
    TEAK_TINT,
    operands,
)
from app.services.certificates.paths import circle, rectangle, smooth_loop, svg_path
from app.services.certificates.seal_text import text_on_circle

_TREES = (
    "M10 10v.2A3 3 0 0 1 8.9 16H5a3 3 0 0 1-1-5.8V10a3 3 0 0 1 6 0Z",
    "M7 16v6",
    "M13 19v3",
    "M12 19h8.3a1 1 0 0 0 .7-1.7L18 14h.3a1 1 0 0 0 .7-1.7L16 9h.2a1 1 0 0 0 .8-1.7L13 3l-1.4 1.5",
)
_ICON_SIZE = 24


@lru_cache(maxsize=1)
def frame_art() -> bytes:
    """Draw the double frame with its corners, for every page; compressed operators."""
    outer, inner = FRAME_OUTER, FRAME_INNER
    parts = [
        f"{operands(TEAK_LIGHT)} RG 0.5 w",
        rectangle(outer, outer, PAGE_WIDTH - 2 * outer, PAGE_HEIGHT - 2 * outer) + " S",
        f"{operands(TEAK)} RG 0.9 w",
        rectangle(inner, inner, PAGE_WIDTH - 2 * inner, PAGE_HEIGHT - 2 * inner) + " S",
        "0.6 w",
        *(_corner(x, y) for x in (1, -1) for y in (1, -1)),
    ]
    return zlib.compress("\n".join(parts).encode("ascii"), 9)


@lru_cache(maxsize=8)
def seal_art(name_above: str, name_below: str) -> bytes:
    """Draw the round seal with the registry's names around the mark; compressed operators.

    The form is `SEAL_SIZE` wide and high, its corner at the origin.
    """
    middle = outer = SEAL_SIZE / 2
    parts = [
        f"{operands(TEAK)} RG {operands(TEAK)} rg 1 0 0 1 {middle:.3f} {middle:.3f} cm",
        "0.9 w " + circle(0, 0, outer - 0.6) + " S",
        "0.35 w " + circle(0, 0, outer - 2.4) + " S",
        f"{operands(TEAK_LIGHT)} RG 0.25 w",
        *_rosette(outer * 0.62, outer * 0.44, petals=24, turns=7),
        f"{operands(TEAK)} RG 0.35 w " + circle(0, 0, outer * 0.635) + " S",
        "0.5 w " + circle(0, 0, outer * 0.415) + " S",
        text_on_circle(name_above, radius=outer * 0.735, size=outer * 0.155, above=True),
        text_on_circle(name_below, radius=outer * 0.735, size=outer * 0.155, above=False),
        circle(-outer * 0.79, 0, 0.9) + " f " + circle(outer * 0.79, 0, 0.9) + " f",
        mark(0, 0.4, outer * 0.52, TEAK),
    ]
    return zlib.compress("\n".join(parts).encode("ascii"), 9)


@lru_cache(maxsize=1)
def ground_art() -> bytes:
    """Draw the faint guilloche behind the quantity; compressed operators.

    The form is `GROUND_SIZE` wide and high, its corner at the origin.
    """
    radius = GROUND_SIZE / 2
    parts = [
        f"{operands(TEAK_TINT)} RG 0.4 w 1 0 0 1 {radius:.2f} {radius:.2f} cm",
        *_rosette(radius - 1, radius * 0.8, petals=72, turns=6),
        *_rosette(radius * 0.8, radius * 0.62, petals=48, turns=6),
    ]
    return zlib.compress("\n".join(parts).encode("ascii"), 9)


def mark(x: float, y: float, size: float, colour: str) -> str:
    """Write the brand mark around a centre."""
    scale = size / _ICON_SIZE
    paths = " ".join(f"{svg_path(data)} S" for data in _TREES)
    return (
        f"q {operands(colour)} RG 2 w 1 J 1 j "
        f"{scale:.4f} 0 0 {-scale:.4f} {x - size / 2:.3f} {y + size / 2:.3f} cm {paths} Q"
    )


def _corner(right: int, up: int) -> str:
    # Two small leaves meet inside each corner of the frame.
    x = FRAME_INNER if right > 0 else PAGE_WIDTH - FRAME_INNER
    y = FRAME_INNER if up > 0 else PAGE_HEIGHT - FRAME_INNER
    parts = []
    for across, along in ((13.0, 4.5), (4.5, 13.0)):
        tip_x, tip_y = x + right * across * 1.25, y + up * along * 1.25
        near_x, near_y = x + right * 4.0, y + up * 4.0
        bend = 3.6
        side_x, side_y = (0.0, up * bend) if across > along else (right * bend, 0.0)
        parts.append(
            f"{near_x:.2f} {near_y:.2f} m "
            f"{(near_x + tip_x) / 2 + side_x:.2f} {(near_y + tip_y) / 2 + side_y:.2f} "
            f"{tip_x:.2f} {tip_y:.2f} {tip_x:.2f} {tip_y:.2f} c "
            f"{tip_x:.2f} {tip_y:.2f} "
            f"{(near_x + tip_x) / 2 - side_x:.2f} {(near_y + tip_y) / 2 - side_y:.2f} "
            f"{near_x:.2f} {near_y:.2f} c S"
        )
    return " ".join(parts)


def _rosette(outer: float, inner: float, *, petals: int, turns: int) -> list[str]:
    """Write closed waves between two circles, each turned a little against the last."""
    middle, swing = (outer + inner) / 2, (outer - inner) / 2
    waves = petals // 2
    return [
        _wave(middle, swing, waves, 4 * math.pi * turn / turns / petals) + " S"
        for turn in range(turns)
    ]


def _wave(middle: float, swing: float, waves: int, phase: float) -> str:
    steps = waves * 6
    step = 2 * math.pi / steps
    knots = []
    for index in range(steps):
        angle = index * step
        radius = middle + swing * math.sin(waves * (angle + phase))
        slope = swing * waves * math.cos(waves * (angle + phase))
        cosine, sine = math.cos(angle), math.sin(angle)
        place = (radius * cosine, radius * sine)
        arm = step / 3
        way = (
            (slope * cosine - radius * sine) * arm,
            (slope * sine + radius * cosine) * arm,
        )
        knots.append((place, way))
    return smooth_loop(knots)
