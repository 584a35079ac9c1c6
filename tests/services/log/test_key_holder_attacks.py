"""Whoever holds the key of a SQLCipher file can drop every guard: what they then do is found.

Rows edited are found by `verify` alone; a log rewritten whole, chain and all, by a checkpoint
that was kept outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from sqlalchemy import Connection, select, text

from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Checkpoint as CheckpointRow
from app.models.tables import LogEntry, RegistryRow, SigningKey
from app.services.certificates.issuing import issue_certificate
from app.services.documents import add_document
from app.services.listings.signing_keys import read_public_keys
from app.services.log.checkpoint_comparison import Outside
from app.services.log.checkpoints import make_checkpoint, read_checkpoint, seal
from app.services.log.hashing import CHAIN_START, chain_hash, leaf_hash
from app.services.log.verification import Verification, verify_registry
from app.services.registry.context import Actor
from app.services.signing_keys import Signer, current_signer
from tests.fixtures.ledger import Ledger

Attack = Callable[[Connection], None]


def drop_guards(connection: Connection) -> None:
    found = connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
    for name in found.scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def attack(ledger: Ledger, *acts: Attack | str) -> None:
    """Do what the guards would refuse, by somebody who dropped them."""
    with UnitOfWork(ledger.registry.engine) as unit:
        drop_guards(unit.connection)
        for act in acts:
            if isinstance(act, str):
                assert unit.connection.exec_driver_sql(act).rowcount > 0, act
            else:
                act(unit.connection)
        unit.commit()


@pytest.fixture
def used(ledger: Ledger, people: dict[str, Actor]) -> Ledger:
    """A ledger with units issued, sent, cancelled with a certificate, and some reserved."""
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.transfer(700))
    cancelled = ledger.complete(ledger.cancellation(1_204))
    issue_certificate(ledger.registry, cancelled.transaction_id)
    ledger.propose(ledger.transfer(50))
    add_document(
        ledger.registry,
        people["officer"],
        name="letter.txt",
        media_type="text/plain",
        content=b"an attestation",
    )
    return ledger


EDITS: dict[str, tuple[str, str, str]] = {
    "an account reopened": (
        "UPDATE account SET state = 'suspended' WHERE type_code = 100",
        "account TH-100-",
        "its state is suspended",
    ),
    "an account opened by somebody else": (
        "UPDATE account SET approved_by = 1 WHERE type_code = 100",
        "account TH-100-",
        "its approved_by is admin",
    ),
    "an account opened on another day": (
        "UPDATE account SET opened_on = '2020-01-01' WHERE type_code = 100",
        "account TH-100-",
        "its opened_on is 2020-01-01",
    ),
    "a levy lowered": (
        "UPDATE rule SET value = '0' WHERE id = 1",
        "rule 1",
        "its value is 0; the log says 0.05",
    ),
    "a rule that nobody approved": (
        (
            "INSERT INTO rule (kind, unit_type, period, value, valid_from, valid_to) "
            "VALUES ('levy-rate', 'VCU', 1, '0', '2026-01-01', '2026-12-31')"
        ),
        "rule 8",
        "in no entry",
    ),
    "a rule change that nobody proposed": (
        (
            "INSERT INTO rule_change (request_id, kind, unit_type, period, value, valid_from, "
            "valid_to, reason, status, proposed_by, proposed_at, comment) VALUES ('x', "
            "'levy-rate', 'TER', 1, '0', '2026-01-01', '2026-12-31', '', 'approved', 1, "
            "'2026-01-01T00:00:00.000000Z', '')"
        ),
        "rule change R1",
        "in no entry",
    ),
    "an officer made approver": (
        "UPDATE person SET role = 'approver' WHERE user_name = 'officer'",
        "person officer",
        "its role is approver",
    ),
    "a person added": (
        (
            "INSERT INTO person (user_name, name, email, role, state, last_code_step, created_at) "
            "VALUES ('ghost', '', '', 'approver', 'active', 0, '2026-01-01T00:00:00.000000Z')"
        ),
        "person ghost",
        "in no entry",
    ),
    "a period lengthened": (
        "UPDATE commitment_period SET last_day = '2040-12-31'",
        "commitment period 1",
        "its last_day is 2040-12-31",
    ),
    "a scheme of another unit": (
        "UPDATE scheme SET unit_type = 'EPC' WHERE code = 'LCC'",
        "scheme LCC",
        "its unit_type is EPC",
    ),
    "a unit type renamed": (
        "UPDATE unit_type SET measure = 'toe' WHERE code = 'TER'",
        "unit type TER",
        "its measure is toe",
    ),
    "a project's scope": (
        "UPDATE project SET sectoral_scope = 1",
        "project TH 0042",
        "its sectoral_scope is 1",
    ),
    "an account bound to a project": (
        "INSERT INTO project_account SELECT 1, id FROM account WHERE name LIKE 'Green%'",
        "account of a project",
        "in no entry",
    ),
    "a holder's kind": ("UPDATE holder SET kind = 'state'", "holder 1", "its kind is state"),
    "a document exchanged": (
        "UPDATE document SET content = CAST('a forgery......' AS BLOB)",
        "document",
        "do not give its digest",
    ),
    "a registry's country": (
        "UPDATE registry SET name_en = 'Another'",
        "registry",
        "its name_en is Another",
    ),
    "own units": (
        "UPDATE own_units SET passed_on = 0",
        "own TER",
        "the log gives",
    ),
    "units freed": (
        "UPDATE holding SET reserved = 0",
        "holding of TER",
        "its blocks give 50",
    ),
    "an expiry put off": (
        "UPDATE unit_block SET fifo_expiry = '2099-12-31'",
        "unit block",
        "its expiry is 2099-12-31",
    ),
    "a period of a block": (
        "UPDATE unit_block SET applicable_period = 2",
        "unit block",
        "its commitment period is 2",
    ),
    "whom units were issued to": (
        "UPDATE unit_block SET issued_to = (SELECT MAX(id) FROM account)",
        "unit block",
        "its first account is",
    ),
    "a past movement": (
        "UPDATE transaction_block SET last_serial = last_serial - 1 WHERE transaction_id = 2",
        "transaction TH2",
        "its ranges are not those of the log",
    ),
    "the rules that applied": (
        "DELETE FROM transaction_rule WHERE transaction_id = 1",
        "transaction TH1",
        "the rules that applied are not recorded",
    ),
    "another rule that applied": (
        "UPDATE transaction_rule SET rule_id = 2 WHERE transaction_id = 1 AND rule_id = 1",
        "transaction TH1",
        "other rules applied",
    ),
    "when it completed": (
        "UPDATE registry_transaction SET completed_at = '2020-01-01T00:00:00.000000Z' WHERE id = 2",
        "log entry",
        "completed at another time",
    ),
    "how much was sent": (
        "UPDATE registry_transaction SET quantity = quantity + 1 WHERE id = 2",
        "log entry",
        "differs from what was logged",
    ),
    "whom it was sent to": (
        "UPDATE registry_transaction SET to_account_id = 1 WHERE id = 2",
        "log entry",
        "names other accounts",
    ),
    "a signing key added": (
        (
            "INSERT INTO signing_key (public_key, private_key, wrapping, created_at) VALUES "
            "(zeroblob(32), zeroblob(32), 'none', '2026-01-01T00:00:00.000000Z')"
        ),
        "signing key 0000",
        "in no entry",
    ),
    "a checkpoint taken away and one forged": (
        "UPDATE checkpoint SET root = zeroblob(32)",
        "checkpoint over",
        "it was replaced",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_verify_finds_and_names_an_edited_row(used: Ledger, name: str) -> None:
    statement, where, reason = EDITS[name]
    make_checkpoint(used.registry)
    assert verify_registry(used.registry).ok
    attack(used, statement)
    found = verify_registry(used.registry)
    assert not found.ok
    assert found.failed_at.startswith(where), found
    assert reason in found.failure, found


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
