"""No act of the ledger or of its administration asks a server more often than three times.

Counted is how often the desk waits for an answer, whatever the network. `make bench` measures the
same acts through a proxy that delays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg.pq import PipelineStatus
from sqlalchemy import text

from app.models.storage.server_connection import ServerConnection
from app.models.storage.unit_of_work import reading
from app.services.registry.context import Actor, OpenRegistry
from benchmarks.round_trip_acts import acts, make_world
from benchmarks.round_trip_administration import administration
from tests.fixtures.registries import FrozenClock

pytestmark = pytest.mark.postgres

MOST = 3
GROWING = (
    "account",
    "holding",
    "log_entry",
    "log_queue",
    "registry_transaction",
    "transaction_block",
    "transaction_event",
    "unit_batch",
    "unit_block",
)


class Waits:
    """Counts statements, and pipelines of statements, that were sent and waited for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        together = ServerConnection.together

        @contextmanager
        def counted(connection: ServerConnection) -> Iterator[None]:
            # What is sent within a pipeline travels with it.
            is_within = connection.pgconn.pipeline_status != PipelineStatus.OFF
            self.count += not is_within or connection._ending is not None
            with together(connection):
                yield

        monkeypatch.setattr(ServerConnection, "together", counted)


@pytest.mark.parametrize("storage", ["networked"])
def test_every_act_waits_for_the_server_three_times_at_most(
    registry: OpenRegistry,
    people: dict[str, Actor],
    clock: FrozenClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world(registry, people, tmp_path, clock)
    for person in people.values():
        # Signed in and connected: that is no part of an act.
        with reading(registry.engine_for(person)):
            pass
    waits = Waits(monkeypatch)
    found: dict[str, int] = {}
    for name, ready in {**acts(world), **administration(world)}.items():
        timed = ready()
        before = waits.count
        timed()
        found[name] = waits.count - before
    assert len(found) > 40
    assert min(found.values()) >= 2
    assert {name: count for name, count in found.items() if count > MOST} == {}


@pytest.mark.parametrize("storage", ["networked"])
def test_no_act_reads_a_table_whole(
    registry: OpenRegistry, people: dict[str, Actor], clock: FrozenClock, tmp_path: Path
) -> None:
    """Their plans are made while tables are small, and kept while these grow."""
    world = make_world(registry, people, tmp_path, clock)
    before = whole_readings(registry, people)
    for ready in (*acts(world).values(), *administration(world).values()):
        ready()()
    assert whole_readings(registry, people) == before


def whole_readings(registry: OpenRegistry, people: dict[str, Actor]) -> dict[str, int]:
    """Tell how often each table that grows was read whole so far."""
    for person in people.values():
        with reading(registry.engine_for(person)) as connection:
            connection.execute(text("SELECT pg_stat_force_next_flush()"))
    with reading(registry.engine) as connection:
        rows = connection.execute(
            text("SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(:names)"),
            {"names": list(GROWING)},
        )
        return {row.relname: row.seq_scan for row in rows}
