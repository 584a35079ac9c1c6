"""Checkpoints: what they say, when they are signed, and that an outsider can check one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, text

from app.models.errors import GuardRefused
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Checkpoint as CheckpointRow
from app.models.tables import LogEntry
from app.services.certificates.signing import public_key_pem
from app.services.listings.signing_keys import read_public_keys
from app.services.log import append
from app.services.log.checkpoint_comparison import Outside
from app.services.log.checkpoints import (
    LogDoesNotContinue,
    NotACheckpoint,
    keep_checkpoint,
    make_checkpoint,
    read_checkpoint,
    seal,
)
from app.services.log.hashing import leaf_hash, merkle_root
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.settings import set_idle_lock_minutes
from app.services.signing_key_rotation import rotate_signing_key, vouching_bytes
from app.services.signing_keys import current_signer
from tests.fixtures.ledger import Ledger

FORMATS = Path(__file__).parents[3] / "docs" / "formats.md"


def entries_of(registry: OpenRegistry) -> list[bytes]:
    with reading(registry.engine) as connection:
        rows = connection.execute(select(LogEntry.entry).order_by(LogEntry.sequence)).scalars()
        return [bytes(entry) for entry in rows]


def public_key(registry: OpenRegistry) -> bytes:
    return read_public_keys(registry)[0]


def test_a_checkpoint_states_the_tree_and_is_signed(ledger: Ledger) -> None:
    registry = ledger.registry
    read = read_checkpoint(make_checkpoint(registry))
    entries = entries_of(registry)
    assert read.checkpoint.origin == f"teak-registry/{registry.registry_id}"
    assert read.checkpoint.size == len(entries)
    assert read.checkpoint.root == merkle_root(leaf_hash(entry) for entry in entries)
    assert read.note.is_signed_by(read.checkpoint.origin, public_key(registry))


def test_the_same_log_has_the_same_checkpoint_and_a_longer_one_another(ledger: Ledger) -> None:
    first = make_checkpoint(ledger.registry)
    assert make_checkpoint(ledger.registry) == first
    ledger.complete(ledger.issuance())
    second = read_checkpoint(make_checkpoint(ledger.registry)).checkpoint
    assert second.size == read_checkpoint(first).checkpoint.size + 1
    entries = entries_of(ledger.registry)
    assert second.root == merkle_root(leaf_hash(entry) for entry in entries)
    found = verify_registry(ledger.registry, outside=Outside(read_checkpoint(first)))
    assert (found.ok, found.checkpoints) == (True, 2)


def test_one_is_signed_by_itself_after_so_many_entries(
    ledger: Ledger, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append, "CHECKPOINT_EVERY", 4)
    for minutes in range(1, 10):
        set_idle_lock_minutes(ledger.registry, people["admin"], minutes)
    found = verify_registry(ledger.registry)
    assert found.ok
    assert found.checkpoints in (2, 3)


def test_the_printed_program_verifies(ledger: Ledger, tmp_path: Path) -> None:
    section = FORMATS.read_text(encoding="utf-8").split("\n## Checkpoint\n")[1].split("\n## ")[0]
    lines = section[section.index("    import base64") :].split("\n\n#")[0].splitlines()
    program = "\n".join(line.removeprefix("    ") for line in lines)
    entries = entries_of(ledger.registry)
    note, key, log = tmp_path / "note", tmp_path / "key.pem", tmp_path / "log"
    note.write_text(make_checkpoint(ledger.registry), encoding="utf-8")
    key.write_bytes(public_key_pem(Ed25519PublicKey.from_public_bytes(public_key(ledger.registry))))

    def status(content: list[bytes]) -> int:
        log.write_bytes(b"\n".join(content))
        command = [sys.executable, "-c", program, str(note), str(key), str(log)]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert status([*entries, b"{}"]) == 0
    assert status([*entries[:-1], b"{}"]) == 1
    assert status(entries[:-1]) == 1


def test_a_retired_key_vouches_for_the_next_and_its_checkpoints_still_hold(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    registry = ledger.registry
    before, old = make_checkpoint(registry), public_key(registry)
    new = rotate_signing_key(registry, people["admin"])
    assert read_public_keys(registry) == (new, old)
    after = read_checkpoint(make_checkpoint(registry))
    assert after.note.is_signed_by(after.checkpoint.origin, new)
    for note in (before, make_checkpoint(registry)):
        assert verify_registry(registry, outside=Outside(read_checkpoint(note))).ok
    given = Outside(read_checkpoint(before), Ed25519PublicKey.from_public_bytes(old))
    assert verify_registry(registry, outside=given).ok

    body = json.loads(entries_of(registry)[-1])["body"]
    assert body["vouched_by"] == old.hex()
    Ed25519PublicKey.from_public_bytes(old).verify(
        bytes.fromhex(body["signature"]), vouching_bytes(registry.registry_id, new)
    )


def test_the_database_refuses_to_change_or_replace_a_checkpoint(ledger: Ledger) -> None:
    make_checkpoint(ledger.registry)
    for statement in (
        "UPDATE checkpoint SET note = ''",
        "DELETE FROM checkpoint",
        "INSERT OR REPLACE INTO checkpoint SELECT * FROM checkpoint",
    ):
        with pytest.raises(GuardRefused), UnitOfWork(ledger.registry.engine) as unit:
            unit.connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE checkpoint SET peaks = zeroblob(32)", "peaks"),
        ("UPDATE checkpoint SET root = zeroblob(32)", "root"),
        ("UPDATE checkpoint SET note = replace(note, 'teak-', 'other-')", "root is not"),
        ("DELETE FROM log_entry WHERE sequence > (SELECT tree_size FROM checkpoint)", ""),
    ],
)
def test_nothing_is_signed_over_a_log_that_does_not_continue(
    ledger: Ledger, statement: str, why: str
) -> None:
    registry = ledger.registry
    make_checkpoint(registry)
    ledger.complete(ledger.issuance())
    with UnitOfWork(registry.engine) as unit:
        for name in unit.connection.execute(
            text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        ).scalars().all():  # fmt: skip
            unit.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        unit.connection.exec_driver_sql(statement)
        signer = current_signer(unit.connection)
        if not why:
            assert seal(unit.connection, signer, now=registry.now()) is None
            return
        with pytest.raises(LogDoesNotContinue, match=why):
            seal(unit.connection, signer, now=registry.now())


@pytest.mark.parametrize(
    "content",
    [
        "",
        "teak-registry/1\n1\nAAAA\n",
        "teak-registry/1\n01\nAAAA\n\n— a AAAAAAAAAAAA\n",
        "teak-registry/1\n1\nAAAA\n\n— a AAAAAAAAAAAA\n",
        "teak-registry/1\n1\n!!!!\n\n— a AAAAAAAAAAAA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(content: str) -> None:
    with pytest.raises(NotACheckpoint):
        read_checkpoint(content)


def test_the_peaks_kept_are_those_of_the_tree(ledger: Ledger) -> None:
    make_checkpoint(ledger.registry)
    with reading(ledger.registry.engine) as connection:
        row = connection.execute(select(CheckpointRow.tree_size, CheckpointRow.peaks)).one()
    assert len(row.peaks) == 32 * row.tree_size.bit_count()


def test_a_desk_that_closes_signs_one(ledger: Ledger) -> None:
    keep_checkpoint(ledger.registry)
    keep_checkpoint(ledger.registry)
    found = verify_registry(ledger.registry)
    assert (found.ok, found.checkpoints) == (True, 1)
