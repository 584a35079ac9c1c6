"""Moving a registry to a server and back: the same registry, verified, in use at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.errors import RegistryExists, UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.services.certificates.issuing import issue_certificate
from app.services.copying import copying, rows
from app.services.copying.sides import CannotCopy, Source, read_source
from app.services.copying.to_file import copy_to_file
from app.services.listings.holdings import holdings
from app.services.listings.signing_keys import read_public_keys
from app.services.log.checkpoint_comparison import Outside
from app.services.log.checkpoints import make_checkpoint, read_checkpoint
from app.services.log.verification import verify_registry
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import close_registry, open_demo
from app.services.registry.settings import set_idle_lock_minutes
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.worker.serving import Worker
from tests.fixtures.copies import CopyTarget, passphrases
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import read_people


@pytest.fixture
def used(ledger: Ledger) -> Ledger:
    """A registry with units, a transfer, a certificate, a pending proposal and a checkpoint."""
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.transfer(700))
    cancelled = ledger.complete(ledger.cancellation(1_204))
    issue_certificate(ledger.registry, cancelled.transaction_id)
    ledger.propose(ledger.transfer(50))
    make_checkpoint(ledger.registry)
    return ledger


def units(registry: OpenRegistry) -> list[tuple[str, str, int]]:
    return [(row.account, row.unit_type, row.quantity) for row in holdings(registry)]


def test_to_a_server_and_back_it_is_the_same_registry(
    used: Ledger, copy_target: CopyTarget, tmp_path: Path
) -> None:
    registry = used.registry
    note = make_checkpoint(registry)
    before = verify_registry(registry)
    told: list[tuple[int, int]] = []
    copied = copy_target.copy(
        Source(registry.engine), progress=lambda done, of: told.append((done, of))
    )
    assert (copied.entries, copied.root) == (before.entries, before.root)
    assert told[-1] == (2 * copied.rows, 2 * copied.rows)
    signed_in = sign_in_demo_on_server(
        copy_target.place, user="officer", passphrase=DEMO_PASSPHRASE, host="test"
    )
    assert signed_in is not None
    moved = signed_in.registry
    assert moved.registry_id == registry.registry_id
    assert read_public_keys(moved) == read_public_keys(registry)
    assert units(moved) == units(registry)
    close_registry(moved)
    back = tmp_path / "back.teak"
    returned = copy_to_file(
        copy_target.as_owner(), back, passphrases=passphrases(copy_target.as_owner())
    )
    # Signing in left its traces, and nothing else.
    assert (returned.entries, returned.root) == (copied.entries, copied.root)
    again = open_demo(back)
    assert again is not None
    found = verify_registry(again, outside=Outside(read_checkpoint(note)))
    assert (found.ok, found.root) == (True, before.root), found
    # Signed with the same key, and its guards are there.
    assert make_checkpoint(again) == note
    with pytest.raises(Exception, match="cannot be changed"), UnitOfWork(again.engine) as unit:
        unit.connection.execute(text("UPDATE log_entry SET kind = 'x'"))
    close_registry(again)


def test_the_copy_on_a_server_goes_on_where_the_file_ended(
    used: Ledger, copy_target: CopyTarget
) -> None:
    registry = used.registry
    entries = verify_registry(registry).entries
    copy_target.copy(Source(registry.engine))
    signed_in = sign_in_demo_on_server(
        copy_target.place, user="admin", passphrase=DEMO_PASSPHRASE, host="test"
    )
    assert signed_in is not None
    moved, people = signed_in.registry, read_people(signed_in.registry)
    set_idle_lock_minutes(moved, people["admin"], 5)
    close_registry(moved)
    file = read_worker_file(copy_target.worker_file)
    at_work = open_worker(copy_target.place, file)
    assert Worker(at_work, file.secret, told=lambda _said: None).work_off().entries == 1
    found = verify_registry(at_work)
    assert (found.ok, found.entries) == (True, entries + 1), found
    close_registry(at_work)


def test_what_waits_to_be_sealed_must_be_sealed_first(
    copy_target: CopyTarget, used: Ledger
) -> None:
    copy_target.copy(Source(used.registry.engine))
    source = copy_target.as_owner()
    with UnitOfWork(source.engine) as unit:
        unit.connection.execute(
            text("SELECT teak.log('idle-lock-changed', '{\"minutes\": 4}'::jsonb)")
        )
        unit.commit()
    with pytest.raises(CannotCopy, match="1 entries of the log wait"):
        read_source(source)


def test_a_target_that_is_taken_and_people_without_passphrases_are_refused(
    used: Ledger, copy_target: CopyTarget, tmp_path: Path
) -> None:
    source = Source(used.registry.engine)
    with pytest.raises(UsageError, match="No passphrase was given for admin"):
        copy_target.copy(source, passphrases={})
    assert copy_target.is_empty()
    copy_target.copy(source)
    with pytest.raises(RegistryExists):
        copy_target.copy(source, worker_file=tmp_path / "other.json")
    taken = tmp_path / "taken.teak"
    taken.write_bytes(b"")
    with pytest.raises(RegistryExists):
        copy_to_file(copy_target.as_owner(), taken, passphrases=passphrases(source))


def test_a_copy_that_fails_leaves_nothing(
    used: Ledger, copy_target: CopyTarget, tmp_path: Path
) -> None:
    """A log that does not hold, found only after everything was written."""
    source = Source(used.registry.engine)
    with UnitOfWork(used.registry.engine) as unit:
        connection = unit.connection
        for name in connection.execute(
            text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        ).scalars().all():  # fmt: skip
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE rule SET value = '0' WHERE id = 1")
        unit.commit()
    with pytest.raises(CannotCopy, match="The copy does not verify: rule 1"):
        copy_target.copy(source)
    assert copy_target.is_empty()
    assert not copy_target.worker_file.exists()
    back = tmp_path / "back.teak"
    with pytest.raises(CannotCopy, match="rule 1"):
        copy_to_file(source, back, passphrases=passphrases(source))
    assert not list(tmp_path.glob("*back.teak*"))


def test_a_row_that_changed_on_the_way_is_found(
    used: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = rows.compare_rows

    def change_a_row(source: object, target: object, **options: object) -> object:
        target.exec_driver_sql("DROP TRIGGER guard_account_number")  # type: ignore[attr-defined]
        target.exec_driver_sql("UPDATE account SET name = 'x' WHERE id = 3")  # type: ignore[attr-defined]
        return compare(source, target, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "compare_rows", change_a_row)
    source = Source(used.registry.engine)
    with pytest.raises(CannotCopy, match="The row 3 of account"):
        copy_to_file(source, tmp_path / "back.teak", passphrases=passphrases(source))
    assert not (tmp_path / "back.teak").exists()
