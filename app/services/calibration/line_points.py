"""The points that a line is fitted to, and what no fit can take.

Owns the form of a point and its refusals, each naming point and value; must not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.calibration.findings import CalibrationRefused, Finding

_LARGEST = 1e20
_CLOSEST = 1e-12
"""References nearer together than this share of their size are one to a computer's numbers."""


@dataclass(frozen=True)
class LinePoint:
    """One pair with its standard uncertainties; None: not known."""

    reference: float
    measured: float
    u_reference: float | None = None
    u_measured: float | None = None

    @property
    def has_uncertainty(self) -> bool:
        """Whether one axis at least has an uncertainty above zero."""
        return bool(self.u_reference) or bool(self.u_measured)


def require_line(points: Sequence[LinePoint]) -> None:
    """Refuse what has no line: too few or identical points, and what is no number."""
    require_numbers(points, least=2)
    references = [point.reference for point in points]
    first = references[0]
    size = max(abs(reference) for reference in references)
    if max(references) - min(references) <= max(_CLOSEST * size, 1 / _LARGEST):
        raise CalibrationRefused(
            Finding(
                "identical-points",
                f"All {len(points)} reference values are {first:g}: one place has no line.",
                f"ค่าอ้างอิงทั้ง {len(points)} ค่าเป็น {first:g} เหมือนกัน: ลากเส้นจากจุดเดียวไม่ได้",
            ),
            hint="Take readings at a second reference, or correct the offset alone.",
        )


def require_numbers(points: Sequence[LinePoint], *, least: int) -> None:
    """Refuse fewer points than needed, and any value that is none or a negative uncertainty."""
    if len(points) < least:
        raise CalibrationRefused(
            Finding(
                "too-few-points",
                f"There are {len(points)} points; this fit needs {least} at least.",
                f"มี {len(points)} จุด แต่การคำนวณนี้ต้องการอย่างน้อย {least} จุด",
            ),
            hint="Take readings at more references.",
        )
    for number, point in enumerate(points, 1):
        for name, value in (
            ("reference", point.reference),
            ("measured", point.measured),
            ("u_reference", point.u_reference),
            ("u_measured", point.u_measured),
        ):
            _require_number(number, name, value)


def _require_number(number: int, name: str, value: float | None) -> None:
    if value is None:
        return
    if not abs(value) <= _LARGEST:
        raise CalibrationRefused(
            Finding(
                "not-a-number",
                f"Point {number}: {name} is {value:g}, no number an instrument shows.",
                f"จุดที่ {number}: {name} เป็น {value:g} ซึ่งไม่ใช่ตัวเลขที่เครื่องมือแสดงได้",
            ),
            hint="Leave the point out or take its reading again.",
        )
    if name.startswith("u_") and 0 < value < 1 / _LARGEST:
        raise CalibrationRefused(
            Finding(
                "uncertainty-too-small",
                f"Point {number}: {name} is {value:g}, too small to weigh by.",
                f"จุดที่ {number}: {name} เป็น {value:g} น้อยเกินกว่าจะใช้ถ่วงน้ำหนัก",
            ),
            hint="Write 0 for a value taken as exact.",
        )
    if name.startswith("u_") and value < 0:
        raise CalibrationRefused(
            Finding(
                "negative-uncertainty",
                f"Point {number}: {name} is {value:g}; an uncertainty is not below zero.",
                f"จุดที่ {number}: {name} เป็น {value:g} แต่ความไม่แน่นอนต้องไม่ติดลบ",
            ),
            hint="Write the standard uncertainty without its sign.",
        )
