"""Writes new units on the embedded registry: their batch, its blocks, the ranges they are told by.

Owns these statements, for `embedded_writer`, within its unit of work. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, bindparam, insert, select, update

from app.models.storage.prepared import Prepared
from app.models.tables import Series, SourceUnit, TransactionBlock, UnitBatch, UnitBlock
from app.models.tables.base import inserted_id
from app.services.transactions.records import CompletionRecord, NewBatch, Range

_INSERT_RANGE = Prepared(insert(TransactionBlock))
_INSERT_BATCH = Prepared(insert(UnitBatch).returning(UnitBatch.id))
_INSERT_BLOCK = Prepared(insert(UnitBlock))
_SERIES_ID = select(Series.id).where(Series.key == bindparam("key"))


def write_ranges(
    connection: Connection, ranges: Sequence[Range], transaction_id: int, batch_id: int | None
) -> None:
    """Keep the ranges of serials that a transaction concerns."""
    _INSERT_RANGE.run_each(
        connection,
        [
            {
                "transaction_id": transaction_id,
                "role": item.role,
                "series": item.series,
                "first_serial": item.first,
                "last_serial": item.last,
                "serial": item.serial,
                "batch_id": item.batch_id if item.batch_id is not None else batch_id,
                "from_account_id": item.from_account_id,
                "to_account_id": item.to_account_id,
            }
            for item in ranges
        ],
    )


def create_units(connection: Connection, record: CompletionRecord, batch: NewBatch) -> None:
    """Write the batch and its blocks, its ranges, and what its units stand for."""
    series_id = _series_id(connection, batch)
    row = _INSERT_BATCH.find(
        connection,
        {
            "series_id": series_id,
            "first_serial": batch.first,
            "last_serial": batch.last,
            "unit_type": batch.unit_type,
            "origin": batch.origin,
            "project_id": batch.project_id,
            "vintage": batch.vintage,
            "expires_on": batch.expires_on,
            "original_period": batch.original_period,
            "applicable_period": batch.applicable_period,
            "lulucf_activity": batch.lulucf_activity,
            "track": 0,
            "grammar": batch.grammar,
            "template": batch.template,
            "created_by": record.transaction_id,
        },
    )
    assert row is not None
    batch_id = int(row[0])
    _INSERT_BLOCK.run_each(
        connection,
        [
            {
                "batch_id": batch_id,
                "series_id": series_id,
                "series": batch.series,
                "first_serial": block.first,
                "last_serial": block.last,
                "unit_type": batch.unit_type,
                "account_id": block.account_id,
                "state": block.state,
                "fifo_expiry": batch.expires_on or date.max,
                "fifo_vintage": batch.vintage or 9999,
                "applicable_period": batch.applicable_period,
                "issued_to": block.account_id,
                "created_by": record.transaction_id,
            }
            for block in record.blocks
        ],
    )
    write_ranges(connection, record.ranges, record.transaction_id, batch_id)
    for reissue in record.reissues:
        connection.execute(
            update(SourceUnit)
            .where(SourceUnit.id == reissue.source_id)
            .values(
                reissued_series=reissue.series,
                reissued_first=reissue.first,
                reissued_last=reissue.last,
            )
        )


def _series_id(connection: Connection, batch: NewBatch) -> int:
    found = batch.series_id or connection.execute(_SERIES_ID, {"key": batch.series}).scalar()
    if found is not None:
        return int(found)
    return inserted_id(connection.execute(insert(Series), {"key": batch.series}))
