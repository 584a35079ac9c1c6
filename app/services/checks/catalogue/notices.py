"""Rows of the catalogue: checks of the notice an act answers."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import notices
from app.services.checks.catalogue.scope import (
    ANSWERING,
    NOTICES,
)
from app.services.checks.engine import Check

CHECKS = (
    Check(
        9220,
        "Notice is known",
        Category.REGISTRY_VALIDITY,
        ANSWERING,
        notices.check_notice_exists,
        "There is no notice “{notice}” in this registry; record it first, or leave it out.",
        "ไม่มีหนังสือแจ้ง “{notice}” ในทะเบียนนี้ โปรดบันทึกก่อนหรือไม่ต้องระบุ",
        NOTICES,
        field="notice",
    ),
    Check(
        9221,
        "Notice is open",
        Category.MESSAGE_SEQUENCE,
        ANSWERING,
        notices.check_notice_open,
        "Notice {notice} was fulfilled already.",
        "หนังสือแจ้ง {notice} ดำเนินการครบถ้วนแล้ว",
        NOTICES,
        field="notice",
    ),
    Check(
        9222,
        "Notice asks for this act",
        Category.TRANSACTION_SPECIFIC,
        ANSWERING,
        notices.check_notice_type,
        "Notice {notice} is of type {type}, which this act does not fulfil.",
        "หนังสือแจ้ง {notice} เป็นชนิด {type} ซึ่งธุรกรรมนี้ไม่ใช่การดำเนินการตามหนังสือแจ้งนั้น",
        NOTICES,
        field="notice",
    ),
    Check(
        9223,
        "Notice is about this unit type",
        Category.TRANSACTION_SPECIFIC,
        ANSWERING,
        notices.check_notice_units,
        "Notice {notice} is about {wanted}, not about {unit_type}.",
        "หนังสือแจ้ง {notice} เกี่ยวกับ {wanted} ไม่ใช่ {unit_type}",
        NOTICES,
        field="notice",
    ),
    Check(
        9224,
        "Notice is about this account",
        Category.TRANSACTION_SPECIFIC,
        ANSWERING,
        notices.check_notice_account,
        "Notice {notice} is about another account than {number}.",
        "หนังสือแจ้ง {notice} เกี่ยวกับบัญชีอื่น ไม่ใช่ {number}",
        NOTICES,
        field="notice",
    ),
)
