"""Why a row of an imported file is refused: permanent codes with a sentence in both languages.

Owns the codes 9501 to 9549 and the value that carries one; decides nothing. A code is never
given another meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault; both sentences are filled with the values of the row."""

    code: int
    reason: str
    reason_th: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that did not go in, counted from 1 without the header, and why."""

    row: int
    code: int
    reason: str
    reason_th: str

    def as_json(self) -> dict[str, Any]:
        """Write the row as the command line gives it."""
        return {
            "row": self.row,
            "code": self.code,
            "reason": self.reason,
            "reason_th": self.reason_th,
        }


class RowRefused(Exception):
    """Raised where a row's fault is seen; caught where its number is known."""

    def __init__(self, fault: Fault, **values: object) -> None:
        self.code = fault.code
        self.reason = fault.reason.format(**values)
        self.reason_th = fault.reason_th.format(**values)
        super().__init__(f"{self.code} {self.reason}")

    def at(self, row: int) -> RejectedRow:
        """Give the refusal its row."""
        return RejectedRow(row, self.code, self.reason, self.reason_th)


RAGGED = Fault(
    9501,
    "The row has {cells} cells where the header has {columns}, or its cells stand under the "
    "wrong headings.",
    "แถวนี้มี {cells} ช่อง แต่หัวตารางมี {columns} ช่อง หรือข้อมูลไม่ตรงกับหัวคอลัมน์",
)
EMPTY = Fault(
    9502,
    "“{column}” is empty.",
    "คอลัมน์ “{column}” ว่าง",
)
UNREADABLE_CELL = Fault(
    9503,
    "“{column}” cannot be read: it is longer than {most:,} characters or has control characters.",
    "อ่านคอลัมน์ “{column}” ไม่ได้ เพราะยาวเกิน {most:,} ตัวอักษรหรือมีอักขระควบคุม",
)
UNREADABLE_SERIAL = Fault(
    9504,
    "“{column}”: {why}",
    "อ่านหมายเลขหน่วยในคอลัมน์ “{column}” ไม่ได้: “{text}”",
)
NO_QUANTITY = Fault(
    9505,
    "“{column}” is “{text}”, not a whole number of units.",
    "“{column}” คือ “{text}” ซึ่งไม่ใช่จำนวนเต็มของหน่วย",
)
QUANTITY_DIFFERS = Fault(
    9506,
    "The quantity is {quantity:,}, but {serial} has {range:,} units.",
    "จำนวนคือ {quantity:,} แต่หมายเลข {serial} มี {range:,} หน่วย",
)
UNKNOWN_DATE = Fault(
    9507,
    "“{column}” is “{text}”, not a day this registry's exports can hold; expected is {form}.",
    "“{column}” คือ “{text}” ซึ่งไม่ใช่วันที่ที่อ่านได้ รูปแบบที่ถูกต้องคือ {form}",
)
ENDED_BEFORE_ISSUED = Fault(
    9508,
    "The units were retired or cancelled on {ended}, before they were issued on {issued}.",
    "หน่วยถูกยกเลิกเมื่อ {ended} ก่อนวันที่ออกหน่วย {issued}",
)
VINTAGE_DIFFERS = Fault(
    9509,
    "“{column}” is “{text}”, but the serial number says {serial}.",
    "“{column}” คือ “{text}” แต่หมายเลขหน่วยระบุ {serial}",
)
PROJECT_DIFFERS = Fault(
    9510,
    "“{column}” is “{text}”, but the serial number names project {serial}.",
    "“{column}” คือ “{text}” แต่หมายเลขหน่วยระบุโครงการ {serial}",
)
NOT_IMPORTABLE = Fault(
    9511,
    "“{column}” is “{text}”; in this file it can be {expected}.",
    "“{column}” คือ “{text}” ซึ่งในไฟล์นี้ต้องเป็น {expected}",
)
OVERLAPS_ROW = Fault(
    9512,
    "{serial} overlaps row {other} of this file.",
    "{serial} ซ้อนทับกับแถวที่ {other} ของไฟล์นี้",
)
OVERLAPS_UNITS = Fault(
    9513,
    "{serial} overlaps {existing}, which the registry holds from another record.",
    "{serial} ซ้อนทับกับ {existing} ซึ่งอยู่ในทะเบียนแล้วจากรายการอื่น",
)
RESERVED = Fault(
    9514,
    "{existing} is reserved by the pending transaction {transaction}; decide on it, then import "
    "again.",
    "{existing} ถูกจองโดยธุรกรรม {transaction} ที่รอดำเนินการ โปรดตัดสินก่อนแล้วนำเข้าใหม่",
)
ACCOUNT_UNUSABLE = Fault(
    9515,
    "Account {number} ({name}) is {state}; units cannot enter or leave it.",
    "บัญชี {number} ({name}) มีสถานะ {state} หน่วยเข้าหรือออกไม่ได้",
)
IN_THE_FUTURE = Fault(
    9516,
    "The row is dated {day}, after today ({today}).",
    "แถวนี้ลงวันที่ {day} ซึ่งอยู่หลังวันนี้ ({today})",
)

# Verified reductions
WRONG_PERIOD = Fault(
    9531,
    "The monitoring period {first} – {last} ends before it begins.",
    "ช่วงติดตามผล {first} – {last} สิ้นสุดก่อนเริ่ม",
)
WRONG_DIGEST = Fault(
    9532,
    "“{column}” is “{text}”, not a SHA-256: 64 hexadecimal digits.",
    "“{column}” คือ “{text}” ซึ่งไม่ใช่ค่า SHA-256 (เลขฐานสิบหก 64 หลัก)",
)
UNKNOWN_PROJECT = Fault(
    9533,
    "This registry has no registered project “{text}” of its own.",
    "ทะเบียนนี้ไม่มีโครงการ “{text}” ที่ขึ้นทะเบียนไว้เอง",
)
PERIOD_TAKEN = Fault(
    9534,
    "The period {first} – {last} of project {project} overlaps the record {reference} "
    "({other_first} – {other_last}).",
    "ช่วง {first} – {last} ของโครงการ {project} ซ้อนทับกับรายการ {reference} "
    "({other_first} – {other_last})",
)
UNKNOWN_FIELD = Fault(
    9535,
    "The record has a field “{column}” that Teak does not know.",
    "รายการมีช่อง “{column}” ที่ Teak ไม่รู้จัก",
)
NOT_A_RECORD = Fault(
    9536,
    "The record is no JSON object.",
    "รายการนี้ไม่ใช่วัตถุ JSON",
)

# Source units of a voluntary-cancellation record
WRONG_COUNTRY = Fault(
    9537,
    "“{column}” is “{text}”, not a country code of two capital letters.",
    "“{column}” คือ “{text}” ซึ่งไม่ใช่รหัสประเทศตัวพิมพ์ใหญ่สองตัว",
)
SERIAL_SAYS_OTHERWISE = Fault(
    9538,
    "“{column}” is “{text}”, but the serial number says {serial}.",
    "“{column}” คือ “{text}” แต่หมายเลขหน่วยระบุ {serial}",
)
NOT_OF_THE_CDM = Fault(
    9539,
    "{serial} is of type {unit_type}; a CDM registry's record names CERs, tCERs or lCERs.",
    "{serial} เป็นหน่วยชนิด {unit_type} บันทึกของทะเบียน CDM ต้องเป็น CER, tCER หรือ lCER",
)
SOURCE_REGISTERED = Fault(
    9540,
    "{serial} overlaps {existing}, which another record registered; a source serial counts once.",
    "{serial} ซ้อนทับกับ {existing} ซึ่งขึ้นทะเบียนจากบันทึกอื่นแล้ว เลขซีเรียลต้นทางนับได้ครั้งเดียว",
)
SOURCE_KEPT_HERE = Fault(
    9541,
    "{serial} overlaps {existing}, which this registry keeps as units; what is kept here was not "
    "cancelled there.",
    "{serial} ซ้อนทับกับ {existing} ซึ่งทะเบียนนี้เก็บไว้เป็นหน่วย หน่วยที่อยู่ที่นี่ไม่ได้ถูกยกเลิกในทะเบียนต้นทาง",
)
WRONG_YEAR = Fault(
    9542,
    "“{column}” is “{text}”, not a year.",
    "“{column}” คือ “{text}” ซึ่งไม่ใช่ปี",
)
