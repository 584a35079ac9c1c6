"""The real `teak` command as a child process, on real encrypted registries."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.services.projects import NewProject, register_project
from app.services.registry.opening import close_registry, open_demo
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import copy_registry, read_people

TEAK = Path(sys.executable).parent / "teak"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def run_teak(
    *arguments: str | Path,
    stdin: str | bytes = b"",
    registry: Path | None = None,
    environment: dict[str, str] | None = None,
    cold: bool = False,
) -> Ran:
    """Run `teak` with `stdin`, never a terminal. Tracebacks and other statuses fail the test.

    `cold` starts the installed command itself; else a warm process forks (see `warm_teak`).
    """
    named = {} if registry is None else {"TEAK_REGISTRY": str(registry)}
    settings = {**os.environ, **named, **(environment or {})}
    data = stdin.encode() if isinstance(stdin, str) else stdin
    words = [str(argument) for argument in arguments]
    result = _run_cold(words, data, settings) if cold else _run_warm(words, data, settings)
    assert "Traceback" not in result.err, result.err
    assert result.status in (0, 1, 2), result
    return result


def _run_cold(arguments: list[str], stdin: bytes, environment: dict[str, str]) -> Ran:
    ran = subprocess.run(
        [TEAK, *arguments],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
        input=stdin,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


@cache
def _warm_process() -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("warm_teak.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    atexit.register(started.communicate)
    return started


def _run_warm(arguments: list[str], stdin: bytes, environment: dict[str, str]) -> Ran:
    warm = _warm_process()
    assert warm.stdin is not None
    assert warm.stdout is not None
    with tempfile.TemporaryDirectory() as folder:
        streams = {name: Path(folder, name) for name in ("stdin", "stdout", "stderr")}
        for path in streams.values():
            path.touch()
        streams["stdin"].write_bytes(stdin)
        request = {
            "arguments": arguments,
            "environment": environment,
            "folder": str(Path.cwd()),
            **{name: str(path) for name, path in streams.items()},
        }
        warm.stdin.write(json.dumps(request) + "\n")
        warm.stdin.flush()
        status = int(warm.stdout.readline())
        return Ran(status, streams["stdout"].read_text(), streams["stderr"].read_text())


@dataclass(frozen=True)
class Desk:
    """A demo registry in which `forest` holds 9,000 units or so of project 0042."""

    path: Path
    forest: str
    green: str

    def teak(self, *arguments: str | Path, **options: Any) -> Ran:
        return run_teak(*arguments, registry=self.path, **options)


@pytest.fixture(scope="session")
def desk_template(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Such a registry that tests copy and never change."""
    path = copy_registry(demo_template, tmp_path_factory.mktemp("desk") / "desk.teak")
    registry = open_demo(path)
    assert registry is not None
    people = read_people(registry)
    bare = Ledger(registry, people["officer"], people["approver"], "", "")
    forest, green = bare.open_account("Forest"), bare.open_account("Green")
    project = NewProject(
        origin="TH", code="0042", name_en="Ban Huai Sak", country="TH", sectoral_scope=14
    )
    register_project(registry, people["officer"], project, accounts=(forest,))
    ledger = Ledger(registry, people["officer"], people["approver"], forest, green)
    ledger.complete(ledger.issuance())
    close_registry(registry)
    return Desk(path, ledger.forest, ledger.green)


@pytest.fixture
def desk(desk_template: Desk, tmp_path: Path) -> Desk:
    """Such a registry of the test's own."""
    path = copy_registry(desk_template.path, tmp_path / "desk.teak")
    return Desk(path, desk_template.forest, desk_template.green)
