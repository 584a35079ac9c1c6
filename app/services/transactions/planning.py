"""Deciding which blocks move: pure, without a database or a clock.

Owns the order in which units leave an account (first in, first out), hand-picked ranges, the
levy and the serials of an issuance. A plan may be short of what was asked; whether that is
allowed is for the checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.models.codes import NO_EXPIRY_CODE
from app.models.serials.serial_range import SerialRange, print_serial, with_range
from app.services.transactions.acts import (
    Acquisition,
    Act,
    BufferCancellation,
    BufferCompensation,
    BufferDeposit,
    BufferHold,
    BufferRelease,
    BufferReturn,
    Cancellation,
    CarryOver,
    ClosureTransfer,
    Conversion,
    CorrectiveTransfer,
    Disposal,
    ExpiryChange,
    ExternalTransfer,
    Issuance,
    Registration,
    Replacement,
    Retirement,
    Rollback,
    Transfer,
)
from app.services.transactions.facts import AccountFacts, BlockFacts, ChosenRange, Facts


@dataclass(frozen=True, slots=True)
class Move:
    """A range of serials that goes into an account; `from_account` is None for new units.

    `block` is the block it is taken from, with more than the range where that one splits.
    """

    series: str
    first: int
    last: int
    serial: str
    from_account: AccountFacts | None
    to_account: AccountFacts
    block: BlockFacts | None = None

    @property
    def quantity(self) -> int:
        """Give the number of units."""
        return self.last - self.first + 1

    @property
    def splits(self) -> bool:
        """Tell whether a part of the block stays behind."""
        return self.block is not None and self.block.quantity != self.quantity


@dataclass(frozen=True, slots=True)
class Reissue:
    """A source unit and the domestic serials that stand for it, one for one."""

    source_id: int
    series: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen: moves, the levy, and the batch that an issuance creates.

    `period` is the commitment period of new units, 0 where their serials say it. `to_expiry`
    and `to_period` are what the moved units get; `reissues` ties source units to new serials.
    """

    moves: tuple[Move, ...] = ()
    levy: tuple[Move, ...] = ()
    serial: SerialRange | None = None
    expires_on: date | None = None
    period: int = 0
    to_expiry: date | None = None
    to_period: int | None = None
    reissues: tuple[Reissue, ...] = ()

    @property
    def quantity(self) -> int:
        """Give the units moved, levy included."""
        return sum(move.quantity for move in self.moves + self.levy)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block: `first` to `last`."""

    block: BlockFacts
    first: int
    last: int


def fifo_key(block: BlockFacts) -> tuple[date, int, str, int]:
    """Give the order in which blocks leave an account.

    Earliest expiry first (none last), then earliest vintage (unknown last), then series, then
    start number.
    """
    return (block.expires_on or date.max, block.vintage or 9999, block.series, block.first)


def plan_fifo(blocks: Sequence[BlockFacts], quantity: int) -> tuple[Piece, ...]:
    """Take `quantity` units from `blocks`, first in, first out; the last block splits.

    Its head moves. Gives what there is when the blocks hold less.
    """
    pieces: list[Piece] = []
    for block in sorted(blocks, key=fifo_key):
        if quantity <= 0:
            break
        last = min(block.last, block.first + quantity - 1)
        pieces.append(Piece(block, block.first, last))
        quantity -= last - block.first + 1
    return tuple(pieces)


def plan_chosen(chosen: Sequence[ChosenRange]) -> tuple[Piece, ...]:
    """Take exactly the ranges picked by hand, leaving out those no block holds."""
    return tuple(
        Piece(choice.block, choice.first, choice.last)
        for choice in chosen
        if choice.block is not None and not choice.problem
    )


def levy_quantity(quantity: int, rate: Decimal) -> int:
    """Give the units a levy takes: quantity × rate, rounded half up to a whole unit."""
    return int((quantity * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def default_expiry(vintage: int, years: Decimal) -> date | None:
    """Give the last day of the year `years` after the vintage; None for code 99."""
    if int(years) == NO_EXPIRY_CODE:
        return None
    return date(min(vintage + int(years), 9999), 12, 31)


def make_plan(facts: Facts) -> Plan:
    """Plan whatever can be planned from the facts; never raises for a broken rule."""
    if facts.acquiring is None or facts.act.quantity < 1:
        return Plan()
    return PLANNERS[type(facts.act)](facts, facts.acquiring)


def plan_disposal(facts: Facts, acquiring: AccountFacts) -> Plan:
    """Plan which blocks of the transferring account move."""
    act = facts.act
    if facts.transferring is None or not isinstance(act, Disposal):
        return Plan()
    pieces = plan_chosen(facts.chosen) if act.blocks else plan_fifo(facts.candidates, act.quantity)
    return Plan(
        moves=tuple(
            Move(
                series=piece.block.series,
                first=piece.first,
                last=piece.last,
                serial=piece.block.print(piece.first, piece.last),
                from_account=facts.transferring,
                to_account=acquiring,
                block=piece.block,
            )
            for piece in pieces
        )
    )


def plan_carry_over(facts: Facts, acquiring: AccountFacts) -> Plan:
    """Plan which blocks get the next commitment period; they stay where they are."""
    act, plan = facts.act, plan_disposal(facts, acquiring)
    period = act.period if isinstance(act, CarryOver) else None
    if period is None:
        period = next((move.block.period for move in plan.moves if move.block is not None), None)
    return plan if period is None else replace(plan, to_period=period + 1)


def plan_expiry_change(facts: Facts, acquiring: AccountFacts) -> Plan:
    """Plan which blocks get the new expiry date; they stay where they are."""
    act = facts.act
    assert isinstance(act, ExpiryChange)
    return replace(plan_disposal(facts, acquiring), to_expiry=act.to_expiry)


def plan_issuance(facts: Facts, acquiring: AccountFacts) -> Plan:
    """Plan the new units, their expiry and the levy on them."""
    serial = facts.serial
    if serial is None:
        return Plan()
    act = facts.act
    levied, expires_on = 0, getattr(act, "expires_on", None)
    if isinstance(act, Issuance):
        if facts.levy_rule is not None and facts.buffer is not None:
            levied = min(levy_quantity(act.quantity, facts.levy_rule.value), act.quantity)
        if facts.expiry_rule is not None:
            expires_on = default_expiry(act.vintage, facts.expiry_rule.value)
    border = serial.end - levied
    moves = new_units(serial, serial.start, border, acquiring)
    levy = () if facts.buffer is None else new_units(serial, border + 1, serial.end, facts.buffer)
    return Plan(
        moves=moves,
        levy=levy,
        serial=serial,
        expires_on=expires_on,
        period=facts.current_period if isinstance(act, Issuance) else 0,
    )


def new_units(
    serial: SerialRange, first: int, last: int, account: AccountFacts
) -> tuple[Move, ...]:
    """Plan a range of new units into an account; nothing for an empty one."""
    if last < first:
        return ()
    printed = print_serial(with_range(serial, first, last))
    return (Move(serial.series, first, last, printed, None, account),)


def plan_conversion(facts: Facts, acquiring: AccountFacts) -> Plan:
    """Plan the reissue: new serials one for one, in the order in which the sources are named.

    No levy is taken, as from all units of other schemes; the expiry is the rule's.
    """
    act, serial = facts.act, facts.serial
    if serial is None or not isinstance(act, Conversion):
        return Plan()
    reissues, first = [], serial.start
    for source in facts.sources:
        last = first + source.quantity - 1
        reissues.append(Reissue(source.id, serial.series, first, last))
        first = last + 1
    expires_on = None
    if facts.expiry_rule is not None:
        expires_on = default_expiry(act.vintage, facts.expiry_rule.value)
    return Plan(
        moves=new_units(serial, serial.start, serial.end, acquiring),
        serial=serial,
        expires_on=expires_on,
        period=facts.current_period,
        reissues=tuple(reissues),
    )


def plan_rollback(facts: Facts, acquiring: AccountFacts) -> Plan:
    """Plan the way back of every block that the transfer moved, as it stands now."""
    if facts.transferring is None:
        return Plan()
    return Plan(
        moves=tuple(
            Move(
                series=block.series,
                first=block.first,
                last=block.last,
                serial=block.print(block.first, block.last),
                from_account=facts.transferring,
                to_account=acquiring,
                block=block,
            )
            for block in facts.candidates
        )
    )


Planner = Callable[[Facts, AccountFacts], Plan]

PLANNERS: Mapping[type[Act], Planner] = {
    Issuance: plan_issuance,
    Registration: plan_issuance,
    Transfer: plan_disposal,
    Cancellation: plan_disposal,
    Conversion: plan_conversion,
    Rollback: plan_rollback,
    Retirement: plan_disposal,
    CarryOver: plan_carry_over,
    ExpiryChange: plan_expiry_change,
    Replacement: plan_disposal,
    ExternalTransfer: plan_disposal,
    Acquisition: plan_issuance,
    CorrectiveTransfer: plan_disposal,
    ClosureTransfer: plan_disposal,
    BufferDeposit: plan_disposal,
    BufferHold: plan_disposal,
    BufferReturn: plan_disposal,
    BufferRelease: plan_disposal,
    BufferCancellation: plan_disposal,
    BufferCompensation: plan_disposal,
}
