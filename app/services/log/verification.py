"""`teak verify`: recomputes the log's chain and tree, and everything that follows from it.

Owns the order in which things are looked at: the log itself, its checkpoints, then units and
records, each compared with what follows from the log; the first that does not hold is named.
What waits unsealed in a networked registry's queue counts as said. Changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from app.models.codes import TransactionStatus, UnitState
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, LogEntry, LogQueue, Person, TransactionRow, UnitBatch
from app.models.tables.base import time_text
from app.services.log.administrative_replay import Expected
from app.services.log.canonical import canonical_bytes
from app.services.log.checkpoint_comparison import (
    Keepsakes,
    Outside,
    judge_kept,
    judge_outside,
    read_keepsakes,
)
from app.services.log.findings import DoesNotHold
from app.services.log.hashing import CHAIN_START, MerkleTree, chain_hash, leaf_hash
from app.services.log.history_comparison import (
    PassedChecks,
    compare_evidence,
    compare_histories,
)
from app.services.log.ledger_comparison import (
    compare_applied_rules,
    compare_blocks,
    compare_certificates,
    compare_holdings,
    compare_own_units,
    compare_ranges,
    compare_reservations,
    ranges_digest,
)
from app.services.log.range_digests import RangeDigests
from app.services.log.record_comparison import compare_records
from app.services.log.replay import Attributes, DoesNotFollow, Replay, unit_state_of
from app.services.registry.context import BANGKOK, OpenRegistry

Progress = Callable[[int, int], None]
_STEP = 2000


def _unwatched(_done: int, _of: int) -> None:
    """Stand in where nobody watches the progress."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found. `units` counts by unit type: issued, received and each state.

    `entries` are sealed, `unsealed` wait in the queue of a networked registry; `records` were
    compared beside blocks and certificates. `against` is the size of the checkpoint from outside.
    """

    ok: bool
    entries: int
    blocks: int
    root: str
    units: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    failed_at: str = ""
    failure: str = ""
    unsealed: int = 0
    checkpoints: int = 0
    certificates: int = 0
    records: int = 0
    against: int | None = None

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
            "unsealed": self.unsealed,
            "checkpoints": self.checkpoints,
            "certificates": self.certificates,
            "records": self.records,
            "against": self.against,
        }


def verify_registry(
    registry: OpenRegistry, progress: Progress | None = None, *, outside: Outside | None = None
) -> Verification:
    """Verify the whole registry, as at one moment, and against a checkpoint kept outside.

    `progress(done, of)` counts log entries, is told on while blocks are compared, and may raise
    to stop. The file's own pages are checked by the storage.
    """
    with reading(registry.engine) as connection:
        return verify_within(connection, registry.country, progress, outside=outside)


def verify_within(
    connection: Connection,
    country: str,
    progress: Progress | None = None,
    *,
    outside: Outside | None = None,
) -> Verification:
    """Verify inside a reading of the caller's."""
    return Verifier(connection, country, progress, outside).run()


class Verifier:
    """One run over one consistent reading; `replay` has the ledger as it follows, afterwards."""

    def __init__(
        self,
        connection: Connection,
        country: str,
        progress: Progress | None = None,
        outside: Outside | None = None,
    ) -> None:
        self._connection = connection
        self._country = country
        self._progress = progress or _unwatched
        self._outside = outside
        self._keepsakes: Keepsakes = read_keepsakes(connection)
        self._tree = MerkleTree()
        self._roots: dict[int, bytes] = {0: self._tree.root()}
        self.replay = Replay()
        self._expected = Expected()
        self._certificates: dict[str, str] = {}
        self._ranges = RangeDigests()
        self._passed = PassedChecks()
        self._rules: dict[int, frozenset[int]] = {}
        self._rule_sets: dict[frozenset[int], frozenset[int]] = {}
        """One value for all transactions to which the same rules applied: there are few."""
        self._people: dict[int, str] = {}
        self._counts = {"blocks": 0, "unsealed": 0, "checkpoints": 0, "records": 0}

    def run(self) -> Verification:
        """Look at everything, in order, until something does not hold."""
        try:
            self._check_log()
            self._judge_checkpoints()
            self._apply_queue()
            self._check_transactions_are_logged()
            self._counts["blocks"] = compare_blocks(self._connection, self.replay, self._tell)
            compare_holdings(self._connection, self.replay)
            compare_reservations(self._connection)
            compare_own_units(self._connection, self.replay)
            compare_ranges(self._connection, self._ranges, self._country)
            compare_applied_rules(self._connection, self._rules, self._country)
            compare_histories(self._connection, self._passed, self._country, self._tell)
            compare_evidence(self._connection, self._country)
            compare_certificates(self._connection, self._certificates)
            self._counts["records"] = compare_records(self._connection, self._expected)
        except DoesNotHold as failure:
            return self._result(failure)
        return self._result(None)

    def _tell(self) -> None:
        self._progress(self._tree.size, self._tree.size)

    def _result(self, failure: DoesNotHold | None) -> Verification:
        return Verification(
            ok=failure is None,
            entries=self._tree.size,
            root=self._tree.root().hex(),
            units=count_units(self.replay),
            failed_at="" if failure is None else failure.where,
            failure="" if failure is None else failure.reason,
            certificates=len(self._certificates),
            against=None if self._outside is None else self._outside.checkpoint.checkpoint.size,
            **self._counts,
        )

    def _check_log(self) -> None:
        people = self._connection.execute(select(Person.id, Person.user_name))
        self._people = {person.id: person.user_name for person in people}
        total = self._connection.execute(select(func.count(LogEntry.sequence))).scalar_one()
        sizes = self._wanted_sizes()
        chain = CHAIN_START
        for expected, row in enumerate(self._entries(), start=1):
            where = f"log entry {expected}"
            entry = bytes(row.entry)
            if row.sequence != expected:
                raise DoesNotHold(where, f"is missing; entry {row.sequence} follows instead")
            leaf = leaf_hash(entry)
            chain = chain_hash(chain, leaf)
            if leaf != row.leaf_hash:
                raise DoesNotHold(where, "its bytes do not give its leaf hash; it was changed")
            if chain != row.chain_hash:
                raise DoesNotHold(where, "it does not continue the chain")
            self._tree.append(leaf)
            if expected in sizes:
                self._roots[expected] = self._tree.root()
            self._check_entry(where, row, entry)
            if expected % _STEP == 0:
                self._progress(expected, total)
        self._progress(total, total)

    def _wanted_sizes(self) -> frozenset[int]:
        outside = () if self._outside is None else (self._outside.checkpoint.checkpoint.size,)
        return self._keepsakes.sizes | frozenset(outside)

    def _judge_checkpoints(self) -> None:
        size = self._tree.size
        if self._outside is not None:
            judge_outside(self._outside, self._keepsakes, self._roots, size)
        self._counts["checkpoints"] = judge_kept(self._keepsakes, self._roots, size)

    def _entries(self) -> Iterator[Any]:
        query = (
            _with_transaction(
                LogEntry.transaction_id,
                LogEntry.sequence,
                LogEntry.kind,
                LogEntry.entry,
                LogEntry.leaf_hash,
                LogEntry.chain_hash,
                LogEntry.transaction_id,
            )
        ).order_by(LogEntry.sequence)
        return iter(self._connection.execute(query, execution_options={"yield_per": _STEP}))

    def _apply_queue(self) -> None:
        """Take in what waits to be sealed, as it will be."""
        query = _with_transaction(
            LogQueue.transaction_id,
            LogQueue.id,
            LogQueue.kind,
            LogQueue.at,
            LogQueue.persons,
            LogQueue.body,
            LogQueue.transaction_id,
        ).order_by(LogQueue.id)
        for row in self._connection.execute(query):
            where = f"unsealed entry {row.id}"
            self._counts["unsealed"] += 1
            try:
                by, body = json.loads(row.persons), json.loads(row.body)
                self._take_in(where, row, body, by, row.at)
            except (ValueError, KeyError, TypeError) as error:
                raise DoesNotHold(where, f"it cannot be read ({error!r})") from error

    def _check_entry(self, where: str, row: Any, content: bytes) -> None:
        try:
            entry = json.loads(content)
            if entry["version"] != 1 or entry["kind"] != row.kind:
                raise DoesNotHold(where, "its version or kind is not the one recorded")
            if canonical_bytes(entry) != content:
                raise DoesNotHold(where, "it is not in canonical form")
            at = datetime.fromisoformat(entry["at"])
            self._take_in(where, row, entry["body"], entry["by"], at)
        except (ValueError, KeyError, TypeError) as error:
            raise DoesNotHold(where, f"it cannot be read ({error!r})") from error

    def _take_in(
        self, where: str, row: Any, body: Mapping[str, Any], by: Mapping[str, str], at: datetime
    ) -> None:
        if row.kind == "transaction":
            self._apply(where, row, body, by, at)
        elif row.kind == "certificate-issued":
            self._certificates[body["certificate"]] = body["statement_sha256"]
        else:
            self._expected.apply(row.kind, body, by, at.astimezone(BANGKOK).date().isoformat())

    def _apply(
        self, where: str, row: Any, body: Mapping[str, Any], by: Mapping[str, str], at: datetime
    ) -> None:
        self._check_transaction(where, row, body, by, at)
        self._ranges[row.transaction_id] = ranges_digest(
            [
                (move["series"], move["start"], move["end"], move["from"], move["to"])
                for move in body["moves"]
            ]
            + [
                (item["series"], item["start"], item["end"], item["account"], item["account"])
                for item in body.get("replaced", ())
            ]
        )
        self._passed[row.transaction_id] = body["checks_passed"]
        if body.get("rules"):
            applied = frozenset(body["rules"].values())
            self._rules[row.transaction_id] = self._rule_sets.setdefault(applied, applied)
        self._expected.reissue(body)
        try:
            self.replay.apply(body, _attributes(where, row, body))
        except DoesNotFollow as error:
            raise DoesNotHold(where, str(error)) from error

    def _check_transaction(
        self, where: str, row: Any, body: Mapping[str, Any], by: Mapping[str, str], at: datetime
    ) -> None:
        """Compare the transaction's row with its entry."""
        name = body["transaction"]
        if name != f"{self._country}{row.transaction_id}":
            raise DoesNotHold(where, "it names another transaction than the one recorded")
        stored = (row.type, row.supplementary_type, row.unit_type, row.quantity)
        logged = tuple(body[key] for key in ("type", "supplementary_type", "unit_type", "quantity"))
        is_same = row.status == TransactionStatus.COMPLETED and stored == logged
        if not is_same or json.loads(row.act) != body["act"]:
            raise DoesNotHold(where, f"transaction {name} differs from what was logged")
        people = (self._people.get(row.proposed_by), self._people.get(row.decided_by))
        if people != (by["proposed"], by["approved"]):
            raise DoesNotHold(where, f"transaction {name} names other people than the log")
        if row.completed_at is None or time_text(row.completed_at) != time_text(at):
            raise DoesNotHold(where, f"transaction {name} completed at another time")
        ends = {(move["from"], move["to"]) for move in body["moves"]}
        if (row.from_number, row.to_number) not in ends:
            raise DoesNotHold(where, f"transaction {name} names other accounts than the log")

    def _check_transactions_are_logged(self) -> None:
        queued = select(LogQueue.transaction_id).where(LogQueue.transaction_id.is_not(None))
        missing = self._connection.execute(
            select(TransactionRow.id)
            .outerjoin(LogEntry, LogEntry.transaction_id == TransactionRow.id)
            .where(
                TransactionRow.status == TransactionStatus.COMPLETED,
                LogEntry.sequence.is_(None),
                TransactionRow.id.not_in(queued),
            )
            .limit(1)
        ).scalar()
        if missing is not None:
            raise DoesNotHold(
                f"transaction {self._country}{missing}", "is completed and not in the log"
            )


def _with_transaction(link: Any, *columns: Any) -> Any:
    """Select log columns with the transaction they are of, and the batch it created."""
    source, target = aliased(Account), aliased(Account)
    return (
        select(
            *columns,
            TransactionRow.type,
            TransactionRow.supplementary_type,
            TransactionRow.unit_type,
            TransactionRow.quantity,
            TransactionRow.act,
            TransactionRow.status,
            TransactionRow.proposed_by,
            TransactionRow.decided_by,
            TransactionRow.completed_at,
            TransactionRow.to_expiry,
            TransactionRow.to_period,
            source.number.label("from_number"),
            target.number.label("to_number"),
            UnitBatch.applicable_period,
            UnitBatch.expires_on,
        )
        .outerjoin(TransactionRow, TransactionRow.id == link)
        .outerjoin(source, source.id == TransactionRow.from_account_id)
        .outerjoin(target, target.id == TransactionRow.to_account_id)
        .outerjoin(UnitBatch, UnitBatch.created_by == link)
    )


def _attributes(where: str, row: Any, body: Mapping[str, Any]) -> Attributes:
    """Give what the transaction gives its units: as the log says, else as its row does."""
    if body["moves"] and body["moves"][0]["from"] is None:
        expiry = body.get("expires_on")
        stored = None if row.expires_on is None else row.expires_on.isoformat()
        period = body.get("period", row.applicable_period)
        if row.applicable_period is None or (stored, row.applicable_period) != (expiry, period):
            raise DoesNotHold(where, f"the batch of {body['transaction']} is not the one logged")
        return Attributes(row.applicable_period, expiry)
    expiry = None if row.to_expiry is None else row.to_expiry.isoformat()
    if (body.get("to_expiry"), body.get("to_period")) != (expiry, row.to_period):
        raise DoesNotHold(where, f"what {body['transaction']} gives its units is not as logged")
    return Attributes(row.to_period or 0, expiry)


def count_units(replay: Replay) -> dict[str, dict[str, int]]:
    """Count units by unit type: issued, received, and those in each state."""
    counts: dict[str, dict[str, int]] = {
        code: {
            "issued": replay.issued[code],
            "received": replay.received[code],
            **{str(state): 0 for state in UnitState},
            "sent": 0,
        }
        for code in sorted(replay.issued.keys() | replay.received.keys())
    }
    for (account, unit_type), quantity in replay.holdings().items():
        counts[unit_type][str(unit_state_of(account))] += quantity
    return counts
