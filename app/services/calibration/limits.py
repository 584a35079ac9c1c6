"""What a fit and its points must keep to before a correction may be used.

Owns limits on levels, range, size of correction and goodness of fit; each answer is a finding.
Must not fit. Figures from a device's manual are settings, not constants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.services.calibration.findings import Finding
from app.services.calibration.line_fit import LineFit
from app.services.calibration.line_points import LinePoint


class Procedure(StrEnum):
    """How a calibration is done."""

    ONE_POINT_OFFSET = "one-point-offset"
    ONE_POINT_GAIN = "one-point-gain"
    TWO_POINT = "two-point"
    MULTI_POINT = "multi-point"
    COLOCATION = "co-location"


FEWEST_LEVELS = {
    Procedure.ONE_POINT_OFFSET: 1,
    Procedure.ONE_POINT_GAIN: 1,
    Procedure.TWO_POINT: 2,
    # ISO 6143: more levels than the line has parameters.
    Procedure.MULTI_POINT: 3,
    Procedure.COLOCATION: 3,
}
GREATEST_GAMMA = 2.0
"""ISO 6143's bound on the greatest normalised residual."""


@dataclass(frozen=True)
class CorrectionLimit:
    """How far a correction may reach: an amount and a share of the uncorrected reading.

    Vaisala's GMP252 allows 1000 ppm and 25 %.
    """

    absolute: float
    relative: float = 0.0

    def at(self, reading: float) -> float:
        """Give what is allowed at an uncorrected reading."""
        return self.absolute + self.relative * abs(reading)


def check_levels(procedure: Procedure, points: Sequence[LinePoint]) -> Finding | None:
    """Say whether there are too few different references for the procedure."""
    levels = len({point.reference for point in points})
    least = FEWEST_LEVELS[procedure]
    if levels >= least:
        return None
    return Finding(
        "too-few-levels",
        f"{levels} different references; a {procedure} calibration needs {least}. Add "
        "references of other values, or choose another method.",
        f"มีค่าอ้างอิงต่างกัน {levels} ค่า แต่การสอบเทียบแบบ {procedure} ต้องใช้ {least} ค่า "
        "ให้เพิ่มสารอ้างอิงที่มีค่าอื่นหรือเลือกวิธีอื่น",
    )


def check_spacing(
    points: Sequence[LinePoint], *, low: float, high: float, share: float = 0.1
) -> Finding | None:
    """Say whether the references stand too close together to turn a line by."""
    references = [point.reference for point in points]
    spread = max(references, default=0.0) - min(references, default=0.0)
    if len(set(references)) < 2 or spread >= share * (high - low):
        return None
    return Finding(
        "points-too-close",
        f"References span {spread:g}, less than {100 * share:g} % of the range {low:g} to "
        f"{high:g}: a small error turns the line far. Use references further apart.",
        f"ค่าอ้างอิงห่างกันเพียง {spread:g} น้อยกว่า {100 * share:g} % ของช่วง {low:g} ถึง {high:g} "
        "ความผิดพลาดเล็กน้อยจะทำให้เส้นเอียงมาก ให้ใช้สารอ้างอิงที่มีค่าห่างกันกว่านี้",
        blocks=False,
    )


def check_range(points: Sequence[LinePoint], *, low: float, high: float) -> tuple[Finding, ...]:
    """Say which values lie outside what the station measures."""
    return tuple(
        Finding(
            "range-exceeded",
            f"Point {number}: {name} {value:g} lies outside the range {low:g} to {high:g}. Use a "
            "reference within it.",
            f"จุดที่ {number}: {name_th} {value:g} อยู่นอกช่วง {low:g} ถึง {high:g} ให้ใช้ค่าอ้างอิงที่อยู่ในช่วง",
        )
        for number, point in enumerate(points, 1)
        for name, name_th, value in (
            ("reference", "ค่าอ้างอิง", point.reference),
            ("reading", "ค่าอ่าน", point.measured),
        )
        if not low <= value <= high
    )


def check_direction(fit: LineFit) -> Finding | None:
    """Say whether the station falls where the reference rises."""
    if fit.slope > 0:
        return None
    return Finding(
        "wrong-way",
        f"The slope is {fit.slope:g}: the station does not rise with the reference. Look whether "
        "references were exchanged.",
        f"ความชันเป็น {fit.slope:g}: ค่าที่อ่านไม่ได้เพิ่มตามค่าอ้างอิง ตรวจว่าสลับสารอ้างอิงหรือไม่",
    )


def check_correction(
    fit: LineFit, points: Sequence[LinePoint], limit: CorrectionLimit
) -> tuple[Finding, ...]:
    """Say at which points the correction would reach further than allowed."""
    if fit.slope <= 0:
        return ()
    findings = []
    for number, point in enumerate(points, 1):
        correction = (point.measured - fit.intercept) / fit.slope - point.measured
        allowed = limit.at(point.measured)
        if abs(correction) > allowed:
            findings.append(
                Finding(
                    "correction-too-large",
                    f"Point {number}: {point.measured:g} would be corrected by {correction:+.4g}; "
                    f"{allowed:.4g} is allowed. Have the sensor serviced.",
                    f"จุดที่ {number}: {point.measured:g} จะถูกแก้ {correction:+.4g} "
                    f"เกินที่ยอมรับ {allowed:.4g} ควรส่งเซนเซอร์ซ่อม",
                )
            )
    return tuple(findings)


def check_residuals(fit: LineFit) -> Finding | None:
    """Say whether a point lies further from the line than its uncertainty explains."""
    gamma = fit.gamma
    if gamma is None or gamma <= GREATEST_GAMMA:
        return None
    return Finding(
        "points-off-the-line",
        f"Γ is {gamma:.2f}, above {GREATEST_GAMMA:g}: a point lies further from the line than its "
        "uncertainty explains. Go back and read it again.",
        f"Γ เท่ากับ {gamma:.2f} เกิน {GREATEST_GAMMA:g}: มีจุดที่ห่างจากเส้นเกินกว่าที่ความไม่แน่นอนอธิบายได้ "
        "ให้ย้อนกลับไปอ่านจุดนั้นใหม่",
        blocks=False,
    )
