"""What a maker of a registry file who was killed leaves: taken away by the next, nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.models.errors import RegistryExists
from app.models.storage import registry_file, whole_files
from app.models.storage.key_wrapping import LIGHT
from app.models.storage.registry_file import (
    RegistryFile,
    create_registry_file,
    open_registry_file,
    require_free,
)
from app.models.storage.unfinished_files import making_aside, remove_unfinished

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")

ROOT = Path(__file__).resolve().parents[3]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(act: Callable[[], object]) -> None:
    """Do something in a process that is killed on the way."""
    child = os.fork()
    if not child:
        act()
        os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def make(path: Path, prepare: Callable[[RegistryFile], None] | None = None) -> None:
    create_registry_file(
        path, user="a", passphrase="b", profile=LIGHT, prepare=prepare
    ).engine.dispose()


def test_the_next_maker_takes_away_what_a_killed_one_left(tmp_path: Path) -> None:
    path = tmp_path / "a.teak"

    def write_and_die(file: RegistryFile) -> None:
        with file.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE half (made int)")
            die()

    killed(lambda: make(path, write_and_die))
    left = names(tmp_path)
    assert left
    assert all(name.startswith(".a.teak.") for name in left)
    # Of another name, and not of ours: nothing to do with it.
    require_free(tmp_path / "b.teak")
    assert names(tmp_path) == left
    make(path)
    assert names(tmp_path) == ["a.teak", "a.teak.keys"]


@pytest.mark.parametrize("placed", [0, 1, 2])
def test_a_maker_killed_while_giving_names_is_cleared_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, placed: int
) -> None:
    path, give = tmp_path / "a.teak", whole_files.give_free_name
    given: list[Path] = []

    def give_some(aside: Path, final: Path) -> None:
        if len(given) == placed:
            die()
        give(aside, final)
        given.append(final)
        if len(given) == placed == 2:
            die()

    monkeypatch.setattr(registry_file, "give_free_name", give_some)
    killed(lambda: make(path))
    monkeypatch.undo()
    if placed < 2:
        make(path)
    else:
        # It has both its names: it is a registry, and stays one.
        with pytest.raises(RegistryExists):
            make(path)
    assert names(tmp_path) == ["a.teak", "a.teak.keys"]
    open_registry_file(path, passphrase="b").engine.dispose()


def test_what_somebody_is_making_and_what_others_own_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.teak"
    others = (
        ".a.teak.12345678",
        ".a.teak.12345678.keys",
        ".a.teak.deadbeef.making",
        ".a.teak.deadbeef",
        ".a.teak.swp",
        ".b.teak.12345678.making",
    )
    for name in others:
        (tmp_path / name).write_text("another program's")
    (tmp_path / ".a.teak.0badcafe.making").symlink_to(tmp_path / ".a.teak.swp")
    with making_aside(path) as aside:
        aside.write_text("in the making")
        aside.with_name(f"{aside.name}.notes").write_text("of nobody we know")
        assert remove_unfinished(path) == ()
        assert aside.exists()
    assert not aside.exists()
    assert len(names(tmp_path)) == len(others) + 2
    make(path)
    assert [(tmp_path / name).read_text() for name in others] == ["another program's"] * 6


def test_key_slots_of_another_registry_are_never_taken_for_a_remnant(tmp_path: Path) -> None:
    path = tmp_path / "a.teak"
    killed(lambda: make(path, die))
    (tmp_path / "a.teak.keys").write_text("of a registry that was moved away")
    with pytest.raises(RegistryExists):
        make(path)
    assert names(tmp_path) == ["a.teak.keys"]


def begin_create(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", "create", folder / "a.teak", "--demo"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(folder: Path, pattern: str) -> None:
    until = time.monotonic() + 300
    while not any(folder.glob(pattern)):
        assert time.monotonic() < until, names(folder)
        time.sleep(0.002)


def test_teak_create_killed_at_work_leaves_nothing_the_next_does_not_clear(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.teak"
    for pattern in (".a.teak.*.making", "..a.teak.*-wal", ".a.teak.????????-wal"):
        process = begin_create(tmp_path)
        wait_for(tmp_path, pattern)
        process.kill()
        process.wait(timeout=60)
        assert not path.exists()
        assert any(tmp_path.iterdir())
    require_free(path)
    assert names(tmp_path) == []
