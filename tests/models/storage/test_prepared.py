"""Prepared statements give what SQLAlchemy gives, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import InvalidRequestError

from app.models.errors import DamagedRegistry
from app.models.storage.prepared import Prepared, at_most
from app.models.storage.registry_file import RegistryFile
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables.base import UtcTime

DEEDS = Table(
    "deed",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("on", Date),
    Column("at", UtcTime, nullable=False),
    Column("done", Boolean, nullable=False),
)
NOON = datetime(2026, 11, 21, 5, 0, 0, 123456, tzinfo=UTC)
WRITE = Prepared(insert(DEEDS).returning(DEEDS.c.id))
ALL = select(DEEDS.c.name, DEEDS.c.on, DEEDS.c.at, DEEDS.c.done).order_by(DEEDS.c.name.desc())


def deed(name: str, day: date | None = None) -> dict[str, Any]:
    return {"name": name, "on": day, "at": NOON, "done": name > "m"}


@pytest.fixture(params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "sqlcipher":
        found = request.getfixturevalue("registry").engine
    else:
        found = request.getfixturevalue("postgres")
    DEEDS.metadata.create_all(found)
    yield found
    DEEDS.metadata.drop_all(found)


def test_what_is_written_is_read_back_as_sqlalchemy_reads_it(engine: Engine) -> None:
    with UnitOfWork(engine) as unit:
        keys = [
            WRITE.find(unit.connection, values)
            for values in (deed("issue"), deed("sell", date(2027, 1, 31)))
        ]
        unit.commit()
    assert keys == [(1,), (2,)]
    with reading(engine) as connection:
        rows = list(Prepared(ALL).rows(connection, {}))
        assert rows == [tuple(row) for row in connection.execute(ALL)]
    assert rows == [("sell", date(2027, 1, 31), NOON, True), ("issue", None, NOON, False)]


def test_updates_and_deletions_take_their_parameters_by_name(engine: Engine) -> None:
    rename = Prepared(
        update(DEEDS).where(DEEDS.c.name == bindparam("old")).values(name=bindparam("new"), on=None)
    )
    remove = Prepared(delete(DEEDS).where(DEEDS.c.name == bindparam("old")))
    with UnitOfWork(engine) as unit:
        for name in ("a", "b", "c"):
            WRITE.find(unit.connection, deed(name, date(2027, 1, 1)))
        rename.run_each(unit.connection, [{"old": "a", "new": "x"}, {"new": "y", "old": "b"}])
        remove.run(unit.connection, {"old": "c"})
        rows = unit.connection.execute(select(DEEDS.c.name, DEEDS.c.on).order_by(DEEDS.c.name))
        assert [tuple(row) for row in rows] == [("x", None), ("y", None)]


def test_a_limit_is_written_into_the_text(engine: Engine) -> None:
    two = Prepared(at_most(select(DEEDS.c.name).order_by(DEEDS.c.name), 2))
    with UnitOfWork(engine) as unit:
        for name in ("c", "a", "b"):
            WRITE.find(unit.connection, deed(name))
        assert list(two.rows(unit.connection, {})) == [("a",), ("b",)]
        assert two.find(unit.connection, {}) == ("a",)
    assert "LIMIT 2" in str(at_most(select(DEEDS.c.name), 2))


def test_rows_may_be_left_unread(engine: Engine) -> None:
    every = Prepared(ALL)
    with UnitOfWork(engine) as unit:
        for name in ("a", "b", "c"):
            WRITE.find(unit.connection, deed(name))
        for row in every.rows(unit.connection, {}):
            assert row[0] == "c"
            break
        unit.connection.execute(delete(DEEDS))
        unit.commit()
    with reading(engine) as connection:
        assert every.find(connection, {}) is None


def test_other_values_than_before_are_refused(engine: Engine) -> None:
    named = Prepared(select(DEEDS.c.id).where(DEEDS.c.name == bindparam("name")))
    with UnitOfWork(engine) as unit:
        with pytest.raises(InvalidRequestError, match="name"):
            named.find(unit.connection, {})
        with pytest.raises(ValueError, match="nmae"):
            named.find(unit.connection, {"name": "a", "nmae": "a"})
        assert named.find(unit.connection, {"name": "a"}) is None
        with pytest.raises(ValueError, match="name"):
            named.find(unit.connection, {})


def test_it_takes_part_in_the_unit_of_work(engine: Engine) -> None:
    with UnitOfWork(engine) as unit:
        WRITE.find(unit.connection, deed("forgotten"))
    with reading(engine) as connection:
        assert Prepared(ALL).find(connection, {}) is None
    with engine.connect() as connection, pytest.raises(RuntimeError, match="has begun"):
        Prepared(ALL).find(connection, {})


def test_a_damaged_page_is_translated_and_its_connection_dropped(
    registry: RegistryFile, notes: Table
) -> None:
    everything = Prepared(select(notes.c.text).order_by(notes.c.id))
    registry.engine.dispose()
    whole = registry.path.read_bytes()
    _damage(registry.path, whole)
    with pytest.raises(DamagedRegistry), reading(registry.engine) as connection:
        list(everything.rows(connection, {}))
    registry.path.write_bytes(whole)
    with reading(registry.engine) as connection:
        assert len(list(everything.rows(connection, {}))) == 40


def _damage(path: Path, whole: bytes) -> None:
    page = 5 * 4096
    path.write_bytes(whole[: page + 100] + bytes(200) + whole[page + 300 :])
