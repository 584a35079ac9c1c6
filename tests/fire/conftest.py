"""Under fire: the registry killed, cut, filled, damaged and raced for, on both engines.

This room mirrors no room of `app/`: what is proved here is a promise of all of them together,
that nothing acknowledged is lost and nothing happens twice. Each test prints its figures at the
end of the run. `make soak` sets TEAK_SOAK, and then each goes on for ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.registry.opening import close_registry
from tests.fire.crew import Place
from tests.fire.judging import Start, look
from tests.fire.processes import Nursery
from tests.fixtures.ledger import Ledger

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
    with Nursery(place, tmp_path) as made:
        yield made
