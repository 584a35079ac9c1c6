"""The uncertainty budget of one calibrated value, after the GUM (JCGM 100).

Owns components, their combination, Welch–Satterthwaite degrees of freedom and the coverage
factor; and the inverse prediction from a fitted line. Must not know where readings come from.
Components are taken as independent; a covariance belongs into the fit's own component.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import stdev

from app.services.calibration.findings import CalibrationRefused, Finding
from app.services.calibration.line_fit import LineFit
from app.services.calibration.student import coverage_factor

COVERAGE = 0.95


class Source(StrEnum):
    """What a component of the budget comes from."""

    REPEATABILITY = "repeatability"
    REFERENCE = "reference"
    RESOLUTION = "resolution"
    DRIFT = "drift"
    FIT = "fit"
    OTHER = "other"


@dataclass(frozen=True)
class Component:
    """One contribution: `value` over `divisor` is its standard uncertainty, times sensitivity.

    `kind` A: evaluated from readings; B: otherwise. `degrees` infinite: taken as known.
    """

    source: Source
    name: str
    value: float
    divisor: float = 1.0
    sensitivity: float = 1.0
    degrees: float = math.inf
    kind: str = "B"
    distribution: str = "normal"

    @property
    def standard(self) -> float:
        return self.value / self.divisor

    @property
    def contribution(self) -> float:
        return abs(self.sensitivity) * self.standard


@dataclass(frozen=True)
class Budget:
    """Components and what they come to: combined u, degrees of freedom, k and U = k·u."""

    components: tuple[Component, ...]
    combined: float
    degrees: float
    coverage: float
    factor: float

    @property
    def expanded(self) -> float:
        return self.factor * self.combined

    def share(self, component: Component) -> float:
        """Give the part of the variance that one component brings, 0 to 1."""
        return (component.contribution / self.combined) ** 2 if self.combined else 0.0


@dataclass(frozen=True)
class Predicted:
    """The reference value that a reading stands for, with its standard uncertainty."""

    value: float
    u: float


def combine_budget(
    components: Sequence[Component], *, coverage: float = COVERAGE, factor: float | None = None
) -> Budget:
    """Combine components; k from Student's t, or the `factor` that was agreed on."""
    for component in components:
        if not component.value >= 0 or not component.divisor > 0 or not component.degrees > 0:
            raise CalibrationRefused(
                Finding(
                    "bad-component",
                    f"The uncertainty of {component.name} is {component.value:g}, divisor "
                    f"{component.divisor:g}, degrees of freedom {component.degrees:g}: none may "
                    "be below zero.",
                    f"ความไม่แน่นอนของ {component.name} คือ {component.value:g} ตัวหาร "
                    f"{component.divisor:g} องศาอิสระ {component.degrees:g}: ต้องไม่ติดลบ",
                )
            )
    combined = math.hypot(*(component.contribution for component in components))
    degrees = effective_degrees(components, combined)
    chosen = coverage_factor(degrees, coverage) if factor is None else factor
    return Budget(tuple(components), combined, degrees, coverage, chosen)


def effective_degrees(components: Sequence[Component], combined: float) -> float:
    """Give Welch–Satterthwaite's effective degrees of freedom (GUM G.4.1)."""
    if combined == 0:
        return math.inf
    below = math.fsum(
        (component.contribution / combined) ** 4 / component.degrees for component in components
    )
    return 1 / below if below else math.inf


def repeatability(readings: Sequence[float], *, sensitivity: float = 1.0) -> Component:
    """Give the component of the mean of repeated readings: s/√n with n − 1 degrees of freedom."""
    if len(readings) < 2:
        raise CalibrationRefused(
            Finding(
                "too-few-readings",
                f"{len(readings)} reading tells nothing of repeatability.",
                f"ค่าอ่าน {len(readings)} ค่าบอกความซ้ำได้ไม่ได้",
            ),
            hint="Take two readings at least at each reference; ten are usual.",
        )
    for number, reading in enumerate(readings, 1):
        if not math.isfinite(reading):
            raise CalibrationRefused(
                Finding(
                    "not-a-number",
                    f"Reading {number} is {reading:g}, no number.",
                    f"ค่าอ่านที่ {number} เป็น {reading:g} ซึ่งไม่ใช่ตัวเลข",
                ),
                hint="Leave it out or take it again.",
            )
    return Component(
        Source.REPEATABILITY,
        "repeatability of the mean",
        stdev(readings),
        math.sqrt(len(readings)),
        sensitivity,
        float(len(readings) - 1),
        "A",
    )


def reference(
    expanded: float, *, factor: float = 2.0, sensitivity: float = 1.0, degrees: float = math.inf
) -> Component:
    """Give the component of a certified value: U of the certificate over its k."""
    return Component(Source.REFERENCE, "reference value", expanded, factor, sensitivity, degrees)


def resolution(step: float, *, sensitivity: float = 1.0) -> Component:
    """Give the component of a display's last digit: d/√12, rectangular."""
    return Component(
        Source.RESOLUTION,
        "resolution",
        step,
        math.sqrt(12),
        sensitivity,
        distribution="rectangular",
    )


def drift(half_width: float, *, sensitivity: float = 1.0) -> Component:
    """Give the component of drift until the next calibration: ± a, rectangular, a/√3."""
    return Component(
        Source.DRIFT, "drift", half_width, math.sqrt(3), sensitivity, distribution="rectangular"
    )


def of_fit(fit: LineFit, reading: float) -> Component:
    """Give the component of the line itself where it is read backwards."""
    predicted = predict_reference(fit, reading, u_reading=0.0)
    if not fit.degrees > 0:
        raise _without_uncertainty()
    return Component(Source.FIT, "calibration line", predicted.u, degrees=fit.degrees)


def predict_reference(fit: LineFit, reading: float, *, u_reading: float) -> Predicted:
    """Read a line backwards: x̂ = (y − a)/b, with u(x̂) from y, a, b and their covariance."""
    if fit.slope == 0:
        raise CalibrationRefused(
            Finding(
                "flat-line",
                "The slope is 0: the station does not follow the reference.",
                "ความชันเป็น 0: สถานีไม่ตอบสนองต่อค่าอ้างอิง",
            ),
            hint="Look whether the gas reached the sensor.",
        )
    if fit.u_slope is None or fit.u_intercept is None or fit.covariance is None:
        raise _without_uncertainty()
    value = (reading - fit.intercept) / fit.slope
    variance = (
        u_reading**2 + fit.u_intercept**2 + (value * fit.u_slope) ** 2 + 2 * value * fit.covariance
    )
    # A covariance near −u(a)u(b) may leave a rounding error below zero.
    return Predicted(value, math.sqrt(max(variance, 0.0)) / abs(fit.slope))


def _without_uncertainty() -> CalibrationRefused:
    return CalibrationRefused(
        Finding(
            "unknown-uncertainty",
            "Two points without uncertainty of their own give a line, but not how sure it is.",
            "สองจุดที่ไม่มีความไม่แน่นอนให้เส้นตรงได้ แต่บอกความเชื่อมั่นไม่ได้",
        ),
        hint="Give the points uncertainties, or take a third.",
    )
