"""Comparing the history and evidence of transactions with what the log and their rows prove.

Owns each status change's order, time and person, how many checks passed, the day that an imported
act took effect, and the documents of a conversion. The log says when a transaction was completed,
by whom, and what was asked; a comment, and what a check said in words, are in it nowhere. Changes
nothing; names the first that differs.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from app.models.codes import Stage, TransactionStatus, TransactionType
from app.models.tables import (
    Document,
    SourceUnit,
    TransactionDocument,
    TransactionEvent,
    TransactionRow,
)
from app.services.log.findings import DoesNotHold

_STEP = 2000
_A_PAGE = 256
_MOST = 65_535
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
_BEGUN = (TransactionStatus.PROPOSED, TransactionStatus.CHECKED)

RECORD, ATTESTATION = "cancellation record", "attestation"


class PassedChecks:
    """How many checks the log says a transaction passed, by its number, in little room."""

    def __init__(self) -> None:
        self._pages: dict[int, array[int]] = {}

    def __setitem__(self, number: int, count: int) -> None:
        page, place = divmod(number, _A_PAGE)
        if page not in self._pages:
            self._pages[page] = array("H", bytes(2 * _A_PAGE))
        self._pages[page][place] = max(0, min(count, _MOST))

    def get(self, number: int) -> int:
        """Give the count of a number, 0 where the log has no such transaction."""
        page, place = divmod(number, _A_PAGE)
        return self._pages[page][place] if page in self._pages else 0


def compare_histories(
    connection: Connection, passed: PassedChecks, country: str, told: Callable[[], None]
) -> int:
    """Compare every transaction's history with its row and its entry; count the transactions."""
    query = (
        select(
            TransactionRow.id,
            TransactionRow.type,
            TransactionRow.status,
            TransactionRow.proposed_by,
            TransactionRow.proposed_at,
            TransactionRow.decided_by,
            TransactionRow.decided_at,
            TransactionRow.effective_on,
            TransactionRow.act,
            TransactionEvent.status.label("became"),
            TransactionEvent.stage,
            TransactionEvent.at,
            TransactionEvent.person_id,
            TransactionEvent.codes,
            TransactionEvent.passed,
            TransactionEvent.comment,
        )
        .outerjoin(TransactionEvent, TransactionEvent.transaction_id == TransactionRow.id)
        .order_by(TransactionRow.id, TransactionEvent.id)
    )
    rows = connection.execute(query, execution_options={"yield_per": _STEP})
    count = 0
    for number, events in groupby(rows, key=lambda row: row.id):
        try:
            problem = _problem(list(events), passed.get(number))
        except _UNREADABLE as error:
            problem = f"its row or history cannot be read ({error!r})"
        if problem:
            raise DoesNotHold(f"transaction {country}{number}", problem)
        count += 1
        if count % _STEP == 0:
            told()
    return count


def _problem(events: Sequence[Any], passed: int) -> str:
    """Say what of a history does not follow; empty where all does."""
    row, status = events[0], TransactionStatus(events[0].status)
    wanted = [*_BEGUN, status] if status.is_final else list(_BEGUN)
    if [event.became for event in events] != wanted:
        return "its history is not that of its status"
    if (row.decided_at is not None) != status.is_final:
        return "it was decided without an end, or ended without a decision"
    for event in events[:2]:
        if (event.at, event.person_id) != (row.proposed_at, row.proposed_by):
            return "its history names another time or person of the proposal"
    is_conversion = row.type == TransactionType.CONVERSION
    stage = Stage.AWAITING_COMMITTEE if is_conversion else Stage.AWAITING_APPROVAL
    if [event.stage for event in events] != [None, stage, None][: len(events)]:
        return "its history awaits somebody else than the act does"
    if _effective_on(row) != (None if row.effective_on is None else row.effective_on.isoformat()):
        return "the day it took effect is not the one its act gives"
    return _problem_of_end(row, events[2], passed) if status.is_final else ""


def _problem_of_end(row: Any, event: Any, passed: int) -> str:
    if (event.at, event.person_id) != (row.decided_at, row.decided_by):
        return "its history names another time or person of the decision"
    completed = row.status == TransactionStatus.COMPLETED
    # Logs of version 0.1 knew how many checks passed, and their histories did not.
    if completed and event.passed and len(event.passed.split()) != passed:
        return f"its history has {len(event.passed.split())} checks passed; the log says {passed}"
    if completed and event.codes:
        return "it completed, and its history has checks that refused"
    if row.status == TransactionStatus.TERMINATED and not event.codes:
        return "it was terminated, and its history does not say by which check"
    if row.status == TransactionStatus.REJECTED and not event.comment:
        return "it was rejected, and its history does not say why"
    return ""


def _effective_on(row: Any) -> str | None:
    """Give the day that the source registry gives for an imported act, as its act has it."""
    if row.type == TransactionType.EXTERNAL_TRANSFER:
        return None
    act = json.loads(row.act)
    found: str | None = act.get("source_date") or act.get("issued_on")
    return found


def compare_evidence(connection: Connection, country: str) -> None:
    """Compare each conversion's documents with those its source units name, and find strays.

    The digests that source units name are compared with the log elsewhere, and the bytes of every
    document with its digest; here every document of a transaction must be one of these.
    """
    rows = connection.execute(
        select(
            TransactionDocument.transaction_id,
            TransactionDocument.sha256,
            TransactionDocument.purpose,
            TransactionRow.type,
            TransactionRow.status,
            TransactionRow.act,
            Document.sha256.label("kept"),
        )
        .outerjoin(TransactionRow, TransactionRow.id == TransactionDocument.transaction_id)
        .outerjoin(Document, Document.sha256 == TransactionDocument.sha256)
        .order_by(TransactionDocument.transaction_id),
        execution_options={"yield_per": _STEP},
    )
    awaited = _named_by_sources(connection)
    for number, group in groupby(rows, key=lambda row: row.transaction_id):
        try:
            problem = _problem_of_evidence(list(group), awaited.pop(number, None))
        except _UNREADABLE as error:
            problem = f"its evidence cannot be read ({error!r})"
        if problem:
            raise DoesNotHold(f"transaction {country}{number}", problem)
    if awaited:
        raise DoesNotHold(
            f"transaction {country}{min(awaited)}", "the documents of its evidence are gone"
        )


def _named_by_sources(connection: Connection) -> dict[int, frozenset[tuple[str, str]]]:
    """Give the documents that the source units of each conversion name, with their purpose."""
    rows: Iterator[Any] = iter(
        connection.execute(
            select(SourceUnit.converted_by, SourceUnit.record_sha256, SourceUnit.attestation_sha256)
            .where(SourceUnit.converted_by.is_not(None))
            .distinct()
            .order_by(SourceUnit.converted_by)
        )
    )
    return {
        number: frozenset(
            named
            for row in group
            for named in ((row.record_sha256, RECORD), (row.attestation_sha256, ATTESTATION))
        )
        for number, group in groupby(rows, key=lambda row: row.converted_by)
    }


def _problem_of_evidence(documents: Sequence[Any], named: frozenset[tuple[str, str]] | None) -> str:
    first = documents[0]
    if first.type != TransactionType.CONVERSION:
        return "it has documents of an evidence that its act does not name"
    if any(row.kept is None for row in documents):
        return "a document of its evidence is not kept"
    found = frozenset((row.sha256, row.purpose) for row in documents)
    digests = {sha256 for sha256, _ in found}
    # One file may be both the record and its attestation; it is kept once.
    if named is not None and not (found <= named and digests == {each for each, _ in named}):
        return "its documents are not those that its source units name"
    if json.loads(first.act)["attestation_sha256"] not in digests:
        return "the attestation that its act names is not among its documents"
    return ""
