"""`teak create postgresql://… --demo` killed while it fills the registry, as a real process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.commands.conftest import ROOT, run_teak
from tests.fixtures.postgres_server import PostgresServer

pytestmark = pytest.mark.postgres

DATABASE = "create_killed"


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    yield f"postgresql://127.0.0.1:{postgres_server.port}/{DATABASE}?sslmode=disable"
    with postgres_server.owner() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        for (role,) in connection.execute(
            "SELECT quote_ident(rolname) FROM pg_roles WHERE starts_with(rolname, %s)", (DATABASE,)
        ).fetchall():
            connection.execute(f"DROP ROLE {role}")


def has_transactions(server: PostgresServer) -> bool:
    try:
        with server.owner(DATABASE) as connection:
            found = connection.execute("SELECT count(*) FROM teak.registry_transaction").fetchone()
    except psycopg.Error:
        return False
    return bool(found and found[0])


def test_a_demo_half_filled_is_refused_and_replaced(
    postgres_server: PostgresServer, url: str, tmp_path: Path
) -> None:
    worker = tmp_path / "worker.json"
    options = ["--owner", postgres_server.owner_address(), "--worker-file", str(worker)]
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "create", url, "--demo", *options],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 300
    while not has_transactions(postgres_server):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    process.kill()
    process.wait(timeout=60)
    for command in (
        ("accounts", "--registry", url),
        ("accounts", "--registry", url.replace("127", "officer@127")),
        ("work", "--registry", url, "--once", "--worker-file", worker),
    ):
        refused = run_teak(*command, "--json")
        assert (refused.status, refused.err.count("is not finished")) == (2, 1), refused
    named = run_teak("create", url.replace("127", "boss@127"), "--demo", *options)
    assert (named.status, "names a user, “boss”" in named.err) == (2, True), named
    assert "--owner" in named.err
    made = run_teak("create", url, "--passphrase-file", "-", *options, stdin="seven elephants\n")
    assert made.status == 0, made
    assert "Taking away what an unfinished demonstration left" in made.err
    assert run_teak("work", "--registry", url, "--once", "--worker-file", worker).status == 0
    assert [path.name for path in tmp_path.iterdir()] == ["worker.json"]
