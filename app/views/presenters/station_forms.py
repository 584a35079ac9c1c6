"""What is typed about stations read as values: alarm limits and positions.

Owns turning words into numbers and saying which cannot be; no Qt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from app.models.errors import UsageError
from app.services.stations.alarms import NewLimit, Side

_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
"""Thousands as the desk writes them; any other comma may have been meant as a point."""


def read_limit(values: Mapping[str, str]) -> NewLimit:
    """Read an alarm limit; without an end the alarm ends where it was raised, without hysteresis.

    Raises UsageError naming the value.
    """
    channel = values["channel"].strip()
    if not channel.isdigit():
        raise UsageError(f"“{channel}” is no channel.", hint="Choose one from the list.")
    raise_at = read_number(values["raise_at"], what="limit")
    given = values["clear_at"].strip()
    clear_at = read_number(given, what="end of the alarm") if given else raise_at
    side = Side(values["side"])
    return NewLimit(int(channel), side, raise_at, clear_at, values["message"].strip())


def read_position(latitude: str, longitude: str) -> tuple[Decimal, Decimal]:
    """Read where a station stands, in degrees (WGS 84); UsageError for what is nowhere."""
    return (
        read_number(latitude, what="latitude"),
        read_number(longitude, what="longitude"),
    )


def read_number(given: str, *, what: str) -> Decimal:
    """Read a number as people type it; UsageError naming what it was meant to be."""
    text = given.strip().replace("−", "-")
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(f"“{given}” is no {what}.", hint="Write a number such as 12.5.")
    return number
