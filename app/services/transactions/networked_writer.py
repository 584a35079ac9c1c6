"""Carries out transaction records on a networked registry: each in one call of the database.

Owns turning a record into the JSON that the functions of the schema `teak` read. Decides
nothing: the functions verify what a record rests on, take the person from the session and the
time from the server, and write the log's entry themselves. A record that no longer fits what is
there raises `Conflict`; the caller may read anew and try again.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from app.services.transactions.records import (
    CompletionRecord,
    EndRecord,
    ProposalRecord,
    VoteRecord,
)

_PROPOSE = text("SELECT teak.propose(CAST(:record AS jsonb))")
_COMPLETE = text("SELECT teak.complete(CAST(:record AS jsonb))")
_END = text("SELECT teak.end_transaction(CAST(:record AS jsonb))")
_VOTE = text("SELECT teak.vote(CAST(:record AS jsonb))")

_TOLD_BY_THE_SERVER = (
    "at", "persons", "body", "ranges", "type", "to_account_id", "lasting", "to_expiry",
    "to_period",
)  # fmt: skip
"""Fields of a completion that the database has itself, or works out from the proposal."""


def write_proposal(connection: Connection, record: ProposalRecord) -> int:
    """Write the proposal and reserve its blocks; give the transaction's id."""
    content = asdict(record)
    del content["at"], content["ranges"]
    content["replaced"] = [
        {"series": item.series, "first": item.first, "last": item.last}
        for item in record.ranges
        if item.role == "replaced"
    ]
    return int(_call(connection, _PROPOSE, content)["id"])


def write_completion(connection: Connection, record: CompletionRecord) -> None:
    """Complete a pending transaction: move, change or create its units, queue its log entry."""
    _call(connection, _COMPLETE, _completion(record))


def write_end(connection: Connection, record: EndRecord) -> None:
    """End a pending transaction in any way but completion; its units are free again."""
    _call(connection, _END, asdict(record))


def write_vote(connection: Connection, record: VoteRecord) -> None:
    """Write a vote and its log entry, then the completion or end it brings about."""
    content: dict[str, Any] = {
        "transaction_id": record.transaction_id,
        "person_id": record.person_id,
        "choice": record.choice,
        "comment": record.comment,
        "seen": record.seen,
        "completion": None if record.completion is None else _completion(record.completion),
        "end": None if record.end is None else asdict(record.end),
    }
    _call(connection, _VOTE, content)


def _completion(record: CompletionRecord) -> dict[str, Any]:
    content = asdict(record)
    for name in _TOLD_BY_THE_SERVER:
        del content[name]
    return content


def _call(connection: Connection, statement: Any, content: dict[str, Any]) -> dict[str, Any]:
    written = json.dumps(content, ensure_ascii=False, default=_as_text)
    driver: Any = connection.connection.driver_connection
    driver.begin_write()
    found: dict[str, Any] = connection.execute(statement, {"record": written}).scalar_one()
    return found


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
