"""Who may act on stations, in words; what the lamps of stations say.

Owns these decisions for the pages of stations; no Qt.
"""

from __future__ import annotations

from app.models.codes import Role
from app.services.registry.context import Actor

_MAY = (Role.TECHNICIAN, Role.ADMINISTRATOR)


def reason_against_station_acts(actor: Actor) -> str:
    """Say why somebody may not record what is done at stations; empty for those who may."""
    return "" if actor.role in _MAY else "stations.why.technicians"


def reason_against_acknowledging(actor: Actor) -> str:
    """Say why somebody may not acknowledge alarms; officers may, beside those above."""
    may = actor.role in (*_MAY, Role.OFFICER)
    return "" if may else "stations.why.acknowledgers"
