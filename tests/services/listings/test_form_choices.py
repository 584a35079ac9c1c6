from __future__ import annotations

from pathlib import Path

import pytest

from app.services.listings.choices import (
    list_account_choices,
    list_held_units,
    list_open_reductions,
    list_project_choices,
)
from app.services.listings.free_blocks import list_free_blocks
from app.services.listings.page import PageRequest
from app.services.transactions.proposing import reject
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock

pytestmark = pytest.mark.both_engines


def test_free_blocks_come_in_the_order_in_which_they_leave(ledger: Ledger) -> None:
    for vintage in (2025, 2023, 2024):
        ledger.complete(ledger.issuance(1_000, vintage))
    ledger.propose(ledger.transfer(100))
    request = PageRequest(limit=2)
    first = list_free_blocks(
        ledger.registry, request, account_number=ledger.forest, unit_type="TER"
    )
    assert first.next is not None
    second = list_free_blocks(
        ledger.registry,
        PageRequest(limit=2, after=first.next),
        account_number=ledger.forest,
        unit_type="TER",
    )
    assert [block.serial for block in (*first.rows, *second.rows)] == [
        "TH-TER-14-0042-2023--101-950",
        "TH-TER-14-0042-2024--1-950",
        "TH-TER-14-0042-2025--1-950",
    ]
    assert second.next is None
    assert first.rows[0].quantity == 850
    assert first.rows[0].print(200, 300) == "TH-TER-14-0042-2023--200-300"


def test_free_blocks_are_found_by_words_of_series_and_project(ledger: Ledger) -> None:
    for vintage in (2024, 2025):
        ledger.complete(ledger.issuance(1_000, vintage))
    for words, count in (("2024", 1), ("huai sak", 2), ("elsewhere", 0), ("%", 0), ("20_4", 0)):
        page = list_free_blocks(
            ledger.registry,
            PageRequest(filter_text=words),
            account_number=ledger.forest,
            unit_type="TER",
        )
        assert len(page.rows) == count, words


def test_expired_units_are_held_but_not_free(ledger: Ledger, clock: FrozenClock) -> None:
    ledger.complete(ledger.issuance(1_000, 2024))
    ledger.complete(ledger.issuance(1_000, 2025))
    clock.advance(days=366 * 4 + 60)
    (held,) = list_held_units(ledger.registry, ledger.forest)
    assert (held.quantity, held.free) == (1_900, 950)
    page = list_free_blocks(
        ledger.registry, PageRequest(), account_number=ledger.forest, unit_type="TER"
    )
    assert sum(block.quantity for block in page.rows) == held.free


def test_a_verified_reduction_is_offered_until_a_transaction_takes_it(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.record_reduction(tmp_path, 10_000)
    assert len(list_open_reductions(ledger.registry, "0042")) == 1
    outcome = ledger.propose(ledger.issuance())
    assert list_open_reductions(ledger.registry, "0042") == ()
    reject(ledger.registry, outcome.transaction_id, ledger.approver, comment="Not yet")
    offered = list_open_reductions(ledger.registry, "0042")
    assert [each.quantity for each in offered] == [10_000]


def test_projects_are_offered_with_their_accounts(ledger: Ledger) -> None:
    (project,) = list_project_choices(ledger.registry)
    assert [each.number for each in project.accounts] == [ledger.forest]
    assert [each.number for each in list_account_choices(ledger.registry, most=1)] == [
        ledger.forest
    ]
