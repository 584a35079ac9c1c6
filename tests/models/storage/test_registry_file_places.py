"""Places that refuse: read-only folders, full disks, files held by another program."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.models.errors import RegistryBusy
from app.models.storage.registry_file import open_registry_file
from app.models.storage.unit_of_work import UnitOfWork, reading

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights and limits of POSIX")

NOBODY = 65534
Picture = Callable[[Path], dict[str, tuple[int, str]]]
Child = Callable[..., "subprocess.Popen[str]"]


def as_program(text: str) -> str:
    return textwrap.dedent(text)


OPEN = as_program(
    """
    import os, sys
    from pathlib import Path
    from app.models.errors import TeakError
    from app.models.storage.key_wrapping import LIGHT
    from app.models.storage.registry_file import create_registry_file, open_registry_file

    path, act, user_id = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if user_id and os.getuid() == 0:
        os.setgroups([])
        os.setgid(user_id)
        os.setuid(user_id)
    try:
        if act == "open":
            open_registry_file(path, user="Somchai", passphrase="right")
        else:
            create_registry_file(path, user="a", passphrase="b", profile=LIGHT)
        print("opened")
    except TeakError as error:
        print(error.code, "|", error.message, "|", error.hint)
    """
)

FILL = as_program(
    """
    import resource, sys
    from pathlib import Path
    from sqlalchemy import text
    from app.models.errors import TeakError
    from app.models.storage.key_wrapping import LIGHT
    from app.models.storage.registry_file import create_registry_file, open_registry_file
    from app.models.storage.unit_of_work import UnitOfWork

    path, act, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    INSERT = text("INSERT INTO note (text) VALUES (:t)")
    rows = 0
    if limit and act != "fill":
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        if act == "create":
            create_registry_file(path, user="a", passphrase="b", profile=LIGHT)
        registry = open_registry_file(path, passphrase="right")
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        while act == "fill" and rows < 4000:
            with UnitOfWork(registry.engine) as unit:
                unit.connection.execute(INSERT, {"t": "y" * 9000})
                unit.commit()
            rows += 1
        print("no end")
    except TeakError as error:
        print(error.code, "|", rows, "|", error.message, "|", error.hint)
    """
)

HOLD = as_program(
    """
    import sys
    from pathlib import Path
    from app.models.storage.database_key import DatabaseKey
    from app.models.storage.sqlcipher import connect

    driver = connect(Path(sys.argv[1]), DatabaseKey(bytes.fromhex(sys.argv[2])))
    if sys.argv[3] == "whole":
        driver.execute("PRAGMA locking_mode = EXCLUSIVE")
    driver.execute("BEGIN EXCLUSIVE")
    driver.execute("INSERT INTO note (text) VALUES ('held')")
    print("held", flush=True)
    sys.stdin.readline()
    """
)


def answer(process: subprocess.Popen[str]) -> list[str]:
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    return [part.strip() for part in output.split("|")]


@pytest.fixture
def reachable(tmp_path: Path) -> Path:
    """Let another user reach the test's folder."""
    for folder in (tmp_path, *list(tmp_path.parents)[:3]):
        if folder.stat().st_uid == os.getuid():
            folder.chmod(0o755)
    return tmp_path


def give_away(path: Path) -> None:
    """Let the other user own the files, when the test runs as one who may."""
    if os.getuid() == 0:
        for each in (path.parent, *path.parent.iterdir()):
            os.chown(each, NOBODY, NOBODY)


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "named"),
    [(0o555, 0o600, "folder"), (0o755, 0o400, "file"), (0o755, 0o000, "right to read")],
)
def test_what_may_not_be_written_is_named(
    reachable: Path,
    closed: Path,
    picture: Picture,
    child: Child,
    folder_mode: int,
    file_mode: int,
    named: str,
) -> None:
    give_away(closed)
    closed.chmod(file_mode)
    closed.parent.chmod(folder_mode)
    before = picture(closed.parent) if os.getuid() == 0 else None
    code, message, hint = answer(child(OPEN, closed, "open", NOBODY))
    after = picture(closed.parent) if os.getuid() == 0 else None
    closed.parent.chmod(0o755)
    assert code == "read-only"
    assert named in message
    assert str(closed) in message
    assert hint
    assert before == after


def test_creating_in_a_read_only_folder(reachable: Path, child: Child) -> None:
    folder = reachable / "fixed"
    folder.mkdir()
    folder.chmod(0o555)
    code, message, _ = answer(child(OPEN, folder / "a.teak", "create", NOBODY))
    assert (code, list(folder.iterdir())) == ("read-only", [])
    assert "a.teak" in message


def test_a_disk_mounted_read_only(closed: Path, small_disk: Path, child: Child) -> None:
    for path in closed.parent.iterdir():
        (small_disk / path.name).write_bytes(path.read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    code, message, _ = answer(child(OPEN, small_disk / "a.teak", "open", 0))
    assert code == "read-only"
    assert str(small_disk) in message


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 KiB, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)],
        capture_output=True,
        check=False,
        text=True,
    )
    if mounting.returncode:
        pytest.skip(f"this user may not mount a small disk: {mounting.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("limit", [300_000, 0], ids=["file-size limit", "small disk"])
def test_a_disk_that_fills_up_loses_nothing_acknowledged(
    request: pytest.FixtureRequest, closed: Path, child: Child, limit: int
) -> None:
    if not limit:
        disk = request.getfixturevalue("small_disk")
        for path in closed.parent.iterdir():
            (disk / path.name).write_bytes(path.read_bytes())
        closed = disk / closed.name
    code, rows, message, hint = answer(child(FILL, closed, "fill", limit))
    assert code == "disk-full"
    assert str(closed) in message
    assert "space" in hint
    assert int(rows) > 0
    if not limit:
        return_room(closed)
    registry = open_registry_file(closed, passphrase="right")
    with reading(registry.engine) as connection:
        kept = connection.exec_driver_sql(
            "SELECT count(*) FROM note WHERE length(text) = 9000"
        ).scalar_one()
    registry.engine.dispose()
    assert kept == int(rows)


def return_room(path: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=4m", str(path.parent)], check=True)


@pytest.mark.parametrize(
    "limit", [100, 4000, 20_000], ids=["no page fits", "a page is cut", "no shared index fits"]
)
def test_no_room_for_a_new_registry_leaves_no_trace(
    tmp_path: Path, child: Child, limit: int
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    code, *_ = answer(child(FILL, folder / "a.teak", "create", limit))
    assert code == "disk-full"
    assert list(folder.iterdir()) == []


def test_no_room_to_open_changes_nothing(closed: Path, picture: Picture, child: Child) -> None:
    before = picture(closed.parent)
    code, _, message, _ = answer(child(FILL, closed, "open", 1000))
    assert code == "disk-full"
    assert str(closed) in message
    assert picture(closed.parent) == before


def test_a_file_held_whole_by_another_program(registry: Any, child: Child) -> None:
    registry.engine.dispose()
    holder = child(HOLD, registry.path, registry.key.hex(), "whole")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(RegistryBusy) as caught:
        open_registry_file(registry.path, passphrase="right", busy_timeout_s=0.05)
    assert str(registry.path) in caught.value.message
    assert caught.value.hint
    holder.communicate("\n", timeout=10)
    opened = open_registry_file(registry.path, passphrase="right")
    opened.engine.dispose()


def test_a_file_written_by_another_program_can_be_read_but_not_written(
    registry: Any, child: Child, notes: Any
) -> None:
    registry.engine.dispose()
    holder = child(HOLD, registry.path, registry.key.hex(), "write")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    opened = open_registry_file(registry.path, passphrase="right", busy_timeout_s=0.05)
    with reading(opened.engine) as connection:
        assert len(connection.execute(notes.select()).all()) == 40
    with pytest.raises(RegistryBusy), UnitOfWork(opened.engine):
        pass
    holder.communicate("\n", timeout=10)
    with UnitOfWork(opened.engine) as unit:
        unit.commit()
    opened.engine.dispose()
