"""The life of a transaction through the services, on a real encrypted registry."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.models.codes import AccountState, TransactionStatus
from app.models.errors import NotFound, UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import LogEntry, TransactionEvent, TransactionRow
from app.services.accounts import change_account
from app.services.checks.violation import RulesBroken
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor
from app.services.transactions.acts import Act
from app.services.transactions.evaluation import preview
from app.services.transactions.proposing import (
    approve,
    propose,
    reject,
    transaction_number,
    withdraw,
)
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines


def codes(error: pytest.ExceptionInfo[RulesBroken]) -> list[int]:
    return [violation.code for violation in error.value.violations]


def refused(ledger: Ledger, act: Act) -> list[int]:
    with pytest.raises(RulesBroken) as error:
        ledger.propose(act)
    return codes(error)


def test_issuance_levies_and_expires_by_rule(ledger: Ledger) -> None:
    evaluation = preview(ledger.registry, ledger.issuance(10_000), ledger.officer)
    outcome = ledger.complete(ledger.issuance(10_000))
    assert outcome.status is TransactionStatus.COMPLETED
    assert ledger.holding(ledger.forest) == (9_500, 0)
    assert [(move.first, move.last) for move in evaluation.plan.moves] == [(1, 9500)]
    assert [(move.first, move.last) for move in evaluation.plan.levy] == [(9501, 10000)]
    assert [block[:3] for block in ledger.blocks()] == [
        ("TH-TER-14-0042-2025-", 1, 9500),
        ("TH-TER-14-0042-2025-", 9501, 10000),
    ]
    assert evaluation.plan.expires_on is not None
    assert evaluation.plan.expires_on.isoformat() == "2031-12-31"


def test_a_monitoring_period_is_issued_once(ledger: Ledger) -> None:
    first = ledger.propose(ledger.issuance())
    assert refused(ledger, ledger.issuance()) == [9207]
    reject(ledger.registry, first.transaction_id, ledger.approver, comment="wrong report")
    ledger.complete(ledger.issuance())
    assert refused(ledger, ledger.issuance()) == [9207]
    assert verify_registry(ledger.registry).ok


@pytest.mark.parametrize(
    "typo",
    [
        {"document_sha256": "b" * 64},
        {"verified_reference": "VR-2O25"},
        {"period_to": date(2025, 12, 30)},
    ],
)
@pytest.mark.parametrize("ending", ["reject", "withdraw"])
def test_a_typing_error_does_not_hold_the_monitoring_period(
    ledger: Ledger, typo: dict[str, Any], ending: str
) -> None:
    wrong = ledger.propose(ledger.issuance(**typo))
    if ending == "reject":
        reject(ledger.registry, wrong.transaction_id, ledger.approver, comment="mistyped")
    else:
        withdraw(ledger.registry, wrong.transaction_id, ledger.officer)
    ledger.complete(ledger.issuance())
    assert verify_registry(ledger.registry).ok


@pytest.mark.parametrize("picked", [(), ("TH-TER-14-0042-2025--1-100",)])
def test_units_that_expired_since_do_not_move(ledger: Ledger, picked: tuple[str, ...]) -> None:
    ledger.complete(ledger.issuance())
    outcome = ledger.propose(ledger.transfer(100, blocks=picked))
    later = replace(ledger.registry, clock=lambda: datetime(2032, 1, 1, tzinfo=UTC))
    ended = approve(later, outcome.transaction_id, ledger.approver)
    assert ended.status is TransactionStatus.TERMINATED
    assert ended.evaluation is not None
    assert [item.code for item in ended.evaluation.violations] == [9152 if picked else 3005]
    assert ledger.holding(ledger.forest) == (9_500, 0)


def test_preview_and_proposal_say_the_same(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    act = ledger.transfer(1_234)
    shown = preview(ledger.registry, act, ledger.officer)
    done = ledger.propose(act).evaluation
    assert done is not None
    assert shown.plan == done.plan
    assert shown.checks == done.checks


def test_reserved_units_cannot_be_proposed_again(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    ledger.propose(ledger.transfer(9_000))
    assert ledger.holding(ledger.forest) == (9_500, 9_000)
    assert refused(ledger, ledger.transfer(501)) == [3005]
    ledger.propose(ledger.transfer(500))


@pytest.mark.parametrize("ending", ["reject", "withdraw"])
def test_units_are_released_when_a_proposal_ends_otherwise(ledger: Ledger, ending: str) -> None:
    ledger.complete(ledger.issuance())
    before = verify_registry(ledger.registry).root
    outcome = ledger.propose(ledger.transfer(9_000))
    if ending == "reject":
        reject(ledger.registry, outcome.transaction_id, ledger.approver, comment="no")
    else:
        withdraw(ledger.registry, outcome.transaction_id, ledger.officer)
    assert ledger.holding(ledger.forest) == (9_500, 0)
    assert verify_registry(ledger.registry).root == before
    ledger.complete(ledger.transfer(9_500))


def test_the_whole_history_is_kept(ledger: Ledger) -> None:
    outcome = ledger.complete(ledger.issuance())
    with reading(ledger.registry.engine) as connection:
        events = connection.execute(
            select(TransactionEvent.status, TransactionEvent.stage).where(
                TransactionEvent.transaction_id == outcome.transaction_id
            )
        ).all()
    assert [tuple(event) for event in events] == [(1, None), (2, 9001), (4, None)]


def test_a_range_in_the_middle_of_a_block_moves(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    picked = ("TH-TER-14-0042-2025--101-200", "TH-TER-14-0042-2025--201-250")
    ledger.complete(ledger.transfer(150, blocks=picked))
    assert [block[1:4] for block in ledger.blocks()] == [
        (1, 100, ledger.forest),
        (101, 200, ledger.green),
        (201, 250, ledger.green),
        (251, 9500, ledger.forest),
        (9501, 10000, ledger.blocks()[-1][3]),
    ]
    assert verify_registry(ledger.registry).ok


@pytest.mark.parametrize(
    ("serials", "quantity", "code"),
    [
        (("rubbish",), 10, 9123),
        (("TH-TER-14-0042-2025--9501-9510",), 10, 9124),
        (("TH-TER-14-0042-2019--1-10",), 10, 9124),
        (("TH-TER-14-0042-2025--1-10", "TH-TER-14-0042-2025--10-19"), 20, 9125),
        (("TH-TER-14-0042-2025--1-10",), 11, 9160),
    ],
)
def test_picked_blocks_are_checked(
    ledger: Ledger, serials: tuple[str, ...], quantity: int, code: int
) -> None:
    ledger.complete(ledger.issuance())
    assert refused(ledger, ledger.transfer(quantity, blocks=serials)) == [code]


def test_nobody_approves_what_they_proposed_nor_twice(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    outcome = ledger.propose(ledger.issuance())
    for name, expected in (("officer", [9102, 9103]), ("admin", [9102]), ("auditor", [9102])):
        with pytest.raises(RulesBroken) as error:
            approve(ledger.registry, outcome.transaction_id, people[name])
        assert codes(error) == expected
    ledger.approve(outcome)
    with pytest.raises(RulesBroken) as error:
        ledger.approve(outcome)
    assert codes(error) == [9141]


@pytest.mark.parametrize("name", ["admin", "approver", "auditor", "technician", "committee1"])
def test_only_officers_propose(ledger: Ledger, people: dict[str, Actor], name: str) -> None:
    with pytest.raises(RulesBroken) as error:
        propose(ledger.registry, ledger.issuance(), people[name])
    assert codes(error) == [9101]


def test_a_proposal_that_no_longer_holds_is_terminated(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    ledger.complete(ledger.issuance())
    outcome = ledger.propose(ledger.transfer(100))
    change_account(
        ledger.registry, people["admin"], ledger.green, AccountState.SUSPENDED, reason="case 7"
    )
    ended = ledger.approve(outcome)
    assert ended.status is TransactionStatus.TERMINATED
    assert ledger.holding(ledger.forest) == (9_500, 0)
    with reading(ledger.registry.engine) as connection:
        kept = connection.execute(
            select(TransactionEvent.codes)
            .where(TransactionEvent.transaction_id == outcome.transaction_id)
            .order_by(TransactionEvent.id.desc())
        ).first()
    assert kept is not None
    assert kept.codes == "2004"
    assert verify_registry(ledger.registry).ok


def test_a_repeated_request_is_harmless(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    act = ledger.transfer(100)
    first = ledger.propose(act, request_id="desk-1")
    again = ledger.propose(act, request_id="desk-1")
    assert first.transaction_id == again.transaction_id
    assert ledger.holding(ledger.forest) == (9_500, 100)
    with pytest.raises(RulesBroken) as error:
        ledger.propose(ledger.transfer(101), request_id="desk-1")
    assert codes(error) == [9142]
    ledger.approve(first)
    assert ledger.propose(act, request_id="desk-1").status is TransactionStatus.COMPLETED


def test_cancelled_units_stay_cancelled(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.cancellation(1_204))
    assert ledger.holding(ledger.forest) == (8_296, 0)
    cancelled = next(block for block in ledger.blocks() if block[4] == "cancelled")
    assert cancelled[1:3] == (1, 1204)
    out_again = ledger.transfer(1_204, from_account=cancelled[3])
    assert refused(ledger, out_again) == [1007]


def test_a_refused_proposal_leaves_no_trace(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    with reading(ledger.registry.engine) as connection:
        before = connection.execute(select(TransactionRow.id)).all()
    blocks = ledger.blocks()
    assert refused(ledger, ledger.transfer(9_501)) == [3005]
    with reading(ledger.registry.engine) as connection:
        assert connection.execute(select(TransactionRow.id)).all() == before
    assert ledger.blocks() == blocks


def test_unknown_transaction(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="TH999"):
        approve(ledger.registry, 999, ledger.approver)


def test_a_rejection_needs_a_comment(ledger: Ledger) -> None:
    outcome = ledger.propose(ledger.issuance())
    with pytest.raises(RulesBroken) as error:
        reject(ledger.registry, outcome.transaction_id, ledger.approver, comment="  ")
    assert codes(error) == [9143]


def test_only_ones_own_proposal_is_withdrawn(ledger: Ledger, people: dict[str, Actor]) -> None:
    outcome = ledger.propose(ledger.issuance())
    with pytest.raises(RulesBroken) as error:
        withdraw(ledger.registry, outcome.transaction_id, people["officer2"])
    assert codes(error) == [9144]


def test_many_hands_at_once_spend_each_unit_once(ledger: Ledger) -> None:
    """Eight threads propose and approve at once; one database, no unit twice, none lost."""
    ledger.complete(ledger.issuance(1_000))

    def spend(_: int) -> bool:
        try:
            ledger.complete(ledger.transfer(100))
        except RulesBroken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = sum(pool.map(spend, range(16)))
    assert done == 9
    assert ledger.holding(ledger.green) == (900, 0)
    assert ledger.holding(ledger.forest) == (50, 0)
    assert verify_registry(ledger.registry).ok


def test_the_same_proposal_approved_at_once_completes_once(
    ledger: Ledger, seal: Callable[[], None]
) -> None:
    outcome = ledger.propose(ledger.issuance())

    def decide(_: int) -> bool:
        try:
            ledger.approve(outcome)
        except RulesBroken:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(decide, range(8))) == 1
    seal()
    with reading(ledger.registry.engine) as connection:
        entries = connection.execute(
            select(LogEntry.sequence).where(LogEntry.transaction_id == outcome.transaction_id)
        ).all()
    assert len(entries) == 1


def test_what_is_said_with_a_decision_can_be_printed(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    pending = ledger.propose(ledger.transfer(5)).transaction_id
    for comment in ("\udcff", "red\x1b[31m", "x" * 1001):
        with pytest.raises(UsageError, match="comment"):
            reject(ledger.registry, pending, ledger.approver, comment=comment)
        with pytest.raises(UsageError, match="comment"):
            approve(ledger.registry, pending, ledger.approver, comment=comment)
    with pytest.raises(UsageError, match="request id"):
        ledger.propose(ledger.transfer(5), request_id="a\x00b")
    assert ledger.holding(ledger.forest) == (9_500, 5)


def test_an_identifier_of_another_country_is_no_transaction_of_this_one(ledger: Ledger) -> None:
    assert transaction_number(ledger.registry, " TH12 ") == 12
    assert transaction_number(ledger.registry, "12") == 12
    for foreign in ("JP12", "th12", "TH", "TH1.5", "TH๑"):
        with pytest.raises(NotFound):
            transaction_number(ledger.registry, foreign)
