from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.models.codes import AccountState, AccountType, Role, UnitState
from app.services.registry.context import Actor
from app.services.transactions.acts import (
    BufferCompensation,
    CarryOver,
    Disposal,
    ExpiryChange,
    ExternalTransfer,
    Retirement,
    Rollback,
    Transfer,
)
from app.services.transactions.evaluation import evaluate, preview
from app.services.transactions.facts import (
    AccountFacts,
    BlockFacts,
    ChosenRange,
    Facts,
    PersonFacts,
    UnitTypeFacts,
)
from app.views.presenters.act_outcome import MOST_STAYING, present_outcome
from app.views.presenters.phrases import say
from tests.fixtures.ledger import Ledger

FROM = AccountFacts(
    id=1,
    number="TH-100-1042-0-52",
    name="Forest",
    type=AccountType.HOLDING,
    state=AccountState.OPEN,
    unit_state=UnitState.HELD,
    quantity=48_200,
    reserved=0,
)
TO = replace(FROM, id=2, number="TH-100-2210-0-32", name="Green", quantity=8_840)


def block(
    first: int, last: int, *, vintage: int, expires: date | None, series: str = "TH-TER-14-0042"
) -> BlockFacts:
    template = f"{series}-{vintage}--{{start}}-{{end}}"
    return BlockFacts(
        first,
        1,
        1,
        series,
        first,
        last,
        template,
        "0042",
        "Ban Huai Sak",
        vintage,
        expires,
        1,
        1,
        None,
    )


HELD = (
    block(1, 8_000, vintage=2024, expires=date(2030, 12, 31)),
    block(8_001, 27_500, vintage=2025, expires=date(2031, 12, 31)),
    block(1, 20_700, vintage=2025, expires=None, series="TH-TER-14-0042-A"),
)


def facts(quantity: int, **changes: object) -> Facts:
    act = Transfer(
        from_account=FROM.number, to_account=TO.number, unit_type="TER", quantity=quantity
    )
    made = Facts(
        act=act,
        country="TH",
        now=datetime(2026, 11, 21, tzinfo=UTC),
        today=date(2026, 11, 21),
        person=PersonFacts(1, "officer", Role.OFFICER, is_active=True),
        unit_type=UnitTypeFacts("TER", "tCO2e", is_domestic=True),
        transferring=FROM,
        acquiring=TO,
        candidates=HELD,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_first_in_first_out_is_told_as_the_domain_says() -> None:
    outcome = present_outcome(evaluate(facts(12_500)))
    assert [(line.serial, line.moves, line.stays) for line in outcome.lines] == [
        ("TH-TER-14-0042-2024--1-8000", 8_000, None),
        ("TH-TER-14-0042-2025--8001-12500", 4_500, None),
        ("TH-TER-14-0042-2025--12501-27500", None, 15_000),
        ("TH-TER-14-0042-A-2025--1-20700", None, 20_700),
    ]
    assert [(share.quantity, share.moves) for share in outcome.shares] == [
        (8_000, True),
        (4_500, True),
        (15_000, False),
        (20_700, False),
    ]
    assert [(each.after, each.before) for each in outcome.figures] == [
        (35_700, 48_200),
        (21_340, 8_840),
    ]
    assert outcome.sentences == (
        say("acts.splits_in_two", whole="8001–27500", one="8001–12500", two="12501–27500"),
    )
    assert outcome.is_clear


def test_each_vintage_and_expiry_is_said_once_where_it_has_most_room() -> None:
    outcome = present_outcome(evaluate(facts(12_500)))
    assert [share.caption for share in outcome.shares] == [
        say("acts.caption", vintage="2024", day=date(2030, 12, 31)),
        None,
        say("acts.caption", vintage="2025", day=date(2031, 12, 31)),
        say("acts.caption_no_expiry", vintage="2025"),
    ]


def test_parts_picked_by_hand_leave_the_rest_of_their_block() -> None:
    middle = ChosenRange("9001-10000", 9_001, 10_000, HELD[1])
    act = Transfer(
        from_account=FROM.number,
        to_account=TO.number,
        unit_type="TER",
        quantity=1_000,
        blocks=("9001-10000",),
    )
    outcome = present_outcome(evaluate(facts(1_000, act=act, candidates=(), chosen=(middle,))))
    assert [(line.moves, line.stays) for line in outcome.lines] == [
        (None, 1_000),
        (1_000, None),
        (None, 17_500),
    ]
    assert outcome.lead == say("acts.lead_picked")
    # What the account holds elsewhere is told, so that the bar is the whole account.
    assert outcome.shares[-1].quantity == 48_200 - 19_500
    assert sum(share.quantity for share in outcome.shares) == 48_200
    assert outcome.sentences[-1] == say("acts.rest_stays", count=28_700)


def test_many_blocks_that_stay_are_told_in_one_sentence() -> None:
    blocks = tuple(
        block(first, first + 99, vintage=2025, expires=None) for first in range(1, 3_001, 100)
    )
    account = replace(FROM, quantity=3_000)
    outcome = present_outcome(evaluate(facts(100, candidates=blocks, transferring=account)))
    assert len(outcome.lines) == 1 + MOST_STAYING
    assert outcome.sentences == (say("acts.rest_stays", count=3_000 - 500),)


def test_nothing_to_show_without_an_acquiring_account() -> None:
    outcome = present_outcome(evaluate(facts(12_500, acquiring=None)))
    assert [str(each.code) for each in outcome.violations] == ["2002"]
    assert outcome.violations[0].field == "to"
    assert [line.moves for line in outcome.lines if line.moves] == []


@pytest.mark.parametrize(("quantity", "levied"), [(10_000, 500), (9, 0)])
def test_an_issuance_tells_its_levy(ledger: Ledger, quantity: int, levied: int) -> None:
    outcome = present_outcome(preview(ledger.registry, ledger.issuance(quantity), ledger.officer))
    assert sum(line.moves or 0 for line in outcome.lines) == quantity
    assert sum(share.quantity for share in outcome.shares) == quantity
    keys = [phrase.key for phrase in outcome.sentences]
    assert keys == ["acts.levy" if levied else "acts.no_levy", "acts.expires"]
    if levied:
        assert outcome.sentences[0].values["rate"] == "5"
        assert outcome.sentences[0].values["levied"] == levied
        assert [figure.after for figure in outcome.figures] == [quantity - levied, levied]


@pytest.mark.parametrize(
    ("change", "figure"),
    [
        (Retirement, "acts.retired_after"),
        (BufferCompensation, "acts.cancelled_after"),
        (ExternalTransfer, "acts.sent_after"),
    ],
)
def test_where_units_end_is_told_by_what_they_become(
    ledger: Ledger, change: type[Disposal], figure: str
) -> None:
    ledger.complete(ledger.issuance(10_000))
    more: dict[type[Disposal], dict[str, str]] = {
        ExternalTransfer: {"registry": "CH"},
        BufferCompensation: {"over_issued": "TH1"},
    }
    content: dict[str, Any] = {"from_account": ledger.forest, "unit_type": "TER", "quantity": 10}
    act = change(**(content | more.get(change, {})))
    outcome = present_outcome(preview(ledger.registry, act, ledger.officer))
    assert [each.title_key for each in outcome.figures] == ["acts.from_after", figure]


def test_units_that_change_stay_in_their_account(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance(10_000))
    day = date(2030, 12, 31)
    change = ExpiryChange(from_account=ledger.forest, unit_type="TER", quantity=10, to_expiry=day)
    outcome = present_outcome(preview(ledger.registry, change, ledger.officer))
    assert outcome.lead == say("acts.lead_changed")
    assert [(each.title_key, each.after, each.before) for each in outcome.figures] == [
        ("acts.kept_after", 9_500, 9_500)
    ]
    assert say("acts.to_expiry", day=day) in outcome.sentences
    carried = CarryOver(from_account=ledger.forest, unit_type="TER", quantity=10, period=1)
    outcome = present_outcome(preview(ledger.registry, carried, ledger.officer))
    assert say("acts.to_period", period="2") in outcome.sentences


def test_a_rollback_tells_the_blocks_that_go_back(ledger: Ledger, people: dict[str, Actor]) -> None:
    ledger.complete(ledger.issuance(10_000))
    done = ledger.complete(ledger.transfer(1_000))
    act = Rollback(transaction=done.identifier, reason="Wrong", unit_type="", quantity=0)
    outcome = present_outcome(preview(ledger.registry, act, people["admin"]))
    assert outcome.lead == say("acts.lead_rollback")
    assert [line.moves for line in outcome.lines] == [1_000]
    assert [each.title_key for each in outcome.figures] == ["acts.from_after", "acts.to_after"]
