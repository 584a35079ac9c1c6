"""Carry-over and change of expiry date: units stay where they are and get something new."""

from __future__ import annotations

from datetime import date

import pytest

from app.models.codes import NoticeType, RuleKind
from app.services.listings.blocks import list_blocks
from app.services.listings.log_entries import list_log_entries
from app.services.listings.page import PageRequest
from app.services.listings.transaction_detail import get_transaction
from app.services.registry.context import Actor
from app.services.transactions.acts import CarryOver, ExpiryChange
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk

pytestmark = pytest.mark.both_engines


@pytest.fixture
def desk(ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    made = Desk(ledger, people, clock)
    made.project("CDM", "7014")
    made.complete(ledger.issuance())
    return made


def carry_over(desk: Desk, quantity: int, **changes: object) -> CarryOver:
    content: dict[str, object] = {
        "from_account": desk.ledger.forest,
        "unit_type": "TER",
        "quantity": quantity,
    }
    return CarryOver(**content | changes)  # type: ignore[arg-type]


def expiry(desk: Desk, day: date, **changes: object) -> ExpiryChange:
    content: dict[str, object] = {
        "from_account": desk.ledger.forest,
        "unit_type": "TER",
        "quantity": 100,
        "to_expiry": day,
    }
    return ExpiryChange(**content | changes)  # type: ignore[arg-type]


@pytest.mark.embedded_only
def test_units_carry_over_into_the_next_period_and_stay(desk: Desk) -> None:
    assert desk.refused(carry_over(desk, 100)) == [9240]
    desk.open_next_period()
    assert desk.refused(carry_over(desk, 100)) == [3002]
    desk.clock.advance(days=365 * 5)
    before = desk.ledger.holding(desk.ledger.forest)
    desk.complete(carry_over(desk, 100))
    assert desk.ledger.holding(desk.ledger.forest) == before
    periods = [(first, last, period) for first, last, period, _ in desk.attributes("TER")]
    assert periods == [(1, 100, 2), (101, 9500, 1), (9501, 10000, 1)]
    desk.verify()
    assert desk.refused(carry_over(desk, 100, period=2)) == [9240]


@pytest.mark.embedded_only
def test_the_share_of_a_period_that_carries_over_is_limited(desk: Desk) -> None:
    desk.open_next_period()
    desk.clock.advance(days=365 * 5)
    desk.rule(RuleKind.CARRY_OVER_LIMIT, "0.1", valid_from=date(2031, 11, 21))
    desk.clock.advance(days=1)
    desk.complete(carry_over(desk, 600, period=1))
    assert desk.refused(carry_over(desk, 351, period=1)) == [9241]
    pending = desk.propose(carry_over(desk, 350, period=1))
    assert desk.refused(carry_over(desk, 1, period=1)) == [1006]
    assert pending.evaluation is not None
    assert pending.evaluation.plan.to_period == 2


def test_a_new_date_is_kept_and_follows_from_the_log(desk: Desk) -> None:
    changed = desk.complete(expiry(desk, date(2028, 6, 30)))
    detail = get_transaction(desk.ledger.registry, changed.identifier)
    assert (detail.to_expiry, detail.to_period) == (date(2028, 6, 30), None)
    listed = list_blocks(desk.ledger.registry, PageRequest(filters={"unit_type": "TER"})).rows
    assert {block.start: block.expiry for block in listed}[1] == date(2028, 6, 30)
    dates = [(first, last, day) for first, last, _, day in desk.attributes("TER")]
    last_day = date(2031, 12, 31)
    assert dates == [(1, 100, date(2028, 6, 30)), (101, 9500, last_day), (9501, 10000, last_day)]
    assert desk.refused(expiry(desk, date(2032, 1, 1))) == [9248]
    assert desk.refused(expiry(desk, date(2028, 6, 30))) == [9247]
    desk.complete(expiry(desk, last_day))
    desk.verify()


def test_a_temporary_unit_gets_a_later_date_by_its_notice(desk: Desk) -> None:
    desk.receive("lCER")
    desk.notice("N-9", NoticeType.EXPIRY_DATE_CHANGE, unit_type="lCER")
    act = expiry(desk, date(2040, 1, 1), unit_type="lCER", notice="N-9")
    desk.complete(act)
    assert desk.attributes("lCER") == [(1, 100, 2, date(2040, 1, 1))]
    desk.verify()


@pytest.mark.embedded_only
def test_what_a_log_says_of_a_period_cannot_differ_from_the_block(desk: Desk) -> None:
    desk.open_next_period()
    desk.clock.advance(days=365 * 5)
    outcome = desk.complete(carry_over(desk, 100))
    request = PageRequest(filters={"transaction": outcome.identifier})
    (entry,) = list_log_entries(desk.ledger.registry, request).rows
    assert (entry.body["type"], entry.body["to_period"]) == (7, 2)
    (move,) = entry.body["moves"]
    assert move["from"] == move["to"] == desk.ledger.forest
