"""Blocks found by their serial numbers, and every transaction that concerned them.

Owns reading only; which text is a serial number is for `app.models.serials`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from app.models.serials.serial_range import SerialRange
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    Series,
    TransactionBlock,
    TransactionRow,
    UnitBatch,
    UnitBlock,
)
from app.models.tables.base import AnyRow
from app.services.listings.blocks import BLOCKS, BlockRow, block_row
from app.services.listings.words import kind_word, status_word, time_json, type_word
from app.services.registry.context import OpenRegistry

MOST_FOUND = 200
_GIVER = aliased(Account)
_RECEIVER = aliased(Account)


@dataclass(frozen=True, slots=True)
class BlockMove:
    """One transaction that concerned a range of serial numbers, newest last."""

    transaction: str
    type: str
    kind: str
    status: str
    serial: str
    quantity: int
    from_account: str | None
    to_account: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """Write the step as JSON."""
        return {
            "transaction": self.transaction,
            "type": self.type,
            "kind": self.kind,
            "status": self.status,
            "serial": self.serial,
            "quantity": self.quantity,
            "from": self.from_account,
            "to": self.to_account,
            "at": time_json(self.at),
        }


def find_blocks(registry: OpenRegistry, serial: SerialRange) -> tuple[BlockRow, ...]:
    """Find the blocks that hold any unit of a serial range, at most 200."""
    with reading(registry.engine) as connection:
        rows = _blocks_meeting(connection, serial)
    return tuple(block_row(registry, row) for row in rows)


def _blocks_meeting(connection: Connection, serial: SerialRange) -> list[AnyRow]:
    series_id = connection.execute(select(Series.id).where(Series.key == serial.series)).scalar()
    if series_id is None:
        return []
    # Blocks of a series never overlap: the first that counts is the last to begin by start.
    first = connection.execute(
        select(func.max(UnitBlock.first_serial)).where(
            UnitBlock.series_id == series_id, UnitBlock.first_serial <= serial.start
        )
    ).scalar()
    found = connection.execute(
        BLOCKS.statement.where(
            UnitBlock.series_id == series_id,
            UnitBlock.first_serial >= (serial.start if first is None else first),
            UnitBlock.first_serial <= serial.end,
            UnitBlock.last_serial >= serial.start,
        )
        .order_by(UnitBlock.first_serial)
        .limit(MOST_FOUND)
    )
    return list(found)


_MOVES = (
    select(
        TransactionRow.id,
        TransactionRow.type,
        TransactionRow.supplementary_type,
        TransactionRow.status,
        TransactionRow.stage,
        TransactionRow.proposed_at,
        TransactionRow.decided_at,
        TransactionBlock.serial,
        TransactionBlock.first_serial,
        TransactionBlock.last_serial,
        _GIVER.number.label("giver"),
        _RECEIVER.number.label("receiver"),
    )
    .select_from(TransactionBlock)
    .join(TransactionRow, TransactionRow.id == TransactionBlock.transaction_id)
    .outerjoin(_GIVER, _GIVER.id == TransactionBlock.from_account_id)
    .outerjoin(_RECEIVER, _RECEIVER.id == TransactionBlock.to_account_id)
    .order_by(TransactionRow.id, TransactionBlock.first_serial)
    .limit(MOST_FOUND)
)


def list_block_moves(registry: OpenRegistry, serial: SerialRange) -> tuple[BlockMove, ...]:
    """Give the transactions that concerned any unit of a serial range, in order, at most 200."""
    with reading(registry.engine) as connection:
        blocks = [row.id for row in _blocks_meeting(connection, serial)]
        if not blocks:
            return ()
        # No transaction's range reaches below the batch it is taken from.
        lowest = connection.execute(
            select(func.min(UnitBatch.first_serial))
            .join(UnitBlock, UnitBlock.batch_id == UnitBatch.id)
            .where(UnitBlock.id.in_(blocks))
        ).scalar_one()
        rows = connection.execute(
            _MOVES.where(
                TransactionBlock.series == serial.series,
                TransactionBlock.first_serial >= lowest,
                TransactionBlock.first_serial <= serial.end,
                TransactionBlock.last_serial >= serial.start,
            )
        ).all()
    return tuple(_move(registry, row) for row in rows)


def _move(registry: OpenRegistry, row: AnyRow) -> BlockMove:
    return BlockMove(
        transaction=f"{registry.country}{row.id}",
        type=type_word(row.type),
        kind=kind_word(row.type, row.supplementary_type),
        status=status_word(row.status, row.stage),
        serial=row.serial,
        quantity=row.last_serial - row.first_serial + 1,
        from_account=row.giver,
        to_account=row.receiver,
        at=row.decided_at or row.proposed_at,
    )
