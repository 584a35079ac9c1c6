"""The American Carbon Registry's serial numbers.

Owns the grammar `acr`: ACR-COUNTRY-PROJECT-VINTAGE-BATCH-START to END. Each batch counts
from 1, so a series is all that stands before the start number.
"""

from __future__ import annotations

import re

from app.models.serials.calendar_parts import read_year
from app.models.serials.grammar import Grammar
from app.models.serials.number_slots import START_TO_END, read_block
from app.models.serials.serial_range import SerialRange

_PATTERN = re.compile(
    r"(?P<series>ACR-(?P<country>[A-Z]{2})-(?P<project>[0-9]+)-(?P<vintage>[0-9]{4})"
    r"-(?P<batch>[0-9]+))-" + START_TO_END
)


def read_acr(text: str) -> SerialRange | None:
    """Read an ACR serial number."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    start, end, template = read_block(match)
    return SerialRange(
        grammar="acr",
        series=match["series"],
        origin="ACR",
        country=match["country"],
        unit_type="ERT",
        project=match["project"],
        vintage=read_year(match["vintage"]),
        start=start,
        end=end,
        template=template,
        details=(("batch", match["batch"]),),
    )


ACR = Grammar(
    name="acr",
    form="ACR-COUNTRY-PROJECT-VINTAGE-BATCH-START to END",
    example="ACR-FR-1129-2025-2917-30932 to 35143",
    attempt=re.compile(r"ACR-"),
    read=read_acr,
)
