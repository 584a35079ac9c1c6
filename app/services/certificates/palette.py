"""Colours and measures of the certificate, in one place; must not draw.

The colours are the desk's light tokens. Measures are points (1/72 inch) from the lower left
corner of an A4 page.
"""

from __future__ import annotations

INK = "#1E2A2F"
MUTED = "#5B6770"
LEAF = "#1B6B4A"
TEAK = "#8A5426"
TEAK_TINT = "#F4E9DE"
TEAK_LIGHT = "#D6BFA6"
LINE = "#E3DFD5"

PAGE_WIDTH = 595.28
PAGE_HEIGHT = 841.89
MIDDLE = PAGE_WIDTH / 2

LEFT = 68.0
RIGHT = PAGE_WIDTH - LEFT
TEXT_WIDTH = RIGHT - LEFT

FRAME_OUTER = 30.0
FRAME_INNER = 34.5

MILLIMETRE = 72 / 25.4
QR_SIZE = 36 * MILLIMETRE
GROUND_SIZE = 296.0
SEAL_SIZE = 33 * MILLIMETRE

FOOT_TOP = 200.0
"""Below this height page one keeps its number, dates, seal and code."""


def operands(colour: str) -> str:
    """Write a #RRGGBB colour as the three operands of a PDF colour operator."""
    return " ".join(f"{int(colour[place : place + 2], 16) / 255:.3f}" for place in (1, 3, 5))
