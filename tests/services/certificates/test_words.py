"""Quantities in words and days in both eras."""

from __future__ import annotations

from datetime import date

import pytest

from app.services.certificates.words import (
    day_in_english,
    day_in_thai,
    figures,
    quantity_in_english,
    quantity_in_thai,
)

CO2 = "ตันคาร์บอนไดออกไซด์เทียบเท่า"


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (1, "หนึ่ง"),
        (10, "สิบ"),
        (11, "สิบเอ็ด"),
        (20, "ยี่สิบ"),
        (21, "ยี่สิบเอ็ด"),
        (101, "หนึ่งร้อยเอ็ด"),
        (1_204, "หนึ่งพันสองร้อยสี่"),
        (12_500, "หนึ่งหมื่นสองพันห้าร้อย"),
        (1_000_000, "หนึ่งล้าน"),
        (1_000_001, "หนึ่งล้านเอ็ด"),
        (21_000_000, "ยี่สิบเอ็ดล้าน"),
        (10**12, "หนึ่งล้านล้าน"),
    ],
)
def test_thai_words(quantity: int, words: str) -> None:
    assert quantity_in_thai(quantity, "tCO2e") == words + CO2


def test_english_words_know_one_and_many() -> None:
    one = "One tonne of carbon dioxide equivalent"
    many = "One thousand, two hundred and four tonnes of carbon dioxide equivalent"
    assert quantity_in_english(1, "tCO2e") == one
    assert quantity_in_english(1204, "tCO2e") == many
    assert quantity_in_english(21, "toe") == "Twenty-one tonnes of oil equivalent"
    assert quantity_in_thai(21, "toe") == "ยี่สิบเอ็ดตันเทียบเท่าน้ำมันดิบ"


def test_figures_and_days() -> None:
    assert figures(1204331) == "1,204,331"
    assert day_in_thai(date(2026, 11, 20)) == "20 พฤศจิกายน พ.ศ. 2569"
    assert day_in_english(date(2026, 2, 1)) == "1 February 2026 (B.E. 2569)"
