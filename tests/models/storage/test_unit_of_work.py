from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, Table, func, select
from sqlalchemy.exc import IntegrityError

from app.models.errors import GuardRefused, RegistryBusy
from app.models.storage.registry_file import RegistryFile
from app.models.storage.sqlcipher import open_engine
from app.models.storage.unit_of_work import UnitOfWork, reading


def fail_after_writing(engine: Engine, notes: Table) -> None:
    with UnitOfWork(engine) as unit:
        unit.connection.execute(notes.insert(), {"text": "failed"})
        raise ZeroDivisionError


GUARDS = {
    "sqlite": (
        """CREATE TRIGGER guard BEFORE DELETE ON note BEGIN
        SELECT RAISE(ABORT, 'teak: notes stay'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'teak: notes stay'; END $$""",
        "CREATE TRIGGER guard BEFORE DELETE ON note FOR EACH ROW EXECUTE FUNCTION guard()",
    ),
}


def count(engine: Engine, notes: Table) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(notes)).scalar_one())


@pytest.fixture(params=["sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, notes: Table) -> Any:
    if request.param == "sqlcipher":
        found = request.getfixturevalue("registry").engine
    else:
        found = request.getfixturevalue("postgres")
    notes.metadata.drop_all(found)
    notes.metadata.create_all(found)
    yield found
    notes.metadata.drop_all(found)


def test_what_was_committed_stays_and_what_was_not_is_gone(engine: Engine, notes: Table) -> None:
    with UnitOfWork(engine) as unit:
        unit.connection.execute(notes.insert(), {"text": "kept"})
        unit.commit()
    with UnitOfWork(engine) as unit:
        unit.connection.execute(notes.insert(), {"text": "not committed"})
    with pytest.raises(ZeroDivisionError):
        fail_after_writing(engine, notes)
    assert count(engine, notes) == 1


def test_a_reader_keeps_nothing(registry: RegistryFile, notes: Table) -> None:
    with reading(registry.engine) as connection:
        connection.execute(notes.insert(), {"text": "read only"})
    assert count(registry.engine, notes) == 40


def test_a_reader_sees_one_state_from_what_it_read_first(engine: Engine, notes: Table) -> None:
    with reading(engine) as connection:
        assert connection.execute(select(notes)).all() == []
        with UnitOfWork(engine) as unit:
            unit.connection.execute(notes.insert(), {"text": "meanwhile"})
            unit.commit()
        assert connection.execute(select(notes)).all() == []
    assert count(engine, notes) == 1


def test_many_rows_and_returned_ids(engine: Engine, notes: Table) -> None:
    rows = [{"text": str(number)} for number in range(2500)]
    with UnitOfWork(engine) as unit:
        statement = notes.insert().returning(notes.c.id, sort_by_parameter_order=True)
        ids = unit.connection.execute(statement, rows).scalars().all()
        changed = unit.connection.execute(
            notes.update().where(notes.c.id == ids[7]).values(text="z").returning(notes.c.text)
        ).scalar_one()
        unit.commit()
    assert changed == "z"
    assert len(set(ids)) == 2500
    assert count(engine, notes) == 2500


def test_a_guard_in_the_database_speaks_for_itself(engine: Engine, notes: Table) -> None:
    guard = GUARDS[engine.dialect.name]
    with UnitOfWork(engine) as unit:
        for statement in guard:
            unit.connection.exec_driver_sql(statement)
        unit.connection.execute(notes.insert(), {"text": "stays"})
        unit.commit()
    with pytest.raises(GuardRefused, match=r"^notes stay$"), UnitOfWork(engine) as unit:
        unit.connection.execute(notes.delete())
    assert count(engine, notes) == 1


def test_what_is_nobodys_known_error_passes_through(engine: Engine, notes: Table) -> None:
    with pytest.raises(IntegrityError), UnitOfWork(engine) as unit:
        unit.connection.execute(notes.insert(), {"text": None})


def test_a_unit_belongs_to_one_thread_and_one_use(engine: Engine) -> None:
    refused: list[BaseException] = []
    with UnitOfWork(engine) as unit:

        def use_elsewhere() -> None:
            try:
                unit.commit()
            except RuntimeError as error:
                refused.append(error)

        thread = threading.Thread(target=use_elsewhere)
        thread.start()
        thread.join()
        unit.commit()
        with pytest.raises(RuntimeError, match="committed already"):
            _ = unit.connection
    assert len(refused) == 1
    with pytest.raises(RuntimeError, match="used once"), unit:
        pass
    with pytest.raises(RuntimeError, match="not open"):
        UnitOfWork(engine).commit()


def test_a_second_writer_is_told_to_wait_and_readers_are_not(
    registry: RegistryFile, notes: Table
) -> None:
    impatient = open_engine(registry.path, registry.key, busy_timeout_s=0.05)
    with UnitOfWork(registry.engine) as unit:
        with pytest.raises(RegistryBusy) as caught, UnitOfWork(impatient):
            pass
        assert caught.value.hint
        assert count(impatient, notes) == 40
        unit.commit()
    with UnitOfWork(impatient) as unit:
        unit.commit()
    impatient.dispose()
