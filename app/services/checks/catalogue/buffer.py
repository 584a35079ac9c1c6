"""Rows of the catalogue: checks of the buffer's acts."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import buffer
from app.services.checks.catalogue.scope import (
    BUFFER,
    BUFFER_CANCELLATION,
    BUFFER_COMPENSATION,
    BUFFER_DEPOSIT,
    BUFFER_RELEASE,
    BUFFER_RETURN,
    EXPLAINED,
    UK,
)
from app.services.checks.engine import Check

CHECKS = (
    Check(
        9225,
        "A reason is given",
        Category.MESSAGE_VALIDITY,
        EXPLAINED,
        buffer.check_reason_given,
        "Give the reason for this act; it stays with the transaction.",
        "โปรดระบุเหตุผลของธุรกรรมนี้ ซึ่งจะเก็บไว้กับธุรกรรม",
        BUFFER,
        field="reason",
    ),
    Check(
        9262,
        "Reversed project is known",
        Category.REGISTRY_VALIDITY,
        BUFFER_CANCELLATION,
        buffer.check_reversed_project,
        "There is no project “{project}” of this registry whose removals could be reversed.",
        "ไม่มีโครงการ “{project}” ของทะเบียนนี้ที่อาจเกิดการย้อนกลับของการกักเก็บ",
        BUFFER,
        field="reversed_project",
    ),
    Check(
        9265,
        "Over-issued transaction is an issuance",
        Category.REGISTRY_VALIDITY,
        BUFFER_COMPENSATION,
        buffer.check_over_issued,
        "“{transaction}” is no completed issuance of this registry.",
        "“{transaction}” ไม่ใช่การออกหน่วยที่เสร็จสมบูรณ์ของทะเบียนนี้",
        BUFFER,
        field="over_issued",
    ),
    Check(
        2006,
        "Buffer is that of the scheme",
        Category.TRANSACTION_SPECIFIC,
        BUFFER_DEPOSIT | BUFFER_RETURN,
        buffer.check_scheme,
        "Account {number} is the buffer of {scheme}; {serial} is of {other}, and each scheme has "
        "its own.",
        "บัญชี {number} เป็นบัญชีสำรองของ {scheme} แต่ {serial} เป็นของ {other} "
        "แต่ละโครงการมีบัญชีสำรองของตนเอง",
        UK,
        field="to",
    ),
    Check(
        9260,
        "Released units go to their project",
        Category.TRANSACTION_SPECIFIC,
        BUFFER_RELEASE,
        buffer.check_released_to_project,
        "{serial} is of project {project}, to which account {number} is not bound.",
        "{serial} เป็นของโครงการ {project} ซึ่งไม่ได้ผูกกับบัญชี {number}",
        BUFFER,
        field="to",
    ),
    Check(
        9263,
        "Reversal is made good by its own scheme",
        Category.TRANSACTION_SPECIFIC,
        BUFFER_CANCELLATION,
        buffer.check_reversed_scheme,
        "Account {number} is the buffer of {scheme}; project {project} is of {other}.",
        "บัญชี {number} เป็นบัญชีสำรองของ {scheme} แต่โครงการ {project} เป็นของ {other}",
        BUFFER,
        field="from",
    ),
    Check(
        9266,
        "Unit type may compensate",
        Category.TRANSACTION_SPECIFIC,
        BUFFER_COMPENSATION,
        buffer.check_may_compensate,
        "{unit_type} may not make good over-issued {over_issued}; the same type or {types} may.",
        "{unit_type} ชดเชย {over_issued} ที่ออกเกินไม่ได้ ใช้ได้เฉพาะชนิดเดียวกันหรือ {types}",
        BUFFER,
        field="unit_type",
    ),
    Check(
        9267,
        "No more than was issued is compensated",
        Category.TRANSACTION_SPECIFIC,
        BUFFER_COMPENSATION,
        buffer.check_compensated_once,
        "{quantity} units and {before} before are more than the {issued} that were issued.",
        "{quantity} หน่วยรวมกับที่ชดเชยก่อนหน้า {before} เกินกว่าที่ออก {issued}",
        BUFFER,
        field="quantity",
    ),
)
