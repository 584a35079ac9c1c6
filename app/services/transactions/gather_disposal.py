"""Reads the facts of units that leave an account: free, picked by hand, or reserved already.

Owns these queries' order; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError
from app.models.storage.prepared import Read, Values
from app.services.transactions import statements
from app.services.transactions.acts import Disposal
from app.services.transactions.facts import (
    AccountFacts,
    BlockFacts,
    ChosenRange,
    Facts,
    PendingFacts,
)
from app.services.transactions.steady_facts import SteadyFacts

_EXPIRY = 10
"""The place of the expiry date in a block's columns."""
BLOCK_COLUMNS = 15
"""How many columns are a block's own."""


def block_facts(row: Sequence[Any]) -> BlockFacts:
    """Make the facts of a block from its columns as `statements` selects them."""
    columns = list(row)
    if columns[_EXPIRY] == date.max:
        columns[_EXPIRY] = None
    return BlockFacts(*columns)


def gather_disposal(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks an act moves: those it reserved, those picked, else first in, first out."""
    del steady
    act = facts.act
    assert isinstance(act, Disposal)
    if facts.deciding is not None:
        return with_reserved(connection, facts, facts.deciding)
    transferring = facts.transferring
    if transferring is None:
        return facts
    if act.blocks:
        chosen = tuple(_chosen_range(connection, facts, transferring, text) for text in act.blocks)
        return replace(facts, chosen=chosen)
    return replace(facts, candidates=_free_blocks(connection, facts, act, further=further))


def with_reserved(connection: Connection, facts: Facts, pending: PendingFacts) -> Facts:
    """Read the blocks that the pending transaction has reserved."""
    rows = statements.RESERVED_BLOCKS.rows(connection, {"transaction_id": pending.id})
    blocks = tuple(block_facts(row) for row in rows)
    act = facts.act
    if not isinstance(act, Disposal) or not act.blocks:
        unexpired = (block for block in blocks if not _has_expired(block, facts))
        return replace(facts, candidates=tuple(unexpired))
    chosen = tuple(
        ChosenRange(
            block.print(block.first, block.last),
            block.first,
            block.last,
            block,
            "expired" if _has_expired(block, facts) else "",
        )
        for block in blocks
    )
    return replace(facts, chosen=chosen)


def _has_expired(block: BlockFacts, facts: Facts) -> bool:
    """Tell whether a block is past its date, for an act that does not take such."""
    if isinstance(facts.act, Disposal) and facts.act.takes_expired:
        return False
    return block.expires_on is not None and block.expires_on < facts.today


def _free_blocks(
    connection: Connection, facts: Facts, act: Disposal, *, further: int
) -> tuple[BlockFacts, ...]:
    """Read free blocks first in, first out, until the quantity is reached, and `further` ones."""
    blocks: list[BlockFacts] = []
    for most in statements.FREE_BLOCKS:
        blocks = _look(connection, facts, act, most=most, further=further)
        reached = sum(block.quantity for block in blocks) >= act.quantity
        if reached or len(blocks) < most:
            break
    return tuple(blocks)


def first_look(facts: Facts) -> Iterator[Read]:
    """Give what `gather_disposal` asks for first, so that it can be read with other things."""
    act, account = facts.act, facts.transferring
    assert isinstance(act, Disposal)
    if facts.deciding is None and account is not None and not act.blocks:
        fewest = next(iter(statements.FREE_BLOCKS))
        yield statements.FREE_BLOCKS[fewest], _look_values(facts, act, account)


def _look_values(facts: Facts, act: Disposal, account: AccountFacts) -> Values:
    return {
        "account_id": account.id,
        "unit_type": act.unit_type,
        "project": act.project,
        "vintage": act.vintage,
        "period": act.of_period,
        "today": date.min if act.takes_expired else facts.today,
    }


def _look(
    connection: Connection, facts: Facts, act: Disposal, *, most: int, further: int
) -> list[BlockFacts]:
    assert facts.transferring is not None
    blocks: list[BlockFacts] = []
    missing = act.quantity
    values = _look_values(facts, act, facts.transferring)
    for row in statements.FREE_BLOCKS[most].rows(connection, values):
        if missing <= 0:
            if not further:
                break
            further -= 1
        blocks.append(block_facts(row))
        missing -= blocks[-1].quantity
    return blocks


def _chosen_range(
    connection: Connection, facts: Facts, account: AccountFacts, text: str
) -> ChosenRange:
    try:
        serial = read_serial(text)
    except SerialError:
        return ChosenRange(text, 0, 0, None, "unreadable")
    values = {"key": serial.series, "first": serial.start}
    row = statements.BLOCK_HOLDING.find(connection, values)
    if row is None:
        return ChosenRange(text, serial.start, serial.end, None, "not-held")
    columns, (account_id, unit_type, reserved_by) = row[:BLOCK_COLUMNS], row[BLOCK_COLUMNS:][:3]
    block, problem = block_facts(columns), ""
    if account_id != account.id or block.last < serial.end:
        return ChosenRange(text, serial.start, serial.end, None, "not-held")
    if unit_type != facts.act.unit_type:
        problem = "other-type"
    elif reserved_by is not None:
        problem = "reserved"
    elif _has_expired(block, facts):
        problem = "expired"
    return ChosenRange(text, serial.start, serial.end, block, problem)
