"""The command that fits a calibration line to a CSV file; it needs no registry.

Owns arguments and output alone.
"""

from __future__ import annotations

import math
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from app.commands.output import Output
from app.commands.parsing import ANSWER_IS_NO, DONE, Commands, add_common
from app.commands.quality_commands import add_file, named_file
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.services.calibration.agreement import Agreement
    from app.services.calibration.line_points import LinePoint
    from app.services.calibration.tolerance import Judged


def add_commands(commands: Commands) -> None:
    """Add calibrate."""
    calibrate = commands.add(
        "calibrate",
        "fit a calibration line to paired readings",
        example="teak calibrate points.csv --reference gas --measured shown --u-reference u_gas "
        "--u-measured u_shown --tolerance 20 --json",
        run=_calibrate,
        more="measured = intercept + slope × reference; errors in both axes where columns of "
        "standard uncertainty are given, ordinary least squares otherwise. Status 1 when the "
        "verdict is “fail”.",
    )
    calibrate.add_argument("--reference", required=True, metavar="COL", help="reference values")
    calibrate.add_argument("--measured", required=True, metavar="COL", help="what was shown")
    calibrate.add_argument("--u-reference", metavar="COL", help="their standard uncertainties")
    calibrate.add_argument("--u-measured", metavar="COL", help="their standard uncertainties")
    calibrate.add_argument(
        "--tolerance", type=float, metavar="T", help="the greatest error allowed either way"
    )
    calibrate.add_argument(
        "--decision",
        choices=("simple", "guard-band"),
        default="simple",
        help="judge the error alone, or take U (k = 2) off the tolerance (simple)",
    )
    calibrate.add_argument(
        "--floor",
        type=float,
        default=0.0,
        metavar="S",
        help="accuracy counts only references above it; never below 0 (0)",
    )
    calibrate.add_argument(
        "--skip-missing", action="store_true", help="leave rows with a missing value out"
    )
    add_file(calibrate)
    add_common(calibrate, registry=False)


def _calibrate(arguments: Namespace, output: Output) -> int:
    from app.services.calibration.agreement import compare_pairs
    from app.services.calibration.file_points import PointColumns, read_points
    from app.services.calibration.tolerance import Verdict, overall_verdict

    if not math.isfinite(arguments.floor):
        raise UsageError(f"--floor is {arguments.floor:g}, no number.")
    columns = PointColumns(
        arguments.reference, arguments.measured, arguments.u_reference, arguments.u_measured
    )
    read = read_points(named_file(arguments), columns, skip_missing=arguments.skip_missing)
    judged = _judged(arguments, read.points)
    agreement = compare_pairs(read.points, floor=arguments.floor)
    verdict = overall_verdict(judged)
    content = _as_json(agreement) | {
        "verdict": None if verdict is None else verdict.value,
        "decision": None if verdict is None else arguments.decision,
        "worst": _worst(judged),
        "left_out": read.left_out,
    }
    if output.as_json:
        output.document(content)
    else:
        _print(content, output)
    return ANSWER_IS_NO if verdict is Verdict.FAIL else DONE


def _judged(arguments: Namespace, points: tuple[LinePoint, ...]) -> list[Judged]:
    """Judge each error of measured against reference; nothing without a tolerance."""
    from app.services.calibration.tolerance import DecisionRule, Tolerance, judge_error

    rule = DecisionRule(arguments.decision)
    if arguments.tolerance is None:
        if rule is DecisionRule.GUARD_BAND:
            raise UsageError("--decision guard-band needs --tolerance.")
        return []
    if rule is DecisionRule.GUARD_BAND and not (arguments.u_reference or arguments.u_measured):
        raise UsageError(
            "--decision guard-band needs --u-reference or --u-measured.",
            hint="Without uncertainties there is nothing to guard against.",
        )
    tolerance = Tolerance(arguments.tolerance)
    return [
        judge_error(
            reference=point.reference,
            measured=point.measured,
            tolerance=tolerance,
            expanded=2 * math.hypot(point.u_reference or 0.0, point.u_measured or 0.0),
            rule=rule,
        )
        for point in points
    ]


def _as_json(agreement: Agreement) -> dict[str, Any]:
    fit, accuracy = agreement.fit, agreement.accuracy
    return {
        "n": fit.n,
        "slope": fit.slope,
        "intercept": fit.intercept,
        "u_slope": fit.u_slope,
        "u_intercept": fit.u_intercept,
        "covariance": fit.covariance,
        "r2": agreement.r2,
        "rmse": agreement.rmse,
        "nrmse": agreement.nrmse,
        "bias": agreement.bias,
        "accuracy": accuracy.percent,
        "accuracy_clamped": accuracy.clamped_percent,
        "accuracy_pairs": accuracy.used,
        "below_floor": accuracy.below_floor,
        "method": fit.method.value,
        "degrees_of_freedom": fit.degrees if math.isfinite(fit.degrees) else None,
        "gamma": fit.gamma,
        "span": list(fit.span),
    }


def _worst(judged: list[Judged]) -> dict[str, Any] | None:
    """Give the error that is furthest beyond what is left of its tolerance."""
    if not judged:
        return None
    worst = max(judged, key=lambda one: abs(one.error) - one.limit)
    return {"reference": worst.reference, "error": worst.error, "limit": worst.limit}


def _print(content: dict[str, Any], output: Output) -> None:
    for key, value in content.items():
        if isinstance(value, dict):
            text = ", ".join(f"{name} {number:g}" for name, number in value.items())
        elif isinstance(value, list):
            text = " to ".join(f"{number:g}" for number in value)
        elif isinstance(value, float):
            text = f"{value:.6g}"
        else:
            text = "–" if value is None else str(value)
        output.line(f"{key.replace('_', ' '):20}{text}")
