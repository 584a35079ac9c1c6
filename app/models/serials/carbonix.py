"""Serial numbers of the CarboniX exchange.

Owns the grammar `carbonix`: COUNTRY-TYPE-YEAR-PROJECT-BATCH-NUMBER, the number padded with
zeros, alone for one unit or as a pair for a range. A series is all that stands before the
number.
"""

from __future__ import annotations

import re

from app.models.serials.calendar_parts import read_year
from app.models.serials.grammar import Grammar
from app.models.serials.identifier_pair import match_pair
from app.models.serials.number_slots import padding, read_number
from app.models.serials.serial_range import SerialError, SerialRange

_IDENTIFIER = re.compile(
    r"(?P<series>(?P<country>[A-Z]{2})-(?P<type>[A-Z]{2,8})-(?P<year>[0-9]{4})"
    r"-(?P<project>[0-9]+)-(?P<batch>[0-9]+))-(?P<number>[0-9]+)"
)


def read_carbonix(text: str) -> SerialRange | None:
    """Read a CarboniX serial number or a pair of them."""
    pair = match_pair(_IDENTIFIER, text)
    if pair is None:
        return None
    match = pair.match
    start, end = read_number(pair.start_text), read_number(pair.end_text)
    if end < start:
        raise SerialError(f"The end number {end} is before the start number {start}.")
    return SerialRange(
        grammar="carbonix",
        series=match["series"],
        origin="CarboniX",
        country=match["country"],
        unit_type=match["type"],
        project=match["project"],
        vintage=read_year(match["year"]),
        start=start,
        end=end,
        template=pair.template(padding(pair.start_text, pair.end_text, always=True)),
        details=(("batch", match["batch"]),),
    )


CARBONIX = Grammar(
    name="carbonix",
    form="COUNTRY-TYPE-YEAR-PROJECT-BATCH-NUMBER, alone or as a pair",
    example="TH-VER-2025-0001-1-000001 - TH-VER-2025-0001-1-005000",
    attempt=re.compile(r"[A-Z]{2}-[A-Z]{2,8}-[0-9]{4}-"),
    read=read_carbonix,
)
