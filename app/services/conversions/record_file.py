"""Reads a voluntary-cancellation record of the CDM registry, CSV or JSON, row by row.

Owns its columns and the form of each value (`docs/formats.md`); whether a row can go in is for
`sources`. Columns that it does not know are kept as they stand: nothing of a record is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.models.errors import UsageError
from app.models.serials.serial_range import SerialRange
from app.services.imports.csv_file import decode_text, read_csv_text
from app.services.imports.faults import (
    NOT_A_RECORD,
    NOT_OF_THE_CDM,
    SERIAL_SAYS_OTHERWISE,
    UNREADABLE_CELL,
    WRONG_COUNTRY,
    WRONG_YEAR,
    RowRefused,
)
from app.services.imports.row_cells import LONGEST_CELL, RowCells, fit_cells

COLUMNS = ("serial", "quantity", "host_country", "project", "unit_type", "cancelled_on")
"""Columns that a record must have."""

OPTIONAL = ("vintage", "beneficiary", "purpose")

_COUNTRY = re.compile(r"[A-Z]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_CDM = "CDM"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A range of units that the CDM registry cancelled; `attributes` is its whole row as JSON."""

    serial: SerialRange
    text: str
    host_country: str
    project: str
    unit_type: str
    cancelled_on: date
    attributes: str


def read_record(name: str, content: bytes) -> Iterator[NewSource | RowRefused]:
    """Read each row, or why it cannot be read: a JSON list in a `.json` file, else CSV.

    Raises UsageError for a file that cannot be read as a whole.
    """
    text = decode_text(name, content)
    rows = _read_json(name, text) if name.lower().endswith(".json") else _read_csv(name, text)
    for found in rows:
        try:
            yield found if isinstance(found, RowRefused) else _source(*found)
        except RowRefused as refused:
            yield refused


_Row = tuple[RowCells, Mapping[str, Any]]


def _read_csv(name: str, text: str) -> Iterator[_Row | RowRefused]:
    table = read_csv_text(name, text)
    _require_header(name, table.header)
    for record in table.records:
        try:
            cells = fit_cells(table.header, record.cells, row=record.row)
        except RowRefused as refused:
            yield refused
            continue
        kept = dict(zip(table.header, record.cells, strict=False))
        yield cells, {heading: cell.strip() for heading, cell in kept.items() if cell.strip()}


def _require_header(name: str, header: tuple[str, ...]) -> None:
    """Refuse a header by which some cell could not be told from another, or that lacks one."""
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise UsageError(
            f"{name} has no column " + ", ".join(f"“{column}”" for column in missing) + ".",
            hint="Columns: " + ", ".join((*COLUMNS, *OPTIONAL)) + ", and any further ones.",
        )
    twice = sorted({heading for heading in header if header.count(heading) > 1})
    if twice or "" in header:
        raise UsageError(
            f"{name} has two columns “{twice[0]}”." if twice else f"{name} has an unnamed column.",
            hint="Give every column a name of its own, so that nothing in it is lost.",
        )


def _read_json(name: str, text: str) -> Iterator[_Row | RowRefused]:
    try:
        content = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {error}.") from None
    if not isinstance(content, list):
        raise UsageError(
            f"{name} is not a list of rows.",
            hint="Write [{" + ", ".join(f'"{column}": …' for column in COLUMNS) + "}, …].",
        )
    for row, item in enumerate(content, start=1):
        if not isinstance(item, dict):
            yield RowRefused(NOT_A_RECORD)
            continue
        kept = {key: value for key, value in item.items() if value not in (None, "")}
        cells = {key: str(value) for key, value in kept.items()}
        yield RowCells(cells, row=row, widths=(len(cells), len(cells))), kept


def _source(cells: RowCells, kept: Mapping[str, Any]) -> NewSource:
    serial = cells.serial("serial", grammar="kyoto", quantity="quantity")
    text = cells.required("serial")
    if serial.origin != _CDM:
        raise RowRefused(NOT_OF_THE_CDM, serial=text, unit_type=serial.unit_type)
    country = cells.required("host_country")
    if not _COUNTRY.fullmatch(country):
        raise RowRefused(WRONG_COUNTRY, column="host_country", text=country[:40])
    for column, said in (("host_country", serial.country), ("unit_type", serial.unit_type)):
        if cells.required(column) != said:
            raise RowRefused(
                SERIAL_SAYS_OTHERWISE, column=column, text=cells.required(column)[:40], serial=said
            )
    cells.require_project("project", serial.project or "")
    year = cells.text("vintage")
    if year and not _YEAR.fullmatch(year):
        raise RowRefused(WRONG_YEAR, column="vintage", text=year[:40])
    for column in kept:
        cells.text(column)
    return NewSource(
        serial=serial,
        text=text,
        host_country=country,
        project=cells.required("project"),
        unit_type=serial.unit_type,
        cancelled_on=cells.day("cancelled_on"),
        attributes=_attributes(kept),
    )


def _attributes(kept: Mapping[str, Any]) -> str:
    """Write the whole row as JSON, its keys in order; RowRefused for text that is none."""
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise RowRefused(UNREADABLE_CELL, column="serial", most=LONGEST_CELL) from None
    return text
