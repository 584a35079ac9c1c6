"""Attacks on replacements through the function a person may call: a unit is replaced once."""

from __future__ import annotations

import json
from functools import partial

import pytest

from app.services.registry.context import Actor
from tests.fixtures.attackers import Attackers, propose, refused
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


@pytest.fixture
def desk(busy: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    """A hundred tCER, and a hundred CER that may take their place."""
    made = Desk(busy, people, clock)
    made.project("CDM", "7014")
    made.receive("tCER")
    made.receive("CER")
    return made


def replacement(attackers: Attackers, *ranges: tuple[int, int]) -> str:
    """Write what a desk sends to replace these ranges of the hundred tCER."""
    owner = attackers.owner()
    series, source = owner.execute(
        "SELECT series, account_id FROM teak.unit_block WHERE unit_type = 'tCER'"
    ).fetchone() or ("", 0)
    block, series_id, first, last = owner.execute(
        "SELECT id, series_id, first_serial, last_serial FROM teak.unit_block "
        "WHERE unit_type = 'CER' AND reserved_by IS NULL AND state = 'held'"
    ).fetchone() or (0, 0, 0, 0)
    target = attackers.one("SELECT min(id) FROM teak.account WHERE unit_state = 'retired'")
    quantity = sum(end - start + 1 for start, end in ranges)
    return json.dumps(
        {
            "request_id": f"replace {ranges}", "type": 6, "supplementary_type": 0,
            "from_account_id": source, "to_account_id": target, "unit_type": "CER",
            "quantity": quantity, "act": "{}",
            "pieces": [{
                "block_id": block, "series_id": series_id, "block_first": first,
                "block_last": last, "first": first, "last": first + quantity - 1,
            }],
            "replaced": [{"series": series, "first": start, "last": end} for start, end in ranges],
        }
    )  # fmt: skip


def test_no_unit_is_replaced_twice_in_one_act(attackers: Attackers, desk: Desk) -> None:
    officer = attackers.connect("officer")
    for ranges in (((1, 10), (1, 10)), ((1, 10), (10, 19)), ((1, 30), (5, 6), (20, 20))):
        record = replacement(attackers, *ranges)
        refused(partial(propose, officer, record), "a temporary unit is replaced once")
    propose(officer, replacement(attackers, (1, 10), (11, 20)))


def test_no_unit_is_replaced_by_two_acts(attackers: Attackers, desk: Desk) -> None:
    officer = attackers.connect("officer")
    propose(officer, replacement(attackers, (1, 10)))
    record = replacement(attackers, (10, 12))
    refused(partial(propose, officer, record), "replaced by another act")
