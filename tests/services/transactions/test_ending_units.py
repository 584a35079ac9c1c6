"""Cancellation of every kind, retirement and replacement, on a real registry."""

from __future__ import annotations

from datetime import date

import pytest

from app.models.codes import AccountType, NoticeType, TransactionStatus
from app.services.checks.violation import RulesBroken
from app.services.listings.transaction_detail import get_transaction
from app.services.registry.context import Actor
from app.services.transactions.acts import Replacement, Retirement
from app.services.transactions.acts.disposal import CANCELLATION_KINDS
from app.services.transactions.proposing import reject
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk

pytestmark = pytest.mark.both_engines


@pytest.fixture
def desk(ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    """Ten thousand TER issued to `forest`, less the levy of 500; CDM project 7014 known."""
    made = Desk(ledger, people, clock)
    made.project("CDM", "7014")
    made.project("Kyoto", "7014")
    made.complete(ledger.issuance())
    return made


@pytest.mark.parametrize("kind", CANCELLATION_KINDS)
def test_each_kind_of_cancellation_has_its_account_and_its_code(desk: Desk, kind: str) -> None:
    outcome = desk.complete(desk.ledger.cancellation(10, kind=kind))
    meant = CANCELLATION_KINDS[kind]
    assert outcome.status is TransactionStatus.COMPLETED
    assert desk.held(meant.account) == 10
    row = get_transaction(desk.ledger.registry, outcome.identifier).transaction
    assert (row.type_code, row.supplementary_type) == (4, meant.supplementary_type)
    assert desk.verify().units["TER"]["cancelled"] == 10


def test_expired_units_are_cancelled_mandatorily_and_nothing_else(desk: Desk) -> None:
    desk.clock.advance(days=365 * 6)
    assert desk.refused(desk.ledger.cancellation(10)) == [3005]
    assert desk.refused(desk.ledger.transfer(10)) == [3005]
    everything = desk.ledger.cancellation(9_500, kind="mandatory")
    outcome = desk.complete(everything, "admin")
    assert outcome.status is TransactionStatus.COMPLETED
    assert desk.held(AccountType.MANDATORY_CANCELLATION) == 9_500
    buffer = desk.built_in(AccountType.BUFFER, "T-VER")
    desk.complete(desk.ledger.cancellation(500, kind="mandatory", from_account=buffer), "admin")
    assert desk.verify().units["TER"]["cancelled"] == 10_000


def test_units_picked_by_hand_expire_too(desk: Desk) -> None:
    blocks = ("TH-TER-14-0042-2025--1-10",)
    desk.clock.advance(days=365 * 6)
    assert desk.refused(desk.ledger.cancellation(10, blocks=blocks)) == [9152]
    desk.complete(desk.ledger.cancellation(10, blocks=blocks, kind="mandatory"))


def test_a_cancellation_answers_its_notice(desk: Desk) -> None:
    desk.notice("N-1", NoticeType.NET_SOURCE_CANCELLATION, unit_type="TER")
    act = desk.ledger.cancellation(10, kind="net-source", notice="N-1")
    outcome = desk.complete(act)
    assert outcome.evaluation is not None
    assert outcome.evaluation.facts.notice_id == 1
    assert get_transaction(desk.ledger.registry, outcome.identifier).notice == "N-1"
    assert desk.refused(desk.ledger.cancellation(10, kind="net-source", notice="N-2")) == [9220]
    assert desk.refused(desk.ledger.cancellation(10, notice="N-1")) == [9222]
    desk.verify()


def test_units_retire_for_good(desk: Desk) -> None:
    act = Retirement(from_account=desk.ledger.forest, unit_type="TER", quantity=100, period=1)
    desk.complete(act)
    account = desk.built_in(AccountType.RETIREMENT)
    assert desk.ledger.holding(account) == (100, 0)
    assert desk.refused(desk.ledger.transfer(10, from_account=account)) == [1007]
    other = Retirement(from_account=desk.ledger.forest, unit_type="TER", quantity=100, period=2)
    assert desk.refused(other) == [3005]
    assert desk.verify().units["TER"]["retired"] == 100


@pytest.mark.parametrize(
    ("period", "quantity", "said"),
    [
        (2, 10, ["of commitment period 2", "; 0 are free", "9,500 of period 1"]),
        (7, 10, ["of commitment period 7", "; 0 are free", "name one of these periods"]),
        (1, 9_501, ["of commitment period 1", "; 9,500 are free", "9,500 of period 1"]),
    ],
)
def test_a_wrong_period_is_named_with_those_there_are(
    desk: Desk, period: int, quantity: int, said: list[str]
) -> None:
    act = Retirement(
        from_account=desk.ledger.forest, unit_type="TER", quantity=quantity, period=period
    )
    with pytest.raises(RulesBroken) as error:
        desk.propose(act)
    (violation,) = error.value.violations
    assert violation.code == 3005
    for words in said:
        assert words in violation.message
    assert f"ช่วงพันธกรณี {period}" in violation.message_th


def replacement(desk: Desk, first: int, last: int, **changes: object) -> Replacement:
    content: dict[str, object] = {
        "from_account": desk.ledger.forest,
        "unit_type": "CER",
        "quantity": last - first + 1,
        "replaced": (f"RW-6-{first}-2-2-0-7014 - RW-6-{last}-2-2-0-7014",),
        "kind": "tCER-expiry",
    }
    return Replacement(**content | changes)  # type: ignore[arg-type]


def test_lasting_units_take_the_place_of_temporary_ones_once(desk: Desk) -> None:
    desk.receive("tCER")
    desk.receive("CER")
    outcome = desk.complete(replacement(desk, 11, 20))
    assert desk.held(AccountType.REPLACEMENT) == 10
    detail = get_transaction(desk.ledger.registry, outcome.identifier)
    assert [(block.role, block.start) for block in detail.blocks] == [("move", 1)]
    assert [(block.role, block.start, block.quantity) for block in detail.replaced] == [
        ("replaced", 11, 10)
    ]
    assert desk.refused(replacement(desk, 20, 25)) == [9232]
    assert desk.refused(replacement(desk, 21, 25, unit_type="TER")) == [9234]
    assert desk.refused(replacement(desk, 95, 101)) == [9229]
    assert desk.refused(replacement(desk, 21, 30, kind="lCER-expiry")) == [9230]
    desk.complete(replacement(desk, 21, 30))
    found = desk.verify()
    assert found.units["CER"]["replaced"] == 20
    assert found.units["tCER"]["held"] == 100


def test_what_was_not_approved_replaces_nothing(desk: Desk) -> None:
    desk.receive("tCER")
    desk.receive("CER")
    pending = desk.propose(replacement(desk, 1, 10))
    assert desk.refused(replacement(desk, 1, 10)) == [9232]
    reject(desk.ledger.registry, pending.transaction_id, desk.people["approver"], comment="wrong")
    desk.complete(replacement(desk, 1, 10))


def test_a_temporary_unit_expires_unless_its_date_changes(desk: Desk) -> None:
    desk.receive("tCER")
    assert desk.attributes("tCER") == [(1, 100, 2, date(2027, 12, 31))]
