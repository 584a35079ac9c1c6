"""Rows of the catalogue: checks of the order of requests."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import limits, message
from app.services.checks.catalogue.scope import ALL, DES, TRANSFER
from app.services.checks.engine import Check
from app.services.checks.rule_refusals import TRUST

CHECKS = (
    Check(
        9141,
        "Transaction is pending",
        Category.MESSAGE_SEQUENCE,
        ALL,
        message.check_still_pending,
        "The transaction has ended already: it is {status}.",
        "ธุรกรรมสิ้นสุดแล้ว: {status_th}",
        DES,
    ),
    Check(
        9142,
        "Request id is new",
        Category.MESSAGE_SEQUENCE,
        ALL,
        message.check_request_repeated,
        "This request id was used for another act; give a new one.",
        "รหัสคำขอนี้ถูกใช้กับธุรกรรมอื่นแล้ว โปรดใช้รหัสใหม่",
        DES,
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
