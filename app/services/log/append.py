"""Appending to the log: the one way in which an entry comes into being.

Owns the envelope of an entry (version, kind, time, persons, body), its chaining, and a signed
checkpoint now and then. The envelope is final; `docs/formats.md` describes it. A networked
registry queues an entry instead: its server says when and who, and its worker seals it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from app.models.storage.prepared import Prepared, at_most
from app.models.storage.writes import Writes
from app.models.tables import LogEntry
from app.models.tables.base import time_text
from app.services.log.canonical import canonical_bytes
from app.services.log.checkpoints import LogDoesNotContinue, seal
from app.services.log.hashing import CHAIN_START, chain_hash, leaf_hash
from app.services.signing_keys import current_signer

ENTRY_VERSION = 1
CHECKPOINT_EVERY = 1024
"""After so many entries an embedded registry signs a checkpoint by itself."""

_TAIL = Prepared(
    at_most(select(LogEntry.sequence, LogEntry.chain_hash).order_by(LogEntry.sequence.desc()), 1)
)
_INSERT = Prepared(insert(LogEntry))
_QUEUE = Prepared(
    select(
        func.teak.log(
            bindparam("kind", type_=Text),
            cast(bindparam("body", type_=Text), JSONB),
            cast(bindparam("persons", type_=Text), JSONB),
        )
    )
)


class LogWriter:
    """Appends entries within one unit of work.

    The tail is read once; `flush` writes what was appended. Not shared between connections.
    With `writes`, a server gets the entries among these, in their order.
    """

    def __init__(self, connection: Connection, writes: Writes | None = None) -> None:
        self._connection = connection
        self._writes = writes
        self._tail: tuple[int, bytes] | None = None
        self._rows: list[dict[str, Any]] = []
        self._last_at: datetime | None = None

    def append(
        self,
        kind: str,
        *,
        at: datetime,
        persons: Mapping[str, str],
        body: Mapping[str, Any],
        transaction_id: int | None = None,
    ) -> None:
        """Append one entry.

        `persons` says who did what by user name, such as `{"proposed": …, "approved": …}`.
        """
        if self._connection.dialect.name == "postgresql":
            self._queue(kind, persons, body)
            return
        sequence, chain = self._tail or self._read_tail()
        entry = entry_bytes(kind, at=at, persons=persons, body=body)
        leaf = leaf_hash(entry)
        self._tail = (sequence + 1, chain_hash(chain, leaf))
        self._last_at = at
        self._rows.append(
            {
                "sequence": sequence + 1,
                "kind": kind,
                "entry": entry,
                "leaf_hash": leaf,
                "chain_hash": self._tail[1],
                "transaction_id": transaction_id,
            }
        )

    def _queue(self, kind: str, persons: Mapping[str, str], body: Mapping[str, Any]) -> None:
        """Have the server queue an entry: at once, in this unit of work, or with its writes.

        Only the server's owner says who; for all others the server does.
        """
        values = {
            "kind": kind,
            "body": json.dumps(dict(body)),
            "persons": json.dumps(dict(persons)),
        }
        if self._writes is None:
            _QUEUE.run(self._connection, values)
        else:
            self._writes.run(_QUEUE, values)

    def flush(self) -> None:
        """Write the appended entries."""
        if not self._rows:
            return
        _INSERT.run_each(self._connection, self._rows)
        first, last = self._rows[0]["sequence"], self._rows[-1]["sequence"]
        self._rows = []
        if self._last_at and last // CHECKPOINT_EVERY > (first - 1) // CHECKPOINT_EVERY:
            # A log that was altered is for `teak verify` to name; it stops no act.
            with suppress(LogDoesNotContinue):
                seal(self._connection, current_signer(self._connection), now=self._last_at)

    def _read_tail(self) -> tuple[int, bytes]:
        row = _TAIL.find(self._connection, {})
        return (0, CHAIN_START) if row is None else (row[0], row[1])


def entry_bytes(
    kind: str, *, at: datetime, persons: Mapping[str, str], body: Mapping[str, Any]
) -> bytes:
    """Write an entry in canonical form, as `docs/formats.md` describes it."""
    return canonical_bytes(
        {
            "version": ENTRY_VERSION,
            "kind": kind,
            "at": time_text(at),
            "by": dict(persons),
            "body": dict(body),
        }
    )


def append_entry(
    connection: Connection,
    kind: str,
    *,
    at: datetime,
    persons: Mapping[str, str],
    body: Mapping[str, Any],
    transaction_id: int | None = None,
) -> None:
    """Append a single entry and write it at once."""
    writer = LogWriter(connection)
    writer.append(kind, at=at, persons=persons, body=body, transaction_id=transaction_id)
    writer.flush()
