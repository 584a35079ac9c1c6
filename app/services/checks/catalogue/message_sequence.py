"""Rows of the catalogue: checks of the order of requests."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import limits, message
from app.services.checks.catalogue.scope import ALL, TRANSFER
from app.services.checks.engine import Check
from app.services.checks.refusals import ENDED, REPEATED
from app.services.checks.rule_refusals import TRUST

CHECKS = (
    Check(
        ENDED.code,
        ENDED.name,
        ENDED.category,
        ALL,
        message.check_still_pending,
        ENDED.message,
        ENDED.message_th,
        ENDED.source,
    ),
    Check(
        REPEATED.code,
        REPEATED.name,
        REPEATED.category,
        ALL,
        message.check_request_repeated,
        REPEATED.message,
        REPEATED.message_th,
        REPEATED.source,
    ),
    Check(
        9661,
        "The delay is over",
        Category.MESSAGE_SEQUENCE,
        TRANSFER,
        limits.check_delay_over,
        "The transfer goes to an account off the trusted list: it can be approved from {moment}, "
        "Bangkok time.",
        "การโอนนี้ไปยังบัญชีนอกรายการที่เชื่อถือ อนุมัติได้ตั้งแต่ {moment} เวลากรุงเทพฯ",
        TRUST,
    ),
)
