"""Desks that want the same units of a networked registry: each unit is had once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.models.errors import Conflict
from app.services.checks.violation import RulesBroken
from app.services.registry.context import OpenRegistry
from app.services.transactions import proposing
from app.services.transactions.proposing import again_after_conflict, propose
from tests.fixtures.ledger import Ledger
from tests.fixtures.networked import NetworkedDemo

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


def test_desks_spend_the_same_block(ledger: Ledger, networked_demo: NetworkedDemo) -> None:
    ledger.complete(ledger.issuance(10_000))
    held = ledger.holding(ledger.forest)[0]
    clock = ledger.registry.clock
    desks = [networked_demo.sign_in("officer", clock=clock).registry for _ in range(3)]

    def spend(desk: OpenRegistry) -> int:
        done = 0
        for _ in range(6):
            try:
                propose(desk, ledger.transfer(held // 10), ledger.officer)
            except (RulesBroken, Conflict):
                continue
            done += 1
        return done

    with ThreadPoolExecutor(len(desks)) as pool:
        done = sum(pool.map(spend, desks))
    assert done == 10, "ten tenths were to be had, and no more"
    assert ledger.holding(ledger.forest) == (held, 10 * (held // 10))


def test_a_conflict_is_tried_again_and_not_for_ever() -> None:
    tries = 0

    def act() -> proposing.Outcome:
        nonlocal tries
        tries += 1
        raise Conflict("somebody was quicker")

    with pytest.raises(Conflict):
        again_after_conflict(act)
    assert tries == proposing.ATTEMPTS
