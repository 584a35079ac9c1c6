"""The pages of a certificate.

Owns which page holds what: page one with body, table and foot, and as many further pages as
long texts and many ranges need. Must not sign and must not write the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.services.certificates import wording
from app.services.certificates.art import frame_art, ground_art, mark, seal_art
from app.services.certificates.body import Body, DrawnBody, LongText, compose_body, draw_body
from app.services.certificates.foot import Proof, draw_foot
from app.services.certificates.line_breaks import wrap, wrap_evenly
from app.services.certificates.palette import (
    FOOT_TOP,
    GROUND_SIZE,
    INK,
    LEFT,
    LINE,
    MIDDLE,
    MUTED,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    SEAL_SIZE,
    TEAK,
    TEXT_WIDTH,
)
from app.services.certificates.pdf_file import Form
from app.services.certificates.pdf_fonts import DocumentFonts
from app.services.certificates.serial_table import (
    Row,
    draw_head,
    draw_rows,
    head_height,
    rows_that_fit,
    table_rows,
)
from app.services.certificates.sheet import Sheet
from app.services.certificates.statement import Registry, Statement
from app.services.certificates.wording import Language, Phrase

_FRAME, _SEAL, _GROUND = "Frame", "Seal", "Ground"
_MARK_HEIGHT = 760.0
_NAME_TOP = 738.0
_TABLE_GAP = 18.0
_WIDEST_EXTRA_GAP = 22.0
_NOTE_HEIGHT = 14.0
_LEAST_GROUND = 210.0
_NEXT_PAGE_TOP = 748.0
_NEXT_PAGE_BOTTOM = 74.0
_LONG_TEXT_LEADING = 15.0


@dataclass(frozen=True, slots=True)
class Pages:
    """The drawn pages and what the file needs with them."""

    sheets: Sequence[Sheet]
    fonts: DocumentFonts
    forms: Mapping[str, Form]


def render_pages(statement: Statement, proof: Proof, language: Language) -> Pages:
    """Draw all pages of a certificate in a language setting."""
    fonts = DocumentFonts()
    rows = table_rows(statement, language)
    first = Sheet(fonts)
    sheets = [first]
    body, rest = _draw_first_page(first, statement, rows, language)
    draw_foot(first, statement, proof, _SEAL, language)
    if rest or body.long_texts:
        sheets += _next_pages(fonts, statement, body.long_texts, rest, language)
        _number_pages(sheets, language)
    return Pages(sheets, fonts, _forms(statement.registry))


def _forms(registry: Registry) -> dict[str, Form]:
    above = (registry.name_en or registry.name_th).upper()
    below = registry.name_th or registry.name_en
    return {
        _FRAME: Form(frame_art(), PAGE_WIDTH, PAGE_HEIGHT),
        _GROUND: Form(ground_art(), GROUND_SIZE, GROUND_SIZE),
        _SEAL: Form(seal_art(above, below), SEAL_SIZE, SEAL_SIZE),
    }


def _draw_first_page(
    sheet: Sheet, statement: Statement, rows: Sequence[Row], language: Language
) -> tuple[Body, Sequence[Row]]:
    """Draw page one but for its foot; returns its body and the rows left for the next page."""
    sheet.place(_FRAME)
    top = _draw_registry(sheet, statement.registry, language)
    head = _TABLE_GAP + head_height(language)
    body = compose_body(statement, language, room=top - FOOT_TOP - _NOTE_HEIGHT)
    room = top - FOOT_TOP - body.least_height - head
    count = rows_that_fit(rows, room)
    if count < len(rows):
        count = rows_that_fit(rows, room - _NOTE_HEIGHT)
    spare = room - sum(row.height for row in rows[:count]) - _NOTE_HEIGHT
    spare = max(0.0, spare) if count == len(rows) else 0.0
    extra = min(_WIDEST_EXTRA_GAP, spare / (len(body.blocks) + 1))
    drawn = draw_body(sheet, body, top, extra)
    y = drawn.end - _TABLE_GAP - extra - (spare - extra * (len(body.blocks) + 1)) / 4
    _place_ground(sheet, drawn, table_top=y)
    if count:
        y = draw_rows(sheet, draw_head(sheet, y, language), rows[:count])
    if count < len(rows):
        text = f"{wording.SERIALS.on_one_line(language)}: {wording.CONTINUES.on_one_line(language)}"
        note_y = (y if count else drawn.end) - 11
        sheet.text(MIDDLE, note_y, text, size=6.6, colour=MUTED, align="centre")
    return body, rows[count:]


def _place_ground(sheet: Sheet, drawn: DrawnBody, *, table_top: float) -> None:
    # As large as fits between heading and table, where they leave it room at all.
    half = min(drawn.heading_end - drawn.figure, drawn.figure - table_top) - 6
    size = min(GROUND_SIZE, max(_LEAST_GROUND, 2 * half))
    x, y = MIDDLE - size / 2, drawn.figure - size / 2
    sheet.place(_GROUND, x, y, scale=size / GROUND_SIZE, behind=True)


def _draw_registry(sheet: Sheet, registry: Registry, language: Language) -> float:
    sheet.draw(mark(MIDDLE, _MARK_HEIGHT, 28, TEAK))
    names = Phrase(registry.name_th, registry.name_en).shown(language)
    y = _NAME_TOP
    for place, name in enumerate(names):
        size, weight, colour = (8.8, "Regular", MUTED) if place else (13.0, "SemiBold", INK)
        for line in wrap_evenly(name, weight, size, TEXT_WIDTH)[:2]:
            y -= size * 1.1
            sheet.text(MIDDLE, y, line, size=size, weight=weight, colour=colour, align="centre")
            y -= size * 0.4
    return y


def _next_pages(
    fonts: DocumentFonts,
    statement: Statement,
    long_texts: Sequence[LongText],
    rows: Sequence[Row],
    language: Language,
) -> list[Sheet]:
    sheets: list[Sheet] = []
    lines = _long_lines(long_texts, language)
    while lines or rows:
        sheet = Sheet(fonts)
        sheets.append(sheet)
        _draw_next_head(sheet, statement, language)
        y = _NEXT_PAGE_TOP
        while lines and y - _LONG_TEXT_LEADING > _NEXT_PAGE_BOTTOM:
            text, colour, size = lines.pop(0)
            y -= _LONG_TEXT_LEADING
            sheet.text(LEFT, y, text, size=size, colour=colour)
        room = y - _TABLE_GAP - head_height(language) - _NEXT_PAGE_BOTTOM
        count = 0 if lines else rows_that_fit(rows, room)
        if count:
            begin = y - (_TABLE_GAP if y < _NEXT_PAGE_TOP else 0.0)
            draw_rows(sheet, draw_head(sheet, begin, language), rows[:count])
            rows = rows[count:]
    return sheets


def _long_lines(long_texts: Sequence[LongText], language: Language) -> list[tuple[str, str, float]]:
    lines: list[tuple[str, str, float]] = []
    for each in long_texts:
        label = f"{each.label.on_one_line(language)} ({wording.FULL_TEXT.on_one_line(language)})"
        lines.append((label, MUTED, 8.0))
        lines += [(line, INK, 9.5) for line in wrap(each.text, "Regular", 9.5, TEXT_WIDTH)]
        lines.append(("", INK, 9.5))
    return lines


def _draw_next_head(sheet: Sheet, statement: Statement, language: Language) -> None:
    sheet.place(_FRAME)
    sheet.draw(mark(LEFT + 9, 785, 18, TEAK))
    registry = Phrase(statement.registry.name_th, statement.registry.name_en)
    name = wrap(registry.shown(language)[0], "SemiBold", 9.5, TEXT_WIDTH / 2)
    sheet.text(LEFT + 26, 782, name[0], size=9.5, weight="SemiBold")
    sheet.text(RIGHT, 786, statement.certificate, size=9.5, weight="SemiBold", align="right")
    label = wording.CONTINUED.on_one_line(language)
    sheet.text(RIGHT, 774, label, size=7, colour=MUTED, align="right")
    sheet.rule(LEFT, 766, RIGHT, colour=LINE, thickness=0.6)


def _number_pages(sheets: Sequence[Sheet], language: Language) -> None:
    for number, sheet in enumerate(sheets, start=1):
        text = f"{wording.PAGE.on_one_line(language)} {number} / {len(sheets)}"
        sheet.text(MIDDLE, 46, text, size=6.8, colour=MUTED, align="centre")
