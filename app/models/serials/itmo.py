"""Identifiers of internationally transferred mitigation outcomes (Article 6.2).

Owns the grammar `itmo`: APPROACH-REGISTRY-PARTY-NUMBER-VINTAGE, thousands commas in the
number optional, alone for one unit or as a pair for a range (6/CMA.4 annex I, paragraph 5).
A series is cooperative approach, Party ITMO registry, first transferring Party and vintage.
"""

from __future__ import annotations

import re

from app.models.serials.calendar_parts import read_year
from app.models.serials.grammar import Grammar
from app.models.serials.identifier_pair import IdentifierPair, match_pair
from app.models.serials.number_slots import padding, read_number
from app.models.serials.serial_range import SerialError, SerialRange

_IDENTIFIER = re.compile(
    r"(?P<approach>CA[0-9]{4})-(?P<registry>[A-Z]{3}[0-9]{2})-(?P<party>[A-Z]{3})"
    r"-(?P<number>[0-9][0-9,]*)-(?P<vintage>[0-9]{4})"
)


def read_itmo(text: str) -> SerialRange | None:
    """Read an ITMO identifier or a pair; its country is the first transferring Party."""
    pair = match_pair(_IDENTIFIER, text)
    if pair is None:
        return None
    match = pair.match
    start = read_number(pair.start_text.replace(",", ""))
    end = read_number(pair.end_text.replace(",", ""))
    if end < start:
        raise SerialError(f"The end number {end} is before the start number {start}.")
    number_format = _number_format(pair, start=start, end=end)
    return SerialRange(
        grammar="itmo",
        series=f"{match['approach']}-{match['registry']}-{match['party']}-{match['vintage']}",
        origin="ITMO",
        country=match["party"],
        unit_type="ITMO",
        project=None,
        vintage=read_year(match["vintage"]),
        start=start,
        end=end,
        template=pair.template(number_format),
        details=(
            ("cooperative_approach", match["approach"]),
            ("party_registry", match["registry"]),
        ),
    )


def _number_format(pair: IdentifierPair, *, start: int, end: int) -> str:
    if "," not in pair.start_text and "," not in pair.end_text:
        return padding(pair.start_text, pair.end_text)
    for text, number in ((pair.start_text, start), (pair.end_text, end)):
        if text != f"{number:,}":
            raise SerialError(f"The number {text} needs its thousands commas as in {number:,}.")
    return ","


ITMO = Grammar(
    name="itmo",
    form="APPROACH-REGISTRY-PARTY-NUMBER-VINTAGE, alone or as a pair",
    example="CA0001-THA01-THA-1,000-2024",
    attempt=re.compile(r"CA[0-9]+-"),
    read=read_itmo,
)
