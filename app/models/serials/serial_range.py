"""A range of serial numbers as one value, and the one way to print it.

Owns what every grammar has in common: the attributes read from a serial number, the limits of
its numbers, the template it is printed from and the error that says why a text is no serial.
Must not know any grammar's form, nor touch a database.

A template is the text that was read with its numbers replaced by the slots `{start}` and
`{end}`. A slot may say how its number is written: `{start:06}` pads with zeros to six digits,
`{start:,}` sets thousands commas. A template without an end slot names one unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LARGEST_NUMBER = 2**43 - 1
"""The highest serial number: the database keeps (series << 44) + serial in 64 bits."""

ZERO_BASED_GRAMMARS = frozenset({"cercarbono"})
"""Grammars whose registries count from 0: Cercarbono's oldest blocks run 0 to 999."""


class SerialError(ValueError):
    """A text is no serial number that Teak can read; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialRange:
    """Serial numbers `start` to `end`, both included, of one `series`.

    `series` names the numbers among which start and end must not overlap; no two grammars
    share one. `origin` is the registry of origin, `country` an ISO 3166 code. `project` and
    all `details`, the grammar's other parts by name, stand as written. `vintage` is a year.
    """

    grammar: str
    series: str
    origin: str
    country: str | None
    unit_type: str
    project: str | None
    vintage: int | None
    start: int
    end: int
    template: str
    details: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        check_range(self.grammar, start=self.start, end=self.end)

    @property
    def quantity(self) -> int:
        """Whole units in the range."""
        return self.end - self.start + 1

    def find_detail(self, name: str) -> str | None:
        """Return a further part of the serial number as it was written, if it has one."""
        return dict(self.details).get(name)


def check_range(grammar: str, *, start: int, end: int) -> None:
    """Raise SerialError unless start to end is a range that the grammar can number."""
    lowest = 0 if grammar in ZERO_BASED_GRAMMARS else 1
    if start < lowest:
        raise SerialError(f"The start number is {start}; serial numbers begin at {lowest}.")
    if end < start:
        raise SerialError(f"The end number {end} is before the start number {start}.")
    if end > LARGEST_NUMBER:
        raise SerialError(f"The number {end} is over {LARGEST_NUMBER}, the highest there is.")


def print_from_template(template: str, start: int, end: int) -> str:
    """Print the serial number of start to end.

    The template must come from a `SerialRange`: it is a format string. SerialError when it
    names one unit and start to end are several.
    """
    if start != end and "{end" not in template:
        raise SerialError(f"{template} names one unit and cannot print {start} to {end}.")
    return template.format(start=start, end=end)


def print_serial(serial: SerialRange) -> str:
    """Print the serial number exactly as it was read."""
    return print_from_template(serial.template, serial.start, serial.end)


def with_range(serial: SerialRange, start: int, end: int) -> SerialRange:
    """Return the serial number of other units of the same series, every attribute kept.

    SerialError when start to end is no range, or several units of a one-unit serial number.
    """
    changed = replace(serial, start=start, end=end)
    print_serial(changed)
    return changed
