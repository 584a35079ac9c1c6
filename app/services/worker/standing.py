"""How the worker of a networked registry stands: at work or not, what waits, what is sealed.

Owns one reading, in one round trip, that any desk may make.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.models.storage.unit_of_work import reading
from app.models.tables import Checkpoint, LogQueue, WorkerLease
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class WorkerStanding:
    """`waiting` entries are not sealed yet; `sealed` stand under the last checkpoint.

    `signed_at` is the time of that checkpoint; None where there is none. `problem` says what the
    worker has set aside, or why it stopped; empty where nothing is wrong.
    """

    is_active: bool
    waiting: int
    sealed: int
    signed_at: datetime | None
    problem: str = ""


_ACTIVE = (
    select(func.count())
    .select_from(WorkerLease)
    .where(WorkerLease.expires_at > func.clock_timestamp())
    .scalar_subquery()
)
_WAITING = select(func.count()).select_from(LogQueue).scalar_subquery()
_SEALED = select(func.max(Checkpoint.tree_size)).scalar_subquery()
_STANDING = select(
    _ACTIVE.label("active"),
    _WAITING.label("waiting"),
    func.coalesce(_SEALED, 0).label("sealed"),
    select(func.max(Checkpoint.signed_at)).scalar_subquery().label("signed_at"),
    func.coalesce(select(WorkerLease.problem).scalar_subquery(), "").label("problem"),
)


def read_worker_standing(registry: OpenRegistry) -> WorkerStanding:
    """Read how the worker stands now; for a registry on a server alone."""
    with reading(registry.engine) as connection:
        row = connection.execute(_STANDING).one()
    return WorkerStanding(bool(row.active), row.waiting, row.sealed, row.signed_at, row.problem)
