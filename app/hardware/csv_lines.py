"""Lines of separated values, by a layout that says which column is what.

Owns reading one row by its columns, and a decoder for lines of any logger whose layout is
configured. What a file's own header says is read by its protocol (`protocols/toa5.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Flag, Frame, Reading
from app.hardware.framing import Line, LineDecoder, cause_of_unread
from app.hardware.values import NUMBER, reading_of_text, with_flag

NOT_A_NUMBER = frozenset({"nan", "inf", "-inf", "+inf", "null", "na", "n/a"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, and its channel and unit if it is a measurement."""

    name: str
    channel: Channel | None = None
    unit: str | None = None
    """The unit it is in; None for the channel's own."""
    note: str = ""
    """Why readings of this column are suspicious, if they are: no unit named, for one."""


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How the lines of a logger are laid out."""

    columns: tuple[Column, ...]
    delimiter: str = ","
    decimal_comma: bool = False
    no_value: tuple[str, ...] = ()
    """Texts this logger writes where there is no value, beside those known everywhere."""


class CsvDecoder(LineDecoder):
    """Finds lines that have as many fields as the layout has columns."""

    longest = 16_384

    def __init__(self, layout: CsvLayout) -> None:
        super().__init__()
        self._layout = layout

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        fields = split_line(line.text, self._layout.delimiter)
        if fields is None or cause_of_unread(line.text.replace(b"\t", b" ")) is Cause.GARBAGE:
            return 0, Cause.GARBAGE
        if not any(fields):
            return 0, None
        if len(fields) != len(self._layout.columns):
            return 0, Cause.LENGTH
        if self._layout.decimal_comma:
            fields = [field.replace(",", ".") for field in fields]
        readings, details = read_row(fields, self._layout.columns, no_value=self._layout.no_value)
        if readings and not any(NUMBER.match(field) for field in fields):
            # A heading, or prose with as many commas.
            return 0, Cause.UNKNOWN
        return 0, Frame(mark_unended(readings, line), line.text, "measurement", details)


def split_line(text: bytes, delimiter: str) -> list[str] | None:
    """Split a line at its delimiter, quotes taken off; None when it is not UTF-8 or not CSV."""
    try:
        return [field.strip() for field in next(csv.reader([text.decode()], delimiter=delimiter))]
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return None


def read_row(
    fields: Sequence[str], columns: Sequence[Column], *, no_value: tuple[str, ...] = ()
) -> tuple[tuple[Reading, ...], Mapping[str, str | int]]:
    """Read one row; a column without a channel, or of one already read, becomes a detail."""
    readings: dict[Channel, Reading] = {}
    details: dict[str, str | int] = {}
    for field, column in zip(fields, columns, strict=True):
        if column.channel is None or column.channel in readings:
            details[column.name] = field
            continue
        reading = _reading(field, column, column.channel, no_value)
        if column.note and reading.flag is not Flag.BAD:
            reading = with_flag(reading, Flag.SUSPICIOUS, column.note)
        readings[column.channel] = reading
    return tuple(readings.values()), MappingProxyType(details)


def _reading(field: str, column: Column, channel: Channel, no_value: tuple[str, ...]) -> Reading:
    if field.lower() in NOT_A_NUMBER:
        reason = f"{field}: the logger has no value"
        return Reading(channel, None, channel.unit, Flag.BAD, reason, field)
    return reading_of_text(channel, field, unit=column.unit, also_no_value=no_value)


def mark_unended(readings: tuple[Reading, ...], line: Line) -> tuple[Reading, ...]:
    """Doubt the last value of a line that has no end: digits may be missing."""
    if line.is_ended or not readings:
        return readings
    return (*readings[:-1], with_flag(readings[-1], Flag.SUSPICIOUS, "the line has no end"))
