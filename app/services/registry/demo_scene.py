"""The small T-VER scene of a demo registry: who, which projects, and what happened when.

Owns these invented values alone; `demo` carries them out through the services. Times count in
days before the scene's last day, so that the newest things happened just now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from app.models.codes import AccountType


class End(StrEnum):
    """What became of a proposal of the scene."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneAccount:
    """A holder with one account; `key` is its name within the scene."""

    key: str
    name_en: str
    name_th: str
    tax_id: str
    email: str
    days_ago: float
    kind: str = "organisation"
    type: AccountType = AccountType.HOLDING
    identity_check: str = "passed"
    representatives: tuple[tuple[str, str, str], ...] = ()
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneProject:
    """A domestic project and the accounts, by key, that may receive its issuance."""

    code: str
    name_en: str
    name_th: str
    kind: str
    sectoral_scope: int
    methodology: str
    proponent: str
    accounts: tuple[str, ...]
    days_ago: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneIssuance:
    """An issuance against a verification report; `reference` names the report."""

    days_ago: float
    project: str
    account: str
    vintage: int
    period: tuple[date, date]
    quantity: int
    reference: str
    by: str = "officer"
    end: End = End.APPROVED
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneTransfer:
    """A transfer between two accounts of the scene."""

    days_ago: float
    from_account: str
    to_account: str
    quantity: int
    reason: str
    by: str = "officer"
    end: End = End.APPROVED
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneCancellation:
    """A voluntary cancellation; `certificate` says whether its certificate was asked for."""

    days_ago: float
    from_account: str
    quantity: int
    beneficiary: str
    purpose: str
    by: str = "officer"
    end: End = End.APPROVED
    comment: str = ""
    certificate: bool = True


SceneStep: TypeAlias = SceneIssuance | SceneTransfer | SceneCancellation

ACCOUNTS = (
    SceneAccount(
        key="huai-sak",
        name_en="Ban Huai Sak Community Forest",
        name_th="ป่าชุมชนบ้านห้วยสัก",
        tax_id="0994000612341",
        email="forest@huaisak.example",
        days_ago=320,
        representatives=(
            ("Boonsong Kaewmanee · บุญส่ง แก้วมณี", "boonsong@huaisak.example", "both"),
            ("Lamai Sutham · ละไม สุธรรม", "lamai@huaisak.example", "read"),
        ),
    ),
    SceneAccount(
        key="green-thai",
        name_en="Green Thai Co., Ltd.",
        name_th="บริษัท กรีนไทย จำกัด",
        tax_id="0105561012346",
        email="carbon@greenthai.example",
        days_ago=319.9,
        representatives=(
            ("Ploy Chaiyasit · พลอย ไชยสิทธิ์", "ploy@greenthai.example", "initiate"),
            ("Krit Anantachai · กฤต อนันตชัย", "krit@greenthai.example", "approve"),
        ),
    ),
    SceneAccount(
        key="lampang",
        name_en="Lampang Solar Power Co., Ltd.",
        name_th="บริษัท ลำปาง โซลาร์ พาวเวอร์ จำกัด",
        tax_id="0525558004127",
        email="office@lampangsolar.example",
        days_ago=318,
        representatives=(
            ("Wannee Thipphayawong · วรรณี ทิพยวงศ์", "wannee@lampangsolar.example", "both"),
        ),
    ),
    SceneAccount(
        key="biogas",
        name_en="Chao Phraya Biogas Public Company Limited",
        name_th="บริษัท เจ้าพระยาไบโอแก๊ส จำกัด (มหาชน)",
        tax_id="0107557003215",
        email="registry@cpbiogas.example",
        days_ago=317,
    ),
    SceneAccount(
        key="andaman",
        name_en="Andaman Mangrove Cooperative",
        name_th="สหกรณ์ป่าชายเลนอันดามัน",
        tax_id="0994000718205",
        email="coop@andaman.example",
        days_ago=300,
        representatives=(("Yusuf Maleh · ยูซุฟ มะและ", "yusuf@andaman.example", "both"),),
    ),
    SceneAccount(
        key="marathon",
        name_en="Bangkok Half Marathon Foundation",
        name_th="มูลนิธิกรุงเทพฮาล์ฟมาราธอน",
        tax_id="0993000451182",
        email="hello@bkkhalf.example",
        days_ago=240,
    ),
    SceneAccount(
        key="somying",
        name_en="Somying Rakpa",
        name_th="สมหญิง รักษ์ป่า",
        kind="person",
        type=AccountType.PERSON_HOLDING,
        tax_id="",
        email="somying@rakpa.example",
        days_ago=150,
    ),
    SceneAccount(
        key="trading",
        name_en="Eastern Seaboard Carbon Trading Co., Ltd.",
        name_th="บริษัท อีสเทิร์นซีบอร์ด คาร์บอน เทรดดิ้ง จำกัด",
        tax_id="0205563007714",
        email="desk@esct.example",
        days_ago=149,
    ),
    SceneAccount(
        key="rice",
        name_en="Mekong Organic Rice Group",
        name_th="วิสาหกิจชุมชนข้าวอินทรีย์ลุ่มน้ำโขง",
        tax_id="0994000830019",
        email="rice@mekong.example",
        identity_check="pending",
        days_ago=0.3,
        is_open=False,
    ),
)

PROJECTS = (
    SceneProject(
        code="0042",
        name_en="Ban Huai Sak Community Forest",
        name_th="ป่าชุมชนบ้านห้วยสัก",
        kind="Forestry",
        sectoral_scope=14,
        methodology="T-VER-METH-FOR-01",
        proponent="Ban Huai Sak Community Forest Committee",
        accounts=("huai-sak",),
        days_ago=315,
    ),
    SceneProject(
        code="0117",
        name_en="Lampang Solar Park, 30 MW",
        name_th="โรงไฟฟ้าพลังงานแสงอาทิตย์ลำปาง 30 เมกะวัตต์",
        kind="Solar power",
        sectoral_scope=1,
        methodology="T-VER-METH-AE-01",
        proponent="Lampang Solar Power Co., Ltd.",
        accounts=("lampang",),
        days_ago=314,
    ),
    SceneProject(
        code="0058",
        name_en="Chao Phraya Biogas from Cassava Starch Wastewater",
        name_th="ก๊าซชีวภาพจากน้ำเสียโรงงานแป้งมันเจ้าพระยา",
        kind="Biogas",
        sectoral_scope=13,
        methodology="T-VER-METH-WM-04",
        proponent="Chao Phraya Biogas PCL",
        accounts=("biogas", "green-thai"),
        days_ago=313,
    ),
    SceneProject(
        code="0131",
        name_en="Andaman Mangrove Restoration",
        name_th="ฟื้นฟูป่าชายเลนอันดามัน",
        kind="Mangrove",
        sectoral_scope=14,
        methodology="T-VER-METH-FOR-02",
        proponent="Andaman Mangrove Cooperative",
        accounts=("andaman",),
        days_ago=299,
    ),
)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _half(year: int, half: int) -> tuple[date, date]:
    if half == 1:
        return date(year, 1, 1), date(year, 6, 30)
    return date(year, 7, 1), date(year, 12, 31)


STEPS: tuple[SceneStep, ...] = (
    SceneIssuance(
        days_ago=309, project="0042", account="huai-sak", vintage=2024, period=_year(2024),
        quantity=8_421, reference="VR-0042-2024",
    ),
    SceneIssuance(
        days_ago=295, project="0117", account="lampang", vintage=2024, period=_year(2024),
        quantity=31_260, reference="VR-0117-2024", by="officer2",
    ),
    SceneTransfer(
        days_ago=281, from_account="lampang", to_account="green-thai", quantity=9_500,
        reason="Sale contract 2569/011",
    ),
    SceneIssuance(
        days_ago=262, project="0058", account="biogas", vintage=2025, period=_half(2025, 1),
        quantity=22_740, reference="VR-0058-2025-1",
    ),
    SceneCancellation(
        days_ago=251, from_account="green-thai", quantity=640,
        beneficiary="Green Thai Co., Ltd. · บริษัท กรีนไทย จำกัด",
        purpose="Offices and vehicles, 2568", by="officer2",
    ),
    SceneIssuance(
        days_ago=233, project="0042", account="huai-sak", vintage=2025, period=_year(2025),
        quantity=20_526, reference="VR-0042-2025",
    ),
    SceneTransfer(
        days_ago=221, from_account="huai-sak", to_account="marathon", quantity=2_500,
        reason="Donation agreement, forest festival 2569", by="officer2",
    ),
    SceneCancellation(
        days_ago=204, from_account="biogas", quantity=3_180,
        beneficiary="Chao Phraya Biogas Public Company Limited",
        purpose="Shareholders’ meeting and plant visits, 2569",
    ),
    SceneIssuance(
        days_ago=190, project="0117", account="lampang", vintage=2025, period=_half(2025, 1),
        quantity=16_905, reference="VR-0117-2025-1", by="officer2",
    ),
    SceneTransfer(
        days_ago=176, from_account="biogas", to_account="green-thai", quantity=7_000,
        reason="Sale contract 2569/064",
    ),
    SceneIssuance(
        days_ago=160, project="0131", account="andaman", vintage=2025, period=_year(2025),
        quantity=12_384, reference="VR-0131-2025",
    ),
    SceneTransfer(
        days_ago=146, from_account="andaman", to_account="somying", quantity=25,
        reason="Adopt a mangrove", by="officer2",
    ),
    SceneCancellation(
        days_ago=141, from_account="somying", quantity=12,
        beneficiary="Somying Rakpa · สมหญิง รักษ์ป่า", purpose="Household and travel, 2568",
    ),
    SceneIssuance(
        days_ago=128, project="0058", account="biogas", vintage=2025, period=_half(2025, 2),
        quantity=24_115, reference="VR-0058-2025-2", by="officer2",
    ),
    SceneTransfer(
        days_ago=117, from_account="lampang", to_account="trading", quantity=6_000,
        reason="Sale contract 2569/088",
    ),
    SceneTransfer(
        days_ago=101, from_account="trading", to_account="green-thai", quantity=5_500,
        reason="Sale contract 2569/095", end=End.REJECTED,
        comment="The contract names another quantity; propose it again as signed.",
    ),
    SceneCancellation(
        days_ago=97, from_account="green-thai", quantity=1_875,
        beneficiary="泰华物流有限公司 · Thai Hua Logistics",
        purpose="Road freight, second quarter 2569",
    ),
    SceneIssuance(
        days_ago=83, project="0117", account="lampang", vintage=2025, period=_half(2025, 2),
        quantity=18_240, reference="VR-0117-2025-2",
    ),
    SceneTransfer(
        days_ago=70, from_account="huai-sak", to_account="green-thai", quantity=4_500,
        reason="Sale contract 2569/101", by="officer2", end=End.WITHDRAWN,
        comment="The buyer asked for a later delivery.",
    ),
    SceneCancellation(
        days_ago=58, from_account="marathon", quantity=1_204,
        beneficiary="Bangkok Half Marathon 2569 · กรุงเทพฮาล์ฟมาราธอน 2569",
        purpose="Carbon-neutral race day",
    ),
    SceneIssuance(
        days_ago=41, project="0131", account="andaman", vintage=2026, period=_half(2026, 1),
        quantity=6_842, reference="VR-0131-2026-1", by="officer2",
    ),
    SceneTransfer(
        days_ago=27, from_account="andaman", to_account="green-thai", quantity=3_000,
        reason="Sale contract 2569/112",
    ),
    SceneIssuance(
        days_ago=16, project="0058", account="biogas", vintage=2026, period=_half(2026, 1),
        quantity=23_460, reference="VR-0058-2026-1",
    ),
    SceneCancellation(
        days_ago=6, from_account="trading", quantity=2_250,
        beneficiary="Société Générale des Énergies Renouvelables",
        purpose="Annual conference, Chiang Mai", by="officer2", certificate=False,
    ),
    SceneIssuance(
        days_ago=1.2, project="0117", account="lampang", vintage=2026, period=_half(2026, 1),
        quantity=17_388, reference="VR-0117-2026-1", by="officer2", end=End.PENDING,
    ),
    SceneTransfer(
        days_ago=0.9, from_account="huai-sak", to_account="green-thai", quantity=12_500,
        reason="Sale contract 2569/118, delivery 1 of 2", end=End.PENDING,
    ),
    SceneCancellation(
        days_ago=0.2, from_account="green-thai", quantity=860,
        beneficiary="Phuket Sustainable Tourism Club · ชมรมท่องเที่ยวยั่งยืนภูเก็ต",
        purpose="Regatta week 2569", by="officer2", end=End.PENDING,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneSuspension:
    """An account that an administrator suspends."""

    days_ago: float
    account: str
    reason: str


SUSPENSION = SceneSuspension(
    days_ago=4,
    account="trading",
    reason="Ownership documents are being examined, case 2569/17.",
)
