"""Whoever holds the key of a SQLCipher file can drop every guard: what they then do is found.

Rows edited are found by `verify` alone (`test_edited_rows`); a log rewritten whole, chain and all,
by a checkpoint that was kept outside.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from sqlalchemy import Connection, select, text

from app.models.tables import Checkpoint as CheckpointRow
from app.models.tables import LogEntry, RegistryRow, SigningKey
from app.services.listings.signing_keys import read_public_keys
from app.services.log.checkpoint_comparison import Outside
from app.services.log.checkpoints import make_checkpoint, read_checkpoint, seal
from app.services.log.hashing import CHAIN_START, chain_hash, leaf_hash
from app.services.log.verification import Verification, verify_registry
from app.services.registry.context import Actor
from app.services.signing_keys import Signer, current_signer
from tests.fixtures.ledger import Ledger
from tests.services.log.attacking import attack, use


@pytest.fixture
def used(ledger: Ledger, people: dict[str, Actor]) -> Ledger:
    """A ledger with something of everything to attack."""
    return use(ledger, people)


def outside(ledger: Ledger, note: str, *, with_key: bool = False) -> Outside:
    key = Ed25519PublicKey.from_public_bytes(read_public_keys(ledger.registry)[0])
    return Outside(read_checkpoint(note), key if with_key else None)


def rewrite_log(connection: Connection, *, old: bytes, new: bytes) -> None:
    """Rewrite entries and chain them anew, as the holder of the key can."""
    rows = connection.execute(
        select(LogEntry.sequence, LogEntry.entry).order_by(LogEntry.sequence)
    ).all()
    chain = CHAIN_START
    for row in rows:
        entry = row.entry.replace(old, new)
        leaf = leaf_hash(entry)
        chain = chain_hash(chain, leaf)
        connection.execute(
            text("UPDATE log_entry SET entry = :e, leaf_hash = :l, chain_hash = :c "
                 "WHERE sequence = :s"),
            {"e": entry, "l": leaf, "c": chain, "s": row.sequence},
        )  # fmt: skip


def rename_beneficiary(connection: Connection) -> None:
    """Say everywhere that somebody else offset; nothing inside disagrees any more."""
    connection.exec_driver_sql(
        "UPDATE registry_transaction SET act = replace(act, 'Bangkok Half Marathon', 'Phuket')"
    )
    old, new = b"Bangkok Half Marathon", b"Phuket"
    for row in connection.execute(text("SELECT id, statement FROM certificate")).all():
        changed = row.statement.replace(old, new)
        connection.execute(
            text("UPDATE certificate SET statement = :s WHERE id = :i"),
            {"s": changed, "i": row.id},
        )
        digests = [hashlib.sha256(item).hexdigest().encode() for item in (row.statement, changed)]
        rewrite_log(connection, old=digests[0], new=digests[1])
    rewrite_log(connection, old=old, new=new)


def sign_anew(connection: Connection) -> None:
    """Throw the checkpoints away and sign another with the registry's own key."""
    now = connection.execute(select(RegistryRow.created_at)).scalar_one()
    connection.exec_driver_sql("DELETE FROM checkpoint")
    assert seal(connection, current_signer(connection), now=now) is not None


def test_a_log_rewritten_whole_verifies_alone_and_not_against_a_checkpoint(used: Ledger) -> None:
    note = make_checkpoint(used.registry)
    attack(used, rename_beneficiary, sign_anew)
    assert verify_registry(used.registry).ok, "inside, nothing disagrees any more"
    for with_key in (False, True):
        found = verify_registry(used.registry, outside=outside(used, note, with_key=with_key))
        assert not found.ok
        assert "rewritten after it was signed" in found.failure
        assert found.failed_at.startswith("log entries 1 to ")


def test_the_rewritten_part_is_named_between_checkpoints_that_still_hold(used: Ledger) -> None:
    registry = used.registry
    first = read_checkpoint(make_checkpoint(registry)).checkpoint.size
    used.complete(used.cancellation(3, beneficiary="Chiang Mai Marathon"))
    second = make_checkpoint(registry)
    size = read_checkpoint(second).checkpoint.size

    def rewrite_the_last(connection: Connection) -> None:
        connection.exec_driver_sql(
            "UPDATE registry_transaction SET act = replace(act, 'Chiang Mai', 'Chiang Rai')"
        )
        rewrite_log(connection, old=b"Chiang Mai", new=b"Chiang Rai")
        connection.exec_driver_sql(f"DELETE FROM checkpoint WHERE tree_size = {size}")

    attack(used, rewrite_the_last)
    assert verify_registry(registry).ok
    found = verify_registry(registry, outside=outside(used, second))
    assert first + 1 == size
    assert found.failed_at == f"log entry {size}"


def test_a_kept_checkpoint_names_a_rewritten_log_by_itself(used: Ledger) -> None:
    make_checkpoint(used.registry)
    attack(used, rename_beneficiary)
    found = verify_registry(used.registry)
    assert not found.ok
    assert "does not hold; the log was rewritten" in found.failure


def test_a_shortened_log(used: Ledger) -> None:
    note = make_checkpoint(used.registry)
    size = read_checkpoint(note).checkpoint.size
    attack(
        used,
        f"DELETE FROM log_entry WHERE sequence = {size}",
        "DELETE FROM checkpoint",
        "DELETE FROM document",
    )
    assert verify_registry(used.registry).ok
    found = verify_registry(used.registry, outside=outside(used, note))
    assert found.failed_at == f"log entry {size}"
    assert "it was shortened" in found.failure


def test_a_kept_checkpoint_of_a_shortened_log(used: Ledger) -> None:
    size = read_checkpoint(make_checkpoint(used.registry)).checkpoint.size
    attack(used, f"DELETE FROM log_entry WHERE sequence = {size}", "DELETE FROM document")
    found = verify_registry(used.registry)
    assert found.failed_at == f"checkpoint over {size:,} entries"
    assert "shortened" in found.failure


def test_a_log_signed_anew_with_another_key(used: Ledger) -> None:
    """The attacker changes the key as well, in the table and in the log."""
    note = make_checkpoint(used.registry)
    genuine = outside(used, note, with_key=True)
    forged = Ed25519PrivateKey.generate()

    def exchange_key(connection: Connection) -> None:
        row = connection.execute(select(SigningKey.id, SigningKey.public_key)).one()
        public_key = forged.public_key().public_bytes_raw()
        connection.execute(
            text("UPDATE signing_key SET public_key = :k, private_key = :p"),
            {"k": public_key, "p": forged.private_bytes_raw()},
        )
        old, new = bytes(row.public_key).hex().encode(), public_key.hex().encode()
        rewrite_log(connection, old=old, new=new)
        connection.exec_driver_sql("DELETE FROM checkpoint")
        now = connection.execute(select(RegistryRow.created_at)).scalar_one()
        seal(connection, Signer(row.id, forged), now=now)

    attack(used, exchange_key)
    assert verify_registry(used.registry).ok
    with_key = verify_registry(used.registry, outside=genuine)
    assert with_key.failed_at == "signing key"
    without_key = verify_registry(used.registry, outside=Outside(genuine.checkpoint))
    assert "signed by no key that this registry has" in without_key.failure


def test_a_checkpoint_put_back_from_another_log(used: Ledger) -> None:
    """A checkpoint row whose note was signed, but says another size."""
    note = make_checkpoint(used.registry)
    used.complete(used.transfer(5))
    make_checkpoint(used.registry)

    def put_back(connection: Connection) -> None:
        latest = connection.execute(
            select(CheckpointRow.tree_size).order_by(CheckpointRow.tree_size.desc())
        ).scalars().first()  # fmt: skip
        connection.execute(
            text("UPDATE checkpoint SET note = :n WHERE tree_size = :s"), {"n": note, "s": latest}
        )

    attack(used, put_back)
    assert "it was replaced" in verify_registry(used.registry).failure


def judged(ledger: Ledger, **changes: Any) -> Verification:
    note = changes.pop("note", None) or make_checkpoint(ledger.registry)
    return verify_registry(ledger.registry, outside=Outside(read_checkpoint(note), **changes))


def test_a_checkpoint_that_holds(used: Ledger) -> None:
    note = make_checkpoint(used.registry)
    used.complete(used.transfer(5))
    found = judged(used, note=note)
    assert found.ok
    assert found.against == read_checkpoint(note).checkpoint.size
    assert found.entries == found.against + 1


def test_another_registrys_checkpoint_and_another_key_are_named(used: Ledger) -> None:
    note = make_checkpoint(used.registry)
    another = note.replace("teak-registry/", "teak-registry/0")
    assert "another registry" in judged(used, note=another).failure
    other_key = Ed25519PrivateKey.generate().public_key()
    assert "not signed by the public key" in judged(used, public_key=other_key).failure
    lines = note.split("\n")
    altered = "\n".join([lines[0], "1", *lines[2:]])
    assert "signed by no key" in judged(used, note=altered).failure
