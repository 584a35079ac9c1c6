"""The fixed words of a certificate, Thai and English side by side.

Owns the labels and how a language setting chooses among them; must not draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.models.errors import UsageError

Language = Literal["th", "en", "both"]
LANGUAGES: tuple[Language, ...] = ("th", "en", "both")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase in both languages."""

    th: str
    en: str

    def shown(self, language: Language) -> tuple[str, ...]:
        """The phrase's lines in a language setting, Thai first, empty ones left out."""
        lines = {"th": (self.th,), "en": (self.en,), "both": (self.th, self.en)}[language]
        return tuple(line for line in lines if line) or tuple(filter(None, (self.en, self.th)))

    def on_one_line(self, language: Language) -> str:
        """The phrase on one line: "ขอรับรองว่า · This certifies that"."""
        return " · ".join(self.shown(language))


HEADING: Mapping[str, Phrase] = {
    "tCO2e": Phrase("ใบรับรองการชดเชยคาร์บอน", "Certificate of Carbon Offset"),
    "toe": Phrase("ใบรับรองการประหยัดพลังงาน", "Certificate of Energy Saving"),
}
HAS_OFFSET: Mapping[str, Phrase] = {
    "tCO2e": Phrase("ได้ชดเชยการปล่อยก๊าซเรือนกระจก", "has offset"),
    "toe": Phrase("ได้ยกเลิกหน่วยประสิทธิภาพพลังงาน", "has cancelled energy savings of"),
}
CERTIFIES = Phrase("ขอรับรองว่า", "This certifies that")
ON_BEHALF = Phrase("ในนามของ", "on behalf of")
PURPOSE = Phrase("เพื่อ", "for")
SERIALS = Phrase("หมายเลขหน่วย", "Serial numbers")
PROJECT = Phrase("โครงการ", "Project")
UNIT_TYPE = Phrase("ประเภท", "Type")
VINTAGE = Phrase("ปีที่ลดได้", "Vintage")
UNITS = Phrase("จำนวนหน่วย", "Units")
TOTAL = Phrase("รวม", "Total")
CERTIFICATE = Phrase("เลขที่ใบรับรอง", "Certificate")
CANCELLED_ON = Phrase("ยกเลิกถาวรเมื่อ", "Cancelled for good on")
ACCOUNT = Phrase("บัญชี", "Account")
TRANSACTION = Phrase("ธุรกรรม", "Transaction")
LOG_ENTRY = Phrase("รายการในบันทึก", "Log entry")
LEAF = Phrase("แฮช", "Leaf")
KEY = Phrase("กุญแจนายทะเบียน", "Registry’s key")
ISSUED = Phrase("ออกให้เมื่อ", "Issued")
CHECK = Phrase("ตรวจสอบ", "Check")
PAGE = Phrase("หน้า", "Page")
CONTINUES = Phrase("มีต่อหน้าถัดไป", "continues on the next page")
CONTINUED = Phrase("ใบรับรอง (ต่อ)", "Certificate, continued")
FULL_TEXT = Phrase("ข้อความเต็ม", "In full")

CHECK_COMMAND = "teak certificate verify"


def known_language(language: str) -> Language:
    """Return the language setting; raises UsageError for one that is none of th, en, both."""
    for known in LANGUAGES:
        if language == known:
            return known
    raise UsageError(
        f"A certificate cannot be written in {language!r}.", hint="Say th, en or both."
    )
