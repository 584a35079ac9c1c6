"""The checkpoints a registry keeps, as a listing.

Owns reading only; signing is `log.checkpoints`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.models.storage.unit_of_work import reading
from app.models.tables import Checkpoint
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """A checkpoint: over how many entries, its root in hexadecimal, when it was signed."""

    size: int
    root: str
    signed_at: datetime
    note: str


def list_checkpoints(registry: OpenRegistry) -> list[CheckpointLine]:
    """List the checkpoints, the newest first."""
    query = select(
        Checkpoint.tree_size, Checkpoint.root, Checkpoint.signed_at, Checkpoint.note
    ).order_by(Checkpoint.tree_size.desc())
    with reading(registry.engine) as connection:
        rows = connection.execute(query).all()
    return [CheckpointLine(row[0], bytes(row[1]).hex(), row[2], row[3]) for row in rows]
