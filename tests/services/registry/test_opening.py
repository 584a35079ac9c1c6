from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.errors import NewerRegistry, NotARegistry, RegistryMissing, WrongPassphrase
from app.models.storage.key_slots import read_key_slots
from app.models.storage.migrate import head_revision
from app.models.storage.unit_of_work import UnitOfWork
from app.services.registry import opening
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import (
    SCHEMA_REVISION,
    OlderRegistry,
    close_registry,
    open_demo,
    open_registry,
)
from tests.fixtures.real_registries import RealRegistry
from tests.fixtures.registries import FrozenClock


def test_the_revision_written_down_is_the_newest() -> None:
    assert head_revision() == SCHEMA_REVISION


def test_a_registry_of_a_newer_version_says_so(
    registry: OpenRegistry, demo_registry_path: Path
) -> None:
    with UnitOfWork(registry.engine) as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        unit.commit()
    with pytest.raises(NewerRegistry, match="9999"):
        open_demo(demo_registry_path)


def test_a_registry_of_an_older_version_is_not_migrated_unasked(
    demo_registry_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "SCHEMA_REVISION", "9998")
    with pytest.raises(OlderRegistry) as refused:
        open_demo(demo_registry_path)
    assert SCHEMA_REVISION in refused.value.message
    assert "migrate" in refused.value.hint


def test_a_wrong_passphrase_is_counted_for_the_user_who_is_named_alone(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    with pytest.raises(WrongPassphrase):
        open_registry(real_registry.path, passphrase="wrong", clock=clock)
    assert read_key_slots(real_registry.path).failures == ()
    with pytest.raises(WrongPassphrase):
        open_registry(real_registry.path, passphrase="wrong", user="officer", clock=clock)
    assert [item.count for item in read_key_slots(real_registry.path).failures] == [1]


def test_a_demo_is_told_from_a_real_registry_and_from_no_registry(
    demo_registry_path: Path, real_registry: RealRegistry, tmp_path: Path
) -> None:
    demo = open_demo(demo_registry_path)
    assert demo is not None
    close_registry(demo)
    assert open_demo(real_registry.path) is None
    with pytest.raises(RegistryMissing):
        open_demo(tmp_path / "none.teak")
    letter = tmp_path / "letter.teak"
    letter.write_text("dear registry, dear registry")
    with pytest.raises(NotARegistry):
        open_demo(letter)


def test_closing_leaves_two_files(registry: OpenRegistry, demo_registry_path: Path) -> None:
    with UnitOfWork(registry.engine) as unit:
        unit.connection.execute(text("UPDATE registry SET idle_lock_minutes = 3"))
        unit.commit()
    close_registry(registry)
    assert sorted(item.name for item in demo_registry_path.parent.iterdir()) == [
        "demo.teak",
        "demo.teak.keys",
    ]
