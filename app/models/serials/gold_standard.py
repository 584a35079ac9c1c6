"""Gold Standard's serial numbers.

Owns the grammar `gold-standard`: GS1-1-COUNTRY-PROJECT-TYPE-VINTAGE-BATCH-START-END. Each
batch counts from 1, so a series is all that stands before the start number.
"""

from __future__ import annotations

import re

from app.models.serials.calendar_parts import read_year
from app.models.serials.grammar import Grammar
from app.models.serials.number_slots import END, START, read_block
from app.models.serials.serial_range import SerialRange

_PATTERN = re.compile(
    r"(?P<series>GS1-1-(?P<country>[A-Z]{2})-(?P<project>GS[0-9]+)-(?P<type>[0-9]+)"
    r"-(?P<vintage>[0-9]{4})-(?P<batch>[0-9]+))-" + START + "-" + END
)


def read_gold_standard(text: str) -> SerialRange | None:
    """Read a Gold Standard serial number."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    start, end, template = read_block(match)
    return SerialRange(
        grammar="gold-standard",
        series=match["series"],
        origin="Gold Standard",
        country=match["country"],
        unit_type="VER",
        project=match["project"],
        vintage=read_year(match["vintage"]),
        start=start,
        end=end,
        template=template,
        details=(("type", match["type"]), ("batch", match["batch"])),
    )


GOLD_STANDARD = Grammar(
    name="gold-standard",
    form="GS1-1-COUNTRY-PROJECT-TYPE-VINTAGE-BATCH-START-END",
    example="GS1-1-KE-GS11603-16-2025-30256-110-5463",
    attempt=re.compile(r"GS[0-9]"),
    read=read_gold_standard,
)
