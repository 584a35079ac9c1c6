"""Cercarbono's serial numbers, as lines PREFIX,START,END.

Owns the grammar `cercarbono`: the registry (EcoRegistry) keeps start and end in columns of
their own. The prefix begins with CDC and the project; newer ones name the country and end
with the vintage, older ones do neither. The oldest blocks count from 0. Each prefix counts
for itself, so it is the series.
"""

from __future__ import annotations

import re

from app.models.serials.grammar import Grammar
from app.models.serials.number_slots import END, START, read_block
from app.models.serials.serial_range import SerialRange

_PATTERN = re.compile(
    r"(?P<prefix>CDC_(?P<project>[0-9]+)(?:_[A-Z0-9]+)+) {0,3}, {0,3}"
    + START
    + " {0,3}, {0,3}"
    + END
)
_VINTAGE = re.compile(r"_((?:19|20)[0-9]{2})")
_COUNTRY = re.compile(r"_(?!XX)([A-Z]{2})_")
_VINTAGE_LENGTH = len("_2009")


def read_cercarbono(text: str) -> SerialRange | None:
    """Read a Cercarbono line; country and vintage are None where the prefix lacks them."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    start, end, template = read_block(match)
    prefix = match["prefix"]
    country = _COUNTRY.search(prefix)
    vintage = _VINTAGE.fullmatch(prefix[-_VINTAGE_LENGTH:])
    return SerialRange(
        grammar="cercarbono",
        series=prefix,
        origin="Cercarbono",
        country=country[1] if country else None,
        unit_type="CDC",
        project=match["project"],
        vintage=int(vintage[1]) if vintage else None,
        start=start,
        end=end,
        template=template,
    )


CERCARBONO = Grammar(
    name="cercarbono",
    form="PREFIX,START,END with a prefix CDC_PROJECT_..._VINTAGE",
    example="CDC_1_1_1_321_14_1_2009,4426,4971",
    attempt=re.compile(r"CDC[_-]"),
    read=read_cercarbono,
)
