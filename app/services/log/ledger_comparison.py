"""Comparing what is stored of units and transactions with what follows from the log.

Owns blocks, batches, holdings, own units, the ranges of transactions, and certificates. Changes
nothing; names the first that differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from app.models.codes import TransactionStatus
from app.models.tables import (
    Account,
    Certificate,
    Holding,
    OwnUnits,
    TransactionBlock,
    TransactionRow,
    TransactionRule,
    UnitBlock,
)
from app.services.log.findings import DoesNotHold
from app.services.log.range_digests import DIGEST_BYTES, RangeDigests
from app.services.log.replay import Interval, Replay, unit_state_of

_STEP = 2000
_NO_EXPIRY = date.max.isoformat()


def compare_blocks(connection: Connection, replay: Replay, told: Callable[[], None]) -> int:
    """Compare the blocks, series by series, with what follows from the log; count them."""
    issued_to = aliased(Account)
    query = (
        select(
            UnitBlock.series,
            UnitBlock.first_serial,
            UnitBlock.last_serial,
            UnitBlock.unit_type,
            UnitBlock.state,
            UnitBlock.applicable_period,
            UnitBlock.fifo_expiry,
            Account.number,
            issued_to.number.label("issued_to"),
        )
        .join(Account, Account.id == UnitBlock.account_id)
        .outerjoin(issued_to, issued_to.id == UnitBlock.issued_to)
        .order_by(UnitBlock.series_id, UnitBlock.first_serial)
    )
    series, comparison = "", BlockComparison("", replay)
    seen: set[str] = set()
    blocks = 0
    for row in connection.execute(query, execution_options={"yield_per": _STEP}):
        if row.series != series:
            comparison.finish()
            if row.series in seen:
                raise DoesNotHold(f"series {row.series}", "its blocks name two series")
            series, comparison = row.series, BlockComparison(row.series, replay)
            seen.add(series)
        comparison.check(row)
        blocks += 1
        if blocks % _STEP == 0:
            told()
    comparison.finish()
    if len(seen) != len(replay.series()):
        raise DoesNotHold("unit blocks", "a series in the log has no blocks")
    return blocks


class BlockComparison:
    """Walks one series' derived intervals beside its stored blocks.

    Blocks may be finer than intervals, never the reverse.
    """

    def __init__(self, series: str, replay: Replay) -> None:
        self._series = series
        self._intervals = replay.intervals(series)
        self._start = 0
        self._interval: Interval | None = None
        self._advance()

    def _advance(self) -> None:
        self._start, self._interval = next(self._intervals, (0, None))

    def check(self, row: Any) -> None:
        """Check that the block continues its interval, and is what its interval is."""
        where = f"unit block {self._series} {row.first_serial:,} to {row.last_serial:,}"
        interval = self._interval
        if interval is None or row.first_serial != self._start or row.last_serial > interval.end:
            raise DoesNotHold(where, "does not follow from the log")
        if (row.number, row.unit_type) != (interval.account, interval.unit_type):
            raise DoesNotHold(where, f"is in account {row.number}; the log says {interval.account}")
        if row.state != unit_state_of(row.number):
            raise DoesNotHold(where, f"is {row.state} in account {row.number}")
        self._check_attributes(where, row, interval)
        if row.last_serial == interval.end:
            self._advance()
        else:
            self._start = row.last_serial + 1

    def _check_attributes(self, where: str, row: Any, interval: Interval) -> None:
        stored = (row.issued_to, row.applicable_period, row.fifo_expiry.isoformat())
        said = (interval.issued_to, interval.period, interval.expiry or _NO_EXPIRY)
        names = ("first account", "commitment period", "expiry")
        for name, has, wanted in zip(names, stored, said, strict=True):
            if has != wanted:
                raise DoesNotHold(where, f"its {name} is {has}; the log says {wanted}")

    def finish(self) -> None:
        """Check that no interval is left without its blocks."""
        if self._interval is not None:
            raise DoesNotHold(
                f"series {self._series}", f"serial {self._start:,} is in the log but in no block"
            )


def compare_holdings(connection: Connection, replay: Replay) -> None:
    """Compare the kept summaries of holdings with what follows from the log."""
    query = select(Account.number, Holding.unit_type, Holding.quantity).join(
        Account, Account.id == Holding.account_id
    )
    stored = {(row.number, row.unit_type): row.quantity for row in connection.execute(query)}
    derived = replay.holdings()
    for account, unit_type in sorted(derived.keys() | stored.keys()):
        has, wanted = stored.get((account, unit_type), 0), derived[account, unit_type]
        if has != wanted:
            raise DoesNotHold(
                f"holding of {unit_type} in account {account}",
                f"is {has:,}; the log gives {wanted:,}",
            )


def compare_reservations(connection: Connection) -> None:
    """Compare what holdings say is reserved with the blocks that pending transactions reserve."""
    size = UnitBlock.last_serial - UnitBlock.first_serial + 1
    reserved: Counter[tuple[int, str]] = Counter()
    rows = connection.execute(
        select(
            UnitBlock.account_id,
            UnitBlock.unit_type,
            size.label("size"),
            UnitBlock.reserved_by,
            TransactionRow.status,
        )
        .outerjoin(TransactionRow, TransactionRow.id == UnitBlock.reserved_by)
        .where(UnitBlock.reserved_by.is_not(None)),
        execution_options={"yield_per": _STEP},
    )
    for row in rows:
        if row.status not in (TransactionStatus.PROPOSED, TransactionStatus.CHECKED):
            raise DoesNotHold(
                f"transaction {row.reserved_by}", "has ended, and still reserves units"
            )
        reserved[row.account_id, row.unit_type] += row.size
    holdings = select(Holding.account_id, Holding.unit_type, Holding.reserved, Account.number).join(
        Account, Account.id == Holding.account_id
    )
    for held in connection.execute(holdings):
        wanted = reserved[held.account_id, held.unit_type]
        if held.reserved != wanted:
            raise DoesNotHold(
                f"holding of {held.unit_type} in account {held.number}",
                f"has {held.reserved:,} reserved; its blocks give {wanted:,}",
            )


def compare_own_units(connection: Connection, replay: Replay) -> None:
    """Compare what accounts were themselves issued, and passed on, with the log."""
    query = select(
        Account.number,
        OwnUnits.unit_type,
        OwnUnits.period,
        OwnUnits.issued,
        OwnUnits.passed_on,
    ).join(Account, Account.id == OwnUnits.account_id)
    stored = {
        (row.number, row.unit_type, row.period): (row.issued, row.passed_on)
        for row in connection.execute(query)
    }
    for key in sorted(replay.own_issued.keys() | replay.passed_on.keys() | stored.keys()):
        wanted = (replay.own_issued[key], replay.passed_on[key])
        has = stored.get(key, (0, 0))
        if has != wanted:
            account, unit_type, period = key
            raise DoesNotHold(
                f"own {unit_type} of account {account} in period {period}",
                f"are {has[0]:,} issued and {has[1]:,} passed on; the log gives "
                f"{wanted[0]:,} and {wanted[1]:,}",
            )


def ranges_digest(moves: list[tuple[Any, ...]]) -> bytes:
    """Digest a transaction's ranges, in whatever order they are kept."""
    return sha256(repr(sorted(moves, key=repr)).encode()).digest()[:DIGEST_BYTES]


def compare_ranges(connection: Connection, logged: RangeDigests, country: str) -> None:
    """Compare each completed transaction's ranges with its log entry's.

    `logged` has the digest of every transaction in the log; past holdings are added up from
    these ranges. What a replacement names as replaced is among them.
    """
    source, target = aliased(Account), aliased(Account)
    query = (
        select(
            TransactionBlock.transaction_id,
            TransactionBlock.series,
            TransactionBlock.first_serial,
            TransactionBlock.last_serial,
            source.number.label("source"),
            target.number.label("target"),
        )
        .outerjoin(source, source.id == TransactionBlock.from_account_id)
        .outerjoin(target, target.id == TransactionBlock.to_account_id)
        .order_by(TransactionBlock.transaction_id)
    )
    rows = connection.execute(query, execution_options={"yield_per": _STEP})
    seen = 0
    for number, ranges in groupby(rows, key=lambda row: row.transaction_id):
        wanted = logged.get(number)
        if wanted is None:
            continue
        seen += 1
        if ranges_digest([tuple(row)[1:] for row in ranges]) != wanted:
            raise DoesNotHold(
                f"transaction {country}{number}", "its ranges are not those of the log"
            )
    if seen != len(logged):
        raise DoesNotHold("transactions", "one in the log has no ranges")


def compare_applied_rules(
    connection: Connection, logged: Mapping[int, frozenset[int]], country: str
) -> None:
    """Compare which rows of the rule tables applied to each completed transaction with the log."""
    query = (
        select(TransactionRule.transaction_id, TransactionRule.rule_id)
        .join(TransactionRow, TransactionRow.id == TransactionRule.transaction_id)
        .where(TransactionRow.status == TransactionStatus.COMPLETED)
        .order_by(TransactionRule.transaction_id)
    )
    awaited = dict(logged)
    rows = connection.execute(query, execution_options={"yield_per": _STEP})
    for number, applied in groupby(rows, key=lambda row: row.transaction_id):
        if frozenset(row.rule_id for row in applied) != awaited.pop(number, frozenset()):
            raise DoesNotHold(
                f"transaction {country}{number}", "other rules applied than the log says"
            )
    if awaited:
        raise DoesNotHold(
            f"transaction {country}{min(awaited)}", "the rules that applied are not recorded"
        )


def compare_certificates(connection: Connection, logged: Mapping[str, str]) -> int:
    """Compare every certificate's statement with its digest in the log; count them."""
    awaited = dict(logged)
    for row in connection.execute(select(Certificate.number, Certificate.statement)):
        if awaited.pop(row.number, None) != sha256(row.statement).hexdigest():
            raise DoesNotHold(
                f"certificate {row.number}", "its statement is not the one in the log"
            )
    if awaited:
        raise DoesNotHold(f"certificate {min(awaited)}", "is in the log and nowhere else")
    return len(logged)
