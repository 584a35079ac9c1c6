"""What became of a proposal whose answer never came.

Owns the look by request id; proposing once more with the same id is harmless all the same.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from app.models.codes import TransactionStatus
from app.models.storage.unit_of_work import reading
from app.models.tables import TransactionRow
from app.models.tables.base import AnyRow
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.proposing import Outcome

_BY_REQUEST = select(TransactionRow.id, TransactionRow.status).where(
    TransactionRow.request_id == bindparam("request_id")
)


def find_proposal(registry: OpenRegistry, actor: Actor, request_id: str) -> Outcome | None:
    """Find the person's transaction that a request id made; None where it never arrived."""
    with reading(registry.engine_for(actor)) as connection:
        row = connection.execute(
            _BY_REQUEST.where(TransactionRow.proposed_by == actor.id), {"request_id": request_id}
        ).one_or_none()
    return _outcome(registry, row)


def find_request(registry: OpenRegistry, request_id: str) -> Outcome | None:
    """Find the transaction that a request id made, whoever asked."""
    with reading(registry.engine) as connection:
        row = connection.execute(_BY_REQUEST, {"request_id": request_id}).one_or_none()
    return _outcome(registry, row)


def _outcome(registry: OpenRegistry, row: AnyRow | None) -> Outcome | None:
    if row is None:
        return None
    return Outcome(row.id, f"{registry.country}{row.id}", TransactionStatus(row.status))
