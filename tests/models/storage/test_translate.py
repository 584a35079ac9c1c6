from __future__ import annotations

import errno
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from app.models.errors import StorageError
from app.models.storage.translate import translate, translating
from app.models.storage.unit_of_work import UnitOfWork, reading


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (dbapi2.OperationalError("database or disk is full"), "disk-full"),
        (dbapi2.OperationalError("disk I/O error"), "storage"),
        (dbapi2.OperationalError("attempt to write a readonly database"), "read-only"),
        (dbapi2.OperationalError("unable to open database file"), "no-such-registry"),
        (dbapi2.OperationalError("database is locked"), "busy"),
        (dbapi2.OperationalError("database table is locked: note"), "busy"),
        (dbapi2.DatabaseError("file is not a database"), "damaged"),
        (dbapi2.DatabaseError("database disk image is malformed"), "damaged"),
        (dbapi2.IntegrityError("teak: units never vanish"), "guard-refused"),
        (dbapi2.IntegrityError("CHECK constraint failed: teak: none below 0"), "guard-refused"),
        (OSError(errno.ENOSPC, "no space"), "disk-full"),
        (OSError(errno.EFBIG, "too large"), "disk-full"),
        (OSError(errno.EROFS, "read-only"), "read-only"),
        (PermissionError(errno.EACCES, "denied"), "read-only"),
        (OSError(errno.ENAMETOOLONG, "too long"), "storage"),
        (OSError(errno.EIO, "failing"), "storage"),
    ],
)
def test_each_known_error_has_its_code_place_and_hint(
    tmp_path: Path, error: Exception, code: str
) -> None:
    place = tmp_path / "a.teak"
    for given in (error, DBAPIError("SELECT 1", None, error)):
        known = translate(given, place=place)
        assert isinstance(known, StorageError)
        assert known.code == code
        if code == "guard-refused":
            assert not known.message.startswith("teak")
        else:
            assert str(place) in known.message
            assert known.hint


@pytest.mark.parametrize(
    "error",
    [
        dbapi2.IntegrityError("UNIQUE constraint failed: note.id"),
        dbapi2.OperationalError("no such table: teak: x"),
        OSError(errno.ENOENT, "nothing"),
        ValueError("database is locked"),
    ],
)
def test_what_is_unknown_passes_unchanged(error: Exception) -> None:
    assert translate(error) is error
    with pytest.raises(type(error)) as caught, translating():
        raise error
    assert caught.value is error


@pytest.mark.postgres
def test_the_server_refuses_a_reader_who_writes_and_a_lock_that_is_taken(
    postgres: Engine,
) -> None:
    with pytest.raises(StorageError) as written, reading(postgres) as connection:
        connection.exec_driver_sql("CREATE TABLE nothing (id int)")
    assert written.value.code == "read-only"
    with UnitOfWork(postgres) as unit:
        unit.connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7)")
        with pytest.raises(StorageError) as waited:
            ask_for_the_same_lock(postgres)
    assert waited.value.code == "busy"


def ask_for_the_same_lock(postgres: Engine) -> None:
    with UnitOfWork(postgres) as unit:
        unit.connection.exec_driver_sql("SET LOCAL lock_timeout = '20ms'")
        unit.connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7)")
