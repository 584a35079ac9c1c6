"""What a station is calibrated against: gases and instruments with their certificates.

Owns the value of a reference and whether it may still be used on a day; must not store it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from app.services.calibration.findings import Finding

_SOON_DAYS = 30


@dataclass(frozen=True)
class ReferenceMaterial:
    """A cylinder, a zero filter, a reference instrument: its value and who certifies it.

    `expanded` is the certificate's U at coverage factor `factor`, in `unit`.
    """

    identification: str
    channel: str
    value: float
    unit: str
    expanded: float
    factor: float
    certificate: str
    issuer: str
    expires_on: date | None
    traceable_to: str = ""

    @property
    def u(self) -> float:
        """The standard uncertainty: U over k."""
        return self.expanded / self.factor


def check_reference(material: ReferenceMaterial, *, on: date, unit: str) -> tuple[Finding, ...]:
    """Say what stands against using a reference on a day for a channel in a unit."""
    name = material.identification
    findings: list[Finding] = []
    if material.expires_on is None:
        findings.append(
            Finding(
                "reference-without-expiry",
                f"Reference {name} names no day until which its certificate holds.",
                f"สารอ้างอิง {name} ไม่ได้ระบุวันหมดอายุของใบรับรอง",
                blocks=False,
            )
        )
    elif material.expires_on < on:
        findings.append(
            Finding(
                "reference-expired",
                f"Reference {name} expired on {material.expires_on}; it is {on}. Use another, or "
                "have it certified anew.",
                f"สารอ้างอิง {name} หมดอายุเมื่อ {material.expires_on} วันนี้คือ {on} ให้ใช้ตัวอื่นหรือรับรองใหม่",
            )
        )
    elif (material.expires_on - on).days <= _SOON_DAYS:
        findings.append(
            Finding(
                "reference-expires-soon",
                f"Reference {name} expires on {material.expires_on}.",
                f"สารอ้างอิง {name} จะหมดอายุวันที่ {material.expires_on}",
                blocks=False,
            )
        )
    if material.unit != unit:
        findings.append(
            Finding(
                "reference-unit",
                f"Reference {name} is in {material.unit or 'no unit'}, the channel in {unit}. Use "
                f"one certified in {unit}.",
                f"สารอ้างอิง {name} มีหน่วย {material.unit or 'ไม่ระบุ'} แต่ช่องวัดมีหน่วย {unit} "
                f"ให้ใช้ตัวที่รับรองในหน่วย {unit}",
            )
        )
    if not _is_usable(material):
        findings.append(
            Finding(
                "reference-uncertainty",
                f"Reference {name}: value {material.value:g}, U {material.expanded:g}, k "
                f"{material.factor:g} cannot be. Copy them anew from certificate "
                f"{material.certificate}.",
                f"สารอ้างอิง {name}: ค่า {material.value:g} U {material.expanded:g} k "
                f"{material.factor:g} เป็นไปไม่ได้ ให้คัดลอกจากใบรับรอง {material.certificate} ใหม่",
            )
        )
    return tuple(findings)


def _is_usable(material: ReferenceMaterial) -> bool:
    numbers = (material.value, material.expanded, material.factor)
    return all(math.isfinite(number) for number in numbers) and (
        material.expanded >= 0 and material.factor > 0
    )
