"""A calibration that is not finished, written down and taken up again.

Owns what of the wizard is kept and its form; keeping it is the drafts' service's. Nothing that was
read is rounded. Taking up never happens by itself: somebody chooses it. No Qt.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from app.services.calibration.device_adjustment import AdjustmentAnswer
from app.services.calibration.evaluation import PointReadings
from app.services.calibration.limits import Procedure
from app.services.calibration.notes import CalibrationNotes
from app.services.calibration.reference_materials import ReferenceMaterial
from app.services.calibration.stability import Stability
from app.services.calibration.tolerance import DecisionRule
from app.views.components.fields import KeptValues
from app.views.presenters.calibration.steps import NO_NOTES, Bench, Keeping, Limits, Step
from app.views.presenters.calibration.wizard import CalibrationWizard

FORM = "calibration "
"""How the names of these drafts begin."""
_STATE = "state"
_READING_STEPS = (Step.AS_FOUND, Step.FIT, Step.CORRECTION, Step.AS_LEFT, Step.VERDICT)


@dataclass(frozen=True)
class Unfinished:
    """A calibration somebody began: of which channel, what was taken, and when."""

    form: str
    values: dict[str, str]
    saved_at: datetime
    bench: Bench
    procedure: Procedure
    references: int
    as_found: tuple[PointReadings, ...]
    as_left: tuple[PointReadings, ...]
    adjusted: AdjustmentAnswer | None
    step: Step

    @property
    def first_at(self) -> datetime | None:
        """When the first point was taken."""
        return next((each.taken_at for each in self.as_found if each.taken_at is not None), None)


def draft_name() -> str:
    """Name the draft of a calibration: each begun one has its own, so that none is written over."""
    return f"{FORM}{token_hex(8)}"


def write_draft(wizard: CalibrationWizard) -> dict[str, str] | None:
    """Write down an unfinished calibration; None while nothing was taken, noted or adjusted."""
    taken = wizard.as_found or wizard.as_left or wizard.adjusted
    if wizard.code or wizard.bench is None or wizard.procedure is None:
        return None
    if not taken and wizard.notes == NO_NOTES:
        return None
    state = {
        "channel": wizard.bench.id,
        "procedure": wizard.procedure.value,
        "chosen": list(wizard.chosen),
        "limits": asdict(wizard.limits),
        "notes": asdict(wizard.notes),
        "as_found": [_point(each) for each in wizard.as_found],
        "as_left": [_point(each) for each in wizard.as_left],
        "keeping": wizard.keeping,
        "adjusted": None if wizard.adjusted is None else asdict(wizard.adjusted),
        "step": wizard.step.value,
    }
    return {_STATE: json.dumps(state, ensure_ascii=False)}


def read_drafts(kept: Sequence[KeptValues], wizard: CalibrationWizard) -> tuple[Unfinished, ...]:
    """Read the drafts whose channel can be calibrated here; the others stay kept."""
    benches = {bench.id: bench for bench in wizard.benches}
    found = []
    for draft in kept:
        state = json.loads(draft.values[_STATE])
        bench = benches.get(state["channel"])
        if bench is not None:
            found.append(_unfinished(draft, state, bench))
    return tuple(found)


def take_up(wizard: CalibrationWizard, unfinished: Unfinished) -> None:
    """Put a wizard where an unfinished calibration stood."""
    state = json.loads(unfinished.values[_STATE])
    limits = state["limits"] | {"rule": DecisionRule(state["limits"]["rule"])}
    known = {kept.id for kept in wizard.standards}
    wizard.choose_bench(unfinished.bench.id)
    wizard.procedure = unfinished.procedure
    wizard.chosen = tuple(each for each in state["chosen"] if each in known)
    wizard.limits = Limits(**limits)
    wizard.notes = CalibrationNotes(**state["notes"])
    wizard.as_found, wizard.as_left = unfinished.as_found, unfinished.as_left
    wizard.keeping = None if state["keeping"] is None else Keeping(state["keeping"])
    wizard.adjusted = unfinished.adjusted
    wizard.step = unfinished.step


def reads_station(wizard: CalibrationWizard) -> bool:
    """Whether the wizard stands where the station is read."""
    return wizard.procedure is not Procedure.COLOCATION and wizard.step in _READING_STEPS


def _unfinished(draft: KeptValues, state: dict[str, Any], bench: Bench) -> Unfinished:
    adjusted = state["adjusted"]
    return Unfinished(
        draft.form,
        draft.values,
        draft.saved_at,
        bench,
        Procedure(state["procedure"]),
        len(state["chosen"]),
        tuple(_point_of(each) for each in state["as_found"]),
        tuple(_point_of(each) for each in state["as_left"]),
        None if adjusted is None else AdjustmentAnswer(**adjusted),
        Step(state["step"]),
    )


def _point(point: PointReadings) -> dict[str, Any]:
    expires, taken = point.material.expires_on, point.taken_at
    stability = point.stability
    return {
        "material": asdict(point.material)
        | {"expires_on": None if expires is None else expires.isoformat()},
        "readings": list(point.readings),
        "stability": None if stability is None else asdict(stability) | {"reasons": []},
        "taken_at": None if taken is None else taken.isoformat(),
    }


def _point_of(written: dict[str, Any]) -> PointReadings:
    material, stability, taken = (written[key] for key in ("material", "stability", "taken_at"))
    expires = material["expires_on"]
    return PointReadings(
        ReferenceMaterial(
            **material | {"expires_on": None if expires is None else date.fromisoformat(expires)}
        ),
        tuple(written["readings"]),
        # A point is taken only while nothing stands against it.
        None if stability is None else Stability(**stability | {"reasons": ()}),
        None if taken is None else datetime.fromisoformat(taken),
    )
