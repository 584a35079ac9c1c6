"""Rows of the catalogue: checks that hold for every transaction."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import issuance, units
from app.services.checks.catalogue.scope import ALL, CREATION, DISPOSAL, UK
from app.services.checks.engine import Check
from app.services.checks.refusals import LEDGER

CHECKS = (
    Check(
        3004,
        "Number of blocks",
        Category.GENERAL,
        ALL,
        units.check_block_count,
        "More than {most} blocks would move, the most one transaction takes; divide the quantity.",
        "จะมีการย้ายเกิน {most} บล็อก ซึ่งเป็นจำนวนสูงสุดของหนึ่งธุรกรรม โปรดแบ่งจำนวน",
        UK,
        field="quantity",
    ),
    Check(
        3005,
        "Quantity is within the free balance",
        Category.GENERAL,
        DISPOSAL,
        units.check_available,
        "{quantity} {unit_type}{of_period} were asked for; {free} are free in account "
        "{number}.{instead}",
        "ขอ {quantity} {unit_type}{of_period_th} แต่บัญชี {number} มีหน่วยว่าง {free}{instead_th}",
        UK,
        field="quantity",
    ),
    Check(
        9151,
        "Picked serials are free",
        Category.GENERAL,
        DISPOSAL,
        units.check_chosen_free,
        "{serial} is reserved by a pending transaction.",
        "{serial} ถูกจองโดยธุรกรรมที่รอดำเนินการ",
        LEDGER,
        field="blocks",
    ),
    Check(
        9152,
        "Picked serials have not expired",
        Category.GENERAL,
        DISPOSAL,
        units.check_chosen_unexpired,
        "{serial} has expired; expired units go to mandatory cancellation only.",
        "{serial} หมดอายุแล้ว หน่วยที่หมดอายุต้องยกเลิกภาคบังคับเท่านั้น",
        LEDGER,
        field="blocks",
    ),
    Check(
        9153,
        "Serials do not exist yet",
        Category.GENERAL,
        CREATION,
        issuance.check_serial_free,
        "The serials overlap a block that exists already: {existing}.",
        "เลขซีเรียลซ้อนทับกับบล็อกที่มีอยู่แล้ว: {existing}",
        LEDGER,
        field="serial",
    ),
)
