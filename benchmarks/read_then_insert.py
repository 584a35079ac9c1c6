"""The pattern of the UNDP carbon registry's ledger on PostgreSQL, and ours: speed and safety.

The rival reads a project's newest row in one transaction, decides in the program, and inserts the
next row in another; nothing is locked and nothing indexed. Only that pattern is run, not its
server. Two figures: how its speed falls as its table grows, beside ours; and what both hand out
when four clients spend one holder's units at once: it may be no more than was there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from app.models.errors import Conflict
from app.services.checks.violation import RulesBroken
from app.services.registry.opening import close_registry
from app.services.transactions.acts import Transfer
from app.services.transactions.proposing import approve, propose
from benchmarks.measuring import Aim, Ratio, Scale, interleave, rate
from benchmarks.sample_registry import BLOCK, UNIT_TYPE
from benchmarks.server import bench_server
from benchmarks.server_registry import ServerSample, server_sample, sign_in
from benchmarks.thin_client import prepare_rivals
from tests.fixtures.postgres_server import PostgresServer

_CLIENTS = 4
_HELD, _SPENT = 1_000, 10
_MOVES = {"tiny": 3, "small": 20, "full": 60}
_ROWS = {"tiny": (200,), "small": (1_000, 10_000, 100_000), "full": (1_000, 10_000, 100_000)}
_PROJECTS = 100
_DATABASE = "rivals"
_READ = (
    "SELECT DISTINCT ON (data->>'programmeId') data FROM undp.event "
    "WHERE data->>'programmeId' = %s ORDER BY data->>'programmeId', hash DESC"
)
_FILL = (
    "INSERT INTO undp.event (data) SELECT jsonb_build_object('programmeId', 'P' || n %% %s, "
    "'txTime', n, 'txType', 2, 'creditBalance', 1000000000, 'creditTransferred', '[]'::jsonb, "
    "'companyId', '[1]'::jsonb) FROM generate_series(1, %s) n"
)


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare both as the rival's table grows, then let four clients spend the same units."""
    with bench_server() as server, server_sample(server, folder, "bench") as sample:
        prepare_rivals(server, _DATABASE)
        moves = _MOVES[scale.name]
        source, target = sample.open_accounts(2)
        sample.fill(source, moves * (min(5, scale.repeats) + 2) * len(_ROWS[scale.name]) + 10)
        sample.settle()
        for rows in _ROWS[scale.name]:
            yield _speed(sample, (source, target), rows, scale)
        yield from _spent(sample)
        sample.require_sound()


def _speed(sample: ServerSample, accounts: tuple[str, str], rows: int, scale: Scale) -> Ratio:
    moves = _MOVES[scale.name]
    with sample.server.owner(_DATABASE) as rival:
        rival.execute("TRUNCATE undp.event")
        rival.execute(_FILL, (_PROJECTS, rows))
        rival.execute("ANALYZE undp.event")

        def ours() -> None:
            for _ in range(moves):
                sample.transfer(*accounts, BLOCK)

        def theirs() -> None:
            for number in range(moves):
                _move(rival, f"P{number % _PROJECTS}", 1)

        pair = interleave(ours, theirs, min(5, scale.repeats))
    return Ratio(
        f"one desk: our transfer / read-then-insert over {rows:,} rows",
        pair.speeds(),
        f"{rate(moves, pair.ours)} against {rate(moves, pair.theirs)}",
    )


def _move(rival: psycopg.Connection[tuple[object, ...]], project: str, quantity: int) -> bool:
    """Spend as that ledger does: read, decide here, insert in another transaction."""
    with rival.transaction():
        row = rival.execute(_READ, (project,)).fetchone()
    assert row is not None
    data = row[0]
    assert isinstance(data, dict)
    if data["creditBalance"] < quantity:
        return False
    data["creditBalance"] -= quantity
    with rival.transaction():
        rival.execute("INSERT INTO undp.event (data) VALUES (%s)", (json.dumps(data),))
    return True


def _spent(sample: ServerSample) -> Iterator[Ratio]:
    """Have four clients spend the same thousand units, ten at a time, until none seem left."""
    theirs = _SPENT * _together(_rival_client(sample.server))
    source, target = sample.open_accounts(2)
    sample.fill(source, _HELD // BLOCK)
    ours = _SPENT * _together(_our_client(sample, source, target))
    held = f"of {_HELD:,} units that were there, {_CLIENTS} clients at once"
    yield Ratio(
        "read-then-insert: units handed out / held", (theirs / _HELD,), f"{theirs:,} {held}"
    )
    yield Ratio("ours: units handed out / held", (ours / _HELD,), f"{ours:,} {held}", Aim(most=1.0))


def _rival_client(server: PostgresServer) -> Callable[[], int]:
    with server.owner(_DATABASE) as owner:
        owner.execute("TRUNCATE undp.event")
        data = json.dumps({"programmeId": "P", "creditBalance": _HELD})
        owner.execute("INSERT INTO undp.event (data) VALUES (%s)", (data,))

    def spend() -> int:
        done = 0
        with server.owner(_DATABASE) as rival:
            while _move(rival, "P", _SPENT):
                done += 1
        return done

    return spend


def _our_client(sample: ServerSample, source: str, target: str) -> Callable[[], int]:
    act = Transfer(from_account=source, to_account=target, unit_type=UNIT_TYPE, quantity=_SPENT)

    def spend() -> int:
        officer, approver = sign_in(sample.place, "officer"), sign_in(sample.place, "approver")
        done = 0
        try:
            while True:
                try:
                    outcome = propose(officer.registry, act, officer.actor)
                    approve(approver.registry, outcome.transaction_id, approver.actor)
                except Conflict:
                    continue
                except RulesBroken:
                    return done
                done += 1
        finally:
            close_registry(officer.registry)
            close_registry(approver.registry)

    return spend


def _together(spend: Callable[[], int]) -> int:
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(spend())) for _ in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == _CLIENTS
    return sum(done)
