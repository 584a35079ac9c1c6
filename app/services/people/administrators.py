"""Who administers: the registry's word for it, asked anew for every act.

Owns the refusal of everybody else.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.models.codes import CheckCategory, PersonState, Role
from app.models.tables import Person
from app.services.checks.violation import RulesBroken, Violation
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
    raise RulesBroken(
        (
            Violation(
                9420,
                CheckCategory.VERSION_AND_AUTHENTICATION,
                f"{actor.user_name} is no active administrator; only a registry administrator "
                "manages people and settings.",
                f"{actor.user_name} ไม่ใช่ผู้ดูแลทะเบียนที่ใช้งานอยู่ "
                "เฉพาะผู้ดูแลทะเบียนเท่านั้นที่จัดการบุคคลและการตั้งค่าได้",
            ),
        )
    )
