"""The words of a proof report, English and Thai side by side, for a reader who is no programmer.

Owns every sentence of the report and how its figures stand in it; must not draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.services.certificates.wording import Phrase
from app.services.certificates.words import day_in_english, day_in_thai
from app.services.proofs.report import ProofReport
from app.services.registry.context import BANGKOK

TITLE = Phrase("รายงานพิสูจน์บัญชีทะเบียน", "Proof of the ledger")
HOLDS = Phrase("ทุกสิ่งที่ตรวจสอบถูกต้อง", "Everything that was checked holds")
FAILS = Phrase("พบสิ่งที่ไม่ถูกต้อง", "Something does not hold")
UNITS = Phrase("หน่วยมาจากไหน และอยู่ที่ไหน", "Where units came from, and where they are")
SERIALS = Phrase("ไม่มีหมายเลขใดอยู่สองที่", "No serial number is in two places")
CERTIFICATES = Phrase("สิ่งที่ยกเลิกแล้วถือเป็นที่สุด", "What was cancelled stays cancelled")
CONVERSIONS = Phrase("หมายเลขต้นทางแปลงได้ครั้งเดียว", "A source serial converts once")
LOG = Phrase("บันทึกครบถ้วนและไม่ถูกแก้ไข", "The log is whole and unaltered")
SCOPE = Phrase("รายงานนี้แสดงอะไร และไม่แสดงอะไร", "What this shows, and what it does not")
CHECKPOINT = Phrase("จุดตรวจสอบที่ควรเก็บไว้ภายนอก", "The checkpoint to keep outside")
PAGE = Phrase("หน้า", "Page")
UNPROVED = Phrase(
    "เมื่อพบสิ่งที่ไม่ถูกต้อง รายงานนี้จึงไม่พิสูจน์สิ่งใดต่อจากนั้น ตัวเลขด้านล่างเป็นผลของบันทึกจนถึงจุดนั้น"
    "เท่านั้น เก็บสำเนาทะเบียนไว้ตามสภาพ แล้วเทียบกับสำเนาสำรองล่าสุด",
    "Because something does not hold, nothing further is proved here; the figures below follow "
    "from the log up to that point alone. Keep a copy of the registry as it is, and compare it "
    "with the latest backup.",
)
NOTHING = Phrase("ยังไม่มีหน่วยในทะเบียนนี้", "There are no units in this registry yet.")

BALANCE_COLUMNS = (
    Phrase("ประเภท", "Type"),
    Phrase("ออกให้", "Issued"),
    Phrase("รับมา", "Received"),
    Phrase("ถือครอง", "Held"),
    Phrase("ยกเลิก", "Cancelled"),
    Phrase("เลิกใช้", "Retired"),
    Phrase("ถูกทดแทน", "Replaced"),
    Phrase("ส่งออก", "Sent"),
)
SERIAL_COLUMNS = (
    Phrase("ประเภท", "Type"),
    Phrase("ชุดหมายเลข", "Series"),
    Phrase("ช่วงที่ตรวจ", "Ranges checked"),
    Phrase("หมายเลขที่ตรวจ", "Serial numbers checked"),
)
EQUALS = Phrase("เท่ากับ", "equals")


@dataclass(frozen=True, slots=True)
class Section:
    """One proved thing: its heading and its sentences."""

    heading: Phrase
    sentences: tuple[Phrase, ...]


def moment(made_at: datetime) -> Phrase:
    """Say when the report was made, by the registry's own time."""
    local = made_at.astimezone(BANGKOK)
    clock = f"{local:%H:%M:%S}"
    return Phrase(
        f"ตามสภาพทะเบียน ณ {day_in_thai(local.date())} เวลา {clock} น. (เวลาประเทศไทย)",
        f"The registry as it was on {day_in_english(local.date())} at {clock}, Bangkok time",
    )


def verdict(report: ProofReport) -> Phrase:
    """Say in one sentence what was found."""
    found = report.verification
    if not found.ok:
        return Phrase(
            f"สิ่งแรกที่ไม่ถูกต้อง: {found.failed_at}: {found.failure}",
            f"The first thing that does not hold: {found.failed_at}: {found.failure}.",
        )
    return Phrase(
        f"คำนวณใหม่จากบันทึก {found.entries + found.unsealed:,} รายการ แล้วเทียบกับช่วงหน่วย "
        f"{found.blocks:,} ช่วง ระเบียน {found.records:,} รายการ และใบรับรอง "
        f"{found.certificates:,} ฉบับ ตรงกันทั้งหมด",
        f"Everything was worked out anew from {found.entries + found.unsealed:,} log entries and "
        f"compared with {found.blocks:,} blocks of units, {found.records:,} records and "
        f"{found.certificates:,} certificates. All of them agree.",
    )


def balances_say(report: ProofReport) -> Phrase:
    """Say what the table of units means."""
    if not report.verification.ok:
        return UNPROVED
    if not report.balances:
        return NOTHING
    if all(item.is_balanced for item in report.balances):
        return Phrase(
            "ทุกประเภท หน่วยที่ออกให้รวมกับที่รับมา เท่ากับหน่วยที่ถือครอง ยกเลิก เลิกใช้ "
            "ถูกทดแทน และส่งออกรวมกัน ไม่มีหน่วยใดเกิดขึ้นเองหรือหายไป",
            "For each type, the units issued and received equal the units held, cancelled, "
            "retired, replaced and sent, taken together. Not one appeared from nowhere, and not "
            "one is lost.",
        )
    wrong = next(item for item in report.balances if not item.is_balanced)
    return Phrase(
        f"{wrong.unit_type}: มา {wrong.came:,} หน่วย แต่พบ {wrong.are:,} หน่วย",
        f"Of {wrong.unit_type}, {wrong.came:,} came and {wrong.are:,} are there: they differ.",
    )


def serials_say(report: ProofReport) -> Phrase:
    """Say what the table of serial numbers means."""
    ranges = sum(item.ranges for item in report.serials)
    serials = sum(item.serials for item in report.serials)
    if not ranges:
        return NOTHING
    return Phrase(
        f"ตรวจทุกช่วงตามลำดับในแต่ละชุดหมายเลข {ranges:,} ช่วง {serials:,} หมายเลข "
        "ไม่มีช่วงใดซ้อนกัน หน่วยหนึ่งจึงอยู่ในบัญชีเดียว และนับเพียงครั้งเดียว",
        f"Within each series, all {ranges:,} ranges of {serials:,} serial numbers were walked "
        "through in order; no two overlap. Each unit is in one account, and counted once.",
    )


def sections(report: ProofReport) -> tuple[Section, ...]:
    """Say what else was proved."""
    if not report.verification.ok:
        return ()
    return (_certificates(report), _conversions(report), _log(report))


def _certificates(report: ProofReport) -> Section:
    said = report.certificates
    without = said.cancellations - said.certificates
    return Section(
        CERTIFICATES,
        (
            Phrase(
                f"การยกเลิกโดยสมัครใจ {said.cancellations:,} ครั้ง มีใบรับรอง "
                f"{said.certificates:,} ฉบับ รวม {said.units:,} หน่วย ใบรับรองทุกฉบับตรงกับ"
                f"การยกเลิกครั้งเดียว อีก {without:,} ครั้งยังไม่มีผู้ขอใบรับรอง",
                f"Of {said.cancellations:,} voluntary cancellations, {said.certificates:,} have a "
                f"certificate, over {said.units:,} units. Each certificate belongs to one "
                f"cancellation and says what the log says; for {without:,} nobody has asked for "
                "one yet.",
            ),
            Phrase(
                "บันทึกไม่มีรายการใดที่หน่วยออกจากบัญชียกเลิก บัญชีเลิกใช้ หรือบัญชีทดแทน",
                "In the whole log no unit ever left an account of cancelled, retired or replaced "
                "units.",
            ),
        ),
    )


def _conversions(report: ProofReport) -> Section:
    said = report.conversions
    if not said.ranges:
        words = Phrase(
            "ยังไม่มีการขึ้นทะเบียนหน่วยต้นทางเพื่อแปลง",
            "No units of other schemes have been registered for conversion.",
        )
    else:
        words = Phrase(
            f"หน่วยต้นทาง {said.ranges:,} ช่วง {said.units:,} หน่วย แปลงแล้ว "
            f"{said.converted_ranges:,} ช่วง {said.converted_units:,} หน่วย หนึ่งต่อหนึ่ง "
            "ไม่มีหมายเลขต้นทางใดอยู่ในสองช่วงหรือแปลงสองครั้ง",
            f"Of {said.ranges:,} ranges of source serials ({said.units:,} units), "
            f"{said.converted_ranges:,} were converted ({said.converted_units:,} units), one for "
            "one. No source serial stands in two ranges, and none converted twice.",
        )
    return Section(CONVERSIONS, (words,))


def _log(report: ProofReport) -> Section:
    found = report.verification
    sentences = [
        Phrase(
            f"รายการที่ปิดผนึกแล้ว {found.entries:,} รายการ ลายนิ้วมือของแต่ละรายการต่อเนื่องจาก"
            f"รายการก่อนหน้า และตรงกับจุดตรวจสอบที่ลงลายมือชื่อไว้ {found.checkpoints:,} จุด",
            f"The fingerprint of each of the {found.entries:,} sealed entries continues the one "
            f"before, and the log agrees with all {found.checkpoints:,} checkpoints that the "
            "registry signed over time.",
        )
    ]
    if found.unsealed:
        sentences.append(
            Phrase(
                f"อีก {found.unsealed:,} รายการรอปิดผนึก และนับรวมไว้แล้ว",
                f"{found.unsealed:,} further entries wait to be sealed; they are counted in.",
            )
        )
    sentences.append(_against(report))
    return Section(LOG, tuple(sentences))


def _against(report: ProofReport) -> Phrase:
    found = report.verification
    if found.against is None:
        return Phrase(
            "ไม่ได้เทียบกับจุดตรวจสอบที่เก็บไว้ภายนอก ผู้ที่ถือกุญแจของฐานข้อมูลจึงอาจเขียน"
            "บันทึกใหม่ทั้งหมดได้โดยรายงานนี้ไม่ทราบ",
            "No checkpoint from outside was compared. Somebody who holds the key of the database "
            "could have rewritten the log as a whole, and this report would not show it.",
        )
    return Phrase(
        f"ตรงกับจุดตรวจสอบที่เก็บไว้ภายนอกซึ่งครอบคลุม {found.against:,} รายการ "
        "จึงไม่มีรายการใดก่อนจุดนั้นถูกแก้ไขหรือตัดออก แม้โดยผู้ดูแลฐานข้อมูลเอง",
        f"It agrees with a checkpoint kept outside over {found.against:,} entries: none of these "
        "was altered or taken away since, not even by the database’s own administrator.",
    )


def scope(_report: ProofReport) -> Sequence[Phrase]:
    """Say what was looked at and what this report cannot show."""
    return (
        Phrase(
            "ตรวจแล้ว: บันทึกทุกรายการ ช่วงหน่วยและยอดถือครองทุกบัญชี ธุรกรรมและผู้เสนอกับผู้อนุมัติ "
            "บัญชีและสถานะ กฎ บทบาทของบุคคล โครงการ ใบรับรอง และเอกสารทุกฉบับตามลายนิ้วมือ",
            "Looked at: every entry of the log; every block of units and every holding; "
            "transactions with who proposed and who approved; accounts and their states; rules; "
            "people’s roles; projects; certificates; and every document by its fingerprint.",
        ),
        Phrase(
            "ไม่อาจแสดง: ข้อเท็จจริงนอกทะเบียน เช่น การลดก๊าซเรือนกระจกเกิดขึ้นจริงหรือไม่ "
            "และสิ่งที่เกิดขึ้นหลังเวลาข้างต้น",
            "Not shown: facts outside the registry, such as whether a reduction took place as "
            "its verifier says; and whatever happened after the moment above.",
        ),
    )


def checkpoint_says(report: ProofReport) -> Phrase:
    """Say what the printed checkpoint is for."""
    if not report.checkpoint:
        return Phrase(
            "ยังไม่มีจุดตรวจสอบ สร้างได้ด้วยคำสั่ง teak checkpoint",
            "The registry has signed no checkpoint yet; “teak checkpoint” makes one.",
        )
    return Phrase(
        "เก็บหน้านี้หรือข้อความด้านล่างไว้ในที่ที่ผู้ดูแลทะเบียนเขียนไม่ได้ ต่อมาคำสั่ง teak verify "
        "ที่ได้รับข้อความนี้จะบอกได้ว่าบันทึกก่อนจุดนี้ถูกแก้ไขหรือไม่ รหัสคิวอาร์มีข้อความเดียวกัน",
        "Keep this page, or the text below, where nobody who runs the registry can write. Given "
        "this text, “teak verify” tells later whether anything before it was altered. The code "
        "carries the same text.",
    )
