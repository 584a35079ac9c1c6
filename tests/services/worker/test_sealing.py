"""Sealing on a real server: in order, once, under a checkpoint, by whoever has the lease."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from app.models.errors import GuardRefused
from app.models.storage.unit_of_work import UnitOfWork
from app.services.log.checkpoint_comparison import Outside
from app.services.log.checkpoints import read_checkpoint
from app.services.log.verification import verify_registry
from app.services.signing_keys import SigningKeyClosed, current_signer, new_secret
from app.services.worker.key_rotation import rotate_key
from app.services.worker.lease import Lease, LeaseLost
from app.services.worker.sealing import seal_block
from tests.services.worker.conftest import Office


def taken(office: Office, holder: str = "this", *, seconds: int = 15) -> Lease:
    lease = Lease(holder, seconds=seconds)
    with UnitOfWork(office.registry.engine) as unit:
        assert lease.take(unit.connection)
        unit.commit()
    return lease


def test_what_waits_becomes_entries_in_order_under_a_checkpoint(office: Office) -> None:
    waiting = office.waiting
    with office.owner() as connection:
        kinds = [
            row[0] for row in connection.execute("SELECT kind FROM teak.log_queue ORDER BY id")
        ]
    assert waiting > 50, "a new registry's first entries wait"
    work = office.worker().work_off()
    assert (work.entries, office.waiting, office.sealed) == (waiting, 0, waiting)
    with office.owner() as connection:
        sealed = connection.execute("SELECT kind FROM teak.log_entry ORDER BY sequence")
        assert [row[0] for row in sealed] == kinds
    found = verify_registry(office.registry)
    assert (found.ok, found.entries, found.unsealed) == (True, waiting, 0), found
    assert found.checkpoints == work.blocks


def test_what_is_not_sealed_yet_counts_as_said(office: Office) -> None:
    before = office.waiting
    found = verify_registry(office.registry)
    assert (found.ok, found.entries, found.unsealed) == (True, 0, before), found


def test_blocks_have_a_bounded_size_and_each_its_checkpoint(office: Office) -> None:
    lease, total = taken(office), office.waiting
    sizes = []
    while (block := seal_block(office.registry, lease, office.file.secret, largest=20)) is not None:
        sizes.append((block.entries, block.tree_size))
    assert sizes[0] == (20, 20)
    assert sizes[-1][1] == total
    found = verify_registry(office.registry)
    assert (found.ok, found.checkpoints) == (True, len(sizes))
    note = office.value("SELECT note FROM teak.checkpoint WHERE tree_size = 40")
    assert verify_registry(office.registry, outside=Outside(read_checkpoint(note))).ok


def test_only_one_has_the_lease_until_it_expires(office: Office) -> None:
    lease = taken(office, "first", seconds=15)
    other = Lease("second")
    with UnitOfWork(office.registry.engine) as unit:
        assert not other.take(unit.connection)
        unit.commit()
    office.queue()
    with pytest.raises(LeaseLost):
        seal_block(office.registry, other, office.file.secret)
    with office.owner() as connection:
        connection.execute("UPDATE teak.worker_lease SET expires_at = clock_timestamp()")
    with UnitOfWork(office.registry.engine) as unit:
        assert other.take(unit.connection)
        unit.commit()
    # The first wakes up again, and can write nothing.
    with pytest.raises(LeaseLost):
        seal_block(office.registry, lease, office.file.secret)
    assert office.sealed == 0
    assert seal_block(office.registry, other, office.file.secret) is not None


def test_a_lease_given_back_is_free_at_once(office: Office) -> None:
    office.worker(holder="first").work_off()
    office.queue()
    assert office.worker(holder="second").work_off().entries == 1


def test_a_taking_over_waits_for_the_block_at_hand(office: Office) -> None:
    """The lease's row is locked while a block is written, though it expired meanwhile."""
    lease = taken(office, "slow", seconds=1)
    with UnitOfWork(office.registry.engine) as unit:
        lease.keep(unit.connection)
        with office.owner() as connection:
            connection.execute("SET lock_timeout = '300ms'")
            with pytest.raises(Exception, match="lock timeout"):
                connection.execute("UPDATE teak.worker_lease SET holder = 'thief'")
        unit.commit()


def test_no_connection_but_the_workers_can_sign(office: Office) -> None:
    with UnitOfWork(office.registry.engine) as unit, pytest.raises(SigningKeyClosed):
        current_signer(unit.connection)
    with UnitOfWork(office.registry.engine) as unit, pytest.raises(SigningKeyClosed):
        current_signer(unit.connection, secret=new_secret())
    for user in ("admin", "officer", "approver"):
        person = office.demo.sign_in(user).registry
        for statement in (
            "SELECT private_key FROM signing_key",
            "INSERT INTO checkpoint SELECT * FROM checkpoint",
            "DELETE FROM log_queue",
            "UPDATE worker_lease SET holder = 'me'",
        ):
            with (
                pytest.raises(Exception, match=r"permission|right|allowed"),
                UnitOfWork(person.engine) as unit,
            ):
                unit.connection.execute(text(statement))


def test_the_server_refuses_a_worker_that_drops_what_waits(office: Office) -> None:
    with pytest.raises(GuardRefused), UnitOfWork(office.registry.engine) as unit:
        unit.connection.execute(text("DELETE FROM log_queue"))
    assert office.waiting > 0


def test_a_key_is_changed_while_no_worker_is_at_work(office: Office) -> None:
    office.worker().work_off()
    first = office.value("SELECT note FROM teak.checkpoint ORDER BY tree_size DESC LIMIT 1")
    lease = taken(office, "busy")
    with pytest.raises(LeaseLost):
        rotate_key(office.registry, office.file.secret)
    with UnitOfWork(office.registry.engine) as unit:
        lease.release(unit.connection)
        unit.commit()
    public_key = rotate_key(office.registry, office.file.secret)
    assert office.worker().work_off().entries == 2
    latest = office.value("SELECT note FROM teak.checkpoint ORDER BY tree_size DESC LIMIT 1")
    read = read_checkpoint(latest)
    assert read.note.is_signed_by(read.checkpoint.origin, public_key)
    assert verify_registry(office.registry, outside=Outside(read_checkpoint(first))).ok
    entry = office.value("SELECT entry FROM teak.log_entry ORDER BY sequence DESC LIMIT 1")
    assert json.loads(bytes(entry))["body"]["public_key"] == public_key.hex()
