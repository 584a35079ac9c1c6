"""Verification finds what somebody with the key and without the guards has altered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import LogEntry
from app.services.certificates.issuing import issue_certificate
from app.services.log import ledger_comparison, verification
from app.services.log.hashing import (
    CHAIN_START,
    EMPTY_ROOT,
    chain_hash,
    leaf_hash,
    merkle_root,
    node_hash,
)
from app.services.log.verification import verify_registry
from tests.fixtures.ledger import Ledger


def drop_guards(connection: Connection) -> None:
    names = connection.execute(
        text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    ).scalars()
    for name in names.all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


ALTERATIONS = {
    "a changed entry": (
        (
            "UPDATE log_entry "
            "SET entry = CAST(replace(CAST(entry AS TEXT), '1204', '1205') AS BLOB) "
            "WHERE sequence = (SELECT MAX(sequence) - 1 FROM log_entry)"
        ),
        "log entry",
        "it was changed",
    ),
    "an entry taken out": (
        "DELETE FROM log_entry WHERE sequence = 3",
        "log entry 3",
        "is missing",
    ),
    "the last transaction's entry taken off": (
        "DELETE FROM log_entry WHERE sequence >= (SELECT MAX(sequence) - 1 FROM log_entry)",
        "transaction TH2",
        "not in the log",
    ),
    "a chain value": (
        "UPDATE log_entry SET chain_hash = zeroblob(32) WHERE sequence = 2",
        "log entry 2",
        "continue the chain",
    ),
    "units that nobody issued": (
        "UPDATE unit_block SET last_serial = last_serial + 50 WHERE last_serial = 10000",
        "unit block",
        "does not follow",
    ),
    "units gone": (
        "DELETE FROM unit_block WHERE last_serial = 10000",
        "series TH-TER-14-0042-2025-",
        "in no block",
    ),
    "units in another account": (
        (
            "UPDATE unit_block SET account_id = (SELECT MAX(id) FROM account) "
            "WHERE first_serial = 1205"
        ),
        "unit block",
        "the log says",
    ),
    "a unit revived": (
        "UPDATE unit_block SET state = 'held' WHERE state = 'cancelled'",
        "unit block",
        "is held",
    ),
    "a holding": (
        "UPDATE holding SET quantity = quantity + 1, reserved = 0",
        "holding of TER",
        "the log gives",
    ),
    "the beneficiary": (
        "UPDATE registry_transaction SET act = replace(act, 'Bangkok', 'London')",
        "log entry",
        "differs from what was logged",
    ),
    "a certificate's statement": (
        "UPDATE certificate SET statement = x'7b7d'",
        "certificate TH-OC-2026-000001",
        "not the one in the log",
    ),
    "a certificate taken away": (
        "DELETE FROM certificate",
        "certificate TH-OC-2026-000001",
        "nowhere else",
    ),
    "who approved": (
        "UPDATE registry_transaction SET decided_by = 2 WHERE id = 2",
        "log entry",
        "other people",
    ),
    "who proposed": (
        "UPDATE registry_transaction SET proposed_by = 4 WHERE id = 1",
        "log entry",
        "other people",
    ),
}


@pytest.fixture
def used_ledger(ledger: Ledger) -> Ledger:
    ledger.complete(ledger.issuance())
    cancelled = ledger.complete(ledger.cancellation(1_204))
    issue_certificate(ledger.registry, cancelled.transaction_id)
    return ledger


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_is_found_and_named(used_ledger: Ledger, name: str) -> None:
    statement, where, reason = ALTERATIONS[name]
    assert verify_registry(used_ledger.registry).ok
    with UnitOfWork(used_ledger.registry.engine) as unit:
        drop_guards(unit.connection)
        changed = unit.connection.exec_driver_sql(statement)
        assert changed.rowcount > 0
        unit.commit()
    found = verify_registry(used_ledger.registry)
    assert not found.ok
    assert where in found.failed_at
    assert reason in found.failure


class _Stop(Exception):
    """Somebody cancelled."""


def test_it_stops_while_it_compares_blocks(
    used_ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_STEP", 1)
    monkeypatch.setattr(ledger_comparison, "_STEP", 1)
    told: list[tuple[int, int]] = []

    def stop_after_the_log(done: int, of: int) -> None:
        told.append((done, of))
        if told.count((of, of)) > 2:
            raise _Stop

    with pytest.raises(_Stop):
        verify_registry(used_ledger.registry, stop_after_the_log)
    assert told[-1] == (len(told) - 2, len(told) - 2)


def test_what_it_counts(used_ledger: Ledger) -> None:
    found = verify_registry(used_ledger.registry)
    assert found.ok
    assert found.units["TER"] == {
        "issued": 10_000, "received": 0, "held": 8_796, "cancelled": 1_204, "retired": 0,
        "replaced": 0, "sent": 0,
    }  # fmt: skip


def test_an_outsider_recomputes_chain_and_root(used_ledger: Ledger) -> None:
    """With the standard library's hash alone, as docs/formats.md describes."""
    with reading(used_ledger.registry.engine) as connection:
        rows = connection.execute(
            select(LogEntry.entry, LogEntry.chain_hash).order_by(LogEntry.sequence)
        ).all()
    chain = CHAIN_START
    for row in rows:
        chain = chain_hash(chain, leaf_hash(row.entry))
        assert chain == row.chain_hash
    root = merkle_root(leaf_hash(row.entry) for row in rows)
    assert root.hex() == verify_registry(used_ledger.registry).root


def rfc_9162_root(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 9162 §2.1.1, over leaf hashes."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(rfc_9162_root(leaves[:split]), rfc_9162_root(leaves[split:]))


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_tree_is_rfc_9162s(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    assert merkle_root(leaves) == rfc_9162_root(leaves)


def test_known_roots() -> None:
    """Roots of the certificate-transparency test vectors (RFC 6962 reference implementation)."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    leaves = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert EMPTY_ROOT.hex().startswith("e3b0c44298fc1c14")
    assert merkle_root(leaves[:1]).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert merkle_root(leaves[:2]).hex() == (
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    )
    assert merkle_root(leaves[:3]).hex() == (
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    )
