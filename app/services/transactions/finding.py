"""What became of a proposal whose answer never came.

Owns one look by request id; proposing once more with the same id is harmless all the same.
"""

from __future__ import annotations

from sqlalchemy import select

from app.models.codes import TransactionStatus
from app.models.storage.unit_of_work import reading
from app.models.tables import TransactionRow
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.proposing import Outcome


def find_proposal(registry: OpenRegistry, actor: Actor, request_id: str) -> Outcome | None:
    """Find the person's transaction that a request id made; None where it never arrived."""
    with reading(registry.engine_for(actor)) as connection:
        row = connection.execute(
            select(TransactionRow.id, TransactionRow.status).where(
                TransactionRow.request_id == request_id, TransactionRow.proposed_by == actor.id
            )
        ).one_or_none()
    if row is None:
        return None
    return Outcome(row.id, f"{registry.country}{row.id}", TransactionStatus(row.status))
