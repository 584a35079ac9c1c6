"""How the certificate of a calibration stands, in words."""

from __future__ import annotations

from app.services.calibrating.requesting import CertificateState
from app.views.presenters.phrases import Phrase, say

_WORDS = "calibration.certificate"


def certificate_words(
    state: CertificateState | None, *, is_chosen: bool, is_waiting: bool
) -> Phrase | None:
    """Say how it stands; None while that is read. `is_waiting`: this desk waits for the worker."""
    if not is_chosen:
        return say(f"{_WORDS}.choose")
    return None if state is None else _said(state, is_waiting=is_waiting)


def _said(state: CertificateState, *, is_waiting: bool) -> Phrase:
    code = state.reference
    if state.number is not None:
        return say(f"{_WORDS}.issued", number=state.number, code=code)
    if is_waiting:
        return say(f"{_WORDS}.waiting", code=code)
    if state.asked_at is not None:
        return say(f"{_WORDS}.asked", at=state.asked_at, code=code)
    if state.problem:
        return say(f"{_WORDS}.failed", problem=state.problem, code=code)
    return say(f"{_WORDS}.of_elsewhere" if state.is_of_elsewhere else f"{_WORDS}.none", code=code)
