"""Which serial numbers the rows of one file have taken.

Owns finding a row that overlaps an earlier one, the same row twice included.
"""

from __future__ import annotations

from sortedcontainers import SortedList

from app.services.imports.export_row import ExportRow
from app.services.imports.faults import OVERLAPS_ROW, RowRefused

_Claim = tuple[int, int, int]
"""First serial number, last, and the row that has them."""


class FileClaims:
    """Ranges taken so far, by series; they never overlap."""

    def __init__(self) -> None:
        self._by_series: dict[str, SortedList] = {}

    def require_free(self, row: ExportRow) -> None:
        """Refuse a row whose range overlaps one taken by an earlier row."""
        claims = self._by_series.get(row.serial.series)
        after = 0 if claims is None else claims.bisect_left((row.serial.end + 1,))
        if claims is None or after == 0:
            return
        _, last, other = claims[after - 1]
        if last >= row.serial.start:
            raise RowRefused(OVERLAPS_ROW, serial=row.printed, other=other)

    def take(self, row: ExportRow) -> None:
        """Take the range of a row that `require_free` let pass."""
        claims = self._by_series.setdefault(row.serial.series, SortedList())
        claims.add((row.serial.start, row.serial.end, row.row))
