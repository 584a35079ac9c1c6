"""Acts that bear no request id in the ledger, done once however often they are asked for.

Owns remembering, in the same unit of work as the act, what a person's request came to. It stands
with the person's drafts: it is no part of the ledger and never logged.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from app.models.plain_text import require_plain_text
from app.models.storage.prepared import Prepared, Read
from app.models.storage.writes import Writes
from app.models.tables import Draft
from app.services.registry.context import Actor

_MARK = "done:"
_LONGEST = 55


_DONE = Prepared(
    select(Draft.content).where(
        Draft.person_id == bindparam("person"), Draft.form == bindparam("request")
    )
)


def done_ahead(actor: Actor, request_id: str) -> Read:
    """Give what `find_done` asks for, so that a server is asked together with other things."""
    return _DONE, {"person": actor.id, "request": _key(request_id)}


def find_done(connection: Connection, actor: Actor, request_id: str) -> str | None:
    """Give what a request of this person came to; None for one not carried out yet."""
    query, values = done_ahead(actor, request_id)
    row = query.find(connection, values)
    return None if row is None else str(row[0])


def keep_done(writes: Writes, actor: Actor, request_id: str, outcome: str, *, at: datetime) -> None:
    """Remember what a request came to; a second one at the same moment fails with Conflict."""
    form = _key(request_id)
    row = {"person_id": actor.id, "form": form, "content": outcome, "saved_at": at}
    writes.add(Draft, row)


def _key(request_id: str) -> str:
    return _MARK + require_plain_text(request_id, what="request id", longest=_LONGEST)
