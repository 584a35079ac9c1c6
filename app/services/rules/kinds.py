"""What each kind of rule means and what its value may be.

Owns the bounds and the words; which row is valid on a day is the ledger's to read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.models.codes import NO_EXPIRY_CODE, RuleKind


@dataclass(frozen=True, slots=True)
class KindOfRule:
    """A kind of rule: its name, what its value must be in words, and the test of it."""

    name: str
    name_th: str
    wanted: str
    wanted_th: str
    accepts: Callable[[Decimal], bool]


def _is_whole(value: Decimal, least: int, most: int) -> bool:
    return value == value.to_integral_value() and least <= value <= most


def _whole(name: str, name_th: str, least: int, most: int, unit: str, unit_th: str) -> KindOfRule:
    return KindOfRule(
        name,
        name_th,
        f"a whole number of {unit} from {least:,} to {most:,}",
        f"จำนวนเต็มของ{unit_th}ตั้งแต่ {least:,} ถึง {most:,}",
        lambda value: _is_whole(value, least, most),
    )


LONGEST_EXPIRY_YEARS = 98
MOST_UNITS = 2**43 - 1

KINDS: dict[RuleKind, KindOfRule] = {
    RuleKind.LEVY_RATE: KindOfRule(
        "Levy rate",
        "อัตราส่วนหัก",
        "a share from 0 to 1, as 0.05 for five in a hundred",
        "สัดส่วนตั้งแต่ 0 ถึง 1 เช่น 0.05 คือร้อยละห้า",
        lambda value: 0 <= value <= 1,
    ),
    RuleKind.DEFAULT_EXPIRY: KindOfRule(
        "Default expiry",
        "อายุเริ่มต้น",
        f"whole years after the vintage, 0 to {LONGEST_EXPIRY_YEARS}, or {NO_EXPIRY_CODE}: never",
        f"จำนวนปีเต็มหลังปีของหน่วย 0 ถึง {LONGEST_EXPIRY_YEARS} หรือ {NO_EXPIRY_CODE}: ไม่หมดอายุ",
        lambda value: _is_whole(value, 0, NO_EXPIRY_CODE),
    ),
    RuleKind.MAXIMUM_TRANSFER: _whole(
        "Maximum transfer of own units", "ปริมาณโอนสูงสุดของหน่วยตนเอง", 0, MOST_UNITS, "units", "หน่วย"
    ),
    RuleKind.RESERVE: _whole(
        "Reserve of own units", "ปริมาณสำรองของหน่วยตนเอง", 0, MOST_UNITS, "units", "หน่วย"
    ),
    RuleKind.TRUST_DELAY: _whole(
        "Delay of a new trusted account",
        "ระยะรอของบัญชีที่เชื่อถือใหม่",
        0,
        400,
        "working hours",
        "ชั่วโมงทำการ",
    ),
    RuleKind.STRANGER_DELAY: _whole(
        "Delay of a transfer off the trusted list",
        "ระยะรอของการโอนนอกรายการที่เชื่อถือ",
        0,
        400,
        "working hours",
        "ชั่วโมงทำการ",
    ),
    RuleKind.STRANGERS_ALLOWED: _whole(
        "Transfers off the trusted list",
        "การโอนนอกรายการที่เชื่อถือ",
        0,
        1,
        "yes (1) or no (0)",
        "อนุญาต (1) หรือไม่ (0)",
    ),
    RuleKind.ROLLBACK_WINDOW: _whole(
        "Window of a rollback", "ช่วงเวลาย้อนธุรกรรม", 0, 365, "working days", "วันทำการ"
    ),
    RuleKind.COMMITTEE_QUORUM: _whole(
        "Quorum of the committee", "องค์ประชุมของคณะกรรมการ", 1, 99, "votes", "เสียง"
    ),
    RuleKind.CARRY_OVER_LIMIT: KindOfRule(
        "Share that may be carried over",
        "สัดส่วนที่ยกยอดได้",
        "a share from 0 to 1",
        "สัดส่วนตั้งแต่ 0 ถึง 1",
        lambda value: 0 <= value <= 1,
    ),
}
"""Working hours are those of `app.services.trust.working_hours`."""
