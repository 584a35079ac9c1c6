"""The released migrations make exactly the tables the program has, on both engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from app.models.guards import postgresql_0002
from app.models.storage.migrate import current_revision, head_revision, upgrade
from app.models.storage.sqlcipher import create_database, open_engine
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Base

_LEAN = Path(postgresql_0002.__file__).with_name("lean.sql").read_text(encoding="utf-8")
LEAN = {f"fk_{table}_{column}" for table, column in re.findall(r"\['(\w+)', '(\w+)'\]", _LEAN)}


@pytest.fixture(params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlcipher":
        made = create_database(tmp_path / "schema.teak")
        opened = open_engine(tmp_path / "schema.teak", made.key)
        yield opened
        opened.dispose()
        return
    found = request.getfixturevalue("postgres")
    yield found
    with UnitOfWork(found) as unit:
        unit.connection.exec_driver_sql("DROP SCHEMA teak CASCADE")
        unit.connection.exec_driver_sql("CREATE SCHEMA teak")
        unit.commit()


def test_the_migrations_make_the_tables_of_the_program(engine: Engine) -> None:
    upgrade(engine)
    assert current_revision(engine) == head_revision()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_of_both_engines}
        )
        assert compare_metadata(context, Base.metadata) == []


def is_of_both_engines(_object: object, name: str | None, *_others: object) -> bool:
    """Leave out what only a server keeps: there is no key-slot file to count failures in.

    And the foreign keys that only a file keeps: see tests/models/guards/test_postgresql_references.
    """
    return name != "sign_in_failure" and name not in LEAN


def test_every_name_fits_the_shorter_limit() -> None:
    """PostgreSQL cuts names at 63 bytes, and a cut name would differ between the engines."""
    names = [table.name for table in Base.metadata.tables.values()]
    names += [
        str(item.name)
        for table in Base.metadata.tables.values()
        for items in (table.constraints, table.indexes)
        for item in items
    ]
    assert all(len(name) <= 63 for name in names)
