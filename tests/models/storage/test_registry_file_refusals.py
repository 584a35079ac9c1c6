"""Everything that can be wrong with a registry's files: said clearly, and nothing changed."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.models.errors import StorageError
from app.models.storage.key_wrapping import LIGHT
from app.models.storage.page_check import check_pages
from app.models.storage.registry_file import create_registry_file, open_registry_file
from app.models.storage.sqlcipher import FORMAT_VERSION, PAGE_SIZE, connect, open_engine
from app.models.storage.unit_of_work import reading

Picture = Callable[[Path], dict[str, tuple[int, str]]]


def keys_of(path: Path) -> Path:
    return path.with_name(path.name + ".keys")


def flip(path: Path, *offsets: int) -> None:
    content = bytearray(path.read_bytes())
    for offset in offsets:
        content[offset] ^= 0x10
    path.write_bytes(content)


def edit_keys(path: Path, **fields: Any) -> None:
    document = json.loads(keys_of(path).read_text())
    keys_of(path).write_text(json.dumps(document | fields))


def remove(path: Path) -> None:
    path.unlink()


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def write_plain_sqlite(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE note (id)")


def put_other_keys(path: Path) -> None:
    other = create_registry_file(
        path.with_name("other.teak"), user="Somchai", passphrase="right", profile=LIGHT
    )
    other.engine.dispose()
    keys_of(path).write_bytes(keys_of(other.path).read_bytes())


def put_future_version(path: Path) -> None:
    registry = open_registry_file(path, passphrase="right")
    registry.engine.dispose()
    connection = connect(path, registry.key)
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION + 1}")
    connection.close()


def cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)


def text_alone(path: Path) -> None:
    keys_of(path).unlink()
    path.write_text("Minutes of the meeting. " * 400)


SITUATIONS: list[tuple[str, Callable[[Path], object], str, str]] = [
    ("no file", remove, "no-such-registry", "no file"),
    ("a folder", replace_by_folder, "not-a-registry", "is a folder"),
    ("empty", lambda p: p.write_bytes(b""), "not-a-registry", "is empty"),
    ("too short", lambda p: p.write_bytes(b"hello"), "not-a-registry", "only 5 bytes"),
    ("plain SQLite", write_plain_sqlite, "not-a-registry", "without encryption"),
    ("a text", lambda p: p.write_text("some words " * 999), "not-a-registry", "not the registry"),
    ("a text without keys", text_alone, "not-a-registry", "not a Teak registry"),
    ("a pipe", replace_by_pipe, "not-a-registry", "no ordinary file"),
    (
        "other bytes",
        lambda p: p.write_bytes(secrets.token_bytes(8192)),
        "not-a-registry",
        "not the registry",
    ),
    ("no keys", lambda p: keys_of(p).unlink(), "key-slots-missing", "a.teak.keys"),
    ("keys a folder", lambda p: replace_by_folder(keys_of(p)), "key-slots-damaged", "a folder"),
    ("keys cut short", lambda p: cut(keys_of(p), 200), "key-slots-damaged", "cut short"),
    ("keys empty", lambda p: cut(keys_of(p), 0), "key-slots-damaged", "cut short"),
    ("keys no object", lambda p: keys_of(p).write_text("[1]"), "key-slots-damaged", "format"),
    ("slots a number", lambda p: edit_keys(p, slots=3), "key-slots-damaged", '"slots"'),
    ("keys without version", lambda p: edit_keys(p, version="1"), "key-slots-damaged", "version"),
    ("keys of the future", lambda p: edit_keys(p, version=2), "newer-version", "version 2"),
    ("keys of another", put_other_keys, "key-slots-damaged", "another registry"),
    ("bit in salt", lambda p: flip(p, 3), "damaged", "page 1 "),
    ("bit in first page", lambda p: flip(p, 100), "damaged", "page 1 "),
    ("bit in first code", lambda p: flip(p, PAGE_SIZE - 1), "damaged", "page 1 "),
    ("bit in page 3", lambda p: flip(p, 2 * PAGE_SIZE + 9), "damaged", "page 3 "),
    (
        "bits in two pages",
        lambda p: flip(p, 3 * PAGE_SIZE, 5 * PAGE_SIZE),
        "damaged",
        "pages 4, 6 ",
    ),
    ("cut within page 1", lambda p: cut(p, 999), "damaged", "page 1"),
    ("cut within a page", lambda p: cut(p, 4 * PAGE_SIZE + 7), "damaged", "page 5"),
    ("cut between pages", lambda p: cut(p, 4 * PAGE_SIZE), "damaged", "cut short"),
    ("newer file", put_future_version, "newer-version", f"format {FORMAT_VERSION + 1}"),
]


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [situation[1:] for situation in SITUATIONS],
    ids=[situation[0] for situation in SITUATIONS],
)
def test_each_fault_has_its_own_message_and_nothing_changes(
    closed: Path,
    picture: Picture,
    spoil: Callable[[Path], object],
    code: str,
    words: str,
) -> None:
    spoil(closed)
    before = {} if closed.is_fifo() else picture(closed.parent)
    with pytest.raises(StorageError) as caught:
        open_registry_file(closed, user="Somchai", passphrase="right")
    assert caught.value.code == code
    assert words in caught.value.message
    assert str(closed) in caught.value.message
    assert caught.value.hint
    if before:
        assert picture(closed.parent) == before


@pytest.mark.parametrize("user", ["Somchai", "nobody", None])
def test_a_wrong_passphrase_reads_the_same_for_every_name(
    closed: Path, picture: Picture, user: str | None
) -> None:
    before = picture(closed.parent)
    with pytest.raises(StorageError) as caught:
        open_registry_file(closed, user=user, passphrase="wrong")
    assert caught.value.code == "wrong-passphrase"
    assert caught.value.message == (
        'No key slot of "a.teak" opens with this user name and passphrase.'
    )
    assert picture(closed.parent) == before


def test_a_sound_file_opens_and_closes_without_a_change(closed: Path, picture: Picture) -> None:
    before = picture(closed.parent)
    for user in ("Somchai", "SOMCHAI", None):
        registry = open_registry_file(closed, user=user, passphrase="right")
        check_pages(registry.engine)
        registry.engine.dispose()
    assert picture(closed.parent) == before


def test_a_file_reached_by_a_link_opens_with_what_stands_beside_the_real_one(
    closed: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.teak"
    link.symlink_to(closed)
    registry = open_registry_file(link, passphrase="right")
    assert registry.path == closed.resolve()
    registry.engine.dispose()


def test_damage_done_while_open_is_named_and_the_connections_are_dropped(
    registry: Any, notes: Any
) -> None:
    registry.engine.dispose()
    flip(registry.path, 4 * PAGE_SIZE + 9)
    engine = open_engine(registry.path, registry.key)
    with pytest.raises(StorageError) as read, reading(engine) as connection:
        connection.execute(notes.select()).all()
    with pytest.raises(StorageError) as checked:
        check_pages(engine)
    flip(registry.path, 4 * PAGE_SIZE + 9)
    with reading(engine) as connection:
        assert len(connection.execute(notes.select()).all()) == 40
    engine.dispose()
    assert (read.value.code, checked.value.code) == ("damaged", "damaged")
    assert "page 5 " in checked.value.message


def test_a_file_left_by_a_crash_opens_with_what_its_log_holds(
    registry: Any, notes: Any, tmp_path: Path
) -> None:
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    with registry.engine.connect() as connection:
        connection.begin()
        connection.execute(notes.insert(), {"text": "in the log alone"})
        connection.exec_driver_sql("CREATE TABLE another (id)")
        connection.commit()
        for path in registry.path.parent.iterdir():
            shutil.copy(path, crashed / path.name)
    assert (crashed / "a.teak-wal").stat().st_size > 0
    flip(crashed / "a.teak", 100)  # page 1 is torn, and whole again in the log
    opened = open_registry_file(crashed / "a.teak", passphrase="right")
    with reading(opened.engine) as reader:
        assert len(reader.execute(notes.select()).all()) == 41
    opened.engine.dispose()


@pytest.mark.parametrize("ending", ["", ".keys", "-wal", "-shm", "-journal"])
def test_creating_never_replaces_a_file(tmp_path: Path, picture: Picture, ending: str) -> None:
    (tmp_path / f"a.teak{ending}").write_text("mine")
    before = picture(tmp_path)
    with pytest.raises(StorageError) as caught:
        create_registry_file(tmp_path / "a.teak", user="a", passphrase="b", profile=LIGHT)
    assert caught.value.code == "registry-exists"
    assert f"a.teak{ending}" in caught.value.message
    assert picture(tmp_path) == before


def test_creating_in_no_folder_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="folder") as caught:
        create_registry_file(tmp_path / "gone" / "a.teak", user="a", passphrase="b")
    assert caught.value.code == "no-such-registry"


@pytest.mark.parametrize("failure", [RuntimeError("half-way"), KeyboardInterrupt()])
def test_creating_half_way_leaves_no_trace(
    tmp_path: Path, notes: Any, failure: BaseException
) -> None:
    def fail(registry: Any) -> None:
        with registry.engine.connect() as connection:
            connection.begin()
            notes.metadata.create_all(connection)
            connection.commit()
        assert len(list(tmp_path.iterdir())) >= 2
        raise failure

    with pytest.raises(type(failure)):
        create_registry_file(
            tmp_path / "a.teak", user="a", passphrase="b", profile=LIGHT, prepare=fail
        )
    assert list(tmp_path.iterdir()) == []
