"""Who may act on stations, in words; what the lamps of stations say.

Owns these decisions for the pages of stations; no Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.models.codes import Role
from app.services.registry.context import Actor
from app.views.presenters.charts.live_source import LineReport

_TOLD_FROM = 0.01
_MAY = (Role.TECHNICIAN, Role.ADMINISTRATOR)


def reason_against_station_acts(actor: Actor) -> str:
    """Say why somebody may not record what is done at stations; empty for those who may."""
    return "" if actor.role in _MAY else "stations.why.technicians"


def reason_against_acknowledging(actor: Actor) -> str:
    """Say why somebody may not acknowledge alarms; officers may, beside those above."""
    may = actor.role in (*_MAY, Role.OFFICER)
    return "" if may else "stations.why.acknowledgers"


def line_words(line: LineReport, text: Callable[..., str], has: Callable[[str], bool]) -> str:
    """Say what is wrong with a line and what to do, in the desk's language where it has words."""
    as_said = " ".join(filter(None, (line.message, line.hint)))
    named = next((key for key in _line_keys(line) if has(key)), "")
    try:
        return text(named, **line.values) if named else as_said
    except KeyError:
        return as_said


def _line_keys(line: LineReport) -> Iterator[str]:
    """Give the keys of a line's words, that which says most first."""
    for name in ("holder", "guesses"):
        if line.values.get(name):
            yield f"stations.line.{line.code}-{name}"
    yield f"stations.line.{line.code}"


def broken_share(frames: int, dropped: int) -> float:
    """Give the share of what came that was broken, 0 while it is too little to be told."""
    share = dropped / (frames + dropped) if dropped else 0.0
    return share if share >= _TOLD_FROM else 0.0
