"""Every matching row written to a CSV or XLSX file.

Owns the two formats and their safety: a text that a spreadsheet would take for a formula
is never written as one. Must not touch Qt; runs in the background, page by page.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from app.models.errors import UsageError
from app.services.listings.page import Cursor, Page, PageRequest
from app.views.components.columns import CellKind, CellValue, Column

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
XLSX_ROW_LIMIT = 1_048_576
EXPORT_PAGE_ROWS = 2_000


@dataclass(frozen=True)
class ExportColumn:
    """A column with its heading, and its words for chip values, in the language chosen."""

    column: Column
    heading: str
    words: dict[str, str]

    def value_of(self, row: Any) -> CellValue:
        """Return what is written for a row: the word of a chip, else the value itself."""
        value = self.column.value_of(row)
        if self.column.kind is CellKind.CHIP and value is not None:
            return self.words.get(str(value), str(value))
        return value


def guard_formula(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run (CWE-1236)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def iterate_rows(
    fetch: Callable[[PageRequest], Page[Any]], request: PageRequest
) -> Iterator[tuple[Any, int | None]]:
    """Yield every matching row with the total, fetching page after page by cursor."""
    after: Cursor | None = None
    total: int | None = None
    while True:
        page = fetch(replace(request, after=after, limit=EXPORT_PAGE_ROWS))
        total = total if page.total is None else page.total
        for row in page.rows:
            yield row, total
        after = page.next
        if after is None:
            return


def export_rows(
    path: Path,
    columns: Sequence[ExportColumn],
    rows: Iterator[tuple[Any, int | None]],
    progress: Callable[[int, int | None], None],
) -> int:
    """Write rows as the path's ending says (.csv or .xlsx) and return how many.

    The file appears only when whole: it is written beside and renamed. `progress` may
    raise to stop; then nothing is left behind. Errors: UsageError for another ending, for a
    place that cannot be written, or for more rows than a sheet can hold.
    """
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UsageError(
            f"cannot export to {path.name!r}", hint="Choose a name ending in .csv or .xlsx."
        )
    unfinished = path.with_name(f".{path.name}.part")
    try:
        count = writer(unfinished, columns, rows, progress)
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(
            f"“{path}” cannot be written: {error.strerror}.",
            hint="Choose another name or folder, or make room on the disk.",
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return count


def _write_csv(
    path: Path,
    columns: Sequence[ExportColumn],
    rows: Iterator[tuple[Any, int | None]],
    progress: Callable[[int, int | None], None],
) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([guard_formula(each.heading) for each in columns])
        for row, total in rows:
            writer.writerow([_csv_cell(each.value_of(row)) for each in columns])
            count += 1
            progress(count, total)
    return count


def _csv_cell(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, int | Decimal):
        return str(value)
    return guard_formula(str(value))


def _write_xlsx(
    path: Path,
    columns: Sequence[ExportColumn],
    rows: Iterator[tuple[Any, int | None]],
    progress: Callable[[int, int | None], None],
) -> int:
    # Imported here: it costs a sixth of a second that the first window need not wait for.
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Teak")
    sheet.append([_xlsx_cell(WriteOnlyCell, sheet, each.heading) for each in columns])
    count = 0
    try:
        for row, total in rows:
            if count + 2 > XLSX_ROW_LIMIT:
                raise UsageError(
                    f"a sheet holds {XLSX_ROW_LIMIT:,} rows, and there are more",
                    hint="Export as CSV, or narrow the filter.",
                )
            sheet.append([_xlsx_cell(WriteOnlyCell, sheet, each.value_of(row)) for each in columns])
            count += 1
            progress(count, total)
        book.save(path)
    except BaseException:
        # Only saving takes away the readable file in which the library collects the rows.
        with suppress(Exception):
            book.save(BytesIO())
        raise
    return count


def _xlsx_cell(make: Callable[..., Any], sheet: Any, value: CellValue) -> Any:
    if isinstance(value, datetime):
        # A sheet knows no time zones: moments are written in UTC.
        return make(sheet, value=value.astimezone(UTC).replace(tzinfo=None))
    if not isinstance(value, str):
        return make(sheet, value=value)
    made = make(sheet, value=_CONTROL_CHARACTERS.sub("\ufffd", value))
    made.data_type = "s"
    return made
