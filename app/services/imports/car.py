"""The Climate Action Reserve's export of retirements: each row is a block issued and retired.

Owns its columns. The file has no date of issuance, so units are registered on the day they were
retired; it names no beneficiary. Some rows lack the blank cell of their account holder: what
follows then stands one heading too far to the left, which only the retirement reasons show.
"""

from __future__ import annotations

from app.services.imports.export_layout import ExportFormat, ExportLayout
from app.services.imports.export_row import Ending, ExportRow, SourceProject
from app.services.imports.row_cells import DayForm, RowCells

_HOLDER = "Account Holder"
_REASON = "Retirement Reason"
_REASONS = frozenset(
    {
        "Environmental Benefit",
        "On Behalf of Third Party",
        "Other",
        "Retirement for Person or Organization",
    }
)


def _read(cells: RowCells) -> ExportRow:
    serial = cells.serial(
        "Offset Credit Serial Numbers", grammar="car", quantity="Quantity of Offset Credits"
    )
    cells.require_project("Project ID", f"CAR{serial.project}")
    cells.require_vintage("Vintage", serial.vintage)
    _refuse_shifted(cells)
    return ExportRow(
        row=cells.row,
        serial=serial,
        project=SourceProject(
            code=serial.project or "",
            name=cells.required("Project Name"),
            country=serial.country or "",
            kind=cells.text("Project Type"),
            methodology=cells.text("Protocol and Version"),
        ),
        holder=cells.text(_HOLDER),
        issued_on=None,
        ending=Ending(
            word="Retired",
            on=cells.day("Status Effective", DayForm.MONTH_FIRST),
            reason=cells.text(_REASON),
            purpose=cells.text("Retirement Reason Details"),
        ),
    )


def _refuse_shifted(cells: RowCells) -> None:
    is_known = cells.text(_REASON) in _REASONS
    if not is_known and (cells.is_padded or cells.text(_HOLDER) in _REASONS):
        raise cells.ragged()


CAR = ExportFormat(
    name="car",
    origin="CAR",
    unit_type="CRT",
    layouts=(
        ExportLayout(
            name="an export of the Climate Action Reserve's retirements",
            columns=(
                "Vintage",
                "Offset Credit Serial Numbers",
                "Quantity of Offset Credits",
                "Status Effective",
                "Project ID",
                "Project Name",
                _HOLDER,
                _REASON,
                "Retirement Reason Details",
            ),
            read=_read,
        ),
    ),
)
