"""The American Carbon Registry's export of retirements: each row is a block issued and retired.

Owns its columns; days are written month first, with a time in GMT.
"""

from __future__ import annotations

from app.services.imports.export_layout import ExportFormat, ExportLayout
from app.services.imports.export_row import Ending, ExportRow, SourceProject
from app.services.imports.row_cells import DayForm, RowCells


def _read(cells: RowCells) -> ExportRow:
    serial = cells.serial("Credit Serial Numbers", grammar="acr", quantity="Quantity of Credits")
    cells.require_project("Project ID", f"ACR{serial.project}")
    cells.require_vintage("Vintage", serial.vintage)
    return ExportRow(
        row=cells.row,
        serial=serial,
        project=SourceProject(
            code=serial.project or "",
            name=cells.required("Project Name"),
            country=serial.country or "",
            kind=cells.text("Project Type"),
            methodology=cells.text("Project Methodology/Protocol"),
        ),
        holder=cells.text("Account Holder"),
        issued_on=cells.day("Date Issued (GMT)", DayForm.MONTH_FIRST),
        ending=Ending(
            word="Retired",
            on=cells.day("Status Effective (GMT)", DayForm.MONTH_FIRST),
            reason=cells.text("Retirement Reason"),
            beneficiary=cells.text("Retired on Behalf of"),
            purpose=cells.text("Purpose of Retirement"),
        ),
    )


ACR = ExportFormat(
    name="acr",
    origin="ACR",
    unit_type="ERT",
    layouts=(
        ExportLayout(
            name="an export of the American Carbon Registry's retirements",
            columns=(
                "Credit Serial Numbers",
                "Date Issued (GMT)",
                "Vintage",
                "Quantity of Credits",
                "Account Holder",
                "Status Effective (GMT)",
                "Retired on Behalf of",
                "Retirement Reason",
                "Purpose of Retirement",
                "Project ID",
                "Project Name",
            ),
            read=_read,
        ),
    ),
)
