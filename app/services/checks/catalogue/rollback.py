"""Rows of the catalogue: checks of rollback, of every category."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import rollback
from app.services.checks.catalogue.scope import ROLLBACK, TGO, UK
from app.services.checks.engine import Check
from app.services.checks.refusals import LEDGER

CHECKS = (
    Check(
        9570,
        "Transaction to roll back exists",
        Category.MESSAGE_VALIDITY,
        ROLLBACK,
        rollback.check_reversed_exists,
        "There is no transaction {transaction} in this registry.",
        "ไม่มีธุรกรรม {transaction} ในทะเบียนนี้",
        LEDGER,
        field="transaction",
    ),
    Check(
        9571,
        "Cancellations are never rolled back",
        Category.REGISTRY_VALIDITY,
        ROLLBACK,
        rollback.check_not_ended_for_good,
        "{transaction} cancelled, retired or replaced its units; that is never rolled back.",
        "{transaction} ยกเลิก เพิกถอน หรือแทนที่หน่วยแล้ว จึงย้อนไม่ได้",
        TGO,
        field="transaction",
    ),
    Check(
        9572,
        "Only transfers are rolled back",
        Category.REGISTRY_VALIDITY,
        ROLLBACK,
        rollback.check_is_transfer,
        "{transaction} is of type {type}, supplementary type {supplementary_type}; only plain "
        "internal transfers (10, 0) are rolled back.",
        "{transaction} เป็นธุรกรรมชนิด {type} ชนิดเสริม {supplementary_type} "
        "ย้อนได้เฉพาะการโอนภายในปกติ (10, 0)",
        TGO,
        field="transaction",
    ),
    Check(
        9573,
        "Transfer is completed",
        Category.MESSAGE_SEQUENCE,
        ROLLBACK,
        rollback.check_is_completed,
        "{transaction} is {status}; only a completed transfer is rolled back.",
        "{transaction} มีสถานะ: {status_th} ย้อนได้เฉพาะการโอนที่เสร็จสมบูรณ์",
        LEDGER,
        field="transaction",
    ),
    Check(
        3019,
        "Transfer is rolled back once",
        Category.MESSAGE_SEQUENCE,
        ROLLBACK,
        rollback.check_not_rolled_back,
        "{transaction} is rolled back, or about to be, by {other}.",
        "{transaction} ถูกย้อนหรืออยู่ระหว่างการย้อนโดย {other}",
        UK,
        field="transaction",
    ),
    Check(
        9575,
        "Units are still where the transfer put them",
        Category.GENERAL,
        ROLLBACK,
        rollback.check_units_still_there,
        "{serial} moved on by {transaction}; a rollback takes back the very same units or none.",
        "{serial} ถูกย้ายต่อโดย {transaction} การย้อนต้องคืนหน่วยชุดเดิมทั้งหมดหรือไม่คืนเลย",
        TGO,
        field="transaction",
    ),
    Check(
        9576,
        "Units to take back are free",
        Category.GENERAL,
        ROLLBACK,
        rollback.check_units_free,
        "{serial} is reserved by the pending transaction {transaction}.",
        "{serial} ถูกจองโดยธุรกรรม {transaction} ที่รอดำเนินการ",
        TGO,
        field="transaction",
    ),
    Check(
        9577,
        "Units to take back have not expired",
        Category.GENERAL,
        ROLLBACK,
        rollback.check_units_unexpired,
        "{serial} has expired; expired units go to mandatory cancellation only.",
        "{serial} หมดอายุแล้ว หน่วยที่หมดอายุต้องยกเลิกภาคบังคับเท่านั้น",
        LEDGER,
        field="transaction",
    ),
    Check(
        9574,
        "A rollback window is valid",
        Category.TRANSACTION_SPECIFIC,
        ROLLBACK,
        rollback.check_window_ruled,
        "No rollback window for {unit_type} is valid on {day}, so nothing of it is rolled back.",
        "ไม่มีกฎช่วงเวลาย้อนธุรกรรมสำหรับ {unit_type} ณ วันที่ {day} จึงย้อนไม่ได้",
        TGO,
        field="transaction",
    ),
    Check(
        3020,
        "Rollback window is open",
        Category.TRANSACTION_SPECIFIC,
        ROLLBACK,
        rollback.check_window_open,
        "{transaction} could be rolled back until {day}; the window has passed.",
        "ย้อน {transaction} ได้ถึงวันที่ {day} เท่านั้น ซึ่งพ้นกำหนดแล้ว",
        UK,
        field="transaction",
    ),
)
