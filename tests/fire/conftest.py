"""Under fire: the registry killed, cut, filled, damaged and raced for, on both engines.

This room mirrors no room of `app/`: what is proved here is a promise of all of them together,
that nothing acknowledged is lost and nothing happens twice. Each test prints its figures at the
end of the run. `make soak` sets TEAK_SOAK, and then each goes on for ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.services.registry.creating_networked import create_networked_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry
from tests.fire.crew import Place
from tests.fire.judging import Start, look
from tests.fire.processes import Nursery
from tests.fixtures.ledger import Ledger, settle
from tests.fixtures.networked import NetworkedDemo, open_with_colleagues, owner_access, tcp_place
from tests.fixtures.postgres_server import PostgresServer, packaged_programs
from tests.fixtures.registries import START, FrozenClock, read_people

ISSUED = 1_000_000
GREEN = 100_000


@pytest.fixture
def place(ledger: Ledger, storage: str, request: pytest.FixtureRequest) -> Place:
    """A registry with a million units, closed by all who had it open."""
    address = (
        str(request.getfixturevalue("networked_demo").place)
        if storage == "networked"
        else str(request.getfixturevalue("demo_registry_path"))
    )
    ledger.complete(ledger.issuance(ISSUED))
    ledger.complete(ledger.transfer(GREEN))
    close_registry(ledger.registry)
    return Place(address, ledger.forest, ledger.green)


@pytest.fixture
def start(place: Place) -> Start:
    """What the registry held before the fire."""
    return look(place)


@pytest.fixture
def nursery(place: Place, start: Start, tmp_path: Path) -> Iterator[Nursery]:
    """A nursery of writers of the registry."""
    with Nursery(place, tmp_path, users=("officer2",)) as made:
        yield made


@pytest.fixture
def lasting_server() -> Iterator[PostgresServer]:
    """A server that may be killed: it writes to the disk what it says it has written."""
    server = PostgresServer(
        packaged_programs(), fsync="on", synchronous_commit="on", full_page_writes="on"
    )
    server.start()
    yield server
    server.remove()


def registry_on(server: PostgresServer, folder: Path) -> Place:
    """Make a demo registry on a server, with a million units."""
    with server.owner() as connection:
        connection.execute("CREATE DATABASE teak")
    created = create_networked_registry(
        tcp_place(server, "teak"),
        owner=owner_access(server, "teak"),
        new=DEMO_REGISTRY,
        people=DEMO_PEOPLE,
        worker_file=folder / "worker.json",
        clock=FrozenClock(START - timedelta(days=1)),
    )
    close_registry(created.registry)
    demo = NetworkedDemo(server, tcp_place(server, "teak"), folder / "worker.json")
    registry = open_with_colleagues(demo, FrozenClock())
    ledger = settle(registry, read_people(registry))
    ledger.complete(ledger.issuance(ISSUED))
    ledger.complete(ledger.transfer(GREEN))
    for opened in demo.opened:
        close_registry(opened)
    return Place(str(demo.place), ledger.forest, ledger.green)
