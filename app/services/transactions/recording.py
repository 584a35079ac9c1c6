"""Writes a transaction's records with the writer of the registry's engine.

Owns choosing the writer, and nothing else: `records` says what is written.
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.models.codes import TransactionStatus
from app.services.log.append import LogWriter
from app.services.transactions import embedded_writer, networked_writer
from app.services.transactions.evaluation import Evaluation
from app.services.transactions.facts import Facts
from app.services.transactions.records import (
    VoteRecord,
    completion_record,
    end_record,
    proposal_record,
)


def record_proposal(connection: Connection, evaluation: Evaluation, request_id: str) -> int:
    """Write the proposal and reserve its blocks; give the transaction's id."""
    record = proposal_record(evaluation, request_id)
    if _is_networked(connection):
        return networked_writer.write_proposal(connection, record)
    return embedded_writer.write_proposal(connection, record)


def record_completion(
    connection: Connection, log: LogWriter, evaluation: Evaluation, *, comment: str = ""
) -> None:
    """Complete a pending transaction: move or create its units, append to the log."""
    record = completion_record(evaluation, comment=comment)
    if _is_networked(connection):
        networked_writer.write_completion(connection, record)
    else:
        embedded_writer.write_completion(connection, log, record)


def record_vote(connection: Connection, log: LogWriter, record: VoteRecord) -> None:
    """Write a vote and what it brings about."""
    if _is_networked(connection):
        networked_writer.write_vote(connection, record)
    else:
        embedded_writer.write_vote(connection, log, record)


def record_end(
    connection: Connection,
    facts: Facts,
    status: TransactionStatus,
    *,
    comment: str = "",
    evaluation: Evaluation | None = None,
) -> None:
    """End a pending transaction in any way but completion; its units are free again."""
    record = end_record(facts, status, comment=comment, evaluation=evaluation)
    if _is_networked(connection):
        networked_writer.write_end(connection, record)
    else:
        embedded_writer.write_end(connection, record)


def _is_networked(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
