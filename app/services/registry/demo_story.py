"""What happened in a demo registry's T-VER scene over the past year.

Owns these invented values alone; `demo` carries them out through the services. Accounts and
projects are those of `demo_scene`; times count in days before the scene's last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class End(StrEnum):
    """What became of a proposal of the scene."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneReduction:
    """A verified reduction on record, ready to be issued against."""

    days_ago: float
    project: str
    period: tuple[date, date]
    quantity: int
    reference: str


OPEN_REDUCTION = SceneReduction(
    days_ago=0.1,
    project="0042",
    period=_half(2026, 1),
    quantity=10_526,
    reference="VR-0042-2026-1",
)
