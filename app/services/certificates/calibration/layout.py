"""Text, pairs, tables and drawings that flow over as many pages as they need.

Owns where things break; must not know what a certificate says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.services.certificates.line_breaks import wrap
from app.services.certificates.palette import (
    INK,
    LEFT,
    LINE,
    MUTED,
    RIGHT,
    TEAK,
    TEAK_LIGHT,
    TEXT_WIDTH,
)
from app.services.certificates.pdf_fonts import DocumentFonts
from app.services.certificates.sheet import Align, Sheet
from app.services.certificates.wording import Language, Phrase

TOP, BOTTOM = 752.0, 76.0
_SIZE, _LEADING = 8.6, 12.2
_SECOND_SIZE = 7.4
_LABEL_SIZE = 7.2
_HEAD_SIZE, _HEAD_LEADING = 7.0, 9.8
_PAIR_GAP = 16.0
_ROW_PAD = 4.4
_LEAST_AFTER_HEADING = 46.0


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its words, its share of the width, and where its cells stand."""

    phrase: Phrase
    share: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell's text and how it is dressed."""

    text: str
    colour: str = INK
    weight: str = "Regular"


class Flow:
    """Puts one thing below the other, on a new page where it would not fit."""

    def __init__(self, fonts: DocumentFonts, language: Language) -> None:
        self.language = language
        self._fonts = fonts
        self.sheets = [Sheet(fonts)]
        self.y = TOP

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def need(self, height: float) -> None:
        """Go to the next page unless so many points are left on this one."""
        if self.y - height < BOTTOM:
            self.sheets.append(Sheet(self._fonts))
            self.y = TOP

    def gap(self, height: float) -> None:
        """Leave room, but not at the top of a page."""
        if self.y < TOP:
            self.y -= height

    def heading(self, phrase: Phrase, *, keep: float = _LEAST_AFTER_HEADING) -> None:
        """Begin a section; `keep` points of what follows stay with it."""
        self.gap(11)
        self.need(20 + keep)
        text = phrase.on_one_line(self.language)
        self.sheet.text(LEFT, self.y - 10, text, size=9.6, weight="SemiBold", colour=TEAK)
        self.y -= 15.5
        self.sheet.rule(LEFT, self.y, RIGHT, colour=TEAK_LIGHT, thickness=0.6)
        self.y -= 3

    def paragraph(
        self, text: str, *, size: float = _SIZE, colour: str = INK, weight: str = "Regular"
    ) -> None:
        """Write a text over the whole width."""
        for line in wrap(text, weight, size, TEXT_WIDTH):
            self.need(_LEADING)
            self.y -= _LEADING * size / _SIZE
            self.sheet.text(LEFT, self.y, line, size=size, colour=colour, weight=weight)
        self.y -= 2.5

    def phrase(self, phrase: Phrase, **dressed: str) -> None:
        """Write a sentence in each of the languages, the second quieter."""
        for place, text in enumerate(phrase.shown(self.language)):
            colour = dressed.get("colour") or (MUTED if place else INK)
            size = _SECOND_SIZE if place else _SIZE
            self.paragraph(text, colour=colour, size=size)

    def pairs(self, pairs: Sequence[tuple[Phrase, str]]) -> None:
        """Write labels with their values, two beside each other."""
        width = (TEXT_WIDTH - _PAIR_GAP) / 2
        for start in range(0, len(pairs), 2):
            row = [
                (label, wrap(value or "–", "Medium", _SIZE, width))
                for label, value in pairs[start : start + 2]
            ]
            height = 10.5 + _LEADING * max(len(lines) for _, lines in row) + 3
            self.need(height)
            for place, (label, lines) in enumerate(row):
                x = LEFT + place * (width + _PAIR_GAP)
                text = label.on_one_line(self.language)
                self.sheet.text(x, self.y - 9, text, size=_LABEL_SIZE, colour=MUTED)
                for number, line in enumerate(lines):
                    y = self.y - 9 - _LEADING * (number + 1) + 0.6
                    self.sheet.text(x, y, line, size=_SIZE, weight="Medium")
            self.y -= height

    def table(self, columns: Sequence[TableColumn], rows: Sequence[Sequence[Cell]]) -> None:
        """Write a table, its head again on each page it reaches."""
        places = _places(columns)
        self._table_head(columns, places)
        for row in rows:
            cells = [
                wrap(cell.text, cell.weight, _SIZE - 0.4, width) or [""]
                for cell, (_, width) in zip(row, places, strict=True)
            ]
            height = _LEADING * max(map(len, cells)) + _ROW_PAD
            if self.y - height < BOTTOM:
                self.need(height + 60)
                self._table_head(columns, places)
            for cell, lines, column, (x, width) in zip(row, cells, columns, places, strict=True):
                at = x + width if column.align == "right" else x
                for number, line in enumerate(lines):
                    self.sheet.text(
                        at,
                        self.y - _LEADING * (number + 1) + 1.2,
                        line,
                        size=_SIZE - 0.4,
                        weight=cell.weight,
                        colour=cell.colour,
                        align=column.align,
                    )
            self.y -= height
            self.sheet.rule(LEFT, self.y, RIGHT, colour=LINE, thickness=0.5)

    def drawing(self, height: float, draw: Callable[[Sheet, float], None]) -> None:
        """Draw something of a height, given the sheet and the height of its top."""
        self.need(height)
        draw(self.sheet, self.y)
        self.y -= height

    def _table_head(
        self, columns: Sequence[TableColumn], places: Sequence[tuple[float, float]]
    ) -> None:
        lines = [
            [
                line
                for text in column.phrase.shown(self.language)
                for line in wrap(text, "Regular", _HEAD_SIZE, width)
            ]
            for column, (_, width) in zip(columns, places, strict=True)
        ]
        if all(len(set(each)) == 1 for each in lines):
            lines = [each[:1] for each in lines]
        height = _HEAD_LEADING * max(map(len, lines)) + 4
        self.need(height + 24)
        for column, each, (x, width) in zip(columns, lines, places, strict=True):
            at = x + width if column.align == "right" else x
            for number, line in enumerate(dict.fromkeys(each)):
                y = self.y - _HEAD_LEADING * (number + 1) + 1
                self.sheet.text(at, y, line, size=_HEAD_SIZE, colour=MUTED, align=column.align)
        self.y -= height
        self.sheet.rule(LEFT, self.y, RIGHT, colour=TEAK_LIGHT, thickness=0.6)


def _places(columns: Sequence[TableColumn]) -> list[tuple[float, float]]:
    """Give the left edge and width of each column."""
    gap = 7.0
    room = TEXT_WIDTH - gap * (len(columns) - 1)
    total = sum(column.share for column in columns)
    places, x = [], LEFT
    for column in columns:
        width = room * column.share / total
        places.append((x, width))
        x += width + gap
    return places
