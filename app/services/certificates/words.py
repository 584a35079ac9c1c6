"""Quantities and days as a certificate writes them, in Thai and English.

Owns numbers in words and figures and days in both eras; must not draw.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

BUDDHIST_ERA_OFFSET = 543

_UNITS_EN = {
    "tCO2e": ("tonne of carbon dioxide equivalent", "tonnes of carbon dioxide equivalent"),
    "toe": ("tonne of oil equivalent", "tonnes of oil equivalent"),
}
_UNITS_TH = {"tCO2e": "ตันคาร์บอนไดออกไซด์เทียบเท่า", "toe": "ตันเทียบเท่าน้ำมันดิบ"}
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTHS_TH = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)


def figures(number: int) -> str:
    """Write an integer with thousands separators: 1,204."""
    return f"{number:,}"


@lru_cache(maxsize=256)
def quantity_in_thai(quantity: int, measure: str) -> str:
    """Write a quantity in Thai words with its measure ("tCO2e" or "toe")."""
    from num2words import num2words

    return f"{num2words(quantity, lang='th')}{_UNITS_TH[measure]}"


@lru_cache(maxsize=256)
def quantity_in_english(quantity: int, measure: str) -> str:
    """Write a quantity in English words with its measure, beginning with a capital."""
    from num2words import num2words

    one, many = _UNITS_EN[measure]
    words = str(num2words(quantity, lang="en"))
    return f"{words[0].upper()}{words[1:]} {one if quantity == 1 else many}"


def day_in_thai(day: date) -> str:
    """Write a day in the Buddhist era: 20 พฤศจิกายน พ.ศ. 2569."""
    return f"{day.day} {_MONTHS_TH[day.month - 1]} พ.ศ. {day.year + BUDDHIST_ERA_OFFSET}"


def day_in_english(day: date) -> str:
    """Write a day in English with the Buddhist year: 20 November 2026 (B.E. 2569)."""
    month = _MONTHS_EN[day.month - 1]
    return f"{day.day} {month} {day.year} (B.E. {day.year + BUDDHIST_ERA_OFFSET})"
