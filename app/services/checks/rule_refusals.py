"""Refusals of changes to what the ledger goes by: rules, trust, notices, periods, holidays."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks.refusal import Refusal

RULES = "Domain, Rule tables"
TRUST = "Domain, Rule tables; EU and UK registries"
NOTICES = "Kyoto Data Exchange Standards, notices"
PERIODS = "Domain, Accounts"

RULE_REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        9610,
        "A rule's value is within its bounds",
        Category.MESSAGE_VALIDITY,
        "{kind} is {value}; give {wanted}.",
        "ค่า {kind} คือ {value} โปรดระบุ {wanted_th}",
        RULES,
        field="value",
    ),
    Refusal(
        9611,
        "A rule is valid within its commitment period",
        Category.DATA_INTEGRITY,
        "{valid_from} to {valid_to} is not within commitment period {period} ({first_day} to "
        "{last_day}).",
        "ช่วง {valid_from} ถึง {valid_to} ไม่อยู่ในช่วงพันธกรณี {period} ({first_day} ถึง {last_day})",
        RULES,
        field="valid_from",
    ),
    Refusal(
        9612,
        "A rule is never changed backwards",
        Category.DATA_INTEGRITY,
        "The change would be valid from {valid_from}; the earliest day is {earliest}, so that no "
        "transaction already judged would be judged otherwise.",
        "การเปลี่ยนแปลงจะมีผลตั้งแต่ {valid_from} แต่วันแรกที่เป็นไปได้คือ {earliest} "
        "เพื่อไม่ให้ธุรกรรมที่ตรวจแล้วถูกตรวจใหม่ด้วยกฎอื่น",
        RULES,
        field="valid_from",
    ),
    Refusal(
        9613,
        "Ranges of one rule never overlap",
        Category.DATA_INTEGRITY,
        "A row of this rule runs from {other_from} to {other_to}, and the change would leave a "
        "part of it behind; let the change run until {other_to}, or begin after it.",
        "มีแถวของกฎนี้ตั้งแต่ {other_from} ถึง {other_to} และการเปลี่ยนแปลงจะเหลือบางส่วนไว้ "
        "โปรดให้มีผลถึง {other_to} หรือเริ่มหลังจากนั้น",
        RULES,
        field="valid_to",
    ),
    Refusal(
        9614,
        "One pending change of a rule",
        Category.MESSAGE_SEQUENCE,
        "Change {other} of the same rule awaits its decision; decide on it first.",
        "การเปลี่ยนแปลง {other} ของกฎเดียวกันรอการตัดสินอยู่ โปรดตัดสินก่อน",
        RULES,
    ),
    Refusal(
        9615,
        "A rule change is pending",
        Category.MESSAGE_SEQUENCE,
        "Rule change {change} has been decided already: it is {status}.",
        "การเปลี่ยนแปลงกฎ {change} ถูกตัดสินแล้ว: {status_th}",
        RULES,
    ),
    Refusal(
        9616,
        "Two persons change a rule",
        Category.VERSION_AND_AUTHENTICATION,
        "{user} proposed this change; another person must decide on it.",
        "{user} เป็นผู้เสนอการเปลี่ยนแปลงนี้ ต้องให้บุคคลอื่นเป็นผู้ตัดสิน",
        RULES,
    ),
    Refusal(
        9617,
        "A change has a reason",
        Category.MESSAGE_VALIDITY,
        "Give the reason; it stays in the log.",
        "โปรดระบุเหตุผล ซึ่งจะเก็บไว้ในบันทึก",
        RULES,
        field="reason",
    ),
    Refusal(
        9618,
        "A rule speaks of a known unit type and period",
        Category.DATA_INTEGRITY,
        "This registry has no {what} “{value}”.",
        "ทะเบียนนี้ไม่มี {what_th} “{value}”",
        RULES,
        field="unit_type",
    ),
    Refusal(
        9630,
        "An account trusts another account of an own kind",
        Category.DATA_INTEGRITY,
        "Account {number} cannot be trusted: {reason}.",
        "ไม่สามารถเพิ่มบัญชี {number} ในรายการที่เชื่อถือ: {reason_th}",
        TRUST,
        field="trusted",
    ),
    Refusal(
        9631,
        "An account is on the list once",
        Category.MESSAGE_SEQUENCE,
        "Account {number} is on the list already, or awaits its approval.",
        "บัญชี {number} อยู่ในรายการแล้ว หรือรอการอนุมัติ",
        TRUST,
        field="trusted",
    ),
    Refusal(
        9632,
        "Trust is decided once, by another person",
        Category.MESSAGE_SEQUENCE,
        "This entry is {state}; only a proposed one is decided, and not by {user} who proposed it.",
        "รายการนี้ {state_th} เฉพาะรายการที่เสนอไว้จึงตัดสินได้ และต้องไม่ใช่ {user} ผู้เสนอ",
        TRUST,
    ),
    Refusal(
        9640,
        "A notice is of a known type",
        Category.MESSAGE_VALIDITY,
        "{type} is no notice type of the exchange standards; give 1 to 13.",
        "{type} ไม่ใช่ประเภทหนังสือแจ้งตามมาตรฐาน โปรดระบุ 1 ถึง 13",
        NOTICES,
        field="type",
    ),
    Refusal(
        9641,
        "A notice has a number of its own",
        Category.DATA_INTEGRITY,
        "Notice {number} is recorded already.",
        "หนังสือแจ้ง {number} บันทึกไว้แล้ว",
        NOTICES,
        field="number",
    ),
    Refusal(
        9642,
        "A notice says what is asked for",
        Category.MESSAGE_VALIDITY,
        "A notice of type {type} asks for units: give the unit type and a quantity of 1 or more.",
        "หนังสือแจ้งประเภท {type} ต้องการหน่วย โปรดระบุชนิดหน่วยและจำนวนตั้งแต่ 1",
        NOTICES,
        field="target_quantity",
    ),
    Refusal(
        9643,
        "A notice is closed by its fulfilment",
        Category.MESSAGE_SEQUENCE,
        "Notice {number} asks for {target} {unit_type}; {fulfilled} are fulfilled.",
        "หนังสือแจ้ง {number} ต้องการ {target} {unit_type} ดำเนินการแล้ว {fulfilled}",
        NOTICES,
    ),
    Refusal(
        9644,
        "A notice is due on a day to come",
        Category.MESSAGE_VALIDITY,
        "Notice {number} cannot be due on {due_on}: today is {today}. Give today or a later day, "
        "or none for thirty days from now.",
        "หนังสือแจ้ง {number} ครบกำหนดวันที่ {due_on} ไม่ได้ เพราะวันนี้คือ {today} โปรดระบุวันนี้หรือวันหลังจากนี้ "
        "หรือเว้นว่างเพื่อให้ครบกำหนดในสามสิบวัน",
        NOTICES,
        field="due_on",
    ),
    Refusal(
        9650,
        "Commitment periods follow one another",
        Category.DATA_INTEGRITY,
        "Period {number} from {first_day} to {last_day} does not follow period {before}, which "
        "ends on {before_ends}.",
        "ช่วง {number} ตั้งแต่ {first_day} ถึง {last_day} ไม่ต่อจากช่วง {before} ซึ่งสิ้นสุด {before_ends}",
        PERIODS,
        field="first_day",
    ),
    Refusal(
        9651,
        "A holiday is on the calendar once",
        Category.DATA_INTEGRITY,
        "{day} is on the holiday calendar already, or is not.",
        "วันที่ {day} มีอยู่ในปฏิทินวันหยุดแล้ว หรือไม่มี",
        TRUST,
        field="day",
    ),
)
