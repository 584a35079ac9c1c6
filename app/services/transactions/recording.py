"""Writes a transaction's rows: proposal, reservation, completion, release.

Owns the writing side of the ledger, within a unit of work given by the caller. Decides
nothing: it carries out a plan that passed the checks, and the database's guards look once
more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from app.models.codes import RuleKind, Stage, TransactionStatus
from app.models.storage.prepared import Prepared
from app.models.tables import (
    TransactionEvent,
    TransactionRow,
    UnitBlock,
)
from app.services.checks.violation import Violation
from app.services.log.append import LogWriter
from app.services.transactions.acts import Act, act_as_json
from app.services.transactions.evaluation import Evaluation
from app.services.transactions.facts import Facts
from app.services.transactions.new_units import (
    claim_reduction,
    create_units,
    record_blocks,
    release_reduction,
)
from app.services.transactions.planning import Move, Plan

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
_MOVE = Prepared(
    update(UnitBlock)
    .where(UnitBlock.reserved_by == bindparam("transaction"))
    .values(
        account_id=bindparam("to_account"),
        state=bindparam("unit_state"),
        moved_by=bindparam("transaction"),
        reserved_by=None,
    )
)
_RELEASE = Prepared(
    update(UnitBlock)
    .where(UnitBlock.reserved_by == bindparam("transaction"))
    .values(reserved_by=None)
)
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


def act_text(act: Act) -> str:
    """Write the request as it is kept and compared when a request id repeats."""
    return json.dumps(act_as_json(act), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def record_proposal(connection: Connection, evaluation: Evaluation, request_id: str) -> int:
    """Write the proposal and reserve its blocks; give the transaction's id."""
    facts, plan = evaluation.facts, evaluation.plan
    act = facts.act
    assert facts.acquiring is not None
    row = _INSERT_TRANSACTION.find(
        connection,
        {
            "request_id": request_id,
            "type": int(act.type),
            "supplementary_type": int(act.supplementary_type),
            "status": int(TransactionStatus.CHECKED),
            "stage": int(Stage.AWAITING_APPROVAL),
            "from_account_id": None if facts.transferring is None else facts.transferring.id,
            "to_account_id": facts.acquiring.id,
            "unit_type": act.unit_type,
            "quantity": act.quantity,
            "act": act_text(act),
            "proposed_by": facts.person.id,
            "proposed_at": facts.now,
            "effective_on": _effective_on(act),
        },
    )
    assert row is not None
    transaction_id = int(row[0])
    _record_events(
        connection,
        transaction_id,
        facts,
        (TransactionStatus.PROPOSED, None),
        (TransactionStatus.CHECKED, Stage.AWAITING_APPROVAL),
    )
    if facts.transferring is None:
        claim_reduction(connection, facts, transaction_id)
    else:
        _reserve(connection, plan, transaction_id)
        record_blocks(connection, plan, transaction_id, None)
    return transaction_id


def _effective_on(act: Act) -> date | None:
    return getattr(act, "source_date", None) or getattr(act, "issued_on", None)


def _record_events(
    connection: Connection,
    transaction_id: int,
    facts: Facts,
    *statuses: tuple[TransactionStatus, Stage | None],
    comment: str = "",
    codes: str = "",
) -> None:
    _INSERT_EVENT.run_each(
        connection,
        [
            {
                "transaction_id": transaction_id,
                "status": int(status),
                "stage": None if stage is None else int(stage),
                "at": facts.now,
                "person_id": facts.person.id,
                "comment": comment,
                "codes": codes,
            }
            for status, stage in statuses
        ],
    )


def _reserve(connection: Connection, plan: Plan, transaction_id: int) -> None:
    """Split what must be split, then reserve exactly the planned ranges.

    Raising a block's first serial makes the database put its head back as a block of its own,
    while the row keeps the last part; so the cuts of one block go from its start onwards. A
    range in the middle takes two cuts.
    """
    cuts: set[tuple[int, int]] = set()
    for move in plan.moves:
        block = move.block
        assert block is not None
        if move.first > block.first:
            cuts.add((block.id, move.first))
        if move.last < block.last:
            cuts.add((block.id, move.last + 1))
    for block_id, first in sorted(cuts):
        _SPLIT.run(connection, {"block_id": block_id, "first": first})
    _RESERVE.run_each(
        connection,
        [
            {"in_series": move.block.series_id, "first": move.first, "transaction": transaction_id}
            for move in plan.moves
            if move.block is not None
        ],
    )


def record_completion(
    connection: Connection,
    log: LogWriter,
    evaluation: Evaluation,
    *,
    comment: str = "",
) -> int:
    """Complete a pending transaction: move or create its units, append to the log.

    Gives the sequence number of the log entry.
    """
    facts, plan = evaluation.facts, evaluation.plan
    assert facts.deciding is not None
    assert facts.acquiring is not None
    transaction_id = facts.deciding.id
    _end(connection, facts, TransactionStatus.COMPLETED, comment=comment)
    if facts.transferring is None:
        create_units(connection, facts, plan, transaction_id)
    else:
        _MOVE.run(
            connection,
            {
                "transaction": transaction_id,
                "to_account": facts.acquiring.id,
                "unit_state": facts.acquiring.unit_state,
            },
        )
    return log.append(
        "transaction",
        at=facts.now,
        persons={
            "proposed": facts.deciding.proposer.user_name,
            "approved": facts.person.user_name,
        },
        body=transaction_body(evaluation, transaction_id),
        transaction_id=transaction_id,
    )


def transaction_body(evaluation: Evaluation, transaction_id: int) -> dict[str, Any]:
    """Describe a completed transaction as the log keeps it (`docs/formats.md`)."""
    facts, plan = evaluation.facts, evaluation.plan
    rules = {
        str(kind): rule.id
        for kind, rule in (
            (RuleKind.LEVY_RATE, facts.levy_rule),
            (RuleKind.DEFAULT_EXPIRY, facts.expiry_rule),
        )
        if rule is not None
    }
    body: dict[str, Any] = {
        "transaction": f"{facts.country}{transaction_id}",
        "type": int(facts.act.type),
        "supplementary_type": int(facts.act.supplementary_type),
        "unit_type": facts.act.unit_type,
        "quantity": facts.act.quantity,
        "act": act_as_json(facts.act),
        "moves": [_move_body(move) for move in plan.moves + plan.levy],
        "checks_passed": len(evaluation.checks.passed),
    }
    if rules:
        body["rules"] = rules
    if plan.serial is not None and plan.expires_on is not None:
        body["expires_on"] = plan.expires_on.isoformat()
    return body


def _move_body(move: Move) -> dict[str, Any]:
    return {
        "series": move.series,
        "start": move.first,
        "end": move.last,
        "from": None if move.from_account is None else move.from_account.number,
        "to": move.to_account.number,
    }


def record_end(
    connection: Connection,
    facts: Facts,
    status: TransactionStatus,
    *,
    comment: str = "",
    violations: Sequence[Violation] = (),
) -> None:
    """End a pending transaction in any way but completion; its units are free again."""
    assert facts.deciding is not None
    _end(connection, facts, status, comment=comment, violations=violations)
    _RELEASE.run(connection, {"transaction": facts.deciding.id})
    release_reduction(connection, facts.deciding.id)


def _end(
    connection: Connection,
    facts: Facts,
    status: TransactionStatus,
    *,
    comment: str,
    violations: Sequence[Violation] = (),
) -> None:
    assert facts.deciding is not None
    completed: datetime | None = facts.now if status is TransactionStatus.COMPLETED else None
    _END.run(
        connection,
        {
            "transaction": facts.deciding.id,
            "to_status": int(status),
            "person": facts.person.id,
            "at": facts.now,
            "completed": completed,
        },
    )
    codes = " ".join(str(violation.code) for violation in violations)
    _record_events(
        connection, facts.deciding.id, facts, (status, None), comment=comment, codes=codes
    )
