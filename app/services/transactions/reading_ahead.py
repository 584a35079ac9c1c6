"""What gathering the facts of an act is sure to ask for, known from the act alone.

Owns which statements those are, with their values, so that a server answers them all in one
round trip: those of a proposal with the first, those of a decision once the act is known. Reads
nothing itself. What is missing here is still read when it is asked for, by a trip of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.models.codes import AccountType
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange
from app.models.storage.prepared import Read
from app.services.transactions import statements
from app.services.transactions.acts import (
    Acquisition,
    Act,
    BufferCancellation,
    BufferCompensation,
    BufferRelease,
    CarryOver,
    ClosureTransfer,
    Conversion,
    CorrectiveTransfer,
    Disposal,
    Issuance,
    Registration,
    Replacement,
    Retirement,
    Rollback,
)
from app.services.transactions.filling_in import REVERSED
from app.services.transactions.gather_accounts import built_in_values
from app.services.transactions.gather_conversion import MEETING
from app.services.transactions.gather_creation import allotted_values, reduction_values
from app.services.transactions.gather_named import (
    BOUND_PROJECTS,
    COMPENSATED,
    NAMED,
    compensated_values,
    named_number,
)
from app.services.transactions.gather_notice import NOTICE
from app.services.transactions.gather_period import (
    CARRIED,
    HELD,
    PENDING_ALIKE,
    alike_values,
    carried_values,
    held_values,
)
from app.services.transactions.gather_replacement import REPLACED_BEFORE, replaced_values
from app.services.transactions.gather_rollback import ROLLED_BACK_BY
from app.services.trust.holidays import HOLIDAYS


@dataclass(frozen=True, slots=True)
class Asking:
    """Where and when an act is judged; `own` is the transaction being decided on, 0 for none."""

    country: str
    today: date
    own: int = 0


def reads_by_act(act: Act, asking: Asking) -> Iterator[Read]:
    """Give what is sure to be asked for; nothing of it need be there."""
    yield from _of_any(act, asking)
    find = _OF_ACT.get(type(act))
    if find is not None:
        yield from find(act, asking)


def _of_any(act: Act, asking: Asking) -> Iterator[Read]:
    if act.notice_number.strip():
        yield NOTICE, {"number": act.notice_number.strip()}
    if asking.own:
        return
    if act.destination is not None:
        yield _built_in(act, act.destination, asking)
    for serial in _readable(act.blocks if isinstance(act, Disposal) else ()):
        yield _block_holding(serial)


def _built_in(act: Act, kind: AccountType, asking: Asking, **narrowed: Any) -> Read:
    values = built_in_values(act, kind, asking.country, asking.today, **narrowed)
    return statements.BUILT_IN_ACCOUNT, values


def _readable(texts: tuple[str, ...]) -> Iterator[SerialRange]:
    for text in texts:
        try:
            yield read_serial(text)
        except SerialError:
            continue


def _block_holding(serial: SerialRange) -> Read:
    return statements.BLOCK_HOLDING, {"key": serial.series, "first": serial.start}


def _project(code: str) -> Iterator[Read]:
    yield statements.PROJECTS_BY_CODE, {"code": code}
    yield statements.BOUND_ACCOUNTS, {"code": code}


def _of_issuance(act: Issuance, asking: Asking) -> Iterator[Read]:
    yield from _project(act.project)
    yield statements.PERIODS, {}
    yield statements.REDUCTIONS_MEETING, reduction_values(act, asking.country)
    yield statements.ALLOTTED, allotted_values(act, asking.country)
    yield _built_in(act, AccountType.BUFFER, asking, of_project=act.project)


def _of_conversion(act: Conversion, asking: Asking) -> Iterator[Read]:
    yield from _project(act.project)
    yield statements.PERIODS, {}
    yield statements.ALLOTTED, allotted_values(act, asking.country)
    for serial in _readable(act.source_serials):
        yield MEETING, _within(serial)
    if asking.own:
        yield statements.VOTES, {"transaction_id": asking.own}
        yield statements.MEMBERS, {}


def _within(serial: SerialRange) -> dict[str, Any]:
    return {"in_series": serial.series, "first": serial.start, "last": serial.end}


def _of_registration(act: Registration, _asking: Asking) -> Iterator[Read]:
    yield from _project(act.project)
    for serial in _readable((act.serial,)):
        yield statements.SERIES_ID, {"key": serial.series}
        yield statements.LAST_BLOCK_UP_TO, {"key": serial.series, "last": serial.end}
        if serial.grammar in statements.SOURCE_GRAMMARS:
            yield statements.SOURCE_MEETING, _within(serial)


def _of_rollback(act: Rollback, _asking: Asking) -> Iterator[Read]:
    number = {"number": act.reversed_id}
    if act.reversed_id is None:
        return
    # Asked for twice: by what fills the act in, and by what judges it.
    yield REVERSED, number
    yield REVERSED, number
    yield ROLLED_BACK_BY, number
    yield statements.BLOCKS_MOVED, number
    yield HOLIDAYS, {}


def _of_retirement(act: Retirement, asking: Asking) -> Iterator[Read]:
    yield statements.PERIODS, {}
    if act.period is not None and not asking.own:
        yield _built_in(act, AccountType.RETIREMENT, asking, period=act.period)


def _of_carry_over(act: CarryOver, asking: Asking) -> Iterator[Read]:
    yield statements.PERIODS, {}
    yield PENDING_ALIKE, alike_values(act, asking.own)
    yield HELD, held_values(act)
    yield CARRIED, carried_values(act, asking.own)


def _of_closure(act: ClosureTransfer, asking: Asking) -> Iterator[Read]:
    yield PENDING_ALIKE, alike_values(act, asking.own)


def _of_replacement(act: Replacement, asking: Asking) -> Iterator[Read]:
    for serial in _readable(act.replaced):
        yield _block_holding(serial)
        yield REPLACED_BEFORE, replaced_values(serial, asking.own)


def _of_correction(act: CorrectiveTransfer, asking: Asking) -> Iterator[Read]:
    yield from _named(act.corrects, asking)


def _named(identifier: str, asking: Asking) -> Iterator[Read]:
    number = named_number(identifier, asking.country)
    if number is not None:
        yield NAMED, {"number": number}
        yield COMPENSATED, compensated_values(identifier, asking.own)


def _of_release(act: BufferRelease, asking: Asking) -> Iterator[Read]:
    yield BOUND_PROJECTS, {"number": act.to_account, "country": asking.country}


def _of_buffer_cancellation(act: BufferCancellation, _asking: Asking) -> Iterator[Read]:
    yield from _project(act.reversed_project)


def _of_compensation(act: BufferCompensation, asking: Asking) -> Iterator[Read]:
    yield from _named(act.over_issued, asking)


_OF_ACT: Mapping[type[Act], Callable[[Any, Asking], Iterator[Read]]] = {
    Issuance: _of_issuance,
    Conversion: _of_conversion,
    Registration: _of_registration,
    Acquisition: _of_registration,
    Rollback: _of_rollback,
    Retirement: _of_retirement,
    CarryOver: _of_carry_over,
    ClosureTransfer: _of_closure,
    Replacement: _of_replacement,
    CorrectiveTransfer: _of_correction,
    BufferRelease: _of_release,
    BufferCancellation: _of_buffer_cancellation,
    BufferCompensation: _of_compensation,
}
