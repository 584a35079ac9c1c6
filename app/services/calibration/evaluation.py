"""A whole calibration evaluated: as found, fit, correction, as left, verdicts, findings.

Owns how the parts come together and all that a certificate says of figures; must not store,
sign or talk to a device. Never raises for what is wrong with the readings: that is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.services.calibration.correction import NO_CORRECTION, Correction, correction_of
from app.services.calibration.findings import CalibrationRefused, Finding
from app.services.calibration.limits import (
    CorrectionLimit,
    Procedure,
    check_correction,
    check_direction,
    check_levels,
    check_range,
    check_residuals,
    check_spacing,
)
from app.services.calibration.line_fit import LineFit, fit_gain, fit_line, fit_offset
from app.services.calibration.line_points import LinePoint
from app.services.calibration.reference_materials import ReferenceMaterial, check_reference
from app.services.calibration.stability import Stability
from app.services.calibration.tolerance import (
    DecisionRule,
    Judged,
    Tolerance,
    Verdict,
    judge_error,
    overall_verdict,
)
from app.services.calibration.uncertainty import (
    COVERAGE,
    Budget,
    combine_budget,
    drift,
    of_fit,
    reference,
    repeatability,
    resolution,
)


@dataclass(frozen=True)
class CalibrationSettings:
    """What is calibrated and what it must meet; widths in the channel's unit."""

    procedure: Procedure
    channel: str
    unit: str
    tolerance: Tolerance
    range_low: float
    range_high: float
    resolution: float = 0.0
    drift: float = 0.0
    rule: DecisionRule = DecisionRule.SIMPLE
    coverage: float = COVERAGE
    correction_limit: CorrectionLimit | None = None


@dataclass(frozen=True)
class PointReadings:
    """What the station showed at one reference, whether it had settled, and when it was read."""

    material: ReferenceMaterial
    readings: tuple[float, ...]
    stability: Stability | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True)
class PointResult:
    """One line of the certificate's table: reference, mean, error, U with k, verdict."""

    material: ReferenceMaterial
    mean: float
    count: int
    budget: Budget
    judged: Judged

    @property
    def error(self) -> float:
        return self.judged.error


@dataclass(frozen=True)
class CalibrationOutcome:
    """All that came of a calibration.

    `fit` and `correction` are None where the points allow none; `is_usable` says that nothing
    found stands in the way.
    """

    settings: CalibrationSettings
    on: date
    as_found: tuple[PointResult, ...]
    fit: LineFit | None
    correction: Correction | None
    as_left: tuple[PointResult, ...]
    findings: tuple[Finding, ...]

    @property
    def verdict_as_found(self) -> Verdict | None:
        return overall_verdict([point.judged for point in self.as_found])

    @property
    def verdict_as_left(self) -> Verdict | None:
        return overall_verdict([point.judged for point in self.as_left])

    @property
    def is_usable(self) -> bool:
        return self.correction is not None and not any(found.blocks for found in self.findings)


@dataclass(frozen=True)
class DoubtfulSpan:
    """The data that an as-found failure casts doubt on: since the last good check."""

    since: datetime | None
    until: datetime


def evaluate_calibration(
    settings: CalibrationSettings,
    as_found: Sequence[PointReadings],
    *,
    on: date,
    as_left: Sequence[PointReadings] = (),
    written_to_device: bool = False,
) -> CalibrationOutcome:
    """Evaluate a calibration done on a day.

    As-left readings are raw: unless the correction was written to the device, it is applied to
    them here, as it will be to every later reading.
    """
    findings = _findings_of_points(settings, [*as_found, *as_left], on)
    before, refused = _results(settings, as_found, NO_CORRECTION, None)
    findings += refused
    fit, correction, found = _fitted(settings, as_found)
    findings += found
    after: tuple[PointResult, ...] = ()
    if correction is not None:
        left_by = NO_CORRECTION if written_to_device else correction
        after, refused = _results(settings, as_left, left_by, fit)
        findings += refused
    unlike = tuple(dict.fromkeys(findings))
    return CalibrationOutcome(settings, on, before, fit, correction, after, unlike)


def _findings_of_points(
    settings: CalibrationSettings, points: Sequence[PointReadings], on: date
) -> list[Finding]:
    findings: list[Finding] = []
    for number, point in enumerate(points, 1):
        findings.extend(check_reference(point.material, on=on, unit=settings.unit))
        if point.stability is not None and not point.stability.is_stable:
            why = point.stability.reasons
            findings.append(
                Finding(
                    "unstable",
                    f"Point {number} was read before the signal settled. "
                    + " ".join(reason.message for reason in why),
                    f"จุดที่ {number} อ่านก่อนสัญญาณนิ่ง " + " ".join(reason.message_th for reason in why),
                )
            )
    return findings


def _results(
    settings: CalibrationSettings,
    points: Sequence[PointReadings],
    correction: Correction,
    fit: LineFit | None,
) -> tuple[tuple[PointResult, ...], list[Finding]]:
    results, findings = [], []
    for point in points:
        try:
            results.append(_result(settings, point, correction, fit))
        except CalibrationRefused as refused:
            findings.append(refused.finding)
    return tuple(results), findings


def _result(
    settings: CalibrationSettings,
    point: PointReadings,
    correction: Correction,
    fit: LineFit | None,
) -> PointResult:
    values = [correction.apply(reading) for reading in point.readings]
    material = point.material
    components = [
        repeatability(values),
        reference(material.expanded, factor=material.factor),
        resolution(settings.resolution, sensitivity=1 / correction.slope),
    ]
    if settings.drift:
        components.append(drift(settings.drift))
    if fit is not None and fit.u_slope is not None and fit.degrees > 0:
        components.append(of_fit(fit, sum(point.readings) / len(point.readings)))
    budget = combine_budget(components, coverage=settings.coverage)
    mean = sum(values) / len(values)
    judged = judge_error(
        reference=material.value,
        measured=mean,
        tolerance=settings.tolerance,
        expanded=budget.expanded,
        rule=settings.rule,
    )
    return PointResult(material, mean, len(values), budget, judged)


def _fitted(
    settings: CalibrationSettings, points: Sequence[PointReadings]
) -> tuple[LineFit | None, Correction | None, list[Finding]]:
    low, high = settings.range_low, settings.range_high
    try:
        pairs = [_pair(settings, point) for point in points]
        found: list[Finding | None] = [check_levels(settings.procedure, pairs)]
        fit = _fit_of(settings.procedure, pairs)
    except CalibrationRefused as refused:
        return None, None, [refused.finding]
    found += [*check_range(pairs, low=low, high=high), check_spacing(pairs, low=low, high=high)]
    found += [check_direction(fit), check_residuals(fit)]
    if settings.correction_limit is not None:
        found += check_correction(fit, pairs, settings.correction_limit)
    correction = correction_of(fit) if fit.slope > 0 else None
    return fit, correction, [finding for finding in found if finding is not None]


def _fit_of(procedure: Procedure, pairs: Sequence[LinePoint]) -> LineFit:
    if procedure is Procedure.ONE_POINT_OFFSET:
        return fit_offset(pairs)
    if procedure is Procedure.ONE_POINT_GAIN:
        return fit_gain(pairs)
    return fit_line(pairs)


def _pair(settings: CalibrationSettings, point: PointReadings) -> LinePoint:
    """Make a pair for the fit: what the readings scatter and the display hides is theirs."""
    own = combine_budget([repeatability(point.readings), resolution(settings.resolution)])
    mean = sum(point.readings) / len(point.readings)
    return LinePoint(point.material.value, mean, point.material.u, own.combined)
