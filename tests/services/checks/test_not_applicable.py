"""Every published check with a known meaning is built, or does not apply for a stated reason."""

from __future__ import annotations

import pytest

from app.services.checks.catalogue import CATALOGUE
from app.services.checks.not_applicable import NOT_APPLICABLE, NotApplicable
from app.services.checks.printed import print_catalogue
from app.services.checks.refusals import REFUSALS

UK = {
    *(1001, 1002, 1003, 1004, 1005, 1006, 1007, 1009, 1011, 1012, 1014),
    *(2001, 2002, 2003, 2004, 2006, 2007, 2009, 2010, 2012, 2013, 2015, 2016, 2017, 2018),
    *(2501, 2502, 2503, 2504, 2505, 2506, 2507, 2508),
    *range(3001, 3014),
    *range(3015, 3021),
    3500,
    *range(8001, 8005),
    *range(10001, 10007),
    -1,
}
"""Registry codes 4.10, complete."""
DES = {1031, 1032, 2017, 5008, 5902, 5903, 5904, 5906}
"""Registry codes 4.9: those whose meaning is public."""
CITL = {7005, 7006, 7020, 7021, 7022, 7023, 7024, 7025, 7027, *range(7101, 7111)}
"""Registry codes 4.9: the part of the EU log's list that could be read."""
BARE = {
    *(4003, 4004, 4010, 4011, 4012, 4014, 4015, 5009, 5018, 5053, 5054, 5056, 5061),
    *(5101, 5102, 5103, 5104, 5106, 5156, 5209, 5211, 5212, 5213, 5214, 5215, 5220, 5255, 5256),
    *(5301, 5304, 5305, 5306, 5307, 5312, 5313),
}
"""Codes of which nothing but the number is public."""

BUILT = {check.code for check in CATALOGUE}
LEFT_OUT = {row.code for row in NOT_APPLICABLE}


def test_every_published_code_is_built_or_does_not_apply() -> None:
    assert UK | DES | CITL == (BUILT | LEFT_OUT) & (UK | DES | CITL)


def test_no_code_is_both_and_none_is_told_twice() -> None:
    assert not BUILT & LEFT_OUT
    assert len(LEFT_OUT) == len(NOT_APPLICABLE)
    codes = [row.code for row in NOT_APPLICABLE]
    assert codes == sorted(codes)


def test_no_meaning_is_invented() -> None:
    assert not BARE & (BUILT | LEFT_OUT)
    of_others = {code for code in BUILT | LEFT_OUT if code < 9000 or code > 9999}
    assert of_others == UK | DES | CITL


def test_reasons_name_codes_that_there_are() -> None:
    known = BUILT | {row.code for row in REFUSALS}
    for row in NOT_APPLICABLE:
        words = row.reason.replace(",", " ").replace(".", " ").replace(";", " ").split()
        named = {int(word) for word in words if word.isdigit() and len(word) == 4}
        assert named <= known, row


@pytest.mark.parametrize("row", NOT_APPLICABLE, ids=lambda row: str(row.code))
def test_each_reason_is_told_in_both_languages_and_printed(row: NotApplicable) -> None:
    assert any("฀" <= letter <= "๿" for letter in row.reason_th)
    assert row.reason.endswith(".")
    assert f"| {row.code} | {row.name} | {row.reason}<br>{row.reason_th} |" in print_catalogue()
