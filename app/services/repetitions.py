"""Acts that bear no request id in the ledger, done once however often they are asked for.

Owns remembering, in the same unit of work as the act, what a person's request came to. It stands
with the person's drafts: it is no part of the ledger and never logged.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from app.models.plain_text import require_plain_text
from app.models.tables import Draft
from app.services.registry.context import Actor

_MARK = "done:"
_LONGEST = 55


def find_done(connection: Connection, actor: Actor, request_id: str) -> str | None:
    """Give what a request of this person came to; None for one not carried out yet."""
    outcome: str | None = connection.execute(
        select(Draft.content).where(Draft.person_id == actor.id, Draft.form == _key(request_id))
    ).scalar()
    return outcome


def keep_done(
    connection: Connection, actor: Actor, request_id: str, outcome: str, *, at: datetime
) -> None:
    """Remember what a request came to; a second one at the same moment fails with Conflict."""
    connection.execute(
        insert(Draft),
        {"person_id": actor.id, "form": _key(request_id), "content": outcome, "saved_at": at},
    )


def _key(request_id: str) -> str:
    return _MARK + require_plain_text(request_id, what="request id", longest=_LONGEST)
