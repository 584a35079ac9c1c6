"""The Climate Action Reserve's serial numbers.

Owns the grammar `car`: CAR-CLASS-COUNTRY-PROJECT-ID-ID-STATE-VINTAGE-BATCH-START to END,
where the class may be missing. Each batch counts from 1, so a series is all that stands
before the start number.
"""

from __future__ import annotations

import re

from app.models.serials.calendar_parts import read_year
from app.models.serials.grammar import Grammar
from app.models.serials.number_slots import START_TO_END, read_block
from app.models.serials.serial_range import SerialRange

_PATTERN = re.compile(
    r"(?P<series>CAR-(?:(?P<class_>[A-Z0-9]{1,4})-)?(?P<country>[A-Z]{2})-(?P<project>[0-9]+)"
    r"-(?P<ids>[0-9]+-[0-9]+)-(?P<state>[A-Z0-9]{1,3})-(?P<vintage>[0-9]{4})"
    r"-(?P<batch>[0-9]+))-" + START_TO_END
)


def read_car(text: str) -> SerialRange | None:
    """Read a CAR serial number."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    start, end, template = read_block(match)
    return SerialRange(
        grammar="car",
        series=match["series"],
        origin="CAR",
        country=match["country"],
        unit_type="CRT",
        project=match["project"],
        vintage=read_year(match["vintage"]),
        start=start,
        end=end,
        template=template,
        details=(
            ("class", match["class_"] or ""),
            ("ids", match["ids"]),
            ("state", match["state"]),
            ("batch", match["batch"]),
        ),
    )


CAR = Grammar(
    name="car",
    form="CAR-CLASS-COUNTRY-PROJECT-ID-ID-STATE-VINTAGE-BATCH-START to END "
    "(the class may be missing)",
    example="CAR-ROC-US-2056-129-2283-WV-2025-8969-1 to 260294",
    attempt=re.compile(r"CAR-"),
    read=read_car,
)
