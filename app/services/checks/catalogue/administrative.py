"""Rows of the catalogue: checks of corrective and account-closure transfers."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import administrative
from app.services.checks.catalogue.scope import (
    CLOSURE_TRANSFER,
    CORRECTIVE_TRANSFER,
    TGO,
)
from app.services.checks.engine import Check
from app.services.checks.refusals import LEDGER

CHECKS = (
    Check(
        9257,
        "Corrected transaction is named",
        Category.TRANSACTION_SPECIFIC,
        CORRECTIVE_TRANSFER,
        administrative.check_corrected,
        "“{transaction}” is no completed transaction of {unit_type} and account {number}.",
        "“{transaction}” ไม่ใช่ธุรกรรมที่เสร็จสมบูรณ์ของ {unit_type} และบัญชี {number}",
        TGO,
        field="corrects",
    ),
    Check(
        9255,
        "Everything leaves a closing account",
        Category.TRANSACTION_SPECIFIC,
        CLOSURE_TRANSFER,
        administrative.check_everything_moves,
        "Account {number} holds {held} {unit_type}, not {quantity}; all of them move. Expired "
        "ones are cancelled first, pending transactions ended.",
        "บัญชี {number} ถือ {held} {unit_type} ไม่ใช่ {quantity} ต้องย้ายทั้งหมด "
        "โดยยกเลิกหน่วยที่หมดอายุและดำเนินการธุรกรรมที่รออยู่ให้เสร็จก่อน",
        LEDGER,
        field="quantity",
    ),
    Check(
        9256,
        "A closing account goes to its own holder",
        Category.TRANSACTION_SPECIFIC,
        CLOSURE_TRANSFER,
        administrative.check_same_holder,
        "Accounts {number} and {other} have different holders; an administrator alone may choose "
        "so.",
        "บัญชี {number} และ {other} มีผู้ถือต่างกัน เฉพาะผู้ดูแลทะเบียนเท่านั้นที่เลือกได้",
        LEDGER,
        field="to",
    ),
)
