"""Where the first entries of a log go: chained at once, or queued for the worker to seal.

Owns the queueing of a registry that is being created on a server, where nobody has signed in yet;
later entries are queued by functions of the database, in the name of whoever has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, insert

from app.models.tables import LogQueue


class EntryWriter(Protocol):
    """Whatever takes entries for the log: chained at once, or queued for the worker."""

    def append(
        self, kind: str, *, at: datetime, persons: Mapping[str, str], body: Mapping[str, Any]
    ) -> None:
        """Append one entry."""


class FirstEntryQueue:
    """Queues the first entries of a networked registry, in the order they are appended."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[dict[str, Any]] = []

    def append(
        self, kind: str, *, at: datetime, persons: Mapping[str, str], body: Mapping[str, Any]
    ) -> None:
        """Append one entry, at its place among the first."""
        self._rows.append(
            {
                "kind": kind,
                "at": at,
                "persons": json.dumps(dict(persons)),
                "body": json.dumps(dict(body), ensure_ascii=False),
            }
        )

    def flush(self) -> None:
        """Write the appended entries."""
        for row in self._rows:
            self._connection.execute(insert(LogQueue), row)
        self._rows = []
