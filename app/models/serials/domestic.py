"""Domestic serial numbers: those that a national registry run with Teak allots itself.

Owns the grammar `domestic`, from the UNDP carbon registry: COUNTRY-TYPE-SCOPE-PROJECT-YEAR-
FREE FIELD-START-END, where the scope is a CDM sectoral scope and the free field may be empty.
A series is all that stands before the start number. Project and free field hold no hyphen,
so the parts can be told apart.
"""

from __future__ import annotations

import re

from app.models.serials.calendar_parts import read_year
from app.models.serials.grammar import Grammar
from app.models.serials.number_slots import END, START, read_block
from app.models.serials.serial_range import SerialError, SerialRange

_PATTERN = re.compile(
    r"(?P<country>[A-Z]{2})-(?P<type>[A-Z]{2,8})-(?P<scope>[0-9]{1,2})"
    r"-(?P<project>[A-Za-z0-9._/]{1,20})-(?P<year>[0-9]{4})-(?P<free>[A-Za-z0-9._/]{0,20})-"
    + START
    + "-"
    + END
)
_LAST_SCOPE = 15


def read_domestic(text: str) -> SerialRange | None:
    """Read a domestic serial number; the registry of origin is its country's."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    start, end, template = read_block(match)
    return SerialRange(
        grammar="domestic",
        series=_series(match),
        origin=match["country"],
        country=match["country"],
        unit_type=match["type"],
        project=match["project"],
        vintage=read_year(match["year"]),
        start=start,
        end=end,
        template=template,
        details=(("scope", match["scope"]), ("free_field", match["free"])),
    )


def make_domestic_serial(
    *,
    country: str,
    unit_type: str,
    scope: int,
    project: str,
    year: int,
    start: int,
    end: int,
    free_field: str = "",
) -> SerialRange:
    """Make the serial number of units to be issued; SerialError when a part cannot be one."""
    text = f"{country}-{unit_type}-{scope}-{project}-{year}-{free_field}-{start}-{end}"
    serial = read_domestic(text)
    if serial is None:
        raise SerialError(f"{text} is no domestic serial number; expected {DOMESTIC.form}.")
    return serial


def _series(match: re.Match[str]) -> str:
    """Return one series for every spelling: a padded scope or small letters open no new one."""
    scope = int(match["scope"])
    if not 1 <= scope <= _LAST_SCOPE:
        raise SerialError(
            f"The sectoral scope {match['scope']} is unknown: 1 to {_LAST_SCOPE} are expected."
        )
    parts = (match["country"], match["type"], str(scope), match["project"], match["year"])
    return "-".join((*parts, match["free"])).upper()


DOMESTIC = Grammar(
    name="domestic",
    form="COUNTRY-TYPE-SCOPE-PROJECT-YEAR-FREE FIELD-START-END (the free field may be empty)",
    example="TH-TER-13-0042-2025--1-5000",
    attempt=re.compile(r"[A-Z]{2}-[A-Z]{2,8}-[0-9]{1,3}-"),
    read=read_domestic,
)
