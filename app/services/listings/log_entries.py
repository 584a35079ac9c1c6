"""Entries of the append-only log as a listing.

Owns reading only; that the entries are whole is for `app.services.log`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.models.storage.unit_of_work import reading
from app.models.tables import LogEntry
from app.models.tables.base import AnyRow, read_time
from app.services.listings.keyset import Source, equals, fetch_page, whole_number
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import time_json
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class LogRow:
    """A log entry; `by` is who did what by user name, `body` as it was recorded."""

    sequence: int
    kind: str
    at: datetime
    by: Mapping[str, str]
    body: Mapping[str, Any]
    leaf_hash: str
    transaction: str | None

    @property
    def persons(self) -> str:
        """Name the people of the entry, for one cell."""
        return ", ".join(dict.fromkeys(self.by.values()))

    def as_json(self) -> dict[str, Any]:
        """Write the entry as the command line gives it."""
        return {
            "sequence": self.sequence,
            "kind": self.kind,
            "at": time_json(self.at),
            "by": dict(self.by),
            "body": dict(self.body),
            "leaf_hash": self.leaf_hash,
            "transaction": self.transaction,
        }


LOG_ENTRIES = Source(
    statement=select(
        LogEntry.sequence,
        LogEntry.kind,
        LogEntry.entry,
        LogEntry.leaf_hash,
        LogEntry.transaction_id,
    ),
    key=(LogEntry.sequence,),
    sorts={"sequence": (), "at": (), "kind": (LogEntry.kind,)},
    default_sort="sequence",
    filters={
        "kind": equals(LogEntry.kind),
        "transaction": lambda text: (
            LogEntry.transaction_id
            == whole_number(text[2:] if text[:2].isalpha() else text, "transaction")
        ),
    },
    texts=(LogEntry.kind,),
)


def list_log_entries(registry: OpenRegistry, request: PageRequest) -> Page[LogRow]:
    """List log entries, in the order of the log; filters: kind, transaction.

    Entries follow one another without a gap, so the first page of an unfiltered listing says
    how many there are.
    """
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, LOG_ENTRIES, request)
        is_whole = not request.filter_text.strip() and not any(request.filters.values())
        total = None
        if is_whole and request.after is None:
            total = connection.execute(select(func.max(LogEntry.sequence))).scalar() or 0
    return Page(tuple(_row(registry, row) for row in rows), following, total)


def _row(registry: OpenRegistry, row: AnyRow) -> LogRow:
    content = json.loads(row.entry)
    identifier = None if row.transaction_id is None else f"{registry.country}{row.transaction_id}"
    return LogRow(
        sequence=row.sequence,
        kind=row.kind,
        at=read_time(content["at"]),
        by=content["by"],
        body=content["body"],
        leaf_hash=row.leaf_hash.hex(),
        transaction=identifier,
    )
