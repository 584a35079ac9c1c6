"""Who administers: the registry's word for it, asked anew for every act.

Owns the refusal of everybody else.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.models.codes import PersonState, Role
from app.models.tables import Person
from app.services.checks.refusals import refuse
from app.services.registry.context import Actor


def require_administrator(connection: Connection, actor: Actor) -> None:
    """Raise RulesBroken unless the actor is, at this moment, an active administrator."""
    row = connection.execute(
        select(Person.role, Person.state).where(Person.id == actor.id)
    ).one_or_none()
    if (
        row is not None
        and row.role == str(Role.ADMINISTRATOR)
        and row.state == str(PersonState.ACTIVE)
    ):
        return
    raise refuse(9420, user=actor.user_name)
