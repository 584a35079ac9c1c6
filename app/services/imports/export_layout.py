"""What a registry's export looks like: its columns and the reader of a row.

Owns choosing the layout by the file's header and turning records into rows or refusals. Knows
no registry by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from app.models.errors import UsageError
from app.services.imports.csv_file import CsvFile, Record
from app.services.imports.export_row import ExportRow
from app.services.imports.faults import ENDED_BEFORE_ISSUED, RejectedRow, RowRefused
from app.services.imports.row_cells import RowCells, fit_cells

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLayout:
    """A kind of file: the columns it cannot do without, and how its rows are read.

    A header that has `told_by` is of this layout; empty: any header.
    """

    name: str
    columns: tuple[str, ...]
    read: Callable[[RowCells], ExportRow]
    told_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A registry whose exports can be read, with its layouts in the order they are tried."""

    name: str
    origin: str
    unit_type: str
    layouts: tuple[ExportLayout, ...]

    def choose_layout(self, file: CsvFile) -> ExportLayout:
        """Choose the layout by the header; raises UsageError naming the columns that lack."""
        layout = next(
            item for item in self.layouts if not item.told_by or item.told_by in file.header
        )
        missing = [column for column in layout.columns if column not in file.header]
        if missing:
            raise UsageError(
                f"{file.name} is not {layout.name}: it has no column "
                + ", ".join(f"“{column}”" for column in missing)
                + ".",
                hint="Choose the format that fits the file, and keep the registry's own headings.",
            )
        repeated = [column for column in layout.columns if file.header.count(column) > 1]
        if repeated:
            raise UsageError(
                f"{file.name} has the column “{repeated[0]}” more than once.",
                hint="Keep the registry's own headings.",
            )
        return layout


def read_rows(
    layout: ExportLayout, file: CsvFile
) -> tuple[tuple[ExportRow, ...], tuple[RejectedRow, ...]]:
    """Read every record: rows in the order of the file, and the refusals; each is one of them."""
    rows: list[ExportRow] = []
    rejected: list[RejectedRow] = []
    shared = _SharedValues()
    for record in file.records:
        try:
            rows.append(shared.within(_read_record(layout, file.header, record)))
        except RowRefused as refused:
            rejected.append(refused.at(record.row))
    return tuple(rows), tuple(rejected)


class _SharedValues:
    """Keeps what rows have in common once: a file names one project many thousand times."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def within(self, row: ExportRow) -> ExportRow:
        """Give the same row, of values that other rows have as well."""
        serial = row.serial
        return replace(
            row,
            serial=replace(
                serial,
                series=self._one(serial.series),
                project=self._one(serial.project),
                template=self._one(serial.template),
                details=self._one(serial.details),
            ),
            project=self._one(row.project),
            holder=self._one(row.holder),
            issued_on=self._one(row.issued_on),
        )

    def _one(self, value: _Value) -> _Value:
        kept: _Value = self._kept.setdefault(value, value)
        return kept


def _read_record(layout: ExportLayout, header: Sequence[str], record: Record) -> ExportRow:
    cells = fit_cells(header, record.cells, row=record.row)
    try:
        row = layout.read(cells)
    except RowRefused:
        # A cell missing at the end is forgiven only while all others stand where they should.
        if cells.is_padded:
            raise cells.ragged() from None
        raise
    if row.ending is not None and row.issued_on is not None and row.ending.on < row.issued_on:
        raise RowRefused(ENDED_BEFORE_ISSUED, ended=row.ending.on, issued=row.issued_on)
    return row
