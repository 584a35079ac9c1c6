"""The right Python is found on PATH, and its absence is said with what to do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(__file__).resolve().parents[2] / "installer" / "find_python.sh"
SHELL: Final = shutil.which("sh") or "/bin/sh"

# Stand-ins answer the two questions the script asks: new enough? complete?
NEW: Final = "exit 0"
OLD: Final = "exit 1"
INCOMPLETE: Final = 'case "$2" in *ensurepip*) exit 1;; esac; exit 0'


@pytest.mark.parametrize(
    ("pythons", "found"),
    [
        ({"python3": NEW}, "python3"),
        ({"python3": NEW, "python3.11": NEW, "python3.13": NEW}, "python3.13"),
        ({"python3.13": OLD, "python3.12": NEW}, "python3.12"),
        ({"python3.13": INCOMPLETE, "python3.11": NEW}, "python3.11"),
        ({"python3.11": INCOMPLETE}, "python3.11"),
        ({"python": NEW}, "python"),
    ],
)
def test_the_first_complete_python_that_is_new_enough_is_taken(
    tmp_path: Path, pythons: dict[str, str], found: str
) -> None:
    result = find(tmp_path, pythons)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == str(tmp_path / found)


@pytest.mark.parametrize("pythons", [{}, {"python3": OLD}])
def test_without_one_it_says_what_to_install(tmp_path: Path, pythons: dict[str, str]) -> None:
    result = find(tmp_path, {**pythons, "apt-get": NEW})
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Python 3.11 or newer" in result.stderr
    assert "sudo apt-get install -y python3 python3-venv" in result.stderr


def test_a_named_python_goes_before_all_others(tmp_path: Path) -> None:
    result = find(tmp_path, {"python3.13": NEW, "mine": NEW}, TEAK_PYTHON="mine")
    assert result.stdout.strip() == str(tmp_path / "mine")


def find(
    folder: Path, programs: dict[str, str], **environment: str
) -> subprocess.CompletedProcess[str]:
    for name, body in programs.items():
        program = folder / name
        program.write_text(f"#!{SHELL}\n{body}\n")
        program.chmod(0o755)
    return subprocess.run(
        [SHELL, str(SCRIPT)],
        env={"PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
