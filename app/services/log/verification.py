"""`teak verify`: recomputes the log's chain and tree, and every holding from it.

Owns the comparison of what is stored with what follows from the log, and naming the first
entry that does not hold. Changes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select

from app.models.codes import TransactionStatus, UnitState
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    Certificate,
    Holding,
    LogEntry,
    Person,
    TransactionRow,
    UnitBlock,
)
from app.services.log.canonical import canonical_bytes
from app.services.log.hashing import CHAIN_START, MerkleTree, chain_hash, leaf_hash
from app.services.log.replay import DoesNotFollow, Interval, Replay, unit_state_of
from app.services.registry.context import OpenRegistry

Progress = Callable[[int, int], None]
_STEP = 2000


def _unwatched(_done: int, _of: int) -> None:
    """Stand in where nobody watches the progress."""


class DoesNotHold(Exception):
    """The first thing found that is not as it should be: where, and why."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where, self.reason = where, reason


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found. `units` counts by unit type: issued, received and each state."""

    ok: bool
    entries: int
    blocks: int
    root: str
    units: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    failed_at: str = ""
    failure: str = ""

    def as_json(self) -> dict[str, Any]:
        """Write the result as the command line gives it."""
        failure = None if self.ok else {"where": self.failed_at, "reason": self.failure}
        return {
            "ok": self.ok,
            "entries": self.entries,
            "blocks": self.blocks,
            "units": {code: dict(counts) for code, counts in self.units.items()},
            "root": self.root,
            "first_failure": failure,
        }


def verify_registry(registry: OpenRegistry, progress: Progress | None = None) -> Verification:
    """Verify the whole registry, as at one moment.

    `progress(done, of)` counts log entries, is told on while blocks are compared, and may raise
    to stop. The file's own pages are checked by the storage.
    """
    with reading(registry.engine) as connection:
        return _Verifier(connection, registry.country, progress or _unwatched).run()


class _Verifier:
    """One run over one consistent reading."""

    def __init__(self, connection: Connection, country: str, progress: Progress) -> None:
        self._connection = connection
        self._country = country
        self._progress = progress
        self._tree = MerkleTree()
        self._replay = Replay()
        self._certificates: dict[str, str] = {}
        self._people: dict[int, str] = {}
        self._blocks = 0

    def run(self) -> Verification:
        try:
            self._check_log()
            self._check_transactions_are_logged()
            self._check_blocks()
            self._check_holdings()
            self._check_certificates()
        except DoesNotHold as failure:
            return self._result(failure)
        return self._result(None)

    def _result(self, failure: DoesNotHold | None) -> Verification:
        return Verification(
            ok=failure is None,
            entries=self._tree.size,
            blocks=self._blocks,
            root=self._tree.root().hex(),
            units=self._units(),
            failed_at="" if failure is None else failure.where,
            failure="" if failure is None else failure.reason,
        )

    def _check_log(self) -> None:
        people = self._connection.execute(select(Person.id, Person.user_name))
        self._people = {person.id: person.user_name for person in people}
        total = self._connection.execute(select(func.count(LogEntry.sequence))).scalar_one()
        chain = CHAIN_START
        for expected, row in enumerate(self._entries(), start=1):
            where = f"log entry {expected}"
            if row.sequence != expected:
                raise DoesNotHold(where, f"is missing; entry {row.sequence} follows instead")
            leaf = leaf_hash(row.entry)
            chain = chain_hash(chain, leaf)
            if leaf != row.leaf_hash:
                raise DoesNotHold(where, "its bytes do not give its leaf hash; it was changed")
            if chain != row.chain_hash:
                raise DoesNotHold(where, "it does not continue the chain")
            self._tree.append(leaf)
            self._check_entry(where, row)
            if expected % _STEP == 0:
                self._progress(expected, total)
        self._progress(total, total)

    def _entries(self) -> Iterator[Any]:
        query = (
            select(
                LogEntry.sequence,
                LogEntry.kind,
                LogEntry.entry,
                LogEntry.leaf_hash,
                LogEntry.chain_hash,
                LogEntry.transaction_id,
                TransactionRow.act,
                TransactionRow.status,
                TransactionRow.proposed_by,
                TransactionRow.decided_by,
            )
            .outerjoin(TransactionRow, TransactionRow.id == LogEntry.transaction_id)
            .order_by(LogEntry.sequence)
        )
        return iter(self._connection.execution_options(yield_per=_STEP).execute(query))

    def _check_entry(self, where: str, row: Any) -> None:
        try:
            entry = json.loads(row.entry)
            body = entry["body"]
            if entry["version"] != 1 or entry["kind"] != row.kind:
                raise DoesNotHold(where, "its version or kind is not the one recorded")
            if canonical_bytes(entry) != row.entry:
                raise DoesNotHold(where, "it is not in canonical form")
            if row.kind == "transaction":
                self._apply(where, row, body, entry["by"])
            elif row.kind == "certificate-issued":
                self._certificates[body["certificate"]] = body["statement_sha256"]
        except (ValueError, KeyError, TypeError) as error:
            raise DoesNotHold(where, f"it cannot be read ({error!r})") from error

    def _apply(self, where: str, row: Any, body: Mapping[str, Any], by: Mapping[str, str]) -> None:
        if body["transaction"] != f"{self._country}{row.transaction_id}":
            raise DoesNotHold(where, "it names another transaction than the one recorded")
        if row.status != TransactionStatus.COMPLETED or json.loads(row.act) != body["act"]:
            raise DoesNotHold(
                where, f"transaction {body['transaction']} differs from what was logged"
            )
        people = (self._people.get(row.proposed_by), self._people.get(row.decided_by))
        if people != (by["proposed"], by["approved"]):
            raise DoesNotHold(
                where, f"transaction {body['transaction']} names other people than the log"
            )
        try:
            self._replay.apply(body)
        except DoesNotFollow as error:
            raise DoesNotHold(where, str(error)) from error

    def _check_transactions_are_logged(self) -> None:
        missing = self._connection.execute(
            select(TransactionRow.id)
            .outerjoin(LogEntry, LogEntry.transaction_id == TransactionRow.id)
            .where(
                TransactionRow.status == TransactionStatus.COMPLETED,
                LogEntry.sequence.is_(None),
            )
            .limit(1)
        ).scalar()
        if missing is not None:
            raise DoesNotHold(
                f"transaction {self._country}{missing}", "is completed and not in the log"
            )

    def _check_blocks(self) -> None:
        """Compare the blocks, series by series, with what follows from the log."""
        query = (
            select(
                UnitBlock.series,
                UnitBlock.first_serial,
                UnitBlock.last_serial,
                UnitBlock.unit_type,
                UnitBlock.state,
                Account.number,
            )
            .join(Account, Account.id == UnitBlock.account_id)
            .order_by(UnitBlock.series, UnitBlock.first_serial)
        )
        series, comparison = "", _Comparison("", self._replay)
        seen = 0
        for row in self._connection.execution_options(yield_per=_STEP).execute(query):
            if row.series != series:
                comparison.finish()
                series, comparison = row.series, _Comparison(row.series, self._replay)
                seen += 1
            comparison.check(row)
            self._blocks += 1
            if self._blocks % _STEP == 0:
                self._progress(self._tree.size, self._tree.size)
        comparison.finish()
        if seen != len(self._replay.series()):
            raise DoesNotHold("unit blocks", "a series in the log has no blocks")

    def _check_holdings(self) -> None:
        derived = self._replay.holdings()
        query = select(Account.number, Holding.unit_type, Holding.quantity).join(
            Account, Account.id == Holding.account_id
        )
        stored = Counter(
            {(row.number, row.unit_type): row.quantity for row in self._connection.execute(query)}
        )
        for account, unit_type in sorted(derived.keys() | stored.keys()):
            key = (account, unit_type)
            if derived[key] != stored[key]:
                raise DoesNotHold(
                    f"holding of {unit_type} in account {account}",
                    f"is {stored[key]:,}; the log gives {derived[key]:,}",
                )

    def _check_certificates(self) -> None:
        query = select(Certificate.number, Certificate.statement)
        logged = dict(self._certificates)
        for row in self._connection.execute(query):
            if logged.pop(row.number, None) != sha256(row.statement).hexdigest():
                raise DoesNotHold(
                    f"certificate {row.number}", "its statement is not the one in the log"
                )
        if logged:
            raise DoesNotHold(f"certificate {min(logged)}", "is in the log and nowhere else")

    def _units(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {
            code: {
                "issued": issued,
                "received": 0,
                **{str(state): 0 for state in UnitState},
                "sent": 0,
            }
            for code, issued in sorted(self._replay.issued.items())
        }
        for (account, unit_type), quantity in self._replay.holdings().items():
            counts[unit_type][str(unit_state_of(account))] += quantity
        return counts


class _Comparison:
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
        """Check that the block continues its interval in the same account and state."""
        where = f"unit block {self._series} {row.first_serial:,} to {row.last_serial:,}"
        interval = self._interval
        if interval is None or row.first_serial != self._start or row.last_serial > interval.end:
            raise DoesNotHold(where, "does not follow from the log")
        if (row.number, row.unit_type) != (interval.account, interval.unit_type):
            raise DoesNotHold(where, f"is in account {row.number}; the log says {interval.account}")
        if row.state != unit_state_of(row.number):
            raise DoesNotHold(where, f"is {row.state} in account {row.number}")
        if row.last_serial == interval.end:
            self._advance()
        else:
            self._start = row.last_serial + 1

    def finish(self) -> None:
        """Check that no interval is left without its blocks."""
        if self._interval is not None:
            raise DoesNotHold(
                f"series {self._series}", f"serial {self._start:,} is in the log but in no block"
            )
