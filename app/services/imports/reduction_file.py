"""Reads a file of verified reductions, CSV or JSON, record by record.

Owns its columns and the form of each value; whether a record can go in is for
`verified_reductions`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.models.codes import MAX_SERIAL
from app.models.errors import UsageError
from app.services.imports.csv_file import read_csv_file, read_text_file
from app.services.imports.faults import (
    EMPTY,
    NO_QUANTITY,
    NOT_A_RECORD,
    UNKNOWN_FIELD,
    WRONG_DIGEST,
    WRONG_PERIOD,
    RowRefused,
)
from app.services.imports.row_cells import RowCells, fit_cells

COLUMNS = ("project", "period_from", "period_to", "quantity", "reference", "document_sha256")

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReduction:
    """What a verifier confirmed: `quantity` in units, both days of the period included."""

    project: str
    period_from: date
    period_to: date
    quantity: int
    reference: str
    document_sha256: str


def read_reduction_file(file: Path) -> Iterator[NewReduction | RowRefused]:
    """Read each record, or why it cannot be read: a JSON list in a `.json` file, else CSV.

    Raises NotFound or UsageError for a file that cannot be read as a whole.
    """
    for cells in _read_json(file) if file.suffix.lower() == ".json" else _read_csv(file):
        try:
            yield cells if isinstance(cells, RowRefused) else _reduction(cells)
        except RowRefused as refused:
            yield refused


def _read_csv(file: Path) -> Iterator[RowCells | RowRefused]:
    table = read_csv_file(file)
    missing = [column for column in COLUMNS if column not in table.header]
    if missing:
        raise UsageError(
            f"{table.name} has no column " + ", ".join(f"“{column}”" for column in missing) + ".",
            hint="Columns: " + ", ".join(COLUMNS) + ".",
        )
    for record in table.records:
        try:
            yield fit_cells(table.header, record.cells, row=record.row)
        except RowRefused as refused:
            yield refused


def _read_json(file: Path) -> Iterator[RowCells | RowRefused]:
    try:
        content = json.loads(read_text_file(file))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file.name} is not JSON: {error}.") from None
    if not isinstance(content, list):
        raise UsageError(
            f"{file.name} is not a list of records.",
            hint="Write [{" + ", ".join(f'"{column}": …' for column in COLUMNS) + "}, …].",
        )
    for row, item in enumerate(content, start=1):
        try:
            yield _json_cells(item, row)
        except RowRefused as refused:
            yield refused


def _json_cells(item: Any, row: int) -> RowCells:
    if not isinstance(item, dict):
        raise RowRefused(NOT_A_RECORD)
    for name in item:
        if name not in COLUMNS:
            raise RowRefused(UNKNOWN_FIELD, column=name)
    cells = {name: _json_text(name, item.get(name)) for name in COLUMNS}
    return RowCells(cells, row=row, widths=(len(cells), len(cells)))


def _json_text(name: str, value: Any) -> str:
    if name == "quantity":
        if not isinstance(value, int) or isinstance(value, bool):
            raise RowRefused(NO_QUANTITY, column=name, text=value)
        return str(value)
    if not isinstance(value, str):
        raise RowRefused(EMPTY, column=name)
    return value


def _reduction(cells: RowCells) -> NewReduction:
    reduction = NewReduction(
        project=cells.required("project"),
        period_from=cells.day("period_from"),
        period_to=cells.day("period_to"),
        quantity=cells.quantity("quantity"),
        reference=cells.required("reference"),
        document_sha256=cells.required("document_sha256").lower(),
    )
    if reduction.period_to < reduction.period_from:
        raise RowRefused(WRONG_PERIOD, first=reduction.period_from, last=reduction.period_to)
    if not 1 <= reduction.quantity <= MAX_SERIAL:
        raise RowRefused(NO_QUANTITY, column="quantity", text=reduction.quantity)
    if _SHA256.fullmatch(reduction.document_sha256) is None:
        raise RowRefused(
            WRONG_DIGEST, column="document_sha256", text=reduction.document_sha256[:64]
        )
    return reduction
