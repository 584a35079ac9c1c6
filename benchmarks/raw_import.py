"""The rival of an import: rows of a Verra export written by hand on the bare driver.

Owns the SQL by which a registration stands in the registry. Like `raw_driver` it leaves out
every check, and everything it writes is under the guards.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.raw_driver import EVENT, LOG, PROPOSED, TAIL, as_json, now_text
from benchmarks.sample_registry import UNIT_TYPE, SampleRegistry

_A_COMMIT = 400
_SERIAL = re.compile(r"([0-9]+)-([0-9]+)-([0-9]+)(-.*)")

_PROPOSE = (
    "INSERT INTO registry_transaction (request_id, type, supplementary_type, status, stage, "
    "to_account_id, unit_type, quantity, act, proposed_by, proposed_at, effective_on) "
    "VALUES (?, 1, 9010, 2, 9001, ?, ?, ?, ?, ?, ?, ?)"
)
_COMPLETE = (
    "UPDATE registry_transaction SET status = 4, stage = NULL, decided_by = ?, decided_at = ?, "
    "completed_at = ? WHERE id = ?"
)
_BATCH = (
    "INSERT INTO unit_batch (series_id, first_serial, last_serial, unit_type, origin, project_id, "
    "vintage, original_period, applicable_period, lulucf_activity, track, grammar, template, "
    "created_by) VALUES (?, ?, ?, ?, 'Verra', ?, ?, 0, 0, 0, 0, 'verra', ?, ?)"
)
_BLOCK = (
    "INSERT INTO unit_block (batch_id, series_id, series, first_serial, last_serial, unit_type, "
    "account_id, issued_to, state, fifo_expiry, fifo_vintage, applicable_period, created_by) "
    "VALUES (?, ?, 'verra', ?, ?, ?, ?, ?, 'held', '9999-12-31', ?, 0, ?)"
)
_RANGE = (
    "INSERT INTO transaction_block (transaction_id, role, series, first_serial, last_serial, "
    "serial, batch_id, to_account_id) VALUES (?, 'move', 'verra', ?, ?, ?, ?, ?)"
)
_PROJECT = (
    "INSERT INTO project (origin, code, name_en, name_th, country, kind, sectoral_scope, "
    "methodology, proponent, state, created_at) "
    "VALUES ('Verra', ?, ?, '', 'TH', '', 1, '', '', 'registered', ?)"
)
_PROJECT_LOG = (
    "INSERT INTO log_entry (sequence, kind, entry, leaf_hash, chain_hash) "
    "VALUES (?, 'project-registered', ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row of the export comes to."""

    project: str
    name: str
    issued_on: str
    vintage: int
    serial: str
    first: int
    last: int
    template: str


class RawImporter:
    """Writes exports into one account, on one raw connection."""

    def __init__(self, sample: SampleRegistry) -> None:
        (self._number,) = sample.open_accounts(1)
        self._officer, self._approver = sample.officer, sample.approver
        self._pooled = sample.registry.engine.raw_connection()
        self._run: Any = self._pooled.driver_connection.cursor().execute  # type: ignore[union-attr]
        number = (self._number,)
        (self._account,) = self._run("SELECT id FROM account WHERE number = ?", number).fetchone()
        self._series = self._run("INSERT INTO series (key) VALUES ('verra')").lastrowid
        self._projects: dict[str, int] = {}
        self._tail: tuple[int, bytes] = (0, b"")

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()

    def write(self, file: Path) -> None:
        """Write every row of an export, some hundred at a commit."""
        rows = list(_read(file))
        for start in range(0, len(rows), _A_COMMIT):
            self._run("BEGIN IMMEDIATE")
            self._tail = self._run(TAIL).fetchone()
            for row in rows[start : start + _A_COMMIT]:
                self._register(row)
            self._run("COMMIT")

    def _register(self, row: _Row) -> None:
        run, now, quantity = self._run, now_text(), row.last - row.first + 1
        act = self._act(row, quantity)
        text = as_json(act)
        request = f"import-{sha256(text.encode()).hexdigest()}"
        proposal = (request, self._account, UNIT_TYPE, quantity, text, self._officer.id, now)
        transaction = run(_PROPOSE, (*proposal, row.issued_on)).lastrowid
        for status, stage in PROPOSED:
            run(EVENT, (transaction, status, stage, now, self._officer.id))
        run(_COMPLETE, (self._approver.id, now, now, transaction))
        run(EVENT, (transaction, 4, None, now, self._approver.id))
        place = (self._series, row.first, row.last, UNIT_TYPE)
        origin = (self._project(row, now), row.vintage, row.template, transaction)
        batch = run(_BATCH, (*place, *origin)).lastrowid
        run(_BLOCK, (batch, *place, self._account, self._account, row.vintage, transaction))
        run(_RANGE, (transaction, row.first, row.last, row.serial, batch, self._account))
        self._log(transaction, act, row, now)

    def _act(self, row: _Row, quantity: int) -> dict[str, Any]:
        return {
            "account": self._number,
            "act": "registration",
            "issued_on": row.issued_on,
            "origin": "Verra",
            "project": row.project,
            "quantity": quantity,
            "serial": row.serial,
            "unit_type": UNIT_TYPE,
            "vintage": row.vintage,
        }

    def _project(self, row: _Row, now: str) -> int:
        if row.project not in self._projects:
            values = (row.project, row.name, now)
            self._projects[row.project] = self._run(_PROJECT, values).lastrowid
            persons = {"done": self._officer.user_name}
            body = {
                "origin": "Verra",
                "code": row.project,
                "name_en": row.name,
                "name_th": "",
                "country": "TH",
                "kind": "",
                "sectoral_scope": 1,
                "methodology": "",
                "proponent": "",
                "state": "registered",
            }
            sequence, entry, leaf = self._chain("project-registered", body, persons, now)
            self._run(_PROJECT_LOG, (sequence, entry, leaf, self._tail[1]))
        return self._projects[row.project]

    def _chain(
        self, kind: str, body: dict[str, Any], persons: dict[str, str], now: str
    ) -> tuple[int, bytes, bytes]:
        """Chain an entry to the log; give its number, bytes and leaf hash."""
        content = {"at": now, "body": body, "by": persons, "kind": kind, "version": 1}
        entry = as_json(content).encode()
        leaf = sha256(b"\x00" + entry).digest()
        sequence, chain = self._tail
        self._tail = (sequence + 1, sha256(b"\x02" + chain + leaf).digest())
        return sequence + 1, entry, leaf

    def _log(self, transaction: int, act: dict[str, Any], row: _Row, now: str) -> None:
        move = {"end": row.last, "from": None, "series": "verra", "start": row.first}
        body = {
            "act": act,
            "checks_passed": 20,
            "moves": [{**move, "to": self._number}],
            "quantity": act["quantity"],
            "supplementary_type": 9010,
            "transaction": f"TH{transaction}",
            "type": 1,
            "unit_type": UNIT_TYPE,
        }
        persons = {"approved": self._approver.user_name, "proposed": self._officer.user_name}
        sequence, entry, leaf = self._chain("transaction", body, persons, now)
        self._run(LOG, (sequence, entry, leaf, self._tail[1], transaction))


def _read(file: Path) -> Iterator[_Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        for cells in csv.DictReader(lines):
            serial = cells["Serial Number"]
            found = _SERIAL.fullmatch(serial)
            assert found is not None
            yield _Row(
                project=cells["ID"],
                name=cells["Name"],
                issued_on=cells["Issuance Date"],
                vintage=int(cells["Vintage Start"][:4]),
                serial=serial,
                first=int(found[2]),
                last=int(found[3]),
                template=f"{found[1]}-{{start}}-{{end}}{found[4]}",
            )
