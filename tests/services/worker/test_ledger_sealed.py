"""Acts on a server, sealed by its worker: the log has them all, and everything follows from it."""

from __future__ import annotations

import pytest

from app.services.log.verification import verify_registry
from app.services.registry.opening import close_registry
from app.services.registry.worker_file import open_worker, read_worker_file
from app.services.worker.serving import Worker
from tests.fixtures.ledger import Ledger
from tests.fixtures.networked import NetworkedDemo


@pytest.fixture
def storage() -> str:
    """Keep these tests' registry on the server."""
    return "networked"


def test_acts_before_and_after_sealing_verify(
    ledger: Ledger, networked_demo: NetworkedDemo
) -> None:
    ledger.complete(ledger.issuance())
    before = verify_registry(ledger.registry)
    assert (before.ok, before.entries) == (True, 0), before
    file = read_worker_file(networked_demo.worker_file)
    registry = open_worker(networked_demo.place, file)
    try:
        work = Worker(registry, file.secret, told=lambda _said: None).work_off()
        assert work.entries == before.unsealed
        ledger.complete(ledger.transfer(700))
        ledger.complete(ledger.cancellation(1_204))
        ledger.propose(ledger.transfer(50))
        between = verify_registry(registry)
        assert (between.ok, between.entries, between.unsealed) == (True, work.entries, 2), between
        Worker(registry, file.secret, told=lambda _said: None).work_off()
        after = verify_registry(registry)
        assert (after.ok, after.entries, after.unsealed) == (True, work.entries + 2, 0), after
        assert after.units == between.units
    finally:
        close_registry(registry)
