"""Serial numbers of Kyoto units: the CDM's CERs, and AAUs, RMUs, ERUs, tCERs and lCERs.

Owns the grammar `kyoto`: COUNTRY-TYPE-NUMBER-ORIGINAL PERIOD-APPLICABLE PERIOD-LULUCF-PROJECT,
alone for one unit or as a pair for a range. A series is country of origin and unit type.
"""

from __future__ import annotations

import re

from app.models.serials.grammar import Grammar
from app.models.serials.identifier_pair import match_pair
from app.models.serials.number_slots import padding, read_number
from app.models.serials.serial_range import SerialError, SerialRange

_IDENTIFIER = re.compile(
    r"(?P<country>[A-Z]{2})-(?P<type>[0-9]+)-(?P<number>[0-9]+)-(?P<original>[0-9]+)"
    r"-(?P<applicable>[0-9]+)-(?P<lulucf>[0-9]+)-(?P<project>[0-9]+)"
)
_UNIT_TYPES = {
    "1": "AAU", "2": "RMU", "3": "ERU", "4": "ERU", "5": "CER", "6": "tCER", "7": "lCER",
}  # fmt: skip
_CDM_TYPES = frozenset("567")
_PERIODS = frozenset("0123")
_LULUCF_ACTIVITIES = frozenset("01234567")


def read_kyoto(text: str) -> SerialRange | None:
    """Read a Kyoto unit identifier or a pair of them; they carry no vintage."""
    pair = match_pair(_IDENTIFIER, text)
    if pair is None:
        return None
    match = pair.match
    _check_codes(match)
    start, end = read_number(pair.start_text), read_number(pair.end_text)
    if end < start:
        raise SerialError(f"The end number {end} is before the start number {start}.")
    country, unit_type = match["country"], match["type"]
    return SerialRange(
        grammar="kyoto",
        series=f"{country}-{unit_type}",
        origin="CDM" if unit_type in _CDM_TYPES else "Kyoto",
        country=country,
        unit_type=_UNIT_TYPES[unit_type],
        project=match["project"],
        vintage=None,
        start=start,
        end=end,
        template=pair.template(padding(pair.start_text, pair.end_text)),
        details=(
            ("unit_type_code", unit_type),
            ("original_period", match["original"]),
            ("applicable_period", match["applicable"]),
            ("lulucf_activity", match["lulucf"]),
        ),
    )


def _check_codes(match: re.Match[str]) -> None:
    if match["type"] not in _UNIT_TYPES:
        raise SerialError(
            f"The Kyoto unit type {match['type']} is unknown: 1 AAU, 2 RMU, 3 and 4 ERU, "
            "5 CER, 6 tCER and 7 lCER are expected."
        )
    for period in (match["original"], match["applicable"]):
        if period not in _PERIODS:
            raise SerialError(f"The commitment period {period} is unknown: 0 to 3 are expected.")
    if match["lulucf"] not in _LULUCF_ACTIVITIES:
        raise SerialError(
            f"The LULUCF activity {match['lulucf']} is unknown: 0 (none) to 7 are expected."
        )


KYOTO = Grammar(
    name="kyoto",
    form="COUNTRY-TYPE-NUMBER-ORIGINAL PERIOD-APPLICABLE PERIOD-LULUCF-PROJECT, alone or as a pair",
    example="RW-5-1463953-2-2-0-7014 - RW-5-1467609-2-2-0-7014",
    attempt=re.compile(r"[A-Z]{2}-[0-9]+-"),
    read=read_kyoto,
)
