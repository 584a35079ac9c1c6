"""Account numbers against the UK registry's own vectors and the codes page's examples."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.account_number import AccountNumber, read_account_number

VECTORS = Path(__file__).parents[1] / "data" / "account-numbers" / "account_identifiers.csv"


def vectors() -> list[tuple[str, bool]]:
    with VECTORS.open(newline="") as file:
        return [
            (row["full"], row["mod97_valid_with_UK_code"] == "yes") for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(("text", "is_right"), vectors())
def test_the_uk_registrys_vectors(text: str, is_right: bool) -> None:
    if is_right:
        assert str(read_account_number(text)) == text
    else:
        with pytest.raises(ValueError, match="check digits"):
            read_account_number(text)


@pytest.mark.parametrize("text", ["TH-100-1042-0-52", "TH-100-2210-0-32", "TH-230-7-1-77"])
def test_thai_numbers_are_read_and_printed_back(text: str) -> None:
    assert str(read_account_number(text)) == text


@pytest.mark.parametrize(
    "text", ["", "TH-100-1042-0", "th-100-1042-0-52", "TH-1-1042-0-52", "TH-100-๑-0-52", "x" * 500]
)
def test_what_is_no_account_number_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not an account number"):
        read_account_number(text)


@given(st.integers(1, 99_999_999), st.integers(100, 999), st.integers(0, 9))
def test_one_wrong_digit_is_found(identifier: int, type_code: int, period: int) -> None:
    number = AccountNumber("TH", type_code, identifier, period)
    text = str(number)
    assert read_account_number(text) == number
    other = (identifier + 1) % 100_000_000
    with pytest.raises(ValueError, match="check digits"):
        read_account_number(f"TH-{type_code:03d}-{other}-{period}-{number.check_digits}")
