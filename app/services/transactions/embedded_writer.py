"""Carries out transaction records on the embedded registry, statement by statement.

Owns the writing side of the ledger there, within a unit of work given by the caller. Decides
nothing: the records come from a plan that passed the checks, and the guards look once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, insert, update

from app.models.codes import Stage, TransactionStatus, TransactionType
from app.models.storage.prepared import Prepared
from app.models.tables import (
    SourceUnit,
    TransactionDocument,
    TransactionEvent,
    TransactionRow,
    TransactionRule,
    UnitBlock,
    VerifiedReduction,
    Vote,
)
from app.services.log.append import LogWriter
from app.services.transactions.embedded_batches import create_units, write_ranges
from app.services.transactions.records import (
    CompletionRecord,
    EndRecord,
    Piece,
    ProposalRecord,
    ReductionClaim,
    Said,
    VoteRecord,
)

_INSERT_TRANSACTION = Prepared(insert(TransactionRow).returning(TransactionRow.id))
_INSERT_EVENT = Prepared(insert(TransactionEvent))
_SPLIT = Prepared(
    update(UnitBlock)
    .where(UnitBlock.id == bindparam("block_id"))
    .values(first_serial=bindparam("first"))
)
_RESERVE = Prepared(
    update(UnitBlock)
    .where(
        UnitBlock.series_id == bindparam("in_series"), UnitBlock.first_serial == bindparam("first")
    )
    .values(reserved_by=bindparam("transaction"))
)
_RESERVED = UnitBlock.reserved_by == bindparam("transaction")
_MOVE = Prepared(
    update(UnitBlock)
    .where(_RESERVED)
    .values(
        account_id=bindparam("to_account"),
        state=bindparam("unit_state"),
        moved_by=bindparam("transaction"),
        reserved_by=None,
    )
)
_CHANGE_EXPIRY = Prepared(
    update(UnitBlock)
    .where(_RESERVED)
    .values(fifo_expiry=bindparam("expiry"), moved_by=bindparam("transaction"), reserved_by=None)
)
_CARRY_OVER = Prepared(
    update(UnitBlock)
    .where(_RESERVED)
    .values(
        applicable_period=bindparam("period"), moved_by=bindparam("transaction"), reserved_by=None
    )
)
_RELEASE = Prepared(update(UnitBlock).where(_RESERVED).values(reserved_by=None))
_END = Prepared(
    update(TransactionRow)
    .where(TransactionRow.id == bindparam("transaction"))
    .values(
        status=bindparam("to_status"),
        stage=None,
        decided_by=bindparam("person"),
        decided_at=bindparam("at"),
        completed_at=bindparam("completed"),
    )
)


def write_proposal(connection: Connection, record: ProposalRecord) -> int:
    """Write the proposal and reserve its blocks; give the transaction's id."""
    row = _INSERT_TRANSACTION.find(
        connection,
        {
            "request_id": record.request_id,
            "type": record.type,
            "supplementary_type": record.supplementary_type,
            "status": int(TransactionStatus.CHECKED),
            "stage": int(record.stage),
            "from_account_id": record.from_account_id,
            "to_account_id": record.to_account_id,
            "unit_type": record.unit_type,
            "quantity": record.quantity,
            "act": record.act,
            "proposed_by": record.person_id,
            "proposed_at": record.at,
            "effective_on": record.effective_on,
            "reverses_id": record.reverses_id,
            "notice_id": record.notice_id,
            "not_before": record.not_before,
            "to_expiry": record.to_expiry,
            "to_period": record.to_period,
        },
    )
    assert row is not None
    number = int(row[0])
    _write_event(connection, number, TransactionStatus.PROPOSED, record.person_id, record.at)
    _write_event(
        connection,
        number,
        TransactionStatus.CHECKED,
        record.person_id,
        record.at,
        stage=record.stage,
        said=record.said,
    )
    _reserve(connection, record.pieces, number)
    write_ranges(connection, record.ranges, number, None)
    _claim(connection, record, number)
    return number


def _write_event(
    connection: Connection,
    transaction_id: int,
    status: TransactionStatus,
    person_id: int,
    at: datetime,
    *,
    stage: Stage | None = None,
    comment: str = "",
    said: Said | None = None,
) -> None:
    said = said or Said()
    _INSERT_EVENT.run(
        connection,
        {
            "transaction_id": transaction_id,
            "status": int(status),
            "stage": None if stage is None else int(stage),
            "at": at,
            "person_id": person_id,
            "comment": comment,
            "codes": said.codes,
            "passed": said.passed,
            "said": said.sentences,
        },
    )


def _reserve(connection: Connection, pieces: Sequence[Piece], transaction_id: int) -> None:
    """Split what must be split, then reserve exactly the planned ranges.

    Raising a block's first serial makes the database put its head back as a block of its own,
    while the row keeps the last part; so the cuts of one block go from its start onwards. A
    range in the middle takes two cuts.
    """
    cuts: set[tuple[int, int]] = set()
    for piece in pieces:
        if piece.first > piece.block_first:
            cuts.add((piece.block_id, piece.first))
        if piece.last < piece.block_last:
            cuts.add((piece.block_id, piece.last + 1))
    for block_id, first in sorted(cuts):
        _SPLIT.run(connection, {"block_id": block_id, "first": first})
    _RESERVE.run_each(
        connection,
        [
            {"in_series": piece.series_id, "first": piece.first, "transaction": transaction_id}
            for piece in pieces
        ],
    )


def _claim(connection: Connection, record: ProposalRecord, number: int) -> None:
    """Tie what only one transaction may have to this one, and file its evidence."""
    if record.reduction is not None:
        _claim_reduction(connection, record.reduction, number)
    if record.source_ids:
        connection.execute(
            update(SourceUnit)
            .where(SourceUnit.id.in_(record.source_ids))
            .values(converted_by=number)
        )
    if record.documents:
        connection.execute(
            insert(TransactionDocument),
            [
                {"transaction_id": number, "sha256": sha256, "purpose": purpose}
                for sha256, purpose in record.documents
            ],
        )


def _claim_reduction(connection: Connection, claim: ReductionClaim, number: int) -> None:
    if claim.reduction_id is not None:
        connection.execute(
            update(VerifiedReduction)
            .where(VerifiedReduction.id == claim.reduction_id)
            .values(issued_by=number)
        )
        return
    connection.execute(
        insert(VerifiedReduction),
        {
            "project_id": claim.project_id,
            "period_from": claim.period_from,
            "period_to": claim.period_to,
            "quantity": claim.quantity,
            "reference": claim.reference,
            "document_sha256": claim.document_sha256,
            "is_proposed": True,
            "issued_by": number,
        },
    )


def write_completion(connection: Connection, log: LogWriter, record: CompletionRecord) -> None:
    """Complete a pending transaction: move, change or create its units, append to the log."""
    number = record.transaction_id
    _end(connection, number, TransactionStatus.COMPLETED, record.person_id, record.at)
    _write_event(
        connection,
        number,
        TransactionStatus.COMPLETED,
        record.person_id,
        record.at,
        comment=record.comment,
        said=record.said,
    )
    if record.batch is not None:
        create_units(connection, record, record.batch)
    else:
        _change_units(connection, record)
    if record.rule_ids:
        rows = [{"transaction_id": number, "rule_id": rule_id} for rule_id in record.rule_ids]
        connection.execute(insert(TransactionRule), rows)
    log.append(
        "transaction",
        at=record.at,
        persons=record.persons,
        body=record.body,
        transaction_id=number,
    )


def _change_units(connection: Connection, record: CompletionRecord) -> None:
    number = record.transaction_id
    if record.type == TransactionType.EXPIRY_CHANGE:
        expiry = record.to_expiry or date.max
        _CHANGE_EXPIRY.run(connection, {"transaction": number, "expiry": expiry})
    elif record.type == TransactionType.CARRY_OVER:
        _CARRY_OVER.run(connection, {"transaction": number, "period": record.to_period})
    else:
        _MOVE.run(
            connection,
            {
                "transaction": number,
                "to_account": record.to_account_id,
                "unit_state": record.lasting,
            },
        )


def write_end(connection: Connection, record: EndRecord) -> None:
    """End a pending transaction in any way but completion; its units are free again.

    A verified reduction that came with the proposal goes with it, wrong figures and all; the
    request keeps them.
    """
    number = record.transaction_id
    _end(connection, number, record.status, record.person_id, record.at)
    _write_event(
        connection,
        number,
        record.status,
        record.person_id,
        record.at,
        comment=record.comment,
        said=record.said,
    )
    _RELEASE.run(connection, {"transaction": number})
    tied = VerifiedReduction.issued_by == number
    connection.execute(delete(VerifiedReduction).where(tied, VerifiedReduction.is_proposed))
    connection.execute(update(VerifiedReduction).where(tied).values(issued_by=None))
    connection.execute(
        update(SourceUnit).where(SourceUnit.converted_by == number).values(converted_by=None)
    )


def write_vote(connection: Connection, log: LogWriter, record: VoteRecord) -> None:
    """Write a vote and its log entry, then the completion or end it brings about."""
    connection.execute(
        insert(Vote),
        {
            "transaction_id": record.transaction_id,
            "person_id": record.person_id,
            "choice": record.choice,
            "comment": record.comment,
            "at": record.at,
        },
    )
    log.append("committee-vote", at=record.at, persons=record.persons, body=record.body)
    if record.completion is not None:
        write_completion(connection, log, record.completion)
    elif record.end is not None:
        write_end(connection, record.end)


def _end(
    connection: Connection,
    transaction_id: int,
    status: TransactionStatus,
    person_id: int,
    at: datetime,
) -> None:
    _END.run(
        connection,
        {
            "transaction": transaction_id,
            "to_status": int(status),
            "person": person_id,
            "at": at,
            "completed": at if status is TransactionStatus.COMPLETED else None,
        },
    )
