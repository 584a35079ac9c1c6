"""What awaits a decision is found by what stands in its row, to the letter."""

from __future__ import annotations

import pytest

from app.services.accounts import NewAccount, NewHolder, propose_account
from app.services.listings.awaiting import count_awaiting, list_awaiting
from app.services.listings.page import PageRequest
from app.services.registry.context import Actor
from tests.fixtures.conversions import Committee, cer, row
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines


@pytest.fixture
def waiting(ledger: Ledger) -> Ledger:
    ledger.complete(ledger.issuance())
    ledger.propose(ledger.transfer(100))
    ledger.propose(ledger.cancellation(200))
    new = NewAccount(name="Solar Roofs", holder=NewHolder(name_en="Solar Roofs"))
    propose_account(ledger.registry, ledger.officer, new)
    return ledger


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("", ["TH-100-1002-0-58", "TH2", "TH3"]),
        ("TH2", ["TH2"]),
        ("th3", ["TH3"]),
        ("solar", ["TH-100-1002-0-58"]),
        ("green thai", ["TH2"]),
        ("%", []),
    ],
)
def test_what_awaits_is_found_by_its_words(waiting: Ledger, words: str, keys: list[str]) -> None:
    page = list_awaiting(waiting.registry, PageRequest(filter_text=words), waiting.approver)
    assert [row.key for row in page.rows] == keys


def test_pages_follow_one_another_without_a_gap(waiting: Ledger) -> None:
    seen, after = [], None
    while True:
        page = list_awaiting(waiting.registry, PageRequest(limit=1, after=after), waiting.approver)
        seen += [row.key for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == ["TH-100-1002-0-58", "TH2", "TH3"]
    assert count_awaiting(waiting.registry, waiting.approver) == 3
    assert count_awaiting(waiting.registry, waiting.officer) == 0


def test_members_await_what_they_have_not_voted_on(
    committee: Committee, people: dict[str, Actor]
) -> None:
    ledger = committee.ledger
    registry = ledger.registry
    ledger.propose(ledger.issuance())
    committee.register(row(1, 600))
    conversion = ledger.propose(committee.conversion(cer(1, 600)))

    def awaited(actor: Actor) -> list[str]:
        return [item.key for item in list_awaiting(registry, PageRequest(), actor).rows]

    first, second = committee.members[:2]
    assert awaited(first) == awaited(second) == [conversion.identifier]
    assert awaited(ledger.approver) == ["TH1"]
    assert awaited(ledger.officer) == ["TH1", conversion.identifier]
    assert awaited(people["admin"]) == []
    committee.vote(conversion.transaction_id, 1)
    assert awaited(first) == []
    assert (count_awaiting(registry, first), count_awaiting(registry, second)) == (0, 1)
