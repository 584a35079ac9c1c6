"""Verra's serial numbers, of today and older.

Owns the grammar `verra`: BATCH-START-END-VCS-VCU-VERIFIER-CLASS-COUNTRY-SCOPE-PROJECT-
VINTAGE START-VINTAGE END-FLAG, days as ddmmyyyy. Older ones lack `VCS-`; their class names
the registry that kept them. Verra's numbers run on through all batches, so all are one series.
"""

from __future__ import annotations

import re

from app.models.serials.calendar_parts import read_day
from app.models.serials.grammar import Grammar
from app.models.serials.number_slots import END, START, read_block
from app.models.serials.serial_range import SerialError, SerialRange

_PATTERN = re.compile(
    r"(?P<batch>[0-9]+)-" + START + "-" + END + r"-(?:VCS-)?VCU-(?P<verifier>[0-9]+)"
    r"-(?P<class_>VER|MER|APX)-(?P<country>[A-Z]{2})-(?P<scope>[0-9]{1,2})"
    r"-(?P<project>[0-9]+)-(?P<first_day>[0-9]{8})-(?P<last_day>[0-9]{8})-(?P<flag>[0-9])"
)


def read_verra(text: str) -> SerialRange | None:
    """Read a Verra serial number; its vintage is the year of the vintage's first day."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    start, end, template = read_block(match)
    first_day, last_day = read_day(match["first_day"]), read_day(match["last_day"])
    if last_day < first_day:
        raise SerialError(f"The vintage ends on {last_day} before it starts on {first_day}.")
    return SerialRange(
        grammar="verra",
        series="verra",
        origin="Verra",
        country=match["country"],
        unit_type="VCU",
        project=match["project"],
        vintage=first_day.year,
        start=start,
        end=end,
        template=template,
        details=(
            ("batch", match["batch"]),
            ("verifier", match["verifier"]),
            ("class", match["class_"]),
            ("scope", match["scope"]),
            ("vintage_start", first_day.isoformat()),
            ("vintage_end", last_day.isoformat()),
            ("additional_certification", match["flag"]),
        ),
    )


VERRA = Grammar(
    name="verra",
    form="BATCH-START-END-VCS-VCU-VERIFIER-CLASS-COUNTRY-SCOPE-PROJECT-ddmmyyyy-ddmmyyyy-FLAG "
    "with class VER, MER or APX",
    example="19372-940795622-940799989-VCS-VCU-262-VER-TH-13-416-01052021-31122021-0",
    attempt=re.compile(r"[0-9]+-[0-9]+-"),
    read=read_verra,
)
