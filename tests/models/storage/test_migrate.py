from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect

from app.models.errors import NewerRegistry
from app.models.storage.migrate import (
    current_revision,
    head_revision,
    require_known_revision,
    upgrade,
)
from app.models.storage.unit_of_work import UnitOfWork, reading

PERSON = 'op.create_table("person", sa.Column("id", sa.Integer, primary_key=True))'
CAR = (
    'op.create_table("car", sa.Column("id", sa.Integer, primary_key=True),'
    ' sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False))'
)
HALF = 'op.create_table("half", sa.Column("id", sa.Integer)); raise ValueError("half-way")'


@pytest.fixture(params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Any:
    if request.param == "sqlcipher":
        yield request.getfixturevalue("registry").engine
        return
    found = request.getfixturevalue("postgres")
    yield found
    with UnitOfWork(found) as unit:
        unit.connection.exec_driver_sql("DROP SCHEMA teak CASCADE")
        unit.connection.exec_driver_sql("CREATE SCHEMA teak")
        unit.commit()


def test_upgrades_to_the_head_and_again_changes_nothing(
    engine: Engine, migrations: Callable[..., Path]
) -> None:
    scripts = migrations(one=PERSON, two=CAR)
    assert current_revision(engine) is None
    assert head_revision(scripts=scripts) == "two"
    upgrade(engine, scripts=scripts, revision="one")
    assert current_revision(engine) == "one"
    upgrade(engine, scripts=scripts)
    upgrade(engine, scripts=scripts)
    assert current_revision(engine) == "two"
    assert {"person", "car"} <= set(inspect(engine).get_table_names())


def test_a_migration_that_fails_leaves_the_one_before_it(
    engine: Engine, migrations: Callable[..., Path]
) -> None:
    scripts = migrations(one=PERSON, two=HALF)
    with pytest.raises(ValueError, match="half-way"):
        upgrade(engine, scripts=scripts)
    assert current_revision(engine) == "one"
    assert "half" not in inspect(engine).get_table_names()
    with UnitOfWork(engine) as unit:
        unit.connection.exec_driver_sql("INSERT INTO person VALUES (1)")
        unit.commit()


def test_a_revision_of_a_newer_program_is_refused(
    engine: Engine, migrations: Callable[..., Path]
) -> None:
    scripts = migrations(one=PERSON, two=CAR)
    upgrade(engine, scripts=scripts)
    (scripts / "versions" / "two.py").unlink()
    with pytest.raises(NewerRegistry, match="two"):
        require_known_revision(engine, scripts=scripts)
    with pytest.raises(NewerRegistry):
        upgrade(engine, scripts=scripts)


def test_a_rebuilt_table_keeps_its_rows_and_references_hold(
    registry: Any, migrations: Callable[..., Path]
) -> None:
    engine = registry.engine
    rebuild = (
        'with op.batch_alter_table("person", recreate="always") as batch:'
        ' batch.add_column(sa.Column("name", sa.String))'
    )
    scripts = migrations(one=PERSON, two=CAR, three=rebuild)
    upgrade(engine, scripts=scripts, revision="two")
    with UnitOfWork(engine) as unit:
        unit.connection.exec_driver_sql("INSERT INTO person VALUES (1)")
        unit.connection.exec_driver_sql("INSERT INTO car VALUES (1, 1)")
        unit.commit()
    upgrade(engine, scripts=scripts)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT * FROM person").all() == [(1, None)]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_breaks_a_reference_is_rolled_back(
    registry: Any, migrations: Callable[..., Path]
) -> None:
    scripts = migrations(one=PERSON, two=CAR, three='op.execute("DELETE FROM person")')
    upgrade(registry.engine, scripts=scripts, revision="two")
    with UnitOfWork(registry.engine) as unit:
        unit.connection.exec_driver_sql("INSERT INTO person VALUES (1)")
        unit.connection.exec_driver_sql("INSERT INTO car VALUES (1, 1)")
        unit.commit()
    with pytest.raises(RuntimeError, match="broken references in: car"):
        upgrade(registry.engine, scripts=scripts)
    assert current_revision(registry.engine) == "two"
    with reading(registry.engine) as connection:
        assert connection.exec_driver_sql("SELECT id FROM person").all() == [(1,)]
