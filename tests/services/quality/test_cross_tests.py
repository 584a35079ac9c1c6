"""Values of one moment held against each other."""

from __future__ import annotations

import math

import pytest

from app.services.quality.cross_tests import (
    flag_across,
    flag_agreement,
    flag_not_above,
    flag_wind_consistency,
)
from app.services.quality.rules import Agreement, ColumnRules, NotAbove, WindConsistency

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "other", "flag"),
    [(10, 10, 1), (10.5, 10, 1), (12, 10, 3), (16, 10, 4), (NAN, 10, 9), (10, NAN, 2)],
)
def test_a_part_is_not_above_its_whole(value: float, other: float, flag: int) -> None:
    assert flag_not_above(value, other, NotAbove("pm10", suspect=1, fail=5)) == flag


@pytest.mark.parametrize(
    ("speed", "direction", "coded", "flag"),
    [
        (3, 120, False, 1),
        (3, NAN, False, 3),
        (0.2, NAN, False, 2),
        (NAN, 120, False, 9),
        (0, 120, False, 1),
        (0, 120, True, 3),
        (3, 0, True, 3),
        (0, 0, True, 1),
    ],
)
def test_wind(speed: float, direction: float, coded: bool, flag: int) -> None:
    settings = WindConsistency("direction", calm=0.5, zero_without_direction=coded)
    assert flag_wind_consistency(speed, direction, settings) == flag


@pytest.mark.parametrize(
    ("value", "others", "flag"),
    [
        (10, (10, 11, 50), 1),
        (14, (10, 11, 12), 3),
        (30, (10, 11, 12), 4),
        (10, (NAN, NAN), 2),
        (10, (NAN, 14), 3),
        (NAN, (10,), 9),
    ],
)
def test_several_sensors_agree(value: float, others: tuple[float, ...], flag: int) -> None:
    assert flag_agreement(value, others, Agreement(("b", "c", "d"), suspect=2, fail=10)) == flag


def test_a_row_is_looked_up_by_column() -> None:
    rules = ColumnRules(not_above=NotAbove("pm10"), agreement=Agreement(("b",), suspect=1))
    assert flag_across(rules, 5.0, {"pm10": 4.0, "b": 5.5}) == {"not_above": 3, "agreement": 1}
