"""Transfers on a server by four clients at once, against pgbench's TPC-B and other ledgers.

Everything is on: guards, exclusion of overlaps, the log's queue, a worker that seals. A transfer
is three calls (read, propose, approve) and two commits by two people. Each round measures all in
turn on one server, so that what the machine does meanwhile falls on all alike.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from app.services.registry.opening import close_registry
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.worker.serving import Worker
from benchmarks import thin_client
from benchmarks.measuring import Aim, Ratio, Scale
from benchmarks.server import (
    Speed,
    bench_server,
    initialise_pgbench,
    pgbench_program,
    run_pgbench,
)
from benchmarks.server_registry import ServerSample, server_sample

_CLIENTS = 4
_RIVALS = "rivals"
_SECONDS = {"tiny": 1.0, "small": 4.0, "full": 10.0}
_HOLDERS = {"tiny": 4, "small": 40, "full": 80}
_BLOCKS = {"tiny": 800, "small": 1_500, "full": 4_000}
_REPEATS = {"tiny": 1, "small": 5, "full": 9}

_TPCB, _BARE, _PGLEDGER = "pgbench's TPC-B", "bare function", "pgledger's shape"
_FIFO, _PLAIN, _DESKS = "FIFO with a split", "whole block", "FIFO through Python desks"
_COMPARED = (
    (_FIFO, _TPCB, Aim(least=0.25)),
    (_DESKS, _TPCB, None),
    (_PLAIN, _PGLEDGER, Aim(least=1.0)),
    (_PLAIN, _BARE, None),
)
Measurement = Callable[[], Speed]


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare transfers of a part of a block, and of a whole one, with each rival and limit."""
    if pgbench_program() is None:
        print("        skipped: there is no pgbench; it comes with a system's PostgreSQL")
        return
    with bench_server() as server, server_sample(server, folder, "bench") as sample:
        holders = _HOLDERS[scale.name]
        accounts = sample.open_accounts(3 * holders)
        for account in accounts[: 2 * holders]:
            sample.fill(account, _BLOCKS[scale.name])
        sample.settle()
        thin_client.prepare_ours(sample)
        thin_client.prepare_rivals(server, _RIVALS)
        initialise_pgbench(server, _RIVALS, scale=10)
        with _sealing(sample):
            found = _rounds(_measurements(sample, scale, folder), _REPEATS[scale.name])
        sample.require_sound()
    for ours, theirs, aim in _COMPARED:
        yield _ratio(found, ours, theirs, aim)
    yield Ratio(
        f"p99 of {_FIFO} / ten milliseconds",
        tuple(speed.at(99) / 10 for speed in found[_FIFO]),
        _said(found, _FIFO),
        Aim(most=1.0),
    )


def _measurements(sample: ServerSample, scale: Scale, folder: Path) -> Mapping[str, Measurement]:
    server, seconds = sample.server, _SECONDS[scale.name]
    holders = _HOLDERS[scale.name]

    def by_pgbench(database: str, script: Path | None = None, first: int = 1) -> Measurement:
        return lambda: run_pgbench(
            server,
            database,
            seconds=seconds,
            clients=_CLIENTS,
            script=script,
            variables=(f"holders={holders}", f"first={first}", "signed=0"),
        )

    ours = sample.place.database
    return {
        _TPCB: by_pgbench(_RIVALS),
        _FIFO: by_pgbench(ours, thin_client.first_in_first_out(folder)),
        _PLAIN: by_pgbench(ours, thin_client.whole_block(folder), holders + 1),
        _PGLEDGER: by_pgbench(_RIVALS, thin_client.rival(folder, "pgledger.create_transfer")),
        _BARE: by_pgbench(_RIVALS, thin_client.rival(folder, "bare.transfer")),
        _DESKS: lambda: _desks(sample, seconds, holders),
    }


def _rounds(measurements: Mapping[str, Measurement], repeats: int) -> dict[str, list[Speed]]:
    """Measure all in turn, backwards in every other round; the first of several is not counted."""
    found: dict[str, list[Speed]] = {name: [] for name in measurements}
    rounds = repeats + 1 if repeats > 1 else 1
    for number in range(rounds):
        names = list(measurements)
        for name in names if number % 2 else reversed(names):
            found[name].append(measurements[name]())
    return {name: speeds[-repeats:] for name, speeds in found.items()}


def _desks(sample: ServerSample, seconds: float, holders: int) -> Speed:
    """Let pairs of desks transfer at once, each pair a process, each its own holders' units."""
    desks = []
    for number in range(_CLIENTS):
        sources = ",".join(sample.accounts[number:holders:_CLIENTS])
        targets = ",".join(sample.accounts[2 * holders :])
        desks.append(
            subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "benchmarks.desk", str(sample.place), str(seconds),
                 str(number), sources, targets],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                cwd=Path(__file__).parent.parent,
            )
        )  # fmt: skip
    for desk in desks:
        assert desk.stdout is not None
        desk.stdout.readline()
    for desk in desks:
        assert desk.stdin is not None
        desk.stdin.write("\n")
        desk.stdin.flush()
    times: list[float] = []
    for desk in desks:
        written, _ = desk.communicate()
        assert desk.returncode == 0
        times += json.loads(written)
    return Speed(len(times) / seconds, sorted(times))


@contextmanager
def _sealing(sample: ServerSample) -> Iterator[None]:
    """Have a worker seal meanwhile; at the end it does what still waits."""
    file = read_worker_file(sample.worker_file)
    registry = open_worker(sample.place, file)
    worker = Worker(registry, file.secret, told=print)
    thread = threading.Thread(target=worker.serve)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()
        Worker(registry, file.secret, told=print).work_off()
        close_registry(registry)


def _ratio(found: Mapping[str, list[Speed]], ours: str, theirs: str, aim: Aim | None) -> Ratio:
    return Ratio(
        f"{_CLIENTS} clients: {ours} / {theirs}",
        tuple(own.rate / other.rate for own, other in zip(found[ours], found[theirs], strict=True)),
        f"{_said(found, ours)} against {_said(found, theirs)}",
        aim,
    )


def _said(found: Mapping[str, list[Speed]], name: str) -> str:
    speeds = found[name]
    return (
        f"{median(each.rate for each in speeds):,.0f}/s "
        f"(p50 {median(each.at(50) for each in speeds):.1f} ms, "
        f"p99 {median(each.at(99) for each in speeds):.1f} ms)"
    )
