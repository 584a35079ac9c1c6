"""Rows of the catalogue: checks of whether the registry knows what the act names."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import accounts, issuance, units
from app.services.checks.catalogue.scope import (
    ALL,
    BETWEEN,
    CREATION,
    DES,
    DESTINED,
    DISPOSAL,
    ISSUANCE,
    TGO,
    UK,
)
from app.services.checks.engine import Check

CHECKS = (
    Check(
        1002,
        "Transferring account exists",
        Category.REGISTRY_VALIDITY,
        DISPOSAL,
        accounts.check_transferring_exists,
        "There is no account {number} in this registry; choose the account units leave.",
        "ไม่มีบัญชี {number} ในทะเบียนนี้ โปรดเลือกบัญชีผู้โอน",
        UK,
        field="from",
    ),
    Check(
        2002,
        "Acquiring account exists",
        Category.REGISTRY_VALIDITY,
        BETWEEN | CREATION,
        accounts.check_acquiring_exists,
        "There is no account {number} in this registry; choose the account units enter.",
        "ไม่มีบัญชี {number} ในทะเบียนนี้ โปรดเลือกบัญชีผู้รับ",
        UK,
        field="to",
    ),
    Check(
        3006,
        "Unit type is known",
        Category.REGISTRY_VALIDITY,
        ALL,
        units.check_unit_type,
        "This registry keeps no units of type “{unit_type}”.",
        "ทะเบียนนี้ไม่มีหน่วยชนิด “{unit_type}”",
        UK,
        field="unit_type",
    ),
    Check(
        2017,
        "Project is known",
        Category.REGISTRY_VALIDITY,
        CREATION,
        issuance.check_project_exists,
        "There is no project “{project}” in this registry.",
        "ไม่มีโครงการ “{project}” ในทะเบียนนี้",
        DES,
        field="project",
    ),
    Check(
        9111,
        "Built-in account is open",
        Category.REGISTRY_VALIDITY,
        DESTINED,
        accounts.check_destination_account,
        "No account of type {type} is open to receive the units; an administrator creates one "
        "when a commitment period opens.",
        "ไม่มีบัญชีชนิด {type} ที่เปิดอยู่สำหรับรับหน่วย ผู้ดูแลระบบต้องสร้างเมื่อเริ่มช่วงพันธกรณี",
        TGO,
    ),
    Check(
        9112,
        "Buffer account is open",
        Category.REGISTRY_VALIDITY,
        ISSUANCE,
        accounts.check_buffer_account,
        "No buffer account is open to receive the levy; an administrator creates one.",
        "ไม่มีบัญชีสำรองที่เปิดอยู่สำหรับรับส่วนหัก ผู้ดูแลระบบต้องสร้างบัญชี",
        TGO,
    ),
)
