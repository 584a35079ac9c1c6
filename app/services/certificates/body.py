"""The middle of page one: who offset how much, for whom and why.

Owns the centred lines of a certificate, their sizes and how long texts are fitted. Must not
know the table or the foot of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.services.certificates import wording
from app.services.certificates.line_breaks import wrap_evenly
from app.services.certificates.palette import INK, LEAF, MIDDLE, MUTED, TEAK, TEXT_WIDTH
from app.services.certificates.sheet import Piece, Sheet
from app.services.certificates.statement import Statement
from app.services.certificates.typefaces import text_width
from app.services.certificates.wording import Language, Phrase
from app.services.certificates.words import figures, quantity_in_english, quantity_in_thai

_WIDEST_FIGURE = TEXT_WIDTH - 20


@dataclass(frozen=True, slots=True)
class Line:
    """One centred line: `above` and `below` are the room it takes about its baseline."""

    pieces: tuple[Piece, ...]
    above: float
    below: float
    colour: str = INK
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together, after a gap that may grow; `gap` is its least, in points."""

    gap: float
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        """Points the lines take, the gap not counted."""
        return sum(line.above + line.below for line in self.lines)


@dataclass(frozen=True, slots=True)
class LongText:
    """A text page one could show only in part: it is given in full on the next."""

    label: Phrase
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of page one, and what did not fit into them."""

    blocks: tuple[Block, ...]
    long_texts: tuple[LongText, ...]

    @property
    def least_height(self) -> float:
        """Points all blocks take with their least gaps."""
        return sum(block.gap + block.height for block in self.blocks)


@dataclass(frozen=True, slots=True)
class DrawnBody:
    """Heights on the page: the heading's end, the middle of the quantity, the body's end."""

    heading_end: float
    figure: float
    end: float


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a text is set: sizes tried from the largest until it takes no more than `lines`."""

    sizes: tuple[float, ...]
    lines: int
    weight: str


_MOST_LINES = (5, 4, 3, 2)
_ROOM_FOR_DOTS = 14.0
_HOLDER = _Fit((20, 17, 14, 11.5, 9.5), 2, "SemiBold")
_SECOND_NAME = _Fit((10.5, 9, 8), 2, "Regular")
_BENEFICIARY = _Fit((14, 12, 10.5, 9), 2, "SemiBold")
_PURPOSE = _Fit((11, 10, 9), 2, "Regular")
_WORDS = _Fit((11, 10, 9), 2, "Medium")
_WORDS_EN = _Fit((9.5, 9, 8.5), 2, "Regular")


def compose_body(statement: Statement, language: Language, *, room: float) -> Body:
    """Lay out the centred lines of page one, at most `room` points high.

    Very long texts are shown in fewer lines until all fit; what is left out is in `long_texts`.
    """
    for most_lines in _MOST_LINES:
        body = _compose(statement, language, most_lines)
        if body.least_height <= room:
            return body
    return _compose(statement, language, 1)


def _compose(statement: Statement, language: Language, most_lines: int) -> Body:
    long_texts: list[LongText] = []
    blocks = [
        Block(22, _heading(statement, language)),
        Block(18, _holder(statement, language, most_lines, long_texts)),
        Block(13, _quantity(statement, language)),
    ]
    for label, text, fit in (
        (wording.ON_BEHALF, statement.beneficiary, _BENEFICIARY),
        (wording.PURPOSE, statement.purpose, _PURPOSE),
    ):
        if text:
            lines = _fitted(text, fit, INK)
            blocks.append(
                Block(
                    10, (_label(label, language), *_cut(lines, most_lines, label, text, long_texts))
                )
            )
    return Body(tuple(blocks), tuple(long_texts))


def draw_body(sheet: Sheet, body: Body, top: float, extra_gap: float) -> DrawnBody:
    """Draw the blocks downwards from `top`, each gap widened; returns where things stand."""
    y = top
    heading_end = figure = top
    for place, block in enumerate(body.blocks):
        y -= block.gap + extra_gap
        for line in block.lines:
            y -= line.above
            if line.colour == LEAF:
                figure = y + line.above / 3
            _draw_line(sheet, line, y)
            y -= line.below
        heading_end = heading_end if place else y
    return DrawnBody(heading_end, figure, y)


def _draw_line(sheet: Sheet, line: Line, y: float) -> None:
    if not line.spacing:
        sheet.pieces(MIDDLE, y, line.pieces, colour=line.colour)
        return
    piece = line.pieces[0]
    sheet.text(
        MIDDLE,
        y,
        piece.text,
        size=piece.size,
        weight=piece.weight,
        colour=line.colour,
        align="centre",
        spacing=line.spacing,
    )


def _heading(statement: Statement, language: Language) -> tuple[Line, ...]:
    phrase = wording.HEADING[statement.measure]
    lines = []
    if language != "en":
        lines.append(_line(phrase.th, _size_within(phrase.th, "SemiBold", 24), "SemiBold"))
    if language == "en":
        lines.append(_line(phrase.en, _size_within(phrase.en, "SemiBold", 25), "SemiBold"))
    elif language == "both":
        text = phrase.en.upper()
        lines.append(_line(text, 11, "Regular", colour=TEAK, spacing=1.9))
    return tuple(lines)


def _holder(
    statement: Statement, language: Language, most_lines: int, long_texts: list[LongText]
) -> tuple[Line, ...]:
    names = Phrase(statement.holder.name_th, statement.holder.name_en).shown(language)
    lines = [_label(wording.CERTIFIES, language)]
    for place, name in enumerate(names):
        fitted = _fitted(name, _SECOND_NAME if place else _HOLDER, INK)
        lines += _cut(fitted, most_lines, wording.CERTIFIES, name, long_texts)
    return tuple(lines)


def _quantity(statement: Statement, language: Language) -> tuple[Line, ...]:
    quantity, measure = statement.quantity, statement.measure
    words = Phrase(quantity_in_thai(quantity, measure), quantity_in_english(quantity, measure))
    lines = [_label(wording.HAS_OFFSET[measure], language), _figure(quantity, measure)]
    for place, text in enumerate(words.shown(language)):
        fit, colour = (_WORDS_EN, MUTED) if place else (_WORDS, INK)
        lines += _fitted(text, fit, colour)
    return tuple(lines)


def _figure(quantity: int, measure: str) -> Line:
    def pieces(size: float) -> tuple[Piece, ...]:
        number = Piece(figures(quantity), size, "SemiBold")
        if measure != "tCO2e":
            return (number, Piece(measure, size, "SemiBold", gap=size * 0.24))
        return (
            number,
            Piece("tCO", size, "SemiBold", gap=size * 0.24),
            Piece("2", size * 0.58, "SemiBold", rise=-size * 0.1),
            Piece("e", size, "SemiBold"),
        )

    size = 40.0
    while size > 12 and sum(piece.width for piece in pieces(size)) > _WIDEST_FIGURE:
        size -= 1
    return Line(pieces(size), above=size * 0.93, below=size * 0.34, colour=LEAF)


def _fitted(text: str, fit: _Fit, colour: str) -> list[Line]:
    size, lines = 0.0, [text]
    for size in fit.sizes:
        lines = wrap_evenly(text, fit.weight, size, TEXT_WIDTH - _ROOM_FOR_DOTS)
        if len(lines) <= fit.lines:
            break
    return [_line(line, size, fit.weight, colour=colour) for line in lines]


def _cut(
    lines: list[Line], most_lines: int, label: Phrase, text: str, long_texts: list[LongText]
) -> list[Line]:
    """Cut lines that are too many, and note the text to be given in full elsewhere."""
    if len(lines) <= most_lines:
        return lines
    long_texts.append(LongText(label, text))
    last = lines[most_lines - 1]
    piece = last.pieces[0]
    dotted = replace(piece, text=f"{piece.text} …")
    return [*lines[: most_lines - 1], replace(last, pieces=(dotted,))]


def _label(phrase: Phrase, language: Language) -> Line:
    text = phrase.on_one_line(language)
    return Line((Piece(text, 8.6, "Regular"),), above=9.2, below=6.0, colour=MUTED)


def _line(text: str, size: float, weight: str, *, colour: str = INK, spacing: float = 0.0) -> Line:
    # Thai stacks two marks above a letter and one below: one and a half times the size.
    return Line((Piece(text, size, weight),), size * 1.07, size * 0.48, colour, spacing)


def _size_within(text: str, weight: str, size: float) -> float:
    return min(size, size * TEXT_WIDTH / text_width(text, weight, size))
