"""Refusals of acts that are no ledger transaction: one row a refusal, both languages.

The check catalogue judges transactions; what people do to accounts, projects, persons,
settings and certificates, and how they end a transaction, is refused in place. Owns the words
and codes of those refusals; when one is due is the act's own business. Codes are permanent.
"""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks.refusal import Refusal
from app.services.checks.rule_refusals import RULE_REFUSALS
from app.services.checks.sending_refusals import SENDING_REFUSALS
from app.services.checks.station_refusals import STATION_REFUSALS
from app.services.checks.violation import RulesBroken, Violation
from app.services.checks.vote_refusals import VOTE_REFUSALS

LEDGER = "Domain, Transactions"
ACCOUNTS = "Domain, Accounts"
PROJECTS = "Domain, Projects"
PEOPLE = "Domain, People"
CERTIFICATES = "Domain, Certificates"
EXCHANGE = "Kyoto Data Exchange Standards"


REVOKED = Refusal(
    9104,
    "Person is active",
    Category.VERSION_AND_AUTHENTICATION,
    "{user}'s access was revoked; ask an administrator.",
    "สิทธิ์ของ {user} ถูกเพิกถอนแล้ว โปรดติดต่อผู้ดูแลระบบ",
    PEOPLE,
)
"""The check of the catalogue that judges every other act too; it is listed there."""

ENDED = Refusal(
    9141,
    "Transaction is pending",
    Category.MESSAGE_SEQUENCE,
    "The transaction has ended already: it is {status}.",
    "ธุรกรรมสิ้นสุดแล้ว: {status_th}",
    EXCHANGE,
)
REPEATED = Refusal(
    9142,
    "Request id is new",
    Category.MESSAGE_SEQUENCE,
    "Request id “{request_id}” was used before, {by}; give a new one.",
    "รหัสคำขอ “{request_id}” ถูกใช้ไปแล้ว{by_th} โปรดใช้รหัสใหม่",
    EXCHANGE,
)
"""Checks of the catalogue too; they are listed there."""

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        9143,
        "A rejection has a comment",
        Category.MESSAGE_SEQUENCE,
        "A rejection needs a comment, so that the officer knows what to mend.",
        "การปฏิเสธต้องมีความเห็น เพื่อให้เจ้าหน้าที่ทราบสิ่งที่ต้องแก้ไข",
        LEDGER,
        field="comment",
    ),
    Refusal(
        9144,
        "One withdraws one's own",
        Category.MESSAGE_SEQUENCE,
        "Only {user} can withdraw this, and only while it is pending.",
        "เฉพาะ {user} เท่านั้นที่ถอนได้ และเฉพาะขณะรอดำเนินการ",
        LEDGER,
    ),
    Refusal(
        9401,
        "Project code is new",
        Category.DATA_INTEGRITY,
        "{origin} has a project {project} already.",
        "{origin} มีโครงการ {project} อยู่แล้ว",
        PROJECTS,
        field="code",
    ),
    Refusal(
        9402,
        "The act is the role's",
        Category.VERSION_AND_AUTHENTICATION,
        "{user} is {role}; only {wanted} {act}.",
        "{user} มีบทบาทเป็น{role_th} เฉพาะ{wanted_th}เท่านั้นที่{act_th}ได้",
        PEOPLE,
    ),
    Refusal(
        9403,
        "Account and holder have names",
        Category.MESSAGE_VALIDITY,
        "An account needs a name, and its holder a name in Thai or English.",
        "บัญชีต้องมีชื่อ และผู้ถือบัญชีต้องมีชื่อภาษาไทยหรืออังกฤษ",
        ACCOUNTS,
        field="name",
    ),
    Refusal(
        9404,
        "The account's state may follow",
        Category.MESSAGE_SEQUENCE,
        "Account {number} is {state}; it cannot become {wanted}.",
        "บัญชี {number} มีสถานะ{state_th} ไม่สามารถเปลี่ยนเป็น{wanted_th}",
        ACCOUNTS,
    ),
    Refusal(
        9405,
        "Two persons open an account",
        Category.VERSION_AND_AUTHENTICATION,
        "{user} proposed this account; another person must open it.",
        "{user} เป็นผู้เสนอบัญชีนี้ ต้องให้บุคคลอื่นเปิดบัญชี",
        ACCOUNTS,
    ),
    Refusal(
        9406,
        "A change of state has a reason",
        Category.MESSAGE_VALIDITY,
        "Give the reason for this change; it stays in the account's history.",
        "โปรดระบุเหตุผลของการเปลี่ยนแปลงนี้ ซึ่งจะเก็บไว้ในประวัติบัญชี",
        ACCOUNTS,
        field="reason",
    ),
    Refusal(
        9407,
        "An account to close is empty",
        Category.DATA_INTEGRITY,
        "Account {number} holds {units}; transfer or cancel them, then close it.",
        "บัญชี {number} ยังถือ {units} โปรดโอนหรือยกเลิกก่อน แล้วจึงปิดบัญชี",
        ACCOUNTS,
    ),
    Refusal(
        9409,
        "An account to close has no pending transaction",
        Category.DATA_INTEGRITY,
        "Transactions of account {number} are pending: {transactions}; decide on them first.",
        "บัญชี {number} มีธุรกรรมที่รอดำเนินการ: {transactions} โปรดตัดสินก่อน",
        ACCOUNTS,
    ),
    Refusal(
        9410,
        "An account to close has no open notice",
        Category.DATA_INTEGRITY,
        "Notices of account {number} are open: {notices}; fulfil or close them first.",
        "บัญชี {number} มีหนังสือแจ้งที่ยังเปิดอยู่: {notices} โปรดดำเนินการหรือปิดก่อน",
        ACCOUNTS,
    ),
    Refusal(
        9411,
        "An account to close awaits no trust",
        Category.DATA_INTEGRITY,
        "Entry {entry} of account {number}'s trusted list awaits its decision; decide first.",
        "รายการบัญชีที่เชื่อถือ {entry} ของบัญชี {number} รอการตัดสิน โปรดตัดสินก่อน",
        ACCOUNTS,
    ),
    Refusal(
        9408,
        "Holders have holding accounts",
        Category.REGISTRY_VALIDITY,
        "Accounts of type {type} are the registry's own; an account holder has none.",
        "บัญชีประเภท {type} เป็นบัญชีของทะเบียนเอง ผู้ถือบัญชีไม่มีบัญชีประเภทนี้",
        ACCOUNTS,
        field="type",
    ),
    Refusal(
        9420,
        "An administrator manages people",
        Category.VERSION_AND_AUTHENTICATION,
        "{user} is no active administrator; only a registry administrator manages people and "
        "settings.",
        "{user} ไม่ใช่ผู้ดูแลทะเบียนที่ใช้งานอยู่ เฉพาะผู้ดูแลทะเบียนเท่านั้นที่จัดการบุคคลและการตั้งค่าได้",
        PEOPLE,
    ),
    Refusal(
        9421,
        "Nobody revokes themself",
        Category.VERSION_AND_AUTHENTICATION,
        "{user} cannot revoke themself; another administrator must.",
        "{user} เพิกถอนสิทธิ์ของตนเองไม่ได้ ต้องให้ผู้ดูแลทะเบียนคนอื่นดำเนินการ",
        PEOPLE,
        field="user",
    ),
    Refusal(
        9422,
        "A revocation has a reason",
        Category.MESSAGE_VALIDITY,
        "Give the reason for revoking this person; it stays in the log.",
        "โปรดระบุเหตุผลของการเพิกถอนสิทธิ์ ซึ่งจะเก็บไว้ในบันทึก",
        PEOPLE,
        field="reason",
    ),
    Refusal(
        9423,
        "The idle lock is within bounds",
        Category.MESSAGE_VALIDITY,
        "The desk locks after 1 to {most} idle minutes, not after {minutes}.",
        "ระบบล็อกหน้าจอหลังไม่มีการใช้งาน 1 ถึง {most} นาที ไม่ใช่ {minutes} นาที",
        PEOPLE,
        field="idle_lock_minutes",
    ),
    Refusal(
        9601,
        "Only a cancellation has a certificate",
        Category.TRANSACTION_SPECIFIC,
        "{transaction} is no completed voluntary cancellation; only one has a certificate.",
        "{transaction} ไม่ใช่การยกเลิกโดยสมัครใจที่เสร็จสมบูรณ์ จึงไม่มีใบรับรอง",
        CERTIFICATES,
    ),
    Refusal(
        9602,
        "A certificate is issued by those who act",
        Category.VERSION_AND_AUTHENTICATION,
        "{user} is {role}; a registry officer issues the certificate, then everybody may "
        "reprint it.",
        "{user} มีบทบาทเป็น{role_th} เจ้าหน้าที่ทะเบียนต้องออกใบรับรองก่อน จากนั้นทุกคนพิมพ์ซ้ำได้",
        CERTIFICATES,
    ),
    *RULE_REFUSALS,
    *VOTE_REFUSALS,
    *SENDING_REFUSALS,
    *STATION_REFUSALS,
)

_BY_CODE = {row.code: row for row in (REVOKED, ENDED, REPEATED, *REFUSALS)}


def repeated_words(request_id: str, *, is_anothers: bool) -> dict[str, object]:
    """Give what row 9142 says of a request id that was used before."""
    return {
        "request_id": request_id,
        "by": "by another person" if is_anothers else "for another act",
        "by_th": "โดยบุคคลอื่น" if is_anothers else "สำหรับการดำเนินการอื่น",
    }


def refuse_repeated(request_id: str, *, is_anothers: bool) -> RulesBroken:
    """Give the exception that refuses a request id that was used before, to be raised."""
    return refuse(REPEATED.code, **repeated_words(request_id, is_anothers=is_anothers))


def violation_of(code: int, **values: object) -> Violation:
    """Give the violation of a row, for an act that tells several at once."""
    return _BY_CODE[code].violation(**values)


def refuse(code: int, **values: object) -> RulesBroken:
    """Give the exception that refuses an act by the row's code, to be raised by the act."""
    return RulesBroken((_BY_CODE[code].violation(**values),))
