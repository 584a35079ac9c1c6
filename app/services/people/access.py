"""Whether somebody may act: still, by the registry's word asked anew, and by their role.

Owns the refusal of people whose access was revoked while their desk stood open, and of those
whose role another act is for. Which role an act needs is for the act.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from app.models.codes import PersonState, Role
from app.models.storage.prepared import Prepared, Read
from app.models.tables import Person
from app.services.checks.refusals import refuse
from app.services.registry.context import Actor

_STATE = Prepared(select(Person.state).where(Person.id == bindparam("person_id")))


def access_ahead(actor: Actor) -> Read:
    """Give what `require_access` asks for, so that a server is asked together with other things."""
    return _STATE, {"person_id": actor.id}


def require_access(connection: Connection, actor: Actor) -> None:
    """Raise RulesBroken when the actor's access was revoked.

    The role an actor was admitted with needs no second look: the database keeps it for ever.
    """
    row = _STATE.find(connection, {"person_id": actor.id})
    if row is not None and row[0] == str(PersonState.ACTIVE):
        return
    raise refuse(9104, user=actor.user_name)


def require_role(actor: Actor, role: Role, act: str, act_th: str) -> None:
    """Raise RulesBroken unless the actor has the role that the act is for.

    `act` and `act_th` end the sentence: an officer “proposes accounts”.
    """
    if actor.role is role:
        return
    raise refuse(
        9402,
        user=actor.user_name,
        role=actor.role.words,
        role_th=actor.role.words_th,
        wanted=role.words,
        wanted_th=role.words_th,
        act=act,
        act_th=act_th,
    )
