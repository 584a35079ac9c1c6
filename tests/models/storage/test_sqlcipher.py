from __future__ import annotations

import logging
import os
import subprocess
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select
from sqlalchemy.exc import DatabaseError, DBAPIError

from app.models.errors import DamagedRegistry
from app.models.storage.database_key import DatabaseKey, is_registry_salt, new_salt
from app.models.storage.key_wrapping import LIGHT
from app.models.storage.registry_file import RegistryFile, create_registry_file
from app.models.storage.sqlcipher import open_engine, read_first_bytes
from app.models.storage.unit_of_work import UnitOfWork, reading

Child = Callable[..., "subprocess.Popen[str]"]


def test_every_connection_is_durable_and_guarded(registry: RegistryFile) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
        "application_id": 0x5445414B,
        "user_version": 1,
    }
    for options in ({}, {"teak_reading": True}):
        with registry.engine.connect().execution_options(**options) as connection:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert found == wanted


def test_extensions_stay_off(registry: RegistryFile) -> None:
    with pytest.raises(DBAPIError, match="not authorized"), reading(registry.engine) as connection:
        connection.exec_driver_sql("SELECT load_extension('x')")


def test_the_key_shows_itself_nowhere(
    registry: RegistryFile, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = DatabaseKey(bytes(range(32)))
    engine = open_engine(registry.path, wrong)
    texts = [repr(registry), str(registry), repr(engine), str(wrong), f"{wrong} {wrong!r}"]
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(DamagedRegistry) as caught, reading(engine):
            pass
        told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        texts.append("".join(told.format()))
        with reading(registry.engine) as connection:
            connection.exec_driver_sql("SELECT 1")
    output = capfd.readouterr()
    texts += [caplog.text, output.out, output.err]
    engine.dispose()
    assert "damaged" in texts[5]
    for text in texts:
        for key in (wrong, registry.key):
            assert key.hex() not in text.lower()
            assert repr(bytes(key)) not in text
    assert output.err == ""


def test_the_first_bytes_mark_a_registry(registry: RegistryFile) -> None:
    first_bytes = read_first_bytes(registry.path)
    assert is_registry_salt(first_bytes)
    assert is_registry_salt(new_salt())
    assert not is_registry_salt(bytes(16))
    assert not is_registry_salt(first_bytes[:-1])


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not list its locks")
def test_looking_at_an_open_file_leaves_its_locks(registry: RegistryFile) -> None:
    inode = f":{registry.path.stat().st_ino} "
    process = f" {os.getpid()} "

    def locks() -> list[str]:
        lines = Path("/proc/locks").read_text().splitlines()
        return [line for line in lines if inode in line and process in line]

    with reading(registry.engine):
        assert locks()
        read_first_bytes(registry.path)
        assert locks()


def test_a_wrong_length_of_key_is_a_mistake(registry: RegistryFile) -> None:
    with pytest.raises(ValueError, match="32 bytes, not 3"):
        open_engine(registry.path, b"abc")


FIND = """
import sys
from pathlib import Path
needles = [bytes.fromhex(text) for text in sys.argv[2:]]
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        content = path.read_bytes()
        print(path.name, sum(needle in content for needle in needles))
"""


def find_in_files(child: Child, folder: Path, texts: list[str]) -> dict[str, int]:
    """Count, by a program that shares no locks with this one, the texts found in each file."""
    needles = [text.encode(code).hex() for text in texts for code in ("utf-8", "utf-16-le")]
    output, errors = child(FIND, folder, *needles).communicate(timeout=20)
    assert not errors
    return {name: int(count) for name, count in map(str.split, output.splitlines())}


def test_nothing_can_be_read_on_disk(registry: RegistryFile, notes: Table, child: Child) -> None:
    folder = registry.path.parent
    texts = ["a marker nobody else writes", "Somchai", "somchai", "CREATE TABLE", "SQLite"]
    with UnitOfWork(registry.engine) as unit:
        unit.connection.execute(notes.insert(), [{"text": texts[0] * 40}] * 50)
        unit.commit()
    control = folder / "control.txt"
    control.write_text(texts[0])
    opened = find_in_files(child, folder, texts)
    registry.engine.dispose()
    after = find_in_files(child, folder, texts)
    assert {"a.teak", "a.teak-wal", "a.teak-shm", "a.teak.keys"} < set(opened)
    assert opened.pop("control.txt") == 1
    assert after.pop("control.txt") == 1
    assert set(after) == {"a.teak", "a.teak.keys"}
    assert not any(opened.values())
    assert not any(after.values())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files cannot be listed")
def test_a_big_sort_makes_no_temporary_file(
    registry: RegistryFile, notes: Table, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(temporary))
    seen: set[str] = set()

    def look() -> int:
        for entry in Path("/proc/self/fd").iterdir():
            try:
                seen.add(str(entry.readlink()))
            except FileNotFoundError:
                continue
        return 0

    with registry.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(look, 100_000)
        connection.begin()
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
            " INSERT INTO note (text) SELECT hex(randomblob(300)) FROM n"
        )
        sorted_rows = connection.exec_driver_sql("SELECT text FROM note ORDER BY text DESC").all()
        driver.set_progress_handler(None, 0)
    assert len(sorted_rows) == 30040
    assert str(registry.path) in seen
    assert not [name for name in seen if name.startswith(str(temporary)) or "etilqs" in name]


def test_two_threads_read_while_one_writes(registry: RegistryFile, notes: Table) -> None:
    """Each act writes two rows: a reader that ever sees an odd number saw half an act."""
    seen: list[int] = []
    done = threading.Event()

    def write() -> None:
        for _ in range(60):
            with UnitOfWork(registry.engine) as unit:
                unit.connection.execute(notes.insert(), {"text": "one"})
                unit.connection.execute(notes.insert(), {"text": "two"})
                unit.commit()

    def read() -> None:
        counted = select(func.count()).select_from(notes)
        while not done.is_set():
            with reading(registry.engine) as connection:
                first = connection.execute(counted).scalar_one()
                assert connection.execute(counted).scalar_one() == first
                seen.append(first)

    with ThreadPoolExecutor(max_workers=3) as pool:
        readers = [pool.submit(read), pool.submit(read)]
        writer = pool.submit(write)
        writer.add_done_callback(lambda _: done.set())
        for work in (writer, *readers):
            work.result(timeout=30)
    assert len(set(seen)) > 2
    assert all(count % 2 == 0 for count in seen)


WRITE = """
import sys
from pathlib import Path
from sqlalchemy import text
from app.models.storage.registry_file import open_registry_file
from app.models.storage.unit_of_work import UnitOfWork

registry = open_registry_file(Path(sys.argv[1]), passphrase="right")
number = 0
while True:
    number += 1
    with UnitOfWork(registry.engine) as unit:
        for half in ("first", "second"):
            unit.connection.execute(
                text("INSERT INTO note (text) VALUES (:t)"),
                {"t": f"{sys.argv[2]} {number} {half}" + "-" * 2000},
            )
        unit.commit()
    print(number, flush=True)
"""


def test_a_killed_writer_loses_nothing_it_acknowledged(
    registry: RegistryFile, notes: Table, child: Child
) -> None:
    registry.engine.dispose()
    acknowledged: dict[str, int] = {}
    for run, lines in (("a", 3), ("b", 40), ("c", 150)):
        writer = child(WRITE, registry.path, run)
        assert writer.stdout is not None
        for _ in range(lines):
            writer.stdout.readline()
        writer.kill()
        rest = writer.communicate(timeout=10)[0].split()
        acknowledged[run] = int(rest[-1]) if rest else lines
    with reading(registry.engine) as connection:
        texts = connection.execute(select(notes.c.text)).scalars().all()
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    halves = [text.rstrip("-").split() for text in texts if " " in text]
    for run, last in acknowledged.items():
        first = {int(number) for name, number, half in halves if (name, half) == (run, "first")}
        second = {int(number) for name, number, half in halves if (name, half) == (run, "second")}
        assert first == second
        assert set(range(1, last + 1)) <= first


def test_a_file_in_another_journal_mode_is_brought_back(registry: RegistryFile) -> None:
    with registry.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        assert driver.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    registry.engine.dispose()
    with reading(registry.engine) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_path_with_every_awkward_sign(tmp_path: Path) -> None:
    folder = tmp_path / "ทะเบียน 100% #1?&=x"
    folder.mkdir()
    made = create_registry_file(folder / "ก.teak", user="a", passphrase="b", profile=LIGHT)
    made.engine.dispose()
    assert sorted(path.name for path in folder.iterdir()) == ["ก.teak", "ก.teak.keys"]


def test_references_are_enforced(registry: RegistryFile) -> None:
    with UnitOfWork(registry.engine) as unit:
        unit.connection.exec_driver_sql("CREATE TABLE part (note_id REFERENCES note (id))")
        unit.commit()
    with pytest.raises(DatabaseError, match="FOREIGN KEY"), UnitOfWork(registry.engine) as unit:
        unit.connection.exec_driver_sql("INSERT INTO part VALUES (999999)")
