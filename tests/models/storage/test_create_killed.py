"""A registry whose making was killed is not there, and can be made again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.models.errors import RegistryExists
from app.models.storage.key_wrapping import LIGHT
from app.models.storage.registry_file import (
    RegistryFile,
    create_registry_file,
    open_registry_file,
)
from app.models.storage.whole_files import give_free_name

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")


def test_a_process_killed_half_way_leaves_nothing_at_the_path(tmp_path: Path) -> None:
    path = tmp_path / "a.teak"

    def die(_file: RegistryFile) -> None:
        os.kill(os.getpid(), 9)

    child = os.fork()
    if not child:
        create_registry_file(path, user="a", passphrase="b", profile=LIGHT, prepare=die)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 9
    assert not list(tmp_path.glob("a.teak*"))
    create_registry_file(path, user="a", passphrase="b", profile=LIGHT).engine.dispose()
    open_registry_file(path, user="a", passphrase="b").engine.dispose()


def test_what_took_the_name_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.teak"
    for taken in (path, tmp_path / "a.teak.keys"):

        def take(_file: RegistryFile, taken: Path = taken) -> None:
            taken.write_text("another's")

        with pytest.raises(RegistryExists):
            create_registry_file(path, user="a", passphrase="b", profile=LIGHT, prepare=take)
        assert [name.name for name in tmp_path.iterdir()] == [taken.name]
        assert taken.read_text() == "another's"
        taken.unlink()


def test_a_name_is_taken_without_links_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("1")
    other.write_text("2")
    with pytest.raises(FileExistsError):
        give_free_name(one, other)
    other.unlink()
    give_free_name(one, other)
    assert other.read_text() == "1"
    assert not one.exists()
