from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.models.errors import RegistryBusy
from app.models.storage import whole_files
from app.models.storage.whole_files import holding, replace_file

HOLD = """
import sys
from pathlib import Path
from app.models.storage.whole_files import holding
with holding(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_failure_leaves_the_old_bytes_and_nothing_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small"
    replace_file(path, b"old")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError, match="small"):
        replace_file(path, b"new")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"old"]


def test_a_holder_who_crashed_lets_go(
    tmp_path: Path, child: Callable[..., subprocess.Popen[str]]
) -> None:
    path = tmp_path / "small"
    holder = child(HOLD, path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(RegistryBusy, match="small"), holding(path, wait_s=0.05):
        pass
    holder.kill()
    holder.wait(timeout=10)
    with holding(path, wait_s=1):
        assert [each.name for each in tmp_path.iterdir()] == ["small.lock"]
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_just_removed_by_its_last_holder_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock_path = tmp_path / "small", tmp_path / "small.lock"
    lock = whole_files._lock
    removed: list[Path] = []

    def lock_too_late(descriptor: int) -> None:
        if not removed:
            lock_path.unlink()
            removed.append(lock_path)
        lock(descriptor)

    monkeypatch.setattr(whole_files, "_lock", lock_too_late)
    with holding(path, wait_s=1):
        assert lock_path.exists()
