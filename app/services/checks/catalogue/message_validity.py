"""Rows of the catalogue: checks of whether the request can be read."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import message, units
from app.services.checks.catalogue.scope import (
    ALL,
    BETWEEN,
    CANCELLATION,
    CONVERSION,
    CREATION,
    DISPOSAL,
    ISSUANCE,
    ROLLBACK,
    UK,
)
from app.services.checks.engine import Check
from app.services.checks.refusals import LEDGER

CHECKS = (
    Check(
        1001,
        "Transferring account number",
        Category.MESSAGE_VALIDITY,
        DISPOSAL,
        message.check_transferring_number,
        "Transferring account: {reason}",
        "บัญชีผู้โอน: {reason_th}",
        UK,
        field="from",
    ),
    Check(
        2001,
        "Acquiring account number",
        Category.MESSAGE_VALIDITY,
        BETWEEN | CREATION,
        message.check_acquiring_number,
        "Acquiring account: {reason}",
        "บัญชีผู้รับ: {reason_th}",
        UK,
        field="to",
    ),
    Check(
        3008,
        "Quantity is a positive whole number",
        Category.MESSAGE_VALIDITY,
        ALL - CONVERSION - ROLLBACK,
        message.check_quantity_positive,
        "The quantity is {quantity}; give a whole number from 1 to {most}.",
        "จำนวนคือ {quantity} โปรดระบุจำนวนเต็มตั้งแต่ 1 ถึง {most}",
        UK,
        field="quantity",
    ),
    Check(
        9105,
        "Document digest",
        Category.MESSAGE_VALIDITY,
        ISSUANCE,
        message.check_document_digest,
        "“{digest}” is not a SHA-256; give the 64 hexadecimal digits of the report's file.",
        "“{digest}” ไม่ใช่ค่า SHA-256 โปรดระบุเลขฐานสิบหก 64 หลักของไฟล์รายงาน",
        LEDGER,
        field="document",
    ),
    Check(
        9106,
        "Kind of cancellation",
        Category.MESSAGE_VALIDITY,
        CANCELLATION,
        units.check_cancellation_kind,
        "“{kind}” is no kind of cancellation; there are {kinds}.",
        "“{kind}” ไม่ใช่ประเภทของการยกเลิก ประเภทที่มีคือ {kinds}",
        LEDGER,
        field="kind",
    ),
)
