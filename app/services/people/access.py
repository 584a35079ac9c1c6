"""Whether somebody may still act: the registry's word for it, asked anew for every act.

Owns the refusal of people whose access was revoked while their desk stood open. Which role an
act needs is for the act.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.models.codes import CheckCategory, PersonState
from app.models.tables import Person
from app.services.checks.violation import RulesBroken, Violation
from app.services.registry.context import Actor


def require_access(connection: Connection, actor: Actor) -> None:
    """Raise RulesBroken when the actor's access was revoked.

    The role an actor was admitted with needs no second look: the database keeps it for ever.
    """
    state = connection.execute(select(Person.state).where(Person.id == actor.id)).scalar()
    if state == str(PersonState.ACTIVE):
        return
    raise RulesBroken(
        (
            Violation(
                9104,
                CheckCategory.VERSION_AND_AUTHENTICATION,
                f"{actor.user_name}'s access was revoked; ask an administrator.",
                f"สิทธิ์ของ {actor.user_name} ถูกเพิกถอนแล้ว โปรดติดต่อผู้ดูแลระบบ",
            ),
        )
    )
