"""`teak copy` to a server and back, and `teak work` on the copy, as an administrator runs them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.conftest import Desk, Ran, run_teak
from tests.commands.test_registry_commands import error_code
from tests.fixtures.postgres_server import PostgresServer

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """A database that is not there yet, and how its owner and its worker come to it."""

    server: PostgresServer
    name: str
    worker_file: Path

    @property
    def address(self) -> str:
        return f"postgresql://127.0.0.1:{self.server.port}/{self.name}?sslmode=disable"

    @property
    def options(self) -> list[str]:
        owner = self.server.owner_address()
        return ["--owner", owner, "--worker-file", str(self.worker_file), "--json"]

    def work(self, *options: str) -> Ran:
        named = ["--registry", self.address, "--worker-file", str(self.worker_file)]
        return run_teak("work", *named, "--json", *options)


@pytest.fixture
def place(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Place]:
    name = f"copied_{next(_numbers)}"
    yield Place(postgres_server, name, tmp_path / "worker.json")
    with postgres_server.owner() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_a_registry_moves_to_a_server_works_there_and_moves_back(
    desk: Desk, place: Place, tmp_path: Path
) -> None:
    there = run_teak("copy", str(desk.path), place.address, *place.options)
    assert there.status == 0, there.err
    verified = desk.teak("verify", "--json").json
    assert (there.json["ok"], there.json["entries"]) == (True, verified["entries"])
    on_server = run_teak("verify", "--registry", place.address, "--json")
    assert (on_server.status, on_server.json["root"]) == (0, verified["root"])
    rotated = place.work("--rotate-key")
    assert (rotated.status, rotated.json["ok"]) == (0, True)
    worked = place.work("--once")
    assert (worked.status, worked.json["entries"]) == (0, 2)
    back = tmp_path / "back.teak"
    returned = run_teak("copy", place.address, str(back), *place.options)
    assert returned.status == 0, returned.err
    again = run_teak("verify", "--registry", str(back), "--json")
    assert (again.json["ok"], again.json["entries"]) == (True, verified["entries"] + 2)


def test_what_cannot_be_copied_or_served_is_said(desk: Desk, place: Place, tmp_path: Path) -> None:
    other = str(tmp_path / "other.teak")
    assert error_code(run_teak("copy", str(desk.path), other, "--json")) == "usage"
    missing = str(tmp_path / "missing.teak")
    ran = run_teak("copy", missing, place.address, *place.options)
    assert error_code(ran) == "no-such-registry"
    assert error_code(run_teak("work", "--registry", str(desk.path), "--json")) == "usage"
    assert error_code(place.work("--once")) == "usage"
    assert error_code(run_teak("copy", str(desk.path), place.address, "--json")) == "usage"
