"""Sealing: what waits in the queue becomes entries of the log, in order, under a checkpoint.

Owns one block's transaction: it keeps the lease, chains the entries, empties the queue of them
and signs the tree, all or nothing. Blocks have a bounded size, so that none takes long.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, text

from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import LogEntry, LogQueue
from app.services.log.append import entry_bytes
from app.services.log.checkpoints import seal
from app.services.log.hashing import CHAIN_START, chain_hash, leaf_hash
from app.services.registry.context import OpenRegistry
from app.services.signing_keys import current_signer
from app.services.worker.lease import Lease

LARGEST_BLOCK = 500

# The worker serves PostgreSQL alone. One statement for a block, which its guard judges at once.
_INSERT = text(
    "INSERT INTO log_entry (sequence, kind, entry, leaf_hash, chain_hash, transaction_id) "
    "SELECT sequence, kind, decode(entry, 'base64'), decode(leaf, 'base64'), "
    "decode(chain, 'base64'), transaction_id "
    "FROM json_to_recordset(CAST(:entries AS json)) AS e (sequence bigint, kind text, "
    "entry text, leaf text, chain text, transaction_id bigint)"
)


@dataclass(frozen=True, slots=True)
class SealedBlock:
    """How many entries were sealed, and the size of the log since."""

    entries: int
    tree_size: int


def seal_block(
    registry: OpenRegistry, lease: Lease, secret: bytes, *, largest: int = LARGEST_BLOCK
) -> SealedBlock | None:
    """Seal the oldest that waits, at most `largest` entries; None where nothing waits.

    Raises LeaseLost, and LogDoesNotContinue for a log that is not what was last signed.
    """
    with UnitOfWork(registry.engine) as unit:
        connection = unit.connection
        if connection.execute(select(LogQueue.id).limit(1)).first() is None:
            return None
        lease.keep(connection)
        waiting = _waiting(connection, largest)
        if not waiting:
            return None
        _chain(connection, waiting)
        _take_off_queue(connection, waiting)
        signer = current_signer(connection, secret=secret)
        checkpoint = seal(connection, signer, now=registry.now())
        unit.commit()
    assert checkpoint is not None
    return SealedBlock(len(waiting), checkpoint.size)


def _waiting(connection: Connection, largest: int) -> Sequence[Any]:
    return connection.execute(
        select(
            LogQueue.id,
            LogQueue.kind,
            LogQueue.at,
            LogQueue.persons,
            LogQueue.body,
            LogQueue.transaction_id,
        )
        .order_by(LogQueue.id)
        .limit(largest)
    ).all()


def _chain(connection: Connection, waiting: Sequence[Any]) -> None:
    tail = connection.execute(
        select(LogEntry.sequence, LogEntry.chain_hash).order_by(LogEntry.sequence.desc()).limit(1)
    ).one_or_none()
    sequence, chain = (0, CHAIN_START) if tail is None else (tail.sequence, bytes(tail.chain_hash))
    rows = []
    for row in waiting:
        entry = entry_bytes(
            row.kind, at=row.at, persons=json.loads(row.persons), body=json.loads(row.body)
        )
        leaf = leaf_hash(entry)
        sequence, chain = sequence + 1, chain_hash(chain, leaf)
        rows.append(
            {
                "sequence": sequence,
                "kind": row.kind,
                "entry": _as_text(entry),
                "leaf": _as_text(leaf),
                "chain": _as_text(chain),
                "transaction_id": row.transaction_id,
            }
        )
    connection.execute(_INSERT, {"entries": json.dumps(rows)})


def _as_text(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")


def _take_off_queue(connection: Connection, waiting: Sequence[Any]) -> None:
    """Delete in one statement: the database compares it with the entries just written."""
    connection.execute(delete(LogQueue).where(LogQueue.id.in_([row.id for row in waiting])))
