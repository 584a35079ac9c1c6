"""Every refusal of an act that is no transaction has one row, in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from app.services.checks.catalogue import CATALOGUE
from app.services.checks.printed import print_catalogue
from app.services.checks.refusal import Refusal
from app.services.checks.refusals import REFUSALS, refuse
from app.services.listings.checks import list_checks
from app.services.listings.page import PageRequest

APP = Path(__file__).parents[3] / "app"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_one_meaning() -> None:
    codes = [check.code for check in CATALOGUE] + [row.code for row in REFUSALS]
    assert len(codes) == len(set(codes))


def test_every_refusal_raised_is_a_row_and_every_row_is_raised() -> None:
    raised, in_place = set[int](), list[str]()
    for path in APP.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        raised |= {int(code) for code in re.findall(r"\b(?:refuse|violation_of)\(\s*(\d+)", text)}
        if re.search(r"\bViolation\(\s*\S", text) and "checks" not in path.parts:
            in_place.append(path.name)
    assert raised - {check.code for check in CATALOGUE} == {row.code for row in REFUSALS}
    assert in_place == []


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: str(row.code))
def test_both_languages_fill_the_same_places(row: Refusal) -> None:
    assert any("฀" <= letter <= "๿" for letter in row.message_th)
    thai = places(row.message_th)
    assert {name.removesuffix("_th") for name in thai} <= places(row.message)
    assert not thai & {"role", "state", "wanted", "act"}


def test_a_refusal_is_raised_with_its_words() -> None:
    (violation,) = refuse(9401, origin="TH", project="0042").violations
    assert (violation.code, violation.field) == (9401, "code")
    assert violation.message == "TH has a project 0042 already."
    assert "0042" in violation.message_th


def test_refusals_are_printed_and_listed_beside_the_checks() -> None:
    page = print_catalogue()
    listed = {row.code: row for row in list_checks(PageRequest(limit=1000)).rows}
    for row in REFUSALS:
        assert f"| {row.code} | {row.name} |" in page
        assert (listed[row.code].types, listed[row.code].only_notes) == ((), False)
