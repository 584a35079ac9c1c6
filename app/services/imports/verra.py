"""Verra's export of transactions: each row is a block issued, some retired or cancelled since.

Owns its columns. The file names no holder and has one word for both endings, which is kept.
"""

from __future__ import annotations

from app.models.serials.serial_range import SerialRange
from app.services.imports.export_layout import ExportFormat, ExportLayout
from app.services.imports.export_row import Ending, ExportRow, SourceProject
from app.services.imports.faults import VINTAGE_DIFFERS, RowRefused
from app.services.imports.row_cells import DayForm, RowCells

_WORD = "Retirement/Cancellation"
_ENDED_ON = "Retirement/Cancellation Date"
_LARGEST_SCOPE = 15


def _read(cells: RowCells) -> ExportRow:
    serial = cells.serial("Serial Number", grammar="verra", quantity="Quantity Issued")
    _require_vintage(cells, serial, "Vintage Start", "vintage_start")
    _require_vintage(cells, serial, "Vintage End", "vintage_end")
    return ExportRow(
        row=cells.row,
        serial=serial,
        project=_project(cells, serial),
        holder="",
        issued_on=cells.day("Issuance Date", DayForm.DAY_FIRST),
        ending=_ending(cells),
    )


def _require_vintage(cells: RowCells, serial: SerialRange, column: str, detail: str) -> None:
    """Refuse other days than the serial's own; so a file that swaps day and month shows."""
    day = cells.day(column, DayForm.DAY_FIRST).isoformat()
    expected = serial.find_detail(detail)
    if day != expected:
        raise RowRefused(VINTAGE_DIFFERS, column=column, text=day, serial=expected)


def _project(cells: RowCells, serial: SerialRange) -> SourceProject:
    code = serial.project or ""
    cells.require_project("ID", code)
    scope = int(serial.find_detail("scope") or 0)
    return SourceProject(
        code=code,
        name=cells.required("Name"),
        country=serial.country or "",
        kind=cells.text("Project Type"),
        methodology=cells.text("Methodology"),
        sectoral_scope=scope if scope <= _LARGEST_SCOPE else 0,
    )


def _ending(cells: RowCells) -> Ending | None:
    ended_on = cells.optional_day(_ENDED_ON, DayForm.DAY_FIRST)
    if ended_on is None:
        return None
    return Ending(
        word=_WORD,
        on=ended_on,
        reason=cells.text("Retirement Reason"),
        beneficiary=cells.text("Retirement Beneficiary"),
        purpose=cells.text("Retirement Details"),
    )


VERRA = ExportFormat(
    name="verra",
    origin="Verra",
    unit_type="VCU",
    layouts=(
        ExportLayout(
            name="an export of Verra's transactions",
            columns=(
                "Issuance Date",
                "Vintage Start",
                "Vintage End",
                "ID",
                "Name",
                "Quantity Issued",
                "Serial Number",
                _ENDED_ON,
                "Retirement Beneficiary",
                "Retirement Reason",
                "Retirement Details",
            ),
            read=_read,
        ),
    ),
)
