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

from app.models.storage.server_connection import ServerConnection
from app.models.storage.unit_of_work import reading
from app.services.registry.context import Actor, OpenRegistry
from benchmarks.round_trip_acts import acts, make_world
from benchmarks.round_trip_administration import administration
from tests.fixtures.registries import FrozenClock

pytestmark = pytest.mark.postgres

MOST = 3


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
