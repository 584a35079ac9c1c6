"""Rollback: transfers alone, within the window, and only while the very same units stay put."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.models.codes import AccountState, TransactionStatus
from app.models.errors import UsageError
from app.services.accounts import change_account
from app.services.checks.violation import RulesBroken, Violation
from app.services.listings.page import PageRequest
from app.services.listings.transaction_detail import get_transaction
from app.services.listings.transactions import list_transactions
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor
from app.services.transactions.acts import Rollback, read_proposal
from app.services.transactions.evaluation import preview
from app.services.transactions.proposing import Outcome, approve, propose, reject
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock

pytestmark = pytest.mark.both_engines


def rollback(transaction: str, reason: str = "wrong account") -> Rollback:
    return Rollback(transaction=transaction, reason=reason, unit_type="", quantity=0)


class Desk:
    """A ledger with 9,500 units in `forest`, and its administrator."""

    def __init__(self, ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> None:
        self.ledger, self.people, self.clock = ledger, people, clock
        self.admin = people["admin"]
        ledger.complete(ledger.issuance())

    def transfer(self, quantity: int = 1_000, **changes: object) -> Outcome:
        return self.ledger.complete(self.ledger.transfer(quantity, **changes))

    def propose(self, transfer: Outcome) -> Outcome:
        return propose(self.ledger.registry, rollback(transfer.identifier), self.admin)

    def complete(self, transfer: Outcome) -> Outcome:
        return self.ledger.approve(self.propose(transfer))

    def refused(self, transaction: str) -> list[Violation]:
        with pytest.raises(RulesBroken) as error:
            propose(self.ledger.registry, rollback(transaction), self.admin)
        return list(error.value.violations)

    def codes(self, transfer: Outcome) -> list[int]:
        return [item.code for item in self.refused(transfer.identifier)]

    def holdings(self) -> tuple[int, int]:
        ledger = self.ledger
        return ledger.holding(ledger.forest)[0], ledger.holding(ledger.green)[0]


@pytest.fixture
def desk(ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    return Desk(ledger, people, clock)


def test_the_very_same_units_come_back_as_a_transaction_of_its_own(desk: Desk) -> None:
    before = desk.ledger.blocks()
    transfer = desk.transfer()
    done = desk.complete(transfer)
    assert done.status is TransactionStatus.COMPLETED
    assert desk.holdings() == (9_500, 0)
    assert {block[3] for block in desk.ledger.blocks() if block[2] <= 9500} == {desk.ledger.forest}
    assert before[0][1:3] == (1, 9500)
    stored = get_transaction(desk.ledger.registry, done.identifier).transaction
    assert (stored.type_code, stored.supplementary_type) == (10, 9020)
    assert (stored.from_account, stored.to_account) == (desk.ledger.green, desk.ledger.forest)
    assert verify_registry(desk.ledger.registry).ok


def test_both_ends_name_each_other(desk: Desk) -> None:
    transfer = desk.transfer()
    pending = desk.propose(transfer)
    registry = desk.ledger.registry
    assert get_transaction(registry, transfer.identifier).transaction.rolled_back_by is None
    done = desk.ledger.approve(pending)
    rows = {row.id: row for row in list_transactions(registry, PageRequest()).rows}
    assert rows[transfer.identifier].rolled_back_by == done.identifier
    assert rows[done.identifier].reverses == transfer.identifier
    detail = get_transaction(registry, transfer.identifier).transaction.as_json()
    assert detail["rolled_back_by"] == done.identifier
    assert detail["status"] == "completed"
    assert rows[done.identifier].as_json()["reverses"] == transfer.identifier


def test_a_split_block_comes_back_in_its_parts(desk: Desk) -> None:
    ledger = desk.ledger
    transfer = desk.transfer(2_000)
    # A pending transfer reserves a part in the middle and is rejected: the block stays split.
    picked = ledger.transfer(
        10,
        from_account=ledger.green,
        to_account=ledger.forest,
        blocks=("TH-TER-14-0042-2025--101-110",),
    )
    split = ledger.propose(picked)
    reject(ledger.registry, split.transaction_id, ledger.approver, comment="no")
    done = desk.complete(transfer)
    assert done.evaluation is not None
    moved = [(move.first, move.last) for move in done.evaluation.plan.moves]
    assert moved == [(1, 100), (101, 110), (111, 2000)]
    assert desk.holdings() == (9_500, 0)
    assert verify_registry(ledger.registry).ok


def test_several_ranges_come_back_together(desk: Desk) -> None:
    picked = ("TH-TER-14-0042-2025--11-20", "TH-TER-14-0042-2025--501-600")
    transfer = desk.transfer(110, blocks=picked)
    desk.complete(transfer)
    assert desk.holdings() == (9_500, 0)


def test_units_that_moved_on_are_named_with_the_transaction(desk: Desk) -> None:
    ledger = desk.ledger
    transfer = desk.transfer()
    river = ledger.open_account("River")
    onward = ledger.complete(ledger.transfer(1, from_account=ledger.green, to_account=river))
    (violation,) = desk.refused(transfer.identifier)
    assert violation.code == 9575
    for word in ("TH-TER-14-0042-2025--1-1", onward.identifier):
        assert word in violation.message
        assert word in violation.message_th
    assert desk.holdings() == (8_500, 999)


def test_units_that_moved_on_and_came_back_are_not_the_same_any_more(desk: Desk) -> None:
    ledger = desk.ledger
    transfer = desk.transfer()
    river = ledger.open_account("River")
    ledger.complete(ledger.transfer(1_000, from_account=ledger.green, to_account=river))
    ledger.complete(ledger.transfer(1_000, from_account=river, to_account=ledger.green))
    assert desk.holdings() == (8_500, 1_000)
    assert desk.codes(transfer) == [9575]


def test_reserved_units_are_not_taken_back(desk: Desk) -> None:
    ledger = desk.ledger
    transfer = desk.transfer()
    pending = ledger.propose(
        ledger.transfer(5, from_account=ledger.green, to_account=ledger.forest)
    )
    (violation,) = desk.refused(transfer.identifier)
    assert violation.code == 9576
    assert pending.identifier in violation.message
    reject(ledger.registry, pending.transaction_id, ledger.approver, comment="no")
    desk.complete(transfer)


def test_cancelled_units_never_come_back(desk: Desk) -> None:
    ledger = desk.ledger
    transfer = desk.transfer()
    cancelled = ledger.complete(ledger.cancellation(10, from_account=ledger.green))
    assert desk.codes(cancelled) == [9571]
    assert desk.codes(transfer) == [9575]


def other_transactions(desk: Desk) -> dict[str, tuple[str, list[int]]]:
    ledger = desk.ledger
    transfer = desk.transfer()
    pending = ledger.propose(ledger.transfer(5))
    rejected = ledger.propose(ledger.transfer(6))
    reject(ledger.registry, rejected.transaction_id, ledger.approver, comment="no")
    undone = desk.transfer(7)
    rolled_back = desk.complete(undone)
    awaiting = desk.transfer(8)
    desk.propose(awaiting)
    return {
        "a transfer": (transfer.identifier, []),
        "by its number alone": (transfer.identifier[2:], []),
        "an issuance": ("TH1", [9572]),
        "a pending transfer": (pending.identifier, [9573]),
        "a rejected transfer": (rejected.identifier, [9573]),
        "a transfer rolled back": (undone.identifier, [3019]),
        "a rollback": (rolled_back.identifier, [9572]),
        "one about to be": (awaiting.identifier, [3019]),
        "an unknown one": ("TH999", [9570]),
        "another country's": (transfer.identifier.replace("TH", "JP"), [9570]),
        "no identifier": ("the last one", [9570]),
    }


def test_what_may_be_rolled_back(desk: Desk) -> None:
    registry = desk.ledger.registry
    for what, (transaction, expected) in other_transactions(desk).items():
        evaluation = preview(registry, rollback(transaction), desk.admin)
        found = [item.code for item in evaluation.violations]
        if transaction.endswith("1") and expected == [9572]:
            found = found[:1]
        assert found == expected, what


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        # Completed on Saturday 21 November 2026: five working days end on Friday the 27th.
        (21, 27, []),
        (21, 28, [3020]),
        # Completed on Tuesday the 24th: on Tuesday the 1st of December.
        (24, 31, []),
        (24, 32, [3020]),
    ],
)
def test_the_window_counts_working_days(
    desk: Desk, begins: int, ends: int, expected: list[int]
) -> None:
    start = datetime(2026, 11, 1, 3, tzinfo=UTC)
    desk.clock.moment = start
    desk.clock.advance(days=begins - 1)
    transfer = desk.transfer()
    desk.clock.moment = start
    desk.clock.advance(days=ends - 1)
    evaluation = preview(desk.ledger.registry, rollback(transfer.identifier), desk.admin)
    assert [item.code for item in evaluation.violations] == expected


def test_a_holiday_lengthens_the_window(desk: Desk) -> None:
    from datetime import date

    from app.services.trust.holidays import HolidayRow, add_holidays

    transfer = desk.transfer()
    holiday = HolidayRow(date(2026, 11, 23), "Holiday", "วันหยุด")
    add_holidays(desk.ledger.registry, desk.admin, [holiday])
    desk.clock.advance(days=9)
    desk.complete(transfer)
    assert desk.holdings() == (9_500, 0)


def test_a_rollback_approved_after_the_window_is_terminated(desk: Desk) -> None:
    pending = desk.propose(desk.transfer())
    desk.clock.advance(days=30)
    ended = desk.ledger.approve(pending)
    assert ended.status is TransactionStatus.TERMINATED
    assert ended.evaluation is not None
    assert [item.code for item in ended.evaluation.violations] == [3020]
    assert desk.holdings() == (8_500, 1_000)


def test_without_a_rule_nothing_is_rolled_back(desk: Desk) -> None:
    transfer = desk.transfer()
    desk.clock.moment = datetime(2031, 1, 2, 3, tzinfo=UTC)
    evaluation = preview(desk.ledger.registry, rollback(transfer.identifier), desk.admin)
    assert [item.code for item in evaluation.violations] == [9574]


def test_expired_units_are_not_taken_back(desk: Desk) -> None:
    desk.clock.moment = datetime(2030, 12, 30, 3, tzinfo=UTC)
    ledger = desk.ledger
    ledger.complete(ledger.issuance(100, vintage=2024))
    transfer = desk.transfer(95, vintage=2024)
    desk.clock.moment = datetime(2030, 12, 31, 3, tzinfo=UTC)
    assert preview(ledger.registry, rollback(transfer.identifier), desk.admin).violations == ()
    desk.clock.moment = datetime(2031, 1, 1, 3, tzinfo=UTC)
    assert desk.codes(transfer) == [9577]


@pytest.mark.parametrize("name", ["officer", "approver", "auditor", "committee1"])
def test_only_an_administrator_proposes_one(desk: Desk, name: str) -> None:
    transfer = desk.transfer()
    with pytest.raises(RulesBroken) as error:
        propose(desk.ledger.registry, rollback(transfer.identifier), desk.people[name])
    assert [item.code for item in error.value.violations] == [9101]


@pytest.mark.parametrize(
    ("name", "expected"), [("admin", [9102, 9103]), ("admin2", [9102]), ("officer", [9102])]
)
def test_only_an_approver_decides_on_one(desk: Desk, name: str, expected: list[int]) -> None:
    pending = desk.propose(desk.transfer())
    with pytest.raises(RulesBroken) as error:
        approve(desk.ledger.registry, pending.transaction_id, desk.people[name])
    assert [item.code for item in error.value.violations] == expected


CHANGES: list[tuple[str, AccountState, int]] = [
    ("green", AccountState.SUSPENDED, 1004),
    ("green", AccountState.LOCKED, 1012),
    ("forest", AccountState.SUSPENDED, 2004),
    ("forest", AccountState.LOCKED, 2018),
]


@pytest.mark.parametrize(("name", "state", "code"), CHANGES)
def test_accounts_must_be_open(desk: Desk, name: str, state: AccountState, code: int) -> None:
    transfer = desk.transfer()
    number = getattr(desk.ledger, name)
    change_account(desk.ledger.registry, desk.admin, number, state, reason="case 7")
    assert desk.codes(transfer) == [code]


@pytest.mark.parametrize("end", ["reject", "withdraw"])
def test_after_a_rollback_that_came_to_nothing_another_may_follow(desk: Desk, end: str) -> None:
    from app.services.transactions.proposing import withdraw

    transfer = desk.transfer()
    pending = desk.propose(transfer)
    assert desk.ledger.holding(desk.ledger.green) == (1_000, 1_000)
    if end == "reject":
        reject(desk.ledger.registry, pending.transaction_id, desk.ledger.approver, comment="no")
    else:
        withdraw(desk.ledger.registry, pending.transaction_id, desk.admin)
    assert desk.ledger.holding(desk.ledger.green) == (1_000, 0)
    desk.complete(transfer)
    assert desk.codes(transfer) == [3019]


def test_what_came_back_may_be_transferred_and_rolled_back_again(desk: Desk) -> None:
    desk.complete(desk.transfer())
    second = desk.transfer()
    desk.complete(second)
    assert desk.holdings() == (9_500, 0)
    assert verify_registry(desk.ledger.registry).ok


def test_a_repeated_request_is_harmless(desk: Desk) -> None:
    transfer = desk.transfer()
    act = rollback(transfer.identifier)
    registry = desk.ledger.registry
    first = propose(registry, act, desk.admin, request_id="once")
    again = propose(registry, act, desk.admin, request_id="once")
    assert first.transaction_id == again.transaction_id


def test_what_a_proposal_states_beside_the_transaction_counts_for_nothing(desk: Desk) -> None:
    transfer = desk.transfer()
    river = desk.ledger.open_account("River")
    content: dict[str, Any] = {
        "transaction": transfer.identifier,
        "reason": "mine",
        "to": river,
        "unit_type": "EPC",
        "quantity": 5,
    }
    act = read_proposal("rollback", content)
    desk.ledger.approve(propose(desk.ledger.registry, act, desk.admin))
    assert desk.holdings() == (9_500, 0)
    assert desk.ledger.holding(river) == (0, 0)


def test_the_act_is_read_as_the_contract_says() -> None:
    act = read_proposal("rollback", {"transaction": "TH12", "reason": "typing error"})
    assert act.as_json() == {"act": "rollback", "transaction": "TH12", "reason": "typing error"}
    wrong: list[dict[str, Any]] = [
        {"transaction": "TH12"},
        {"reason": "x"},
        {"transaction": 12, "reason": "x"},
        {"transaction": "TH12", "reason": " "},
    ]
    for content in wrong:
        with pytest.raises(UsageError):
            read_proposal("rollback", content)


def test_two_at_once_roll_back_once(desk: Desk) -> None:
    from concurrent.futures import ThreadPoolExecutor

    transfer = desk.transfer()

    def attempt(_: int) -> bool:
        try:
            desk.propose(transfer)
        except RulesBroken:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
