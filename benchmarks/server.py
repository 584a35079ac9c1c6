"""A PostgreSQL server for measuring: with everything that makes a commit lasting switched on.

Owns starting and removing it, and pgbench. The settings are PostgreSQL's own defaults; the one
for tests, which trades safety for speed, would measure something else.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fixtures.postgres_server import PostgresServer, packaged_programs, system_programs

_AS_DELIVERED = {
    "fsync": "on",
    "full_page_writes": "on",
    "shared_buffers": "128MB",
    "autovacuum": "on",
    "wal_level": "replica",
    "max_wal_senders": "10",
}
_LATENCY_US = re.compile(r"^\d+ \d+ (?P<latency>\d+) ", re.MULTILINE)
_PROCESSED = re.compile(r"number of transactions actually processed: (?P<count>\d+)")
_RATE = re.compile(r"^tps = (?P<rate>[0-9.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Speed:
    """How many a second, and how long each took, in milliseconds, sorted."""

    rate: float
    latencies_ms: Sequence[float]

    def at(self, percent: float) -> float:
        """Give the time within which so many of a hundred were done."""
        last = len(self.latencies_ms) - 1
        return self.latencies_ms[min(last, int(last * percent / 100 + 0.5))]

    def __str__(self) -> str:
        return f"{self.rate:,.0f}/s (p50 {self.at(50):.2f} ms, p99 {self.at(99):.2f} ms)"


@contextmanager
def bench_server() -> Iterator[PostgresServer]:
    """Start a server of its own for a benchmark: the system's, else the one of the packages."""
    server = PostgresServer(system_programs() or packaged_programs(), **_AS_DELIVERED)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def pgbench_program() -> Path | None:
    """Find pgbench, which only a system's server brings along."""
    programs = system_programs()
    found = programs / "pgbench" if programs else None
    return found if found and found.exists() else None


def run_pgbench(
    server: PostgresServer,
    database: str,
    *,
    seconds: float,
    clients: int,
    script: Path | None = None,
    variables: Sequence[str] = (),
) -> Speed:
    """Run pgbench with prepared statements behind the socket; without a script, its TPC-B."""
    program = pgbench_program()
    assert program is not None
    with TemporaryDirectory(prefix="teak-pgbench-") as folder:
        output = _pgbench(
            server,
            "--no-vacuum", "--protocol=prepared", "--log", f"--log-prefix={folder}/log",
            f"--client={clients}", f"--jobs={min(clients, os.cpu_count() or 1)}",
            f"--time={max(1, round(seconds))}",
            *(["--file", str(script)] if script else []),
            *(f"--define={variable}" for variable in variables),
            database,
        )  # fmt: skip
        logs = "".join(path.read_text() for path in Path(folder).iterdir())
    found = _RATE.search(output)
    assert found is not None, output
    times = sorted(int(each["latency"]) / 1000 for each in _LATENCY_US.finditer(logs))
    return Speed(float(found["rate"]), times)


def initialise_pgbench(server: PostgresServer, database: str, *, scale: int) -> None:
    """Make pgbench's own tables."""
    _pgbench(server, "--initialize", "--quiet", f"--scale={scale}", database)


def _pgbench(server: PostgresServer, *arguments: str) -> str:
    program = pgbench_program()
    assert program is not None
    done = subprocess.run(  # noqa: S603
        [program, f"--host={server.folder}", f"--port={server.port}", "--username=postgres",
         *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout
