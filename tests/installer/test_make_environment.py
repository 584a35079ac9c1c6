"""An environment is made once, renewed when the lock changes, and mended when a run was killed."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

import make_environment
import pytest
from make_environment import STAMP, UNFINISHED, make

PROJECT = """
[build-system]
requires = ["setuptools"]
[project]
name = "teak"
version = "1"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "installer").mkdir()
    (tmp_path / "installer" / "requirements.txt").write_text("one==1\n")
    (tmp_path / "installer" / "requirements-dev.txt").write_text("one==1\ntwo==2\n")
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    return tmp_path


@pytest.fixture(autouse=True)
def installs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was installed, kind by kind; venvs are made without pip, nothing is fetched."""
    done: list[str] = []

    def install(checkout: Path, folder: Path, *, kind: str) -> None:
        done.append(kind)
        (folder / "bin" / "teak").touch()

    create = venv.create

    def create_without_pip(folder: Path, *, with_pip: bool, symlinks: bool) -> None:
        create(folder, with_pip=False, symlinks=symlinks)
        # Enough of a pip for "does this environment work?" to be answered with yes.
        module = next(folder.glob("lib/python3*/site-packages")) / "pip.py"
        module.write_text("")

    monkeypatch.setattr(make_environment, "install", install)
    monkeypatch.setattr(venv, "create", create_without_pip)
    return done


def test_a_second_run_has_nothing_to_do(checkout: Path, installs: list[str]) -> None:
    assert make(checkout, kind="runtime")
    assert not make(checkout, kind="runtime")
    assert installs == ["runtime"]


def test_the_developers_environment_has_all_that_the_desk_needs(
    checkout: Path, installs: list[str]
) -> None:
    make(checkout, kind="runtime")
    assert make(checkout, kind="dev")
    assert not make(checkout, kind="runtime")
    assert installs == ["runtime", "dev"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("installer/requirements.txt", "one==1.1\n"),
        ("installer/requirements-dev.txt", "one==1\ntwo==2.1\n"),
        ("pyproject.toml", PROJECT.replace('version = "1"', 'version = "2"')),
    ],
)
def test_a_change_of_what_it_follows_from_renews_it(
    checkout: Path, installs: list[str], name: str, text: str
) -> None:
    make(checkout, kind="runtime")
    kept = checkout / ".venv" / "kept"
    kept.touch()
    (checkout / name).write_text(text)
    assert make(checkout, kind="runtime")
    assert kept.exists(), "renewed in place, not made anew"


def test_a_change_of_a_tool_s_settings_does_not(checkout: Path, installs: list[str]) -> None:
    make(checkout, kind="runtime")
    (checkout / "pyproject.toml").write_text(PROJECT + "[tool.ruff]\nline-length = 99\n")
    assert not make(checkout, kind="runtime")


def test_a_run_killed_while_installing_is_made_anew(
    checkout: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make_environment.install

    def killed(checkout: Path, folder: Path, *, kind: str) -> None:
        (folder / "half-made").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(make_environment, "install", killed)
    with pytest.raises(KeyboardInterrupt):
        make(checkout, kind="runtime")
    assert (checkout / ".venv" / UNFINISHED).exists()
    assert not (checkout / ".venv" / STAMP).exists()

    monkeypatch.setattr(make_environment, "install", whole)
    assert make(checkout, kind="runtime")
    assert not (checkout / ".venv" / "half-made").exists()
    assert not make(checkout, kind="runtime")


def test_a_renewal_killed_while_installing_is_made_anew(
    checkout: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(checkout, kind="runtime")
    whole = make_environment.install

    def killed(checkout: Path, folder: Path, *, kind: str) -> None:
        (folder / "half-made").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(make_environment, "install", killed)
    with pytest.raises(KeyboardInterrupt):
        make(checkout, kind="dev")
    monkeypatch.setattr(make_environment, "install", whole)
    assert make(checkout, kind="runtime")
    assert not (checkout / ".venv" / "half-made").exists()


@pytest.mark.parametrize("damage", ["empty", "no python", "bad stamp", "no teak"])
def test_a_damaged_environment_is_mended(checkout: Path, installs: list[str], damage: str) -> None:
    folder = checkout / ".venv"
    if damage == "empty":
        folder.mkdir()
    else:
        make(checkout, kind="runtime")
    if damage == "no python":
        (folder / "bin" / "python").unlink()
    elif damage == "bad stamp":
        (folder / STAMP).write_text('{"kind": ')
    elif damage == "no teak":
        (folder / "bin" / "teak").unlink()
    assert make(checkout, kind="runtime")
    assert (folder / "bin" / "python").exists()
    assert not make(checkout, kind="runtime")


def test_a_moved_checkout_gets_an_environment_of_its_own(
    checkout: Path, installs: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    make(checkout, kind="runtime")
    (checkout / ".venv" / "from-the-old-place").touch()
    moved = checkout.rename(tmp_path_factory.mktemp("elsewhere") / "teak")
    assert make(moved, kind="runtime")
    assert not (moved / ".venv" / "from-the-old-place").exists()


def test_a_failure_of_pip_is_told_without_a_traceback(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(checkout: Path, folder: Path, *, kind: str) -> None:
        raise subprocess.CalledProcessError(1, ["python", "-m", "pip", "install"])

    monkeypatch.setattr(make_environment, "install", fails)
    monkeypatch.setattr(make_environment, "__file__", str(checkout / "installer" / "x.py"))
    monkeypatch.setattr("sys.argv", ["make_environment.py", "runtime"])
    assert make_environment.main() == 1
    assert "Run make again" in capsys.readouterr().err
