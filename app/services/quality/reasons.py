"""Why a reading is not simply good: one sentence per test and flag, English and Thai.

Owns the sentences; must not decide flags. A sentence names the value and the limit it broke.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.quality.flags import Flag
from app.services.quality.rules import (
    REAL_TIME_TESTS,
    ColumnRules,
    FlatLine,
    Gap,
    NotAbove,
    RateOfChange,
    Span,
    WindConsistency,
)


@dataclass(frozen=True)
class Reason:
    """What one test found: its name, its flag and a sentence in both languages."""

    test: str
    flag: Flag
    message: str
    message_th: str


_MISSING = {
    "empty": (
        "There is no value: look at the sensor and its line.",
        "ไม่มีค่า: ตรวจดูเซนเซอร์และสายสัญญาณ",
    ),
    "sentinel": (
        "{text} is the code for “no value”, not a reading: look at the sensor and its line.",
        "{text} เป็นรหัสแทน “ไม่มีค่า” ไม่ใช่ค่าที่วัดได้: ตรวจดูเซนเซอร์และสายสัญญาณ",
    ),
    "not_finite": (
        "{text} is no number: the sensor gave no value. Look at it and its line.",
        "{text} ไม่ใช่ตัวเลข: เซนเซอร์ไม่ได้ให้ค่า ตรวจดูเซนเซอร์และสายสัญญาณ",
    ),
    "unreadable": (
        "“{text}” cannot be read as a number; it is kept as it stands.",
        "อ่าน “{text}” เป็นตัวเลขไม่ได้ ข้อความเดิมถูกเก็บไว้ตามที่เป็น",
    ),
}
_SENTENCES = {
    "syntax": (
        "The time “{text}” cannot be read, or clocks went past it: say its form and zone.",
        "อ่านเวลา “{text}” ไม่ได้ หรือเป็นเวลาที่นาฬิกาข้ามไป: โปรดระบุรูปแบบและเขตเวลา",
    ),
    "timing": (
        "Its time is not after the one before: the clock jumped, or a line came twice. Set it.",
        "เวลาไม่ได้อยู่หลังค่าก่อนหน้า: นาฬิกากระโดดหรือบรรทัดซ้ำ ให้ตั้งนาฬิกาของสถานี",
    ),
    "gross_range": (
        "{text} lies outside {limits}.",
        "{text} อยู่นอกช่วง {limits}",
    ),
    "spike": (
        "{text} stands out from the readings beside it by more than {limits}.",
        "{text} โดดจากค่าข้างเคียงเกิน {limits}",
    ),
    "rate_of_change": (
        "{text} changed faster than {limits} an hour.",
        "{text} เปลี่ยนเร็วกว่า {limits} ต่อชั่วโมง",
    ),
    "flat_line": (
        "Values have stayed within {limits}: the sensor may be stuck.",
        "ค่าคงอยู่ในช่วง {limits}: เซนเซอร์อาจค้าง",
    ),
    "gap": (
        "More than {limits} h passed since the reading before.",
        "ห่างจากค่าก่อนหน้าเกิน {limits} ชั่วโมง",
    ),
    "not_above": (
        "{text} is above {limits}, of which it is a part.",
        "{text} สูงกว่า {limits} ซึ่งเป็นค่ารวม",
    ),
    "wind_consistency": (
        "Wind speed and direction ({limits}) do not fit together.",
        "ความเร็วลมกับทิศทางลม ({limits}) ไม่สอดคล้องกัน",
    ),
    "agreement": (
        "{text} stands more than {limits} from the other sensors.",
        "{text} ต่างจากเซนเซอร์ตัวอื่นเกิน {limits}",
    ),
}
_NOT_YET = (
    "This test could not judge the reading: it needs the readings beside it.",
    "การทดสอบนี้ยังตัดสินไม่ได้ เพราะต้องใช้ค่าข้างเคียง",
)


def explain_flag(
    test: str, flag: Flag, rules: ColumnRules, *, text: str, missing: str = ""
) -> Reason:
    """Say why a test gave a flag; `missing` is the reason why there is no value, if none."""
    if flag is Flag.NOT_EVALUATED:
        return Reason(test, flag, *_NOT_YET)
    if missing and test in ("missing", "syntax"):
        english, thai = _MISSING[missing]
    else:
        english, thai = _SENTENCES[test]
    limits = _limits(test, flag, rules)
    return Reason(
        test,
        flag,
        english.format(text=text, limits=limits),
        thai.format(text=text, limits=limits),
    )


def _limits(test: str, flag: Flag, rules: ColumnRules) -> str:
    """Write the limit that a test's flag speaks of; "" for a test without one."""
    settings = getattr(rules, test) if test in REAL_TIME_TESTS else None
    if settings is None:
        return ""
    severe = flag is Flag.FAIL
    limit: float | Span | None
    match settings:
        case RateOfChange():
            limit = settings.fail_per_hour if severe else settings.per_hour
        case FlatLine():
            hours = settings.fail_h if severe else settings.suspect_h
            return f"{settings.tolerance:g} / {hours:g} h"
        case NotAbove():
            return settings.column
        case WindConsistency():
            return settings.direction
        case Gap():
            limit = settings.fail_h if severe else settings.suspect_h
        case _:
            limit = settings.fail if severe else settings.suspect
    if isinstance(limit, tuple):
        return f"{limit[0]:g} – {limit[1]:g}"
    return "" if limit is None else f"{limit:g}"
