"""Sensors beside a reference instrument: figures of paired averages against the EPA's targets.

Owns pairing, precision among like sensors and the judgement of each target; must not average
(see `app.services.averaging`) or draw. Targets and formulae: EPA/600/R-20/280 (PM2.5, 24 h) and
EPA/600/R-20/279 (O3, 1 h).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from app.services.averaging.averages import Average
from app.services.averaging.periods import Period
from app.services.calibration.agreement import Agreement, compare_pairs
from app.services.calibration.line_points import LinePoint

Span = tuple[float, float]


@dataclass(frozen=True)
class PerformanceTargets:
    """What a sensor should meet; errors and SD in the unit, shares in %."""

    channel: str
    unit: str
    period: Period
    slope: Span
    intercept: Span
    r2: float
    rmse: float
    nrmse_percent: float | None
    sd: float
    cv_percent: float
    source: str


EPA_TARGETS = {
    "pm2_5": PerformanceTargets(
        channel="pm2_5",
        unit="µg/m³",
        period=Period.DAY,
        slope=(0.65, 1.35),
        intercept=(-5.0, 5.0),
        r2=0.70,
        rmse=7.0,
        nrmse_percent=30.0,
        sd=5.0,
        cv_percent=30.0,
        source="EPA/600/R-20/280",
    ),
    "o3": PerformanceTargets(
        channel="o3",
        unit="ppb",
        period=Period.HOUR,
        slope=(0.80, 1.20),
        intercept=(-5.0, 5.0),
        r2=0.80,
        rmse=5.0,
        nrmse_percent=None,
        sd=5.0,
        cv_percent=30.0,
        source="EPA/600/R-20/279",
    ),
}


@dataclass(frozen=True)
class Pairs:
    """Periods that both have an average for, and how many only one has."""

    starts_us: tuple[int, ...]
    points: tuple[LinePoint, ...]
    only_reference: int
    only_measured: int


@dataclass(frozen=True)
class Precision:
    """How like sensors differ among themselves, over the periods that all have.

    SD = √(Σ(x − mean of the period)² / (N·M − 1)), CV = SD over the mean of all, in %.
    """

    sensors: int
    periods: int
    sd: float
    cv_percent: float | None


@dataclass(frozen=True)
class TargetJudgement:
    """One figure against its target; `met` None: there is no figure to judge."""

    figure: str
    value: float | None
    target: str
    met: bool | None


@dataclass(frozen=True)
class CoLocation:
    """What a co-location report says of one sensor: pairs, figures, targets."""

    targets: PerformanceTargets
    pairs: Pairs
    agreement: Agreement
    precision: Precision | None
    judged: tuple[TargetJudgement, ...]

    @property
    def meets_all(self) -> bool | None:
        """Whether all targets are met; None when some could not be judged and none is missed."""
        met = [judged.met for judged in self.judged]
        return False if False in met else None if None in met else True


def pair_averages(reference: Sequence[Average], measured: Sequence[Average]) -> Pairs:
    """Pair averages of the same period; a period without a complete average is in neither."""
    ours = {one.start_us: one.value for one in measured if one.value is not None}
    theirs = {one.start_us: one.value for one in reference if one.value is not None}
    starts = tuple(sorted(ours.keys() & theirs.keys()))
    return Pairs(
        starts,
        tuple(LinePoint(theirs[start], ours[start]) for start in starts),
        len(theirs) - len(starts),
        len(ours) - len(starts),
    )


def evaluate_colocation(
    targets: PerformanceTargets,
    *,
    reference: Sequence[Average],
    measured: Sequence[Average],
    beside: Sequence[Sequence[Average]] = (),
    floor: float = 0.0,
) -> CoLocation:
    """Evaluate one sensor against the reference; `beside` are like sensors at the same place.

    CalibrationRefused when fewer than two periods pair, or all references are the same.
    """
    pairs = pair_averages(reference, measured)
    agreement = compare_pairs(pairs.points, floor=floor)
    precision = measure_precision([measured, *beside]) if beside else None
    judged = _judge(targets, agreement, precision)
    return CoLocation(targets, pairs, agreement, precision, judged)


def measure_precision(sensors: Sequence[Sequence[Average]]) -> Precision | None:
    """Give SD and CV among like sensors; None with fewer than two, or no period in all."""
    values: list[Mapping[int, float]] = [
        {one.start_us: one.value for one in averages if one.value is not None}
        for averages in sensors
    ]
    if len(values) < 2:
        return None
    shared = set.intersection(*(set(one) for one in values))
    if not shared:
        return None
    rows = [[one[start] for one in values] for start in shared]
    squares = math.fsum((value - fmean(row)) ** 2 for row in rows for value in row)
    sd = math.sqrt(squares / (len(rows) * len(values) - 1))
    mean = fmean(value for row in rows for value in row)
    return Precision(len(values), len(rows), sd, 100 * sd / mean if mean else None)


def _judge(
    targets: PerformanceTargets, agreement: Agreement, precision: Precision | None
) -> tuple[TargetJudgement, ...]:
    fit = agreement.fit
    return (
        _within("slope", fit.slope, targets.slope),
        _within("intercept", fit.intercept, targets.intercept),
        TargetJudgement(
            "r2",
            agreement.r2,
            f"≥ {targets.r2:g}",
            None if agreement.r2 is None else agreement.r2 >= targets.r2,
        ),
        *_judge_error(targets, agreement),
        *_judge_precision(targets, precision),
    )


def _judge_error(targets: PerformanceTargets, agreement: Agreement) -> tuple[TargetJudgement, ...]:
    """Judge RMSE, and NRMSE where it may stand in for it: one of both is enough."""
    met = agreement.rmse <= targets.rmse
    if targets.nrmse_percent is None:
        return (TargetJudgement("rmse", agreement.rmse, f"≤ {targets.rmse:g}", met),)
    nrmse = None if agreement.nrmse is None else 100 * agreement.nrmse
    either = met or (nrmse is not None and nrmse <= targets.nrmse_percent)
    words = f"RMSE ≤ {targets.rmse:g} or NRMSE ≤ {targets.nrmse_percent:g} %"
    return (
        TargetJudgement("rmse", agreement.rmse, words, either),
        TargetJudgement("nrmse_percent", nrmse, words, either),
    )


def _judge_precision(
    targets: PerformanceTargets, precision: Precision | None
) -> tuple[TargetJudgement, ...]:
    """Judge SD and CV: one of both is enough; nothing to judge with a single sensor."""
    words = f"SD ≤ {targets.sd:g} or CV ≤ {targets.cv_percent:g} %"
    if precision is None:
        return (
            TargetJudgement("sd", None, words, None),
            TargetJudgement("cv_percent", None, words, None),
        )
    cv = precision.cv_percent
    met = precision.sd <= targets.sd or (cv is not None and cv <= targets.cv_percent)
    return (
        TargetJudgement("sd", precision.sd, words, met),
        TargetJudgement("cv_percent", cv, words, met),
    )


def _within(figure: str, value: float, span: Span) -> TargetJudgement:
    low, high = span
    return TargetJudgement(figure, value, f"{low:g} – {high:g}", low <= value <= high)
