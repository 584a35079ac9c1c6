"""Who may act on stations: technicians and administrators.

Owns that one refusal.
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.models.codes import Role
from app.services.checks.refusals import refuse
from app.services.people.access import require_access
from app.services.registry.context import Actor

_MAY = (Role.TECHNICIAN, Role.ADMINISTRATOR)


def require_technician(connection: Connection, actor: Actor, *, act: str, act_th: str) -> None:
    """Raise RulesBroken unless the actor is an active technician or administrator.

    `act` and `act_th` end the sentence: a technician “registers stations”.
    """
    require_access(connection, actor)
    if actor.role not in _MAY:
        raise refuse(
            9701,
            user=actor.user_name,
            role=actor.role.words,
            role_th=actor.role.words_th,
            act=act,
            act_th=act_th,
        )
