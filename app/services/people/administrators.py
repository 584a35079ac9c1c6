"""Who administers: the registry's word for it, asked anew for every act.

Owns the refusal of everybody else.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from app.models.codes import PersonState, Role
from app.models.storage.prepared import Prepared, Read
from app.models.tables import Person
from app.services.checks.refusals import refuse
from app.services.registry.context import Actor

_PERSON = Prepared(select(Person.role, Person.state).where(Person.id == bindparam("person_id")))


def administrator_ahead(actor: Actor) -> Read:
    """Give what `require_administrator` asks for, to be asked together with other things."""
    return _PERSON, {"person_id": actor.id}


def require_administrator(connection: Connection, actor: Actor) -> None:
    """Raise RulesBroken unless the actor is, at this moment, an active administrator."""
    row = _PERSON.record(connection, {"person_id": actor.id})
    if (
        row is not None
        and row.role == str(Role.ADMINISTRATOR)
        and row.state == str(PersonState.ACTIVE)
    ):
        return
    raise refuse(9420, user=actor.user_name)
