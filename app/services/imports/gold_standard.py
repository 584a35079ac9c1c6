"""Gold Standard's exports: issuances, and retirements, told apart by their header.

Owns their columns. Neither names who holds the units; a retirement repeats when its units were
issued, so either file may come first.
"""

from __future__ import annotations

from app.models.serials.serial_range import SerialRange
from app.services.imports.export_layout import ExportFormat, ExportLayout
from app.services.imports.export_row import Ending, ExportRow, SourceProject
from app.services.imports.faults import NOT_IMPORTABLE, RowRefused
from app.services.imports.row_cells import RowCells

_ENDED_ON = "Retirement Date"
_COLUMNS = (
    "Vintage",
    "Credit Status",
    "Quantity",
    "GSID",
    "Project Name",
    "Issuance Date",
    "Serial Number",
)


def _read_issuance(cells: RowCells) -> ExportRow:
    _require(cells, "Credit Status", "Issued")
    return _read(cells, None)


def _read_retirement(cells: RowCells) -> ExportRow:
    word = _require(cells, "Credit Status", "Retired", "Cancelled")
    return _read(
        cells,
        Ending(
            word=word,
            on=cells.day(_ENDED_ON),
            reason=cells.text("Use Case"),
            beneficiary=cells.text("Using Entity"),
            purpose=cells.text("Note"),
        ),
    )


def _read(cells: RowCells, ending: Ending | None) -> ExportRow:
    serial = cells.serial("Serial Number", grammar="gold-standard", quantity="Quantity")
    cells.require_vintage("Vintage", serial.vintage)
    if cells.text("Product Type"):
        # Planned emission reductions are listed as well, and are no units yet.
        _require(cells, "Product Type", "VER")
    return ExportRow(
        row=cells.row,
        serial=serial,
        project=_project(cells, serial),
        holder="",
        issued_on=cells.day("Issuance Date"),
        ending=ending,
    )


def _project(cells: RowCells, serial: SerialRange) -> SourceProject:
    code = serial.project or ""
    cells.require_project("GSID", code.removeprefix("GS"))
    return SourceProject(
        code=code,
        name=cells.required("Project Name"),
        country=serial.country or "",
        kind=cells.text("Project Type"),
        methodology=cells.text("Methodology"),
        proponent=cells.text("Project Developer"),
    )


def _require(cells: RowCells, column: str, *expected: str) -> str:
    text = cells.required(column)
    if text not in expected:
        raise RowRefused(NOT_IMPORTABLE, column=column, text=text, expected=" / ".join(expected))
    return text


GOLD_STANDARD = ExportFormat(
    name="gold-standard",
    origin="Gold Standard",
    unit_type="VER",
    layouts=(
        ExportLayout(
            name="an export of Gold Standard's retirements",
            columns=(*_COLUMNS, _ENDED_ON, "Note", "Use Case", "Using Entity"),
            read=_read_retirement,
            told_by=_ENDED_ON,
        ),
        ExportLayout(
            name="an export of Gold Standard's issuances or retirements",
            columns=_COLUMNS,
            read=_read_issuance,
        ),
    ),
)
