"""Writes what comes into being: verified reductions, batches, blocks, and a transaction's ranges.

Owns the rows behind an issuance or a registration, within a unit of work given by the caller.
Decides nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.models.storage.prepared import Prepared
from app.models.tables import (
    Series,
    TransactionBlock,
    UnitBatch,
    UnitBlock,
    VerifiedReduction,
)
from app.models.tables.base import inserted_id
from app.services.transactions.acts import Issuance
from app.services.transactions.facts import Facts
from app.services.transactions.planning import Plan

_INSERT_BLOCK_ROW = Prepared(insert(TransactionBlock))
_INSERT_BATCH = Prepared(insert(UnitBatch).returning(UnitBatch.id))
_INSERT_BLOCK = Prepared(insert(UnitBlock))
_SERIES_ID = select(Series.id).where(Series.key == bindparam("key"))


def record_blocks(
    connection: Connection, plan: Plan, transaction_id: int, batch_id: int | None
) -> None:
    """Write the ranges a transaction moves; `batch_id` is the batch of ranges just created."""
    rows: list[dict[str, Any]] = []
    for role, moves in (("move", plan.moves), ("levy", plan.levy)):
        rows.extend(
            {
                "transaction_id": transaction_id,
                "role": role,
                "series": move.series,
                "first_serial": move.first,
                "last_serial": move.last,
                "serial": move.serial,
                "batch_id": batch_id if move.block is None else move.block.batch_id,
                "from_account_id": None if move.from_account is None else move.from_account.id,
                "to_account_id": move.to_account.id,
            }
            for move in moves
        )
    _INSERT_BLOCK_ROW.run_each(connection, rows)


def claim_reduction(connection: Connection, facts: Facts, transaction_id: int) -> None:
    """Tie the verified reduction to the transaction, so that no second one can have it."""
    act = facts.act
    if not isinstance(act, Issuance):
        return
    assert facts.project is not None
    if facts.reductions:
        connection.execute(
            update(VerifiedReduction)
            .where(VerifiedReduction.id == facts.reductions[0].id)
            .values(issued_by=transaction_id)
        )
        return
    connection.execute(
        insert(VerifiedReduction),
        {
            "project_id": facts.project.id,
            "period_from": act.period_from,
            "period_to": act.period_to,
            "quantity": act.verified_quantity,
            "reference": act.verified_reference,
            "document_sha256": act.document_sha256,
            "is_proposed": True,
            "issued_by": transaction_id,
        },
    )


def release_reduction(connection: Connection, transaction_id: int) -> None:
    """Untie the verified reduction of a transaction that ended without issuing.

    One that came with the proposal goes with it, wrong figures and all; the request keeps them.
    """
    tied = VerifiedReduction.issued_by == transaction_id
    connection.execute(delete(VerifiedReduction).where(tied, VerifiedReduction.is_proposed))
    connection.execute(update(VerifiedReduction).where(tied).values(issued_by=None))


def create_units(connection: Connection, facts: Facts, plan: Plan, transaction_id: int) -> None:
    """Write the batch and the blocks of a completed issuance, and its ranges."""
    serial = plan.serial
    assert serial is not None
    assert facts.project is not None
    series_id = _series_id(connection, serial.series, facts.series_id)
    vintage, expires_on = getattr(facts.act, "vintage", None), plan.expires_on
    batch = _INSERT_BATCH.find(
        connection,
        {
            "series_id": series_id,
            "first_serial": serial.start,
            "last_serial": serial.end,
            "unit_type": facts.act.unit_type,
            "origin": serial.origin,
            "project_id": facts.project.id,
            "vintage": vintage,
            "expires_on": expires_on,
            "original_period": _period_detail(serial.find_detail("original_period")),
            "applicable_period": _period_detail(serial.find_detail("applicable_period")),
            "lulucf_activity": _period_detail(serial.find_detail("lulucf_activity")),
            "track": 0,
            "grammar": serial.grammar,
            "template": serial.template,
            "created_by": transaction_id,
        },
    )
    assert batch is not None
    batch_id = int(batch[0])
    _INSERT_BLOCK.run_each(
        connection,
        [
            {
                "batch_id": batch_id,
                "series_id": series_id,
                "series": serial.series,
                "first_serial": move.first,
                "last_serial": move.last,
                "unit_type": facts.act.unit_type,
                "account_id": move.to_account.id,
                "state": str(move.to_account.unit_state),
                "fifo_expiry": expires_on or date.max,
                "fifo_vintage": vintage or 9999,
                "created_by": transaction_id,
            }
            for move in plan.moves + plan.levy
        ],
    )
    record_blocks(connection, plan, transaction_id, batch_id)


def _period_detail(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _series_id(connection: Connection, key: str, known: int | None) -> int:
    found = known or connection.execute(_SERIES_ID, {"key": key}).scalar()
    if found is not None:
        return int(found)
    return inserted_id(connection.execute(insert(Series), {"key": key}))
