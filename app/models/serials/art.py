"""The serial numbers of the Architecture for REDD+ Transactions (ART TREES).

Owns the grammar `art`: PROGRAMME-COUNTRY-ID-VINTAGE-BATCH-START to END. The programme is not
fixed (ART, FCPF, ...); ACR's form is the same, so the names of other registries are no
programmes. Each batch counts from 1, so a series is all that stands before the start number.
"""

from __future__ import annotations

import re

from app.models.serials.calendar_parts import read_year
from app.models.serials.grammar import Grammar
from app.models.serials.number_slots import START_TO_END, read_block
from app.models.serials.serial_range import SerialRange

_PATTERN = re.compile(
    r"(?P<series>(?!ACR-|CAR-|CDC-|VCS-)(?P<programme>[A-Z]{3,10})-(?P<country>[A-Z]{2})"
    r"-(?P<project>[0-9]+)-(?P<vintage>[0-9]{4})-(?P<batch>[0-9]+))-" + START_TO_END
)


def read_art(text: str) -> SerialRange | None:
    """Read an ART TREES serial number."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    start, end, template = read_block(match)
    return SerialRange(
        grammar="art",
        series=match["series"],
        origin="ART",
        country=match["country"],
        unit_type="TREES",
        project=match["project"],
        vintage=read_year(match["vintage"]),
        start=start,
        end=end,
        template=template,
        details=(("programme", match["programme"]), ("batch", match["batch"])),
    )


ART = Grammar(
    name="art",
    form="PROGRAMME-COUNTRY-ID-VINTAGE-BATCH-START to END",
    example="FCPF-CI-130-2023-20-1 to 46404",
    attempt=re.compile(r"(?!ACR-|CAR-)[A-Z]{3,10}-[A-Z]{2}-"),
    read=read_art,
)
