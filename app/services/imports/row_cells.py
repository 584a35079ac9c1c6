"""The cells of one row by their headings, and the values they hold.

Owns reading text, quantities, days and serial numbers from cells, and which faults they have.
Must not know a registry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum

from app.models.serials.reading import read_serial_as
from app.models.serials.serial_range import SerialError, SerialRange
from app.services.imports.faults import (
    EMPTY,
    NO_QUANTITY,
    PROJECT_DIFFERS,
    QUANTITY_DIFFERS,
    RAGGED,
    UNKNOWN_DATE,
    UNREADABLE_CELL,
    UNREADABLE_SERIAL,
    VINTAGE_DIFFERS,
    RowRefused,
)

LONGEST_CELL = 10_000
_SHOWN = 60

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUANTITY = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.0+)?")
_ISO_DAY = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_SLASHED_DAY = re.compile(
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"
    r"(?: (?:0?[0-9]|1[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?: [AP]M)?)?"
)
_BLANK_HEADING = re.compile(r"(?:Unnamed.*)?")


class DayForm(Enum):
    """How a registry writes days; ISO 8601 is read everywhere, a time of day is passed over.

    The value says the form to a person.
    """

    ISO = "YYYY-MM-DD"
    MONTH_FIRST = "M/D/YYYY or YYYY-MM-DD"
    DAY_FIRST = "YYYY-MM-DD or DD/MM/YYYY"


class RowCells:
    """One row; `widths` are how many cells it has, and how many the header."""

    def __init__(self, cells: Mapping[str, str], *, row: int, widths: tuple[int, int]) -> None:
        self._cells = cells
        self._width, self._columns = widths
        self.row = row

    @property
    def is_padded(self) -> bool:
        """Whether the row has fewer cells than the header."""
        return self._width < self._columns

    def text(self, column: str) -> str:
        """Give a cell without white space around it; empty when there is no such column."""
        text = self._cells.get(column, "").strip()
        if len(text) > LONGEST_CELL or _CONTROL.search(text):
            raise RowRefused(UNREADABLE_CELL, column=column, most=LONGEST_CELL)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def required(self, column: str) -> str:
        """Give a cell that may not be empty."""
        text = self.text(column)
        if not text:
            raise RowRefused(EMPTY, column=column)
        return text

    def quantity(self, column: str) -> int:
        """Give a whole number of units, written with or without thousands commas."""
        text = self.required(column)
        match = _QUANTITY.fullmatch(text)
        if match is None:
            raise RowRefused(NO_QUANTITY, column=column, text=_shown(text))
        return int(match[1].replace(",", ""))

    def day(self, column: str, form: DayForm = DayForm.ISO) -> date:
        """Give a day that must be there."""
        text = self.required(column)
        day = _read_day(text, form)
        if day is None or not 1900 <= day.year <= 2099:
            raise RowRefused(UNKNOWN_DATE, column=column, text=_shown(text), form=form.value)
        return day

    def optional_day(self, column: str, form: DayForm = DayForm.ISO) -> date | None:
        """Give a day, or None where the cell is empty."""
        return self.day(column, form) if self.text(column) else None

    def serial(self, column: str, *, grammar: str, quantity: str) -> SerialRange:
        """Give the block of units; `quantity` is the column its size must agree with."""
        text = self.required(column)
        try:
            serial = read_serial_as(grammar, text)
        except SerialError as error:
            raise RowRefused(
                UNREADABLE_SERIAL, column=column, why=error, text=_shown(text)
            ) from None
        stated = self.quantity(quantity)
        if stated != serial.quantity:
            raise RowRefused(QUANTITY_DIFFERS, quantity=stated, serial=text, range=serial.quantity)
        return serial

    def require_project(self, column: str, expected: str) -> None:
        """Refuse a row whose project is not the one its serial number names."""
        text = self.required(column)
        if text != expected:
            raise RowRefused(PROJECT_DIFFERS, column=column, text=_shown(text), serial=expected)

    def require_vintage(self, column: str, expected: object) -> None:
        """Refuse a row whose vintage is not the one of its serial number."""
        text = self.required(column)
        if text != str(expected):
            raise RowRefused(VINTAGE_DIFFERS, column=column, text=_shown(text), serial=expected)

    def ragged(self) -> RowRefused:
        """Give the refusal of a row whose cells stand under the wrong headings."""
        return RowRefused(RAGGED, cells=self._width, columns=self._columns)


def fit_cells(header: Sequence[str], cells: Sequence[str], *, row: int) -> RowCells:
    """Lay a row's cells under the header.

    Blank cells too many at the end are passed over, as are too few where the header's last
    names are blank or “Unnamed”. Raises RowRefused for any other width.
    """
    missing = header[len(cells) :]
    surplus = cells[len(header) :]
    if any(cell.strip() for cell in surplus) or not all(map(_BLANK_HEADING.fullmatch, missing)):
        raise RowRefused(RAGGED, cells=len(cells), columns=len(header))
    padded = [*cells[: len(header)], *([""] * len(missing))]
    return RowCells(
        dict(zip(header, padded, strict=True)),
        row=row,
        widths=(len(cells), len(header)),
    )


def _read_day(text: str, form: DayForm) -> date | None:
    try:
        if _ISO_DAY.fullmatch(text):
            return datetime.fromisoformat(text).date()
        match = None if form is DayForm.ISO else _SLASHED_DAY.fullmatch(text)
        if match is None:
            return None
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if form is DayForm.MONTH_FIRST:
            return date(year, first, second)
        return date(year, second, first)
    except ValueError:
        return None


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
