"""A copy to a server killed at each of its steps: marked, refused, and made whole by the next."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.errors import RegistryBusy, RegistryExists, UnfinishedRegistry, UsageError
from app.models.storage.server_marks import find_unfinished, hold_making
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.certificates.issuing import issue_certificate
from app.services.copying import copying, to_server
from app.services.copying.sides import Source, read_source
from app.services.log.verification import verify_registry
from app.services.people.networked_sign_in import sign_in_demo_on_server, sign_in_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry import creating_networked, making_networked
from app.services.registry.opening import close_registry, open_demo
from app.services.registry.worker_file import open_worker, read_worker_file
from tests.fixtures.copies import CopyTarget, passphrases
from tests.fixtures.ledger import Ledger
from tests.fixtures.networked import owner_access

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")


@pytest.fixture
def source_path(ledger: Ledger) -> Path:
    """A registry file with units and a certificate, which a child opens for itself."""
    ledger.complete(ledger.issuance())
    cancelled = ledger.complete(ledger.cancellation(7))
    issue_certificate(ledger.registry, cancelled.transaction_id)
    file = ledger.registry.file
    assert file is not None
    return file.path


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def copy(path: Path, target: CopyTarget) -> None:
    registry = open_demo(path)
    assert registry is not None
    try:
        target.copy(Source(registry.engine))
    finally:
        close_registry(registry)


def killed_while_copying(path: Path, target: CopyTarget) -> None:
    child = os.fork()
    if not child:
        copy(path, target)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def after(act: Callable[..., object]) -> Callable[..., object]:
    """Do something, then die."""

    def do_and_die(*values: object, **options: object) -> None:
        act(*values, **options)
        die()

    return do_and_die


STEPS = {
    "before its tables, without the worker's file": (making_networked, "write_worker_file", False),
    "before its tables": (making_networked, "write_worker_file", True),
    "before its people": (making_networked, "give_rights", True),
    "before its rows": (to_server, "_make_people", False),
    "among its rows": (copying, "compare_rows", False),
    "before it was committed": (to_server, "mark_finished", True),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_copy_killed_at_any_step_is_refused_and_made_whole_by_the_next(
    step: str, source_path: Path, copy_target: CopyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, is_after = STEPS[step]
    monkeypatch.setattr(module, name, after(getattr(module, name)) if is_after else die)
    killed_while_copying(source_path, copy_target)
    monkeypatch.undo()
    assert not copy_target.is_empty()
    if copy_target.worker_file.exists():
        worker = read_worker_file(copy_target.worker_file)
        with pytest.raises(UnfinishedRegistry, match="not finished") as refused:
            open_worker(copy_target.place, worker)
        assert "teak copy" in refused.value.hint
        with pytest.raises(UnfinishedRegistry):
            read_source(copy_target.as_owner())
    copy(source_path, copy_target)
    signed_in = sign_in_demo_on_server(
        copy_target.place, user="auditor", passphrase=DEMO_PASSPHRASE, host="test"
    )
    assert signed_in is not None
    found = verify_registry(signed_in.registry)
    assert found.ok, found
    close_registry(signed_in.registry)
    close_registry(open_worker(copy_target.place, read_worker_file(copy_target.worker_file)))


def test_people_are_told_that_a_copy_is_not_finished(
    source_path: Path, copy_target: CopyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "compare_rows", die)
    killed_while_copying(source_path, copy_target)
    place, user, passphrase = copy_target.place, "officer", DEMO_PASSPHRASE
    with pytest.raises(UnfinishedRegistry, match="copied here, or that was cut off"):
        sign_in_demo_on_server(place, user=user, passphrase=passphrase, host="test")
    with pytest.raises(UnfinishedRegistry):
        sign_in_on_server(place, user=user, passphrase=passphrase, code="123456", host="test")
    with pytest.raises(UnfinishedRegistry):
        creating_networked.migrate_networked_registry(
            place, owner=owner_access(copy_target.server, place.database)
        )


def test_a_finished_copy_is_never_replaced(
    source_path: Path, copy_target: CopyTarget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where the maker was killed right after, or somebody set the mark on a whole registry."""
    monkeypatch.setattr(UnitOfWork, "commit", _die_after_the_last(UnitOfWork.commit))
    killed_while_copying(source_path, copy_target)
    monkeypatch.undo()
    with pytest.raises(RegistryExists, match="holds a registry already"):
        copy(source_path, copy_target)
    with copy_target.server.owner(copy_target.place.database) as connection:
        connection.execute(
            "COMMENT ON SCHEMA teak IS 'Teak: unfinished copy of registry "
            f"{read_worker_file(copy_target.worker_file).registry_id}, "
            f"roles {copy_target.place.role_prefix}'"
        )
    with pytest.raises(RegistryExists, match="marked as unfinished"):
        copy(source_path, copy_target)
    assert copy_target.worker_file.exists()
    with copy_target.server.owner(copy_target.place.database) as connection:
        connection.execute("COMMENT ON SCHEMA teak IS 'the registry of the ministry'")
    close_registry(open_worker(copy_target.place, read_worker_file(copy_target.worker_file)))
    with pytest.raises(RegistryExists, match="holds a registry already"):
        copy(source_path, replace(copy_target, worker_file=tmp_path / "other.json"))


def _die_after_the_last(commit: Callable[..., object]) -> Callable[..., object]:
    def commit_and_look(unit: UnitOfWork) -> None:
        was_finishing = unit.connection.dialect.name == "postgresql" and bool(
            unit.connection.execute(
                text("SELECT to_regclass('teak.registry') IS NOT NULL")
            ).scalar_one()
            and unit.connection.execute(text("SELECT count(*) FROM teak.registry")).scalar_one()
        )
        commit(unit)
        if was_finishing:
            die()

    return commit_and_look


def test_two_copies_to_one_place_do_not_disturb_each_other(
    source_path: Path, copy_target: CopyTarget
) -> None:
    holding = owner_access(copy_target.server, copy_target.place.database).connect()
    with holding:
        hold_making(holding, "test")
        with pytest.raises(RegistryBusy, match="is making a registry in"):
            copy(source_path, copy_target)
    copy(source_path, copy_target)


def test_roles_of_another_prefix_that_were_left_go_as_well(
    source_path: Path, copy_target: CopyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(copy_target, place=replace(copy_target.place, prefix="left_over"))
    monkeypatch.setattr(copying, "compare_rows", die)
    killed_while_copying(source_path, other)
    monkeypatch.undo()
    copy(source_path, copy_target)
    with copy_target.server.owner() as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_roles WHERE starts_with(rolname, 'left_over')"
        ).fetchone()
    assert found == (0,)


def test_a_new_registry_is_not_made_as_somebody(source_path: Path, copy_target: CopyTarget) -> None:
    registry = open_demo(source_path)
    assert registry is not None
    source = Source(registry.engine)
    with pytest.raises(UsageError, match="names a user, “officer”"):
        to_server.copy_to_server(
            source,
            copy_target.place.for_user("officer"),
            owner=owner_access(copy_target.server, copy_target.place.database),
            worker_file=copy_target.worker_file,
            passphrases=passphrases(source),
        )
    close_registry(registry)
    assert copy_target.is_empty()


def test_a_failure_leaves_no_mark(source_path: Path, copy_target: CopyTarget) -> None:
    copy_target.worker_file.write_text("another's")
    with pytest.raises(RegistryExists, match="There is a file"):
        copy(source_path, copy_target)
    assert copy_target.is_empty()
    assert copy_target.worker_file.read_text() == "another's"
    copy_target.worker_file.unlink()
    copy(source_path, copy_target)
    with reading(copy_target.as_owner().engine) as connection:
        assert find_unfinished(connection) is None
