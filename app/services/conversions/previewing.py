"""What registering a cancellation record would do, row by row, before anything is written.

Owns the preview alone: which rows can go in is decided by `sources`, and rows of one record that
meet each other are found here, since none of them is registered yet.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.models.storage.unit_of_work import reading
from app.services.conversions.record_file import NewSource, read_record
from app.services.conversions.sources import SourceJudge
from app.services.documents import LARGEST_DOCUMENT_BYTES
from app.services.imports.csv_file import read_file_bytes
from app.services.imports.faults import SOURCE_REGISTERED, RejectedRow, RowRefused
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class PreviewedRow:
    """A row of a record, counted from 1 without the header, and what would become of it.

    `refused` says why it cannot go in; `is_there` that the same units are registered already.
    What could not be read has no serial.
    """

    row: int
    serial: str = ""
    quantity: int = 0
    project: str = ""
    host_country: str = ""
    unit_type: str = ""
    is_there: bool = False
    refused: RejectedRow | None = None


@dataclass(frozen=True, slots=True)
class RecordPreview:
    """What registering would do."""

    rows: tuple[PreviewedRow, ...]

    @property
    def new(self) -> tuple[PreviewedRow, ...]:
        """Give the rows that would be registered."""
        return tuple(row for row in self.rows if row.refused is None and not row.is_there)

    @property
    def refused(self) -> tuple[PreviewedRow, ...]:
        """Give the rows that cannot go in."""
        return tuple(row for row in self.rows if row.refused is not None)

    @property
    def units(self) -> int:
        """Count the units that would be registered."""
        return sum(row.quantity for row in self.new)


def preview_record(
    registry: OpenRegistry, record: Path, *, attestation: Path | None = None
) -> RecordPreview:
    """Tell what would become of each row of a record; writes nothing.

    Raises NotFound or UsageError for a file that cannot be read as a whole.
    """
    content = read_file_bytes(record, most_bytes=LARGEST_DOCUMENT_BYTES)
    attested = (
        ""
        if attestation is None
        else sha256(read_file_bytes(attestation, most_bytes=LARGEST_DOCUMENT_BYTES)).hexdigest()
    )
    found = list(read_record(record.name, content))
    with reading(registry.engine) as connection:
        return RecordPreview(tuple(_judge(SourceJudge(connection, registry, attested), found)))


def _judge(judge: SourceJudge, found: list[NewSource | RowRefused]) -> Iterator[PreviewedRow]:
    earlier: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for number, item in enumerate(found, start=1):
        if isinstance(item, RowRefused):
            yield PreviewedRow(number, refused=item.at(number))
            continue
        try:
            is_there = not judge.is_new(item) or _is_repeated(earlier[item.serial.series], item)
            yield _row(number, item, is_there=is_there)
        except RowRefused as refused:
            yield _row(number, item, refused=refused.at(number))


def _is_repeated(earlier: list[tuple[int, int, str]], source: NewSource) -> bool:
    """Tell whether an earlier row of the record has the same units; raise where some are."""
    start, end = source.serial.start, source.serial.end
    place = bisect(earlier, (start, end, chr(0x10FFFF)))
    for first, last, text in earlier[max(0, place - 1) : place + 1]:
        if (first, last, text) == (start, end, source.attributes):
            return True
        if first <= end and last >= start:
            raise RowRefused(SOURCE_REGISTERED, serial=source.text, existing=f"{first}–{last}")
    insort(earlier, (start, end, source.attributes))
    return False


def _row(
    number: int, source: NewSource, *, is_there: bool = False, refused: RejectedRow | None = None
) -> PreviewedRow:
    return PreviewedRow(
        number,
        serial=source.text,
        quantity=source.serial.quantity,
        project=source.project,
        host_country=source.host_country,
        unit_type=source.unit_type,
        is_there=is_there,
        refused=refused,
    )
