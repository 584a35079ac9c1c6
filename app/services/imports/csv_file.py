"""Reads a CSV file strictly into a header and numbered records, at once or one by one.

Owns encoding, line ends, quoting and limits of size; knows no column. A file that cannot be
read as a whole raises; a single record of the wrong width is for the reader of rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.models.errors import NotFound, UsageError

LARGEST_FILE_BYTES = 256 * 1024 * 1024

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SAVE_AS_UTF8 = "Save it as CSV in UTF-8, as the registry offers it for download."
_FOREIGN_STARTS = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"%PDF": "a PDF",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record, counted from 1 without the header; blank lines are no records."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file's header, without white space around its names, and its records.

    The records of a file that is streamed can be had once.
    """

    name: str
    header: tuple[str, ...]
    records: Iterable[Record]


def read_csv_file(path: Path) -> CsvFile:
    """Read a CSV file in UTF-8, with or without a byte order mark.

    Raises NotFound when there is none, UsageError for what is no such file: empty, too large,
    another encoding, or quoted so that its cells cannot be told apart.
    """
    return read_csv_text(path.name, read_text_file(path))


def stream_csv_file(path: Path) -> CsvFile:
    """Read a CSV file record by record, for a file of which each is needed but once.

    Raises as `read_csv_file` does, but for faults of quoting: those when the record is reached.
    """
    return _stream_csv_text(path.name, read_text_file(path))


def read_csv_text(name: str, text: str) -> CsvFile:
    """Read the text of a CSV file; raises UsageError as `read_csv_file` does."""
    streamed = _stream_csv_text(name, text)
    return CsvFile(name, streamed.header, tuple(streamed.records))


def _stream_csv_text(name: str, text: str) -> CsvFile:
    rows = _rows(name, text)
    header = next(rows, None)
    if header is None:
        raise UsageError(f"{name} is empty.", hint="Export it again from its registry.")
    names = tuple(heading.strip() for heading in header)
    records = (Record(number, tuple(cells)) for number, cells in enumerate(rows, start=1))
    return CsvFile(name, names, records)


def read_text_file(path: Path) -> str:
    """Read a whole file as UTF-8 text; raises as `read_csv_file` does."""
    return decode_text(path.name, read_file_bytes(path))


def decode_text(name: str, content: bytes) -> str:
    """Read a file's bytes as UTF-8 text; raises UsageError for what is none."""
    for start, what in _FOREIGN_STARTS.items():
        if content.startswith(start):
            raise UsageError(f"{name} is {what}, not plain text.", hint=_SAVE_AS_UTF8)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{name} is not in UTF-8: line {line} has a byte that cannot be read.",
            hint=_SAVE_AS_UTF8,
        ) from None


def read_file_bytes(path: Path, *, most_bytes: int | None = None) -> bytes:
    """Read a whole file of at most so many bytes; raises NotFound or UsageError."""
    most_bytes = LARGEST_FILE_BYTES if most_bytes is None else most_bytes
    try:
        size_bytes = path.stat().st_size
        if size_bytes > most_bytes:
            raise UsageError(
                f"{path.name} has {size_bytes:,} bytes.",
                hint=f"Split it into files of at most {most_bytes:,} bytes.",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", hint="Look at its name and folder.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{path} cannot be read: {reason}.") from None


def _rows(name: str, text: str) -> Iterator[list[str]]:
    # Line by line out of the one text: a text stream would hold it again, four bytes a letter.
    reader = csv.reader((line[0] for line in _LINE.finditer(text)), strict=True)
    try:
        for row in reader:
            if row:
                yield row
    except csv.Error as error:
        raise UsageError(
            f"{name} cannot be read as CSV, at line {reader.line_num}: {error}.",
            hint="A quotation mark may be missing, or the file was cut off. Export it again.",
        ) from None
