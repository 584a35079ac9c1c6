"""Refusals of what is told other registries, in both languages."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks.refusal import Refusal

SENDING_REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        9270,
        "Only an external transfer has a message",
        Category.TRANSACTION_SPECIFIC,
        "{transaction} sends no units to another registry, so there is no message to it.",
        "{transaction} ไม่ได้ส่งหน่วยไปยังทะเบียนอื่น จึงไม่มีข้อความถึงทะเบียนนั้น",
        "Domain, Transactions",
    ),
)
