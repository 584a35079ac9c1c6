"""Published checks that do not apply to this registry, each with the reason in both languages.

Owns the table alone. Together with the catalogue it answers for every code of the UK registry
and every code of the Data Exchange Standards (DES) and the EU transaction log whose meaning is
public (registry codes 4.9 and 4.10): each is built, or stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.checks.catalogue.scope import CITL, DES, UK


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a check does not apply, in both languages."""

    en: str
    th: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A published check that is not built: what it asks, why not here, and where it is from."""

    code: int
    name: str
    reason: str
    reason_th: str
    source: str


_ONE_LOCK = Reason(
    "Accounts here are open, suspended, locked or closed; 1004, 1012, 2004 and 2018 judge these.",
    "บัญชีในทะเบียนนี้มีสถานะเปิด ระงับ ล็อก หรือปิดเท่านั้น ซึ่งตรวจโดยรหัส 1004 1012 2004 และ 2018",
)
_NO_TRANSFER_PENDING = Reason(
    "An account never changes its holder here, so none is waiting for that.",
    "บัญชีในทะเบียนนี้ไม่เปลี่ยนผู้ถือ จึงไม่มีบัญชีที่รอการเปลี่ยนผู้ถือ",
)
_NO_SURPLUS_RESERVE = Reason(
    "There is no previous-period surplus reserve account (type 130) in this registry.",
    "ทะเบียนนี้ไม่มีบัญชีสำรองส่วนเกินของช่วงพันธกรณีก่อนหน้า (ชนิด 130)",
)
_NO_SHARE_OF_PROCEEDS = Reason(
    "No share of proceeds is taken here; the levy goes to the scheme's buffer at issuance.",
    "ทะเบียนนี้ไม่หักส่วนแบ่งรายได้ ส่วนหักจะเข้าบัญชีสำรองของโครงการเมื่อออกหน่วย",
)
_NO_CENTRAL_TRANSFER = Reason(
    "There are no central transfers between the accounts of a trading scheme's authority.",
    "ไม่มีการโอนกลางระหว่างบัญชีของหน่วยงานกำกับระบบซื้อขายสิทธิ",
)
_NO_ALLOCATION = Reason(
    "No allowances are allocated in advance; certificates are issued for verified savings.",
    "ไม่มีการจัดสรรสิทธิล่วงหน้า ใบรับรองออกตามผลการประหยัดที่ผ่านการทวนสอบ",
)
_NO_CAP = Reason(
    "No units are issued against an assigned amount or a cap; 9205 to 9207 bind every issuance "
    "to its verified reduction.",
    "ไม่มีการออกหน่วยตามปริมาณที่ได้รับจัดสรรหรือเพดาน รหัส 9205 ถึง 9207 ผูกการออกหน่วยทุกครั้งกับผลการลดที่ทวนสอบแล้ว",
)
_SAME_ACCOUNT = Reason(
    "Carry-over and change of expiry date name one account only, so the two cannot differ.",
    "การยกยอดและการเปลี่ยนวันหมดอายุระบุบัญชีเดียว จึงต่างกันไม่ได้",
)
_ONE_QUANTITY = Reason(
    "A transaction here has one quantity of one unit type, which 3008 judges.",
    "ธุรกรรมหนึ่งรายการมีจำนวนเดียวของหน่วยชนิดเดียว ซึ่งตรวจโดยรหัส 3008",
)
_CLOSING = Reason(
    "Asked when an account closes, which is no transaction: refusal 9409.",
    "ตรวจเมื่อปิดบัญชีซึ่งไม่ใช่ธุรกรรม: การปฏิเสธรหัส 9409",
)
_NO_LOG_YET = Reason(
    "Transactions are recorded off-line; no transaction log answers this registry. The log's own "
    "checks belong to its own program.",
    "ธุรกรรมบันทึกแบบออฟไลน์ ยังไม่มีบันทึกธุรกรรมกลางที่เชื่อมต่อกับทะเบียนนี้ การตรวจของบันทึกกลางเป็นของโปรแกรมนั้นเอง",
)
_ANSWER_OF_ANOTHER = Reason(
    "An acquiring registry answers so to a message. Off-line, what comes in is judged by 2002, "
    "2003, 2004 and 2007, and what goes out is its counterpart's to judge.",
    "เป็นคำตอบของทะเบียนผู้รับต่อข้อความ เมื่อทำแบบออฟไลน์ หน่วยที่เข้ามาตรวจโดยรหัส 2002 2003 "
    "2004 และ 2007 ส่วนหน่วยที่ออกไปทะเบียนปลายทางเป็นผู้ตรวจ",
)
_JUDGED_ELSEWHERE = Reason(
    "The same question is asked under the UK registry's code: {codes}.",
    "คำถามเดียวกันตรวจโดยรหัสของทะเบียนสหราชอาณาจักร: {codes}",
)
_ACCOUNT_MESSAGES = Reason(
    "Of messages that open accounts in a central log; accounts open here by two persons, judged "
    "by refusals 9402 to 9408.",
    "เป็นการตรวจข้อความเปิดบัญชีในบันทึกกลาง บัญชีที่นี่เปิดโดยบุคคลสองคน ตรวจโดยการปฏิเสธรหัส 9402 ถึง 9408",
)
_NO_FORCE_MAJEURE = Reason(
    "There are no force-majeure allowances in this registry.",
    "ทะเบียนนี้ไม่มีสิทธิกรณีเหตุสุดวิสัย",
)


def _same(codes: str) -> Reason:
    return Reason(
        _JUDGED_ELSEWHERE.en.format(codes=codes), _JUDGED_ELSEWHERE.th.format(codes=codes)
    )


_ROWS: tuple[tuple[int, str, Reason, str], ...] = (
    (-1, "Transaction is older than the log allows", _NO_LOG_YET, UK),
    (1005, "Some transactions of the transferring account are restricted", _ONE_LOCK, UK),
    (1009, "Previous-period surplus reserve to such a reserve", _NO_SURPLUS_RESERVE, UK),
    (1011, "Transferring account is being transferred", _NO_TRANSFER_PENDING, UK),
    (1014, "Some transactions are restricted, whatever the role", _ONE_LOCK, UK),
    (1031, "Major version of the exchange standards", _NO_LOG_YET, DES),
    (1032, "Minor version of the exchange standards", _NO_LOG_YET, DES),
    (2009, "Acquiring account is that of the share of proceeds", _NO_SHARE_OF_PROCEEDS, UK),
    (2010, "Acquiring account cannot hold issued units", _same("2007, 9203"), UK),
    (2012, "Acquiring account is a previous-period surplus reserve", _NO_SURPLUS_RESERVE, UK),
    (2013, "Acquiring account equals the transferring one", _SAME_ACCOUNT, UK),
    (2015, "Route of a central transfer", _NO_CENTRAL_TRANSFER, UK),
    (2016, "Route of a central transfer", _NO_CENTRAL_TRANSFER, UK),
    (2506, "Acquiring account is being transferred", _NO_TRANSFER_PENDING, UK),
    (3007, "At least one quantity is not zero", _ONE_QUANTITY, UK),
    (3010, "Level of removal units for each activity", _NO_CAP, UK),
    (3011, "Level of assigned amount units", _NO_CAP, UK),
    (3012, "Level of assigned amount units to retire", _NO_CAP, UK),
    (3013, "A transaction to the account is pending", _CLOSING, UK),
    (3015, "Units are subject to the share of proceeds", _NO_SHARE_OF_PROCEEDS, UK),
    (3016, "A reconciliation is pending", _NO_LOG_YET, UK),
    (3017, "More than was over-allocated is returned", _NO_ALLOCATION, UK),
    (3018, "A return for the same year is pending", _NO_ALLOCATION, UK),
    (3500, "Issuance is within the cap", _NO_CAP, UK),
    (5008, "Issuance of assigned amount units is within the allowed quantity", _NO_CAP, DES),
    (5902, "Acquiring account does not exist", _ANSWER_OF_ANOTHER, DES),
    (5903, "Acquiring account may not receive the units", _ANSWER_OF_ANOTHER, DES),
    (5904, "Transaction is not the Party's policy", _ANSWER_OF_ANOTHER, DES),
    (5906, "Acquiring account is closed", _ANSWER_OF_ANOTHER, DES),
    (7005, "Status of the transferring registry", _NO_LOG_YET, CITL),
    (7006, "Status of the acquiring registry", _NO_LOG_YET, CITL),
    (7020, "Account is in the acquiring registry", _same("2002"), CITL),
    (7021, "Account is in the transferring registry", _same("1002"), CITL),
    (7022, "Both accounts are in one registry", _same("1002, 2002"), CITL),
    (7024, "Force-majeure allowances stay", _NO_FORCE_MAJEURE, CITL),
    (7025, "Transferring account is not blocked", _same("1004, 1012"), CITL),
    (7027, "Units are held by the transferring account", _same("3005, 9124"), CITL),
    *(
        (code, name, _ACCOUNT_MESSAGES, CITL)
        for code, name in (
            (7101, "Account exists already"),
            (7102, "Exactly one account holder"),
            (7103, "Exactly one primary authorised representative"),
            (7104, "Exactly one secondary authorised representative"),
            (7105, "Exactly one contact person"),
            (7106, "Installation is tied to another account"),
            (7107, "Authorised representatives differ"),
            (7108, "Alphanumeric identifier is used already"),
            (7109, "Commitment period of the account type"),
            (7110, "Exactly one installation for an operator's account"),
        )
    ),
    (8001, "Job of allocation", _NO_ALLOCATION, UK),
    (8002, "Job of allocation", _NO_ALLOCATION, UK),
    (8003, "Job of allocation", _NO_ALLOCATION, UK),
    (8004, "Job of allocation", _NO_ALLOCATION, UK),
    (10001, "Transferring account is known to the log", _NO_LOG_YET, UK),
    (10002, "Acquiring account is known to the log", _NO_LOG_YET, UK),
    (10003, "Quantity is within the log's balance", _NO_LOG_YET, UK),
    (10004, "Issuance is within the log's limit", _NO_LOG_YET, UK),
    (10005, "Serial blocks are held in the log", _NO_LOG_YET, UK),
    (10006, "Transaction identifier is new to the log", _NO_LOG_YET, UK),
)

NOT_APPLICABLE: tuple[NotApplicable, ...] = tuple(
    NotApplicable(code, name, reason.en, reason.th, source) for code, name, reason, source in _ROWS
)
"""In the order of their codes. UK code 2017 (route of a central transfer) shares its number with
the DES check of project identifiers, which is built."""
