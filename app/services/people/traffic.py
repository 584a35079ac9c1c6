"""The traffic record: who came, from where, when, and what they did.

Owns adding to it. Kept at least 90 days: Thai Computer Crime Act B.E. 2550, section 26.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Traffic
from app.services.registry.context import Actor, OpenRegistry

_LONGEST_USER_NAME = 40
_LONGEST_HOST = 255


def record_traffic(
    connection: Connection, *, at: datetime, user_name: str, host: str, act: str
) -> None:
    """Record one act inside a unit of work of the caller's; `user_name` is as it was typed."""
    connection.execute(
        insert(Traffic),
        {
            "at": at,
            "user_name": user_name[:_LONGEST_USER_NAME],
            "host": host[:_LONGEST_HOST],
            "act": act,
        },
    )


def record_sign_out(registry: OpenRegistry, actor: Actor, *, host: str) -> None:
    """Record that a person left the desk; on a server, end their session as well."""
    if registry.server is not None:
        from app.services.people.networked_sign_in import sign_out_on_server

        sign_out_on_server(registry, host=host)
        return
    with UnitOfWork(registry.engine) as unit:
        record_traffic(
            unit.connection,
            at=registry.now(),
            user_name=actor.user_name,
            host=host,
            act="sign-out",
        )
        unit.commit()
