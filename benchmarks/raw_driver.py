"""The rival of the service: the same moves written by hand on the bare SQLCipher driver.

Owns SQL that a careful programmer would write for nothing but speed: prepared statements,
parameters, the fewest reads. It writes every row the service writes, under the same guards and
in the same two commits, and chains the log. What a move cannot be made without it reads: both
accounts, the units, and on approval, which another person gives later, the proposal. It checks
nothing itself and knows one kind of act.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from benchmarks.sample_registry import UNIT_TYPE, SampleRegistry

_FREE = (
    "SELECT b.id, b.series_id, b.series, b.first_serial, b.last_serial, b.batch_id, u.template "
    "FROM unit_block b JOIN unit_batch u ON u.id = b.batch_id "
    "WHERE b.account_id = ? AND b.unit_type = ? AND b.reserved_by IS NULL AND b.fifo_expiry >= ? "
    "ORDER BY b.fifo_expiry, b.fifo_vintage, b.series, b.first_serial"
)
_ACCOUNT = (
    "SELECT a.id, a.state, h.quantity, h.reserved FROM account a "
    "LEFT JOIN holding h ON h.account_id = a.id AND h.unit_type = ? WHERE a.number = ?"
)
_PENDING = (
    "SELECT t.act, t.status, t.to_account_id, p.user_name FROM registry_transaction t "
    "JOIN person p ON p.id = t.proposed_by WHERE t.id = ?"
)
_RANGES = (
    "SELECT series, first_serial, last_serial FROM transaction_block WHERE transaction_id = ? "
    "ORDER BY id"
)
_PROPOSE = (
    "INSERT INTO registry_transaction (request_id, type, supplementary_type, status, stage, "
    "from_account_id, to_account_id, unit_type, quantity, act, proposed_by, proposed_at) "
    "VALUES (?, 10, 0, 2, 9001, ?, ?, ?, ?, ?, ?, ?)"
)
EVENT = (
    "INSERT INTO transaction_event (transaction_id, status, stage, at, person_id, comment, codes) "
    "VALUES (?, ?, ?, ?, ?, '', '')"
)
PROPOSED = ((1, None), (2, 9001))
"""Status and stage of the events that a proposal writes."""
_SPLIT = "UPDATE unit_block SET first_serial = ? WHERE id = ?"
_RESERVE = "UPDATE unit_block SET reserved_by = ? WHERE series_id = ? AND first_serial = ?"
_RANGE = (
    "INSERT INTO transaction_block (transaction_id, role, series, first_serial, last_serial, "
    "serial, batch_id, from_account_id, to_account_id) VALUES (?, 'move', ?, ?, ?, ?, ?, ?, ?)"
)
_COMPLETE = (
    "UPDATE registry_transaction SET status = 4, stage = NULL, decided_by = ?, decided_at = ?, "
    "completed_at = ? WHERE id = ?"
)
_MOVE = (
    "UPDATE unit_block SET account_id = ?, state = 'held', moved_by = ?, reserved_by = NULL "
    "WHERE reserved_by = ?"
)
TAIL = "SELECT sequence, chain_hash FROM log_entry ORDER BY sequence DESC LIMIT 1"
LOG = (
    "INSERT INTO log_entry (sequence, kind, entry, leaf_hash, chain_hash, transaction_id) "
    "VALUES (?, 'transaction', ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class _Range:
    """Serials taken from a block."""

    series_id: int
    series: str
    first: int
    last: int
    batch_id: int
    serial: str


class RawMover:
    """Moves units between accounts, by number, on one raw connection."""

    def __init__(self, sample: SampleRegistry) -> None:
        self._officer, self._approver = sample.officer, sample.approver
        self._pooled = sample.registry.engine.raw_connection()
        self.driver: Any = self._pooled.driver_connection

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()

    def transfer(self, source: str, target: str, quantity: int) -> None:
        """Propose and approve a transfer, in two commits."""
        self.driver.execute("BEGIN IMMEDIATE")
        transaction = self.propose(source, target, quantity)
        self.driver.commit()
        self.driver.execute("BEGIN IMMEDIATE")
        self.approve(transaction)
        self.driver.commit()

    def propose(self, source: str, target: str, quantity: int) -> int:
        """Write a proposal and reserve its units; give its key."""
        run, now = self.driver.execute, now_text()
        from_id, state, held, reserved = run(_ACCOUNT, (UNIT_TYPE, source)).fetchone()
        to_id, other_state, _, _ = run(_ACCOUNT, (UNIT_TYPE, target)).fetchone()
        assert state == other_state == "open"
        assert held - reserved >= quantity
        act = {
            "act": "transfer",
            "from": source,
            "quantity": quantity,
            "to": target,
            "unit_type": UNIT_TYPE,
        }
        ranges, cuts = self._plan(from_id, quantity, now[:10])
        proposal = (uuid4().hex, from_id, to_id, UNIT_TYPE, quantity, as_json(act))
        transaction: int = run(_PROPOSE, (*proposal, self._officer.id, now)).lastrowid
        for status, stage in PROPOSED:
            run(EVENT, (transaction, status, stage, now, self._officer.id))
        for cut in cuts:
            run(_SPLIT, cut)
        for part in ranges:
            run(_RESERVE, (transaction, part.series_id, part.first))
            where = (part.series, part.first, part.last, part.serial, part.batch_id)
            run(_RANGE, (transaction, *where, from_id, to_id))
        return transaction

    def _plan(
        self, from_id: int, quantity: int, today: str
    ) -> tuple[list[_Range], list[tuple[int, int]]]:
        """Take the first units; give their ranges, and the cuts as first serial and block key."""
        ranges: list[_Range] = []
        cuts: list[tuple[int, int]] = []
        for key, series_id, series, first, last, batch, template in self.driver.execute(
            _FREE, (from_id, UNIT_TYPE, today)
        ):
            end = min(last, first + quantity - 1)
            text = template.format(start=first, end=end)
            ranges.append(_Range(series_id, series, first, end, batch, text))
            quantity -= end - first + 1
            if end < last:
                cuts.append((end + 1, key))
            if not quantity:
                break
        return ranges, cuts

    def approve(self, transaction: int) -> None:
        """Complete a proposal: move its units and append to the log."""
        run, now = self.driver.execute, now_text()
        text, status, to_id, proposer = run(_PENDING, (transaction,)).fetchone()
        assert status == 2
        ranges = run(_RANGES, (transaction,)).fetchall()
        run(_COMPLETE, (self._approver.id, now, now, transaction))
        run(EVENT, (transaction, 4, None, now, self._approver.id))
        run(_MOVE, (to_id, transaction, transaction))
        sequence, chain = run(TAIL).fetchone()
        persons = {"approved": self._approver.user_name, "proposed": proposer}
        entry = _entry(transaction, json.loads(text), ranges, at=now, by=persons)
        leaf = sha256(b"\x00" + entry).digest()
        chain = sha256(b"\x02" + chain + leaf).digest()
        run(LOG, (sequence + 1, entry, leaf, chain, transaction))


def _entry(
    transaction: int,
    act: dict[str, Any],
    ranges: list[tuple[str, int, int]],
    *,
    at: str,
    by: dict[str, str],
) -> bytes:
    moves = [
        {"end": last, "from": act["from"], "series": series, "start": first, "to": act["to"]}
        for series, first, last in ranges
    ]
    body = {
        "act": act,
        "checks_passed": 29,
        "moves": moves,
        "quantity": act["quantity"],
        "supplementary_type": 0,
        "transaction": f"TH{transaction}",
        "type": 10,
        "unit_type": UNIT_TYPE,
    }
    return as_json({"at": at, "body": body, "by": by, "kind": "transaction", "version": 1}).encode()


def as_json(value: object) -> str:
    """Write JSON as the registry keeps it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def now_text() -> str:
    """Give the present as the registry keeps it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
