"""What is typed about stations: limits and positions read, and what cannot be read named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.models.errors import UsageError
from app.services.stations.alarms import NewLimit, Side
from app.views.presenters.station_forms import read_limit, read_position

TYPED = {"channel": "7", "side": "high", "raise_at": "1000", "clear_at": "900", "message": "Air."}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (Side.HIGH, "1000", "900")),
        ({"raise_at": "1,000"}, (Side.HIGH, "1000", "900")),
        ({"clear_at": " "}, (Side.HIGH, "1000", "1000")),
        ({"side": "low", "raise_at": "−5.5", "clear_at": "-4"}, (Side.LOW, "-5.5", "-4")),
    ],
)
def test_a_limit_is_read(changes: dict[str, str], expected: tuple[Side, str, str]) -> None:
    side, raise_at, clear_at = expected
    limit = NewLimit(7, side, Decimal(raise_at), Decimal(clear_at), "Air.")
    assert read_limit(TYPED | changes) == limit


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"raise_at": ""}, "“” is no limit"),
        ({"raise_at": "high"}, "“high” is no limit"),
        ({"raise_at": "12,5"}, "“12,5” is no limit"),
        ({"clear_at": "NaN"}, "“NaN” is no end of the alarm"),
        ({"channel": "co2?"}, "“co2\\?” is no channel"),
    ],
)
def test_what_is_no_limit_is_named(changes: dict[str, str], part: str) -> None:
    with pytest.raises(UsageError, match=part) as refused:
        read_limit(TYPED | changes)
    assert refused.value.hint


def test_a_position_takes_both_numbers() -> None:
    assert read_position("19.85", " 99.8215 ") == (Decimal("19.85"), Decimal("99.8215"))
    with pytest.raises(UsageError, match="no longitude"):
        read_position("19.85", "")
