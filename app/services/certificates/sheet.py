"""One page being drawn: text, lines, areas and forms as PDF operators.

Owns the operators of a page's content; must not know what a certificate says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.services.certificates.palette import INK, operands
from app.services.certificates.pdf_fonts import DocumentFonts
from app.services.certificates.typefaces import shape, text_width

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line; `rise` lifts it off the baseline, `gap` goes before it, in points."""

    text: str
    size: float
    weight: str
    rise: float = 0.0
    gap: float = 0.0

    @property
    def width(self) -> float:
        """Points the piece takes along the line."""
        return self.gap + text_width(self.text, self.weight, self.size)


class Sheet:
    """A page's operators and the forms it places; coordinates are points from lower left."""

    def __init__(self, fonts: DocumentFonts) -> None:
        self._fonts = fonts
        self.operators: list[str] = []
        self.forms: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        weight: str = "Regular",
        colour: str = INK,
        align: Align = "left",
        spacing: float = 0.0,
    ) -> float:
        """Show a line with its baseline at y; returns its width.

        `spacing` is put after every glyph, in points.
        """
        shaped = shape(text, weight)
        count = sum(len(run.glyphs) for run in shaped.runs)
        width = shaped.width * size / 1000 + spacing * max(0, count - 1)
        start = {"left": x, "centre": x - width / 2, "right": x - width}[align]
        if count:
            between = f"{spacing:g} Tc " if spacing else ""
            after = " 0 Tc" if spacing else ""
            self.operators.append(
                f"BT {operands(colour)} rg {between}1 0 0 1 {start:.2f} {y:.2f} Tm "
                f"{self._fonts.show(shaped, size)}{after} ET"
            )
        return width

    def pieces(self, x: float, y: float, pieces: Sequence[Piece], *, colour: str) -> None:
        """Show pieces of different size and height as one centred line."""
        width = sum(piece.width for piece in pieces)
        parts = [f"BT {operands(colour)} rg 1 0 0 1 {x - width / 2:.2f} {y:.2f} Tm"]
        for piece in pieces:
            shaped = shape(piece.text, piece.weight)
            shown = self._fonts.show(shaped, piece.size, before=piece.gap)
            parts.append(f"{piece.rise:g} Ts {shown} 0 Ts" if piece.rise else shown)
        self.operators.append(" ".join([*parts, "ET"]))

    def rule(self, x: float, y: float, to_x: float, *, colour: str, thickness: float) -> None:
        """Draw a level line."""
        self.operators.append(
            f"{operands(colour)} RG {thickness:g} w {x:.2f} {y:.2f} m {to_x:.2f} {y:.2f} l S"
        )

    def draw(self, operators: str) -> None:
        """Put operators of art into the page, its state kept apart."""
        self.operators.append(f"q {operators} Q")

    def place(
        self,
        form: str,
        x: float = 0.0,
        y: float = 0.0,
        *,
        scale: float = 1.0,
        behind: bool = False,
    ) -> None:
        """Place a form of the document with its origin at a point, over or behind all else."""
        self.forms.append(form)
        operator = f"q {scale:.4g} 0 0 {scale:.4g} {x:.2f} {y:.2f} cm /{form} Do Q"
        self.operators.insert(0 if behind else len(self.operators), operator)
