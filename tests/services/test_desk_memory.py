"""What the desk remembers between runs: kept, read back, and never in anybody's way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.services.desk_memory import (
    MOST_RECENT,
    DeskMemory,
    demonstration_path,
    memory_path,
    recall,
    remember,
)


def test_what_was_kept_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "desk.json"
    memory = DeskMemory("th", "dark", ("/a.teak", "postgresql://x/y"))
    remember(path, memory)
    assert recall(path) == memory
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


def test_the_latest_stands_first_and_old_ones_go() -> None:
    memory = DeskMemory()
    for number in range(MOST_RECENT + 3):
        memory = memory.with_used(f"/{number}.teak")
    memory = memory.with_used("/5.teak")
    assert memory.recent[:2] == ("/5.teak", f"/{MOST_RECENT + 2}.teak")
    assert len(memory.recent) == len(set(memory.recent)) == MOST_RECENT
    assert "/5.teak" not in memory.without("/5.teak").recent


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"version": 2}', b"\xff\xfe", b'{"version": 1, "recent": 3}']
)
def test_an_unreadable_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "desk.json"
    path.write_bytes(content)
    assert recall(path) == DeskMemory()
    remember(path, DeskMemory("en"))
    assert recall(path).language == "en"


def test_a_place_that_cannot_be_written_hinders_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    remember(tmp_path / "file" / "desk.json", DeskMemory("en"))
    assert "cannot be kept" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="the desktops' convention of POSIX")
def test_the_folders_are_the_person_s_own(tmp_path: Path) -> None:
    named = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": "relative"}
    assert memory_path(named) == tmp_path / "teak" / "desk.json"
    assert demonstration_path(named) == Path.home() / ".local/share" / "teak" / "demo.teak"
