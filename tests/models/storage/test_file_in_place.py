"""Nothing is written to a file that is no longer where it was opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Table

from app.models.errors import RegistryMissing
from app.models.storage.registry_file import RegistryFile
from app.models.storage.unit_of_work import UnitOfWork, reading


def count(registry: RegistryFile, notes: Table) -> int:
    with reading(registry.engine) as connection:
        return len(connection.execute(notes.select()).all())


def test_a_deleted_file_takes_no_more_work(registry: RegistryFile, notes: Table) -> None:
    assert count(registry, notes) == 40
    registry.path.unlink()
    with pytest.raises(RegistryMissing, match="moved, replaced or deleted"):
        count(registry, notes)
    with pytest.raises(RegistryMissing), UnitOfWork(registry.engine):
        pytest.fail("a unit of work began in a file that is gone")


def test_a_file_put_back_is_used_again(registry: RegistryFile, notes: Table) -> None:
    assert count(registry, notes) == 40
    aside = registry.path.with_name("aside")
    registry.path.rename(aside)
    with pytest.raises(RegistryMissing):
        count(registry, notes)
    aside.rename(registry.path)
    assert count(registry, notes) == 40


def test_a_file_that_goes_during_the_work_commits_nothing(
    registry: RegistryFile, notes: Table, tmp_path: Path
) -> None:
    aside = tmp_path / "aside"
    with UnitOfWork(registry.engine) as unit:
        unit.connection.execute(notes.insert(), [{"text": "lost"}])
        registry.path.rename(aside)
        with pytest.raises(RegistryMissing):
            unit.commit()
    aside.rename(registry.path)
    assert count(registry, notes) == 40
