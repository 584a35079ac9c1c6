"""Reads what carry-over, retirement and closure go by: periods, what was carried over already.

Owns these queries; decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, case, func, or_, select

from app.models.codes import AccountType, TransactionStatus
from app.models.storage.prepared import Prepared, Values
from app.models.tables import Account, TransactionRow, UnitBlock
from app.services.transactions.acts import Act, Disposal
from app.services.transactions.acts.period import CarryOver, Retirement
from app.services.transactions.facts import CarriedFacts, Facts
from app.services.transactions.gather_accounts import find_built_in
from app.services.transactions.gather_disposal import gather_disposal
from app.services.transactions.gather_notice import with_notice
from app.services.transactions.steady_facts import SteadyFacts

HELD = Prepared(
    select(
        UnitBlock.applicable_period,
        func.sum(UnitBlock.last_serial - UnitBlock.first_serial + 1),
    )
    .join(Account, Account.id == UnitBlock.account_id)
    .where(Account.number == bindparam("number"), UnitBlock.unit_type == bindparam("unit_type"))
    .group_by(UnitBlock.applicable_period)
)
"""The units of an account by their commitment period."""
_IS_PENDING = or_(
    TransactionRow.status == int(TransactionStatus.PROPOSED),
    TransactionRow.status == int(TransactionStatus.CHECKED),
)
_IS_COMPLETED = TransactionRow.status == int(TransactionStatus.COMPLETED)
CARRIED = Prepared(
    select(
        TransactionRow.to_period,
        func.sum(case((_IS_COMPLETED, TransactionRow.quantity), else_=0)),
        func.sum(case((_IS_COMPLETED, 0), else_=TransactionRow.quantity)),
    )
    .join(Account, Account.id == TransactionRow.from_account_id)
    .where(
        TransactionRow.type == bindparam("type"),
        Account.number == bindparam("number"),
        TransactionRow.unit_type == bindparam("unit_type"),
        or_(_IS_PENDING, _IS_COMPLETED),
        TransactionRow.id != bindparam("own"),
    )
    .group_by(TransactionRow.to_period)
)
"""Units of an account carried over, and about to be, by the period they came or come into."""
PENDING_ALIKE = Prepared(
    select(func.count())
    .select_from(TransactionRow)
    .join(Account, Account.id == TransactionRow.from_account_id)
    .where(
        TransactionRow.type == bindparam("type"),
        TransactionRow.supplementary_type == bindparam("supplementary_type"),
        Account.number == bindparam("number"),
        TransactionRow.unit_type == bindparam("unit_type"),
        _IS_PENDING,
        TransactionRow.id != bindparam("own"),
    )
)


_FREE = (
    select(
        UnitBlock.applicable_period,
        func.sum(UnitBlock.last_serial - UnitBlock.first_serial + 1),
    )
    .where(
        UnitBlock.account_id == bindparam("account_id"),
        UnitBlock.unit_type == bindparam("unit_type"),
        UnitBlock.reserved_by.is_(None),
        UnitBlock.fifo_expiry >= bindparam("today"),
    )
    .group_by(UnitBlock.applicable_period)
    .order_by(UnitBlock.applicable_period)
)
"""The free units of an account by their commitment period."""


def _with_free_by_period(connection: Connection, facts: Facts) -> Facts:
    """Read what is free of every period, where too few are of the one that was asked for."""
    act, account = facts.act, facts.transferring
    assert isinstance(act, Disposal)
    is_enough = sum(block.quantity for block in facts.candidates) >= act.quantity
    if is_enough or act.of_period is None or account is None or act.blocks:
        return facts
    values = {"account_id": account.id, "unit_type": act.unit_type, "today": facts.today}
    rows = connection.execute(_FREE, values)
    return replace(facts, free_by_period=tuple((row[0], int(row[1])) for row in rows))


def with_pending_alike(connection: Connection, facts: Facts) -> Facts:
    """Count the other pending transactions of the act's type from the transferring account."""
    if facts.transferring is None:
        return facts
    row = PENDING_ALIKE.find(connection, alike_values(facts.act, _own_id(facts)))
    assert row is not None
    return replace(facts, pending_alike=row[0])


def held_values(act: Act) -> Values:
    """Give what `HELD` is asked with."""
    return {"number": act.transferring_number, "unit_type": act.unit_type}


def carried_values(act: Act, own: int) -> Values:
    """Give what `CARRIED` is asked with; `own` is the transaction itself, 0 for none."""
    return {**held_values(act), "type": int(act.type), "own": own}


def alike_values(act: Act, own: int) -> Values:
    """Give what `PENDING_ALIKE` is asked with, as `carried_values` does."""
    return {**carried_values(act, own), "supplementary_type": int(act.supplementary_type)}


def _own_id(facts: Facts) -> int:
    return 0 if facts.deciding is None else facts.deciding.id


def gather_retirement(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks that retire, into the account of the period that the act names."""
    act = facts.act
    assert isinstance(act, Retirement)
    facts = replace(facts, periods=steady.periods())
    if act.period in {each.number for each in facts.periods} and facts.deciding is None:
        account = find_built_in(connection, facts, AccountType.RETIREMENT, period=act.period)
        facts = replace(facts, acquiring=account)
    facts = gather_disposal(connection, steady, facts, further=further)
    return _with_free_by_period(connection, facts)


def gather_carry_over(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks to carry over, the periods, and how many units were carried over."""
    facts = replace(facts, periods=steady.periods())
    facts = gather_disposal(connection, steady, facts, further=further)
    facts = with_pending_alike(connection, _with_free_by_period(connection, facts))
    period = carried_period(facts)
    if facts.transferring is None or period is None:
        return facts
    held = dict(HELD.rows(connection, held_values(facts.act))).get(period, 0)
    carried = CARRIED.rows(connection, carried_values(facts.act, _own_id(facts)))
    done, pending = {to: (done, pending) for to, done, pending in carried}.get(period + 1, (0, 0))
    return replace(facts, carried=CarriedFacts(int(held), int(done), int(pending)))


def carried_period(facts: Facts) -> int | None:
    """Give the period that a carry-over leaves: the act's own, else that of its first block."""
    act = facts.act
    assert isinstance(act, CarryOver)
    if act.period is not None:
        return act.period
    picked = [choice.block for choice in facts.chosen if choice.block is not None]
    blocks = picked or list(facts.candidates)
    return blocks[0].period if blocks else None


def gather_closure(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks that leave an account about to close."""
    facts = gather_disposal(connection, steady, facts, further=further)
    return with_pending_alike(connection, facts)


def gather_answering(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks of an act that may answer a notice, and the notice."""
    facts = gather_disposal(connection, steady, facts, further=further)
    return with_notice(connection, facts)
