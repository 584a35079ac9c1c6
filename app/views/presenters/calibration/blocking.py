"""Why the wizard cannot go on from a step.

Owns these reasons; changes nothing. No Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.calibration.limits import FEWEST_LEVELS, Procedure
from app.views.presenters.calibration.steps import Blocked, Keeping, Step

if TYPE_CHECKING:
    from app.views.presenters.calibration.wizard import CalibrationWizard


def blocked_at(wizard: CalibrationWizard) -> Blocked | None:
    """Say what stands in the way at the present step; None when nothing does."""
    answered = {
        Step.STATION: (wizard.bench is not None, "calibration.why.station"),
        Step.METHOD: (wizard.procedure is not None, "calibration.why.method"),
        Step.VERDICT: (bool(wizard.code), "calibration.why.record"),
    }
    if wizard.step in answered:
        is_answered, why = answered[wizard.step]
        return None if is_answered else Blocked(why)
    missing = {
        Step.REFERENCES: _references_missing,
        Step.LIMITS: _limits_missing,
        Step.AS_FOUND: _points_missing,
        Step.AS_LEFT: _points_missing,
        Step.FIT: _fit_refused,
        Step.CORRECTION: _keeping_missing,
        Step.DOUBT: _answer_missing,
    }.get(wizard.step)
    return None if missing is None else missing(wizard)


def _references_missing(wizard: CalibrationWizard) -> Blocked | None:
    if wizard.procedure is None:
        return Blocked("calibration.why.method")
    needed = FEWEST_LEVELS[wizard.procedure]
    if wizard.procedure is Procedure.COLOCATION:
        enough = len(wizard.as_found) >= needed
        return None if enough else Blocked("calibration.why.colocation")
    levels = len({each.value for each in wizard.materials()})
    if levels >= needed:
        return None
    values = (("needed", str(needed)), ("chosen", str(levels)))
    return Blocked("calibration.why.references", values)


def _limits_missing(wizard: CalibrationWizard) -> Blocked | None:
    limits = wizard.limits
    if not limits.absolute and not limits.relative:
        return Blocked("calibration.why.tolerance")
    if limits.range_high <= limits.range_low:
        return Blocked("calibration.why.range")
    return None


def _points_missing(wizard: CalibrationWizard) -> Blocked | None:
    left = len(wizard.materials()) - len(wizard.points)
    return Blocked("calibration.why.points", (("left", str(left)),)) if left > 0 else None


def _fit_refused(wizard: CalibrationWizard) -> Blocked | None:
    outcome = wizard.outcome()
    found = None if outcome is None else next((f for f in outcome.findings if f.blocks), None)
    return None if found is None else Blocked(message=found.message, message_th=found.message_th)


def _answer_missing(wizard: CalibrationWizard) -> Blocked | None:
    if wizard.marks_doubtful is None:
        return Blocked("calibration.why.doubt")
    if not wizard.marks_doubtful and not wizard.reason_to_leave.strip():
        return Blocked("calibration.why.reason")
    return None


def _keeping_missing(wizard: CalibrationWizard) -> Blocked | None:
    if wizard.keeping is None:
        return Blocked("calibration.why.keeping")
    if wizard.keeping is Keeping.DEVICE and wizard.adjusted is None:
        return Blocked("calibration.why.adjust")
    return None
