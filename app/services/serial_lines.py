"""Serial numbers read line by line, for the command and for pasted lists.

Owns what a line is: its number, its text without surrounding white space, and the outcome.
Must not know any grammar; needs no registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange, print_serial

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class SerialLine:
    """One line that is not blank, counted from 1, with its serial number or the error."""

    line: int
    text: str
    serial: SerialRange | None
    error: str | None

    def as_json(self) -> dict[str, object]:
        """Return the line as the command's contract has it: the serial number, or the error."""
        row: dict[str, object] = {"line": self.line, "text": self.text}
        if self.serial is None:
            return row | {"error": self.error}
        return row | {
            "grammar": self.serial.grammar,
            "series": self.serial.series,
            "origin": self.serial.origin,
            "country": self.serial.country,
            "unit_type": self.serial.unit_type,
            "project": self.serial.project,
            "vintage": self.serial.vintage,
            "start": self.serial.start,
            "end": self.serial.end,
            "quantity": self.serial.quantity,
            "printed": print_serial(self.serial),
        }


def read_serial_lines(lines: Iterable[str]) -> Iterator[SerialLine]:
    """Read each line in turn; blank lines are counted and passed over. Never raises for text."""
    for number, line in enumerate(lines, start=1):
        text = line.strip().strip(_BYTE_ORDER_MARK).strip()
        if text:
            yield _read_line(number, text)


def _read_line(number: int, text: str) -> SerialLine:
    try:
        return SerialLine(number, text, read_serial(text), None)
    except SerialError as error:
        return SerialLine(number, text, None, str(error))
