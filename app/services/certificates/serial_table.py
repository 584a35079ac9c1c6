"""The table of serial ranges, over as many pages as it needs.

Owns its columns, its rows and how they break; must not know the rest of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.certificates import wording
from app.services.certificates.line_breaks import wrap
from app.services.certificates.palette import INK, LEFT, LINE, MUTED, RIGHT, TEAK_LIGHT
from app.services.certificates.sheet import Align, Sheet
from app.services.certificates.statement import SerialRange, Statement
from app.services.certificates.wording import Language, Phrase
from app.services.certificates.words import figures

_SIZE = 7.8
_LEADING = 11.4
_ABOVE = 12.6
_BELOW = 6.0
_HEAD_SIZE = 7.4
_HEAD_LEADING = 10.2


@dataclass(frozen=True, slots=True)
class _Column:
    phrase: Phrase
    x: float
    width: float
    align: Align = "left"


_COLUMNS = (
    _Column(wording.SERIALS, LEFT, 168),
    _Column(wording.PROJECT, LEFT + 176, 128),
    _Column(wording.UNIT_TYPE, LEFT + 312, 54),
    _Column(wording.VINTAGE, LEFT + 373, 30),
    _Column(wording.UNITS, RIGHT, 90, "right"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row's lines, cell by cell."""

    cells: tuple[tuple[str, ...], ...]
    weight: str = "Regular"

    @property
    def height(self) -> float:
        """Points from rule to rule."""
        return _ABOVE + _BELOW + _LEADING * (max(map(len, self.cells)) - 1)


def table_rows(statement: Statement, language: Language) -> list[Row]:
    """Lay out the rows of all ranges, and their total where there is more than one."""
    rows = [_row(each, statement.unit_type) for each in statement.serials]
    if len(rows) > 1:
        total = wording.TOTAL.on_one_line(language)
        cells = ((total,), (), (), (), (figures(statement.quantity),))
        rows.append(Row(cells, weight="SemiBold"))
    return rows


def head_height(language: Language) -> float:
    """Points the table's head takes, its rule included."""
    return _HEAD_LEADING * len(wording.SERIALS.shown(language)) + 6


def rows_that_fit(rows: Sequence[Row], room: float) -> int:
    """Count the rows that fit into the room; a lone total is not left for the next page."""
    count = 0
    for row in rows:
        room -= row.height
        if room < 0:
            break
        count += 1
    if count == len(rows) - 1 and count > 1:
        return count - 1
    return count


def draw_head(sheet: Sheet, y: float, language: Language) -> float:
    """Draw the head downwards from y; returns where the rows begin."""
    for column in _COLUMNS:
        for place, text in enumerate(column.phrase.shown(language)):
            sheet.text(
                column.x,
                y - _HEAD_LEADING * (place + 1) + 2,
                text,
                size=_HEAD_SIZE,
                colour=MUTED,
                align=column.align,
            )
    bottom = y - head_height(language)
    sheet.rule(LEFT, bottom, RIGHT, colour=TEAK_LIGHT, thickness=0.7)
    return bottom


def draw_rows(sheet: Sheet, y: float, rows: Sequence[Row]) -> float:
    """Draw rows downwards from y; returns where they end."""
    for row in rows:
        for column, lines in zip(_COLUMNS, row.cells, strict=True):
            for place, text in enumerate(lines):
                sheet.text(
                    column.x,
                    y - _ABOVE - _LEADING * place,
                    text,
                    size=_SIZE,
                    weight=row.weight,
                    colour=INK,
                    align=column.align,
                )
        y -= row.height
        sheet.rule(LEFT, y, RIGHT, colour=LINE, thickness=0.6)
    return y


def _row(each: SerialRange, unit_type: str) -> Row:
    kind = f"{unit_type} · {each.project_type}" if each.project_type else unit_type
    texts = (
        each.serial,
        f"{each.project} {each.project_name}".strip(),
        kind,
        "–" if each.vintage is None else str(each.vintage),
        figures(each.quantity),
    )
    return Row(
        tuple(
            tuple(wrap(text, "Regular", _SIZE, column.width))
            for column, text in zip(_COLUMNS, texts, strict=True)
        )
    )
