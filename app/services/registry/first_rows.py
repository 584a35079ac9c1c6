"""What every new registry begins with: unit types, schemes, a period, rules, built-in accounts.

Owns these values alone; `creating` writes and logs them. What changes later is changed by
acts, never here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.models.codes import NO_EXPIRY_CODE, AccountType, RuleKind


@dataclass(frozen=True, slots=True)
class FirstUnitType:
    """A kind of unit; `measure` is what one unit stands for: tCO2e or toe."""

    code: str
    name_en: str
    name_th: str
    measure: str = "tCO2e"
    is_domestic: bool = False


@dataclass(frozen=True, slots=True)
class FirstScheme:
    """A crediting scheme of the registry, and the units it issues."""

    code: str
    name_en: str
    name_th: str
    unit_type: str


@dataclass(frozen=True, slots=True)
class FirstPeriod:
    """A commitment period, both days included."""

    number: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class FirstRule:
    """A rule of the business logic tables, valid over the whole first period."""

    kind: RuleKind
    unit_type: str
    value: Decimal


UNIT_TYPES = (
    FirstUnitType("TER", "T-VER credit", "คาร์บอนเครดิต T-VER", is_domestic=True),
    FirstUnitType(
        "EPC",
        "Energy performance certificate",
        "ใบรับรองสมรรถนะพลังงาน",
        measure="toe",
        is_domestic=True,
    ),
    FirstUnitType("VCU", "Verified Carbon Unit (Verra)", "หน่วยคาร์บอนที่ทวนสอบแล้วของ Verra"),
    FirstUnitType(
        "VER",
        "Verified Emission Reduction (Gold Standard)",
        "หน่วยลดการปล่อยที่ทวนสอบแล้วของ Gold Standard",
    ),
    FirstUnitType(
        "ERT",
        "Emission Reduction Tonne (American Carbon Registry)",
        "หน่วยตันการลดการปล่อยของ American Carbon Registry",
    ),
    FirstUnitType(
        "CRT",
        "Climate Reserve Tonne (Climate Action Reserve)",
        "หน่วยตันของ Climate Action Reserve",
    ),
    FirstUnitType("TREES", "TREES credit (ART)", "เครดิต TREES ของ ART"),
    FirstUnitType("CDC", "Carboncer (Cercarbono)", "คาร์บอนเซอร์ของ Cercarbono"),
    FirstUnitType("AAU", "Assigned amount unit", "หน่วยปริมาณที่ได้รับจัดสรร (AAU)"),
    FirstUnitType("RMU", "Removal unit", "หน่วยการดูดกลับ (RMU)"),
    FirstUnitType("ERU", "Emission reduction unit", "หน่วยลดการปล่อย (ERU)"),
    FirstUnitType("CER", "Certified emission reduction", "หน่วยลดการปล่อยที่ได้รับการรับรอง (CER)"),
    FirstUnitType(
        "tCER",
        "Temporary certified emission reduction",
        "หน่วยลดการปล่อยที่ได้รับการรับรองแบบชั่วคราว (tCER)",
    ),
    FirstUnitType(
        "lCER",
        "Long-term certified emission reduction",
        "หน่วยลดการปล่อยที่ได้รับการรับรองแบบระยะยาว (lCER)",
    ),
    FirstUnitType(
        "ITMO",
        "Internationally transferred mitigation outcome",
        "ผลการลดก๊าซเรือนกระจกที่ถ่ายโอนระหว่างประเทศ (ITMO)",
    ),
)

PERIOD = FirstPeriod(1, date(2026, 1, 1), date(2030, 12, 31))

RULES = (
    FirstRule(RuleKind.LEVY_RATE, "TER", Decimal("0.05")),
    FirstRule(RuleKind.LEVY_RATE, "EPC", Decimal(0)),
    FirstRule(RuleKind.DEFAULT_EXPIRY, "TER", Decimal(6)),
    FirstRule(RuleKind.DEFAULT_EXPIRY, "EPC", Decimal(NO_EXPIRY_CODE)),
    FirstRule(RuleKind.ROLLBACK_WINDOW, "TER", Decimal(5)),
    FirstRule(RuleKind.ROLLBACK_WINDOW, "EPC", Decimal(5)),
    FirstRule(RuleKind.COMMITTEE_QUORUM, "TER", Decimal(3)),
)
"""A default expiry counts years after the vintage, to the last day of that year."""

BUILT_IN_ACCOUNTS = (
    (AccountType.VOLUNTARY_CANCELLATION, "Voluntary cancellation", None),
    (AccountType.MANDATORY_CANCELLATION, "Mandatory cancellation", None),
    (AccountType.CORRECTIVE_CANCELLATION, "Cancellation for corrective action", None),
    (AccountType.RETIREMENT, "Retirement", None),
    (AccountType.BUFFER, "Buffer of T-VER", "T-VER"),
    (AccountType.BUFFER, "Buffer of low-carbon cities", "LCC"),
    (AccountType.BUFFER, "Buffer of T-COP", "T-COP"),
    (AccountType.BUFFER, "Buffer of energy performance certificates", "EPC"),
    (AccountType.NET_SOURCE_CANCELLATION, "Net-source cancellation", None),
    (AccountType.NON_COMPLIANCE_CANCELLATION, "Non-compliance cancellation", None),
    (AccountType.EXCESS_ISSUANCE_CANCELLATION, "Excess-issuance cancellation", None),
    (AccountType.REPLACEMENT, "Replacement of tCER", None),
    (AccountType.REPLACEMENT_LCER_EXPIRY, "Replacement of lCER at expiry", None),
    (AccountType.REPLACEMENT_LCER_REVERSAL, "Replacement of lCER after a reversal", None),
    (AccountType.REPLACEMENT_LCER_REPORT, "Replacement of lCER without a report", None),
    (AccountType.RESERVE, "Reserve", None),
    (AccountType.OTHER_PURPOSE, "Other purpose", None),
    (AccountType.SENT_ELSEWHERE, "Sent to other registries", None),
)
"""Type, name, and the scheme whose buffer it is."""

SCHEMES = (
    FirstScheme("T-VER", "T-VER", "T-VER โครงการลดก๊าซเรือนกระจกภาคสมัครใจ", "TER"),
    FirstScheme("LCC", "Low-carbon city", "เมืองคาร์บอนต่ำ", "TER"),
    FirstScheme("T-COP", "T-COP", "T-COP โครงการชดเชยคาร์บอน", "TER"),
    FirstScheme("EPC", "Energy performance certificates", "ใบรับรองสมรรถนะพลังงาน", "EPC"),
)


def built_in_account_name(name: str, period: FirstPeriod) -> str:
    """Name a built-in account after what it is for and the years of its period."""
    return f"{name}, {period.first_day.year}–{period.last_day.year}"
