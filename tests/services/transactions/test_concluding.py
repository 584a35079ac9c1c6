"""A vote never hangs: members leave, the quorum changes, and what is cast decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.models.codes import RuleKind, TransactionStatus
from app.services.checks.violation import RulesBroken
from app.services.listings.awaiting import count_awaiting
from app.services.listings.transaction_detail import get_transaction
from app.services.log.verification import verify_registry
from app.services.people.administration import revoke_person
from app.services.registry.context import Actor
from app.services.rules.changes import approve_rule, propose_rule
from app.services.rules.new_rule import NewRule
from app.services.transactions.concluding import conclude
from app.services.transactions.proposing import withdraw
from app.services.transactions.voting import Choice, Standing, get_tally, vote
from tests.fixtures.conversions import Committee, cer, row
from tests.fixtures.registries import FrozenClock

pytestmark = pytest.mark.both_engines

People = dict[str, Actor]


@pytest.fixture
def pending(committee: Committee) -> int:
    """A conversion of 600 units that awaits the committee."""
    committee.register(row(1, 600))
    return committee.ledger.propose(committee.conversion(cer(1, 600))).transaction_id


def revoke(committee: Committee, people: People, *numbers: int) -> None:
    for number in numbers:
        name = f"committee{number}"
        revoke_person(committee.ledger.registry, people["admin"], name, reason="left")


def set_quorum(committee: Committee, people: People, quorum: int, clock: FrozenClock) -> None:
    """Have another quorum in force, and it be the day from which it is."""
    rule = NewRule(
        kind=RuleKind.COMMITTEE_QUORUM,
        unit_type="TER",
        value=Decimal(quorum),
        valid_from=date(2026, 11, 22),
        reason="Decision 9",
    )
    registry = committee.ledger.registry
    change = propose_rule(registry, people["admin"], rule)
    approve_rule(registry, people["approver"], change.id)
    clock.advance(days=1)


def standing(committee: Committee, pending: int) -> Standing:
    return get_tally(committee.ledger.registry, pending, committee.members[0]).standing


def codes(error: pytest.ExceptionInfo[RulesBroken]) -> list[int]:
    return [violation.code for violation in error.value.violations]


def test_votes_that_cannot_come_are_not_waited_for(
    committee: Committee, pending: int, people: People
) -> None:
    registry = committee.ledger.registry
    committee.vote(pending, 1)
    committee.vote(pending, 2)
    assert standing(committee, pending) is Standing.OPEN
    revoke(committee, people, 3, 4, 5)
    assert standing(committee, pending) is Standing.OUT_OF_REACH
    assert count_awaiting(registry, committee.members[0]) == 1
    ended = conclude(registry, pending, committee.members[0])
    assert ended.outcome.status is TransactionStatus.REJECTED
    detail = get_transaction(registry, str(pending))
    assert detail.history[-1].by == "committee1"
    assert "cannot be reached" in detail.history[-1].comment
    assert count_awaiting(registry, committee.members[0]) == 0
    again = committee.ledger.propose(committee.conversion(cer(1, 600)))
    assert again.status is TransactionStatus.CHECKED
    assert verify_registry(registry).ok


def test_the_proposer_may_withdraw_it_instead(
    committee: Committee, pending: int, people: People
) -> None:
    revoke(committee, people, 1, 2, 3, 4, 5)
    registry = committee.ledger.registry
    assert withdraw(registry, pending, committee.ledger.officer).status is (
        TransactionStatus.CANCELLED
    )
    assert verify_registry(registry).ok


def test_a_yes_that_left_with_its_member_does_not_reach_the_quorum(
    committee: Committee, pending: int, people: People
) -> None:
    committee.vote(pending, 1)
    committee.vote(pending, 2)
    revoke(committee, people, 1)
    assert standing(committee, pending) is Standing.OPEN
    committee.vote(pending, 3)
    assert committee.vote(pending, 4).outcome.status is TransactionStatus.COMPLETED


def test_a_lower_quorum_is_reached_by_the_votes_that_are_cast(
    committee: Committee, pending: int, people: People, clock: FrozenClock
) -> None:
    committee.vote(pending, 1)
    committee.vote(pending, 2)
    set_quorum(committee, people, 2, clock)
    assert standing(committee, pending) is Standing.REACHED
    registry = committee.ledger.registry
    assert count_awaiting(registry, committee.members[1]) == 1
    ended = conclude(registry, pending, committee.members[1])
    assert ended.outcome.status is TransactionStatus.COMPLETED
    assert committee.ledger.holding(committee.ledger.forest) == (600, 0)
    assert verify_registry(registry).ok


def test_a_higher_quorum_is_out_of_reach(
    committee: Committee, pending: int, people: People, clock: FrozenClock
) -> None:
    committee.vote(pending, 1, "no")
    set_quorum(committee, people, 5, clock)
    assert standing(committee, pending) is Standing.OUT_OF_REACH
    ended = conclude(committee.ledger.registry, pending, committee.members[2], comment="Enough")
    assert ended.outcome.status is TransactionStatus.REJECTED
    assert verify_registry(committee.ledger.registry).ok


def test_nobody_concludes_what_votes_may_still_decide(committee: Committee, pending: int) -> None:
    committee.vote(pending, 1)
    with pytest.raises(RulesBroken) as error:
        conclude(committee.ledger.registry, pending, committee.members[1])
    assert codes(error) == [9595]
    assert "1 yes and 0 no of 5 members" in str(error.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("officer", [9102, 9103]), ("approver", [9102]), ("admin", [9102])],
)
def test_only_members_conclude(
    committee: Committee, pending: int, people: People, name: str, expected: list[int]
) -> None:
    revoke(committee, people, 3, 4, 5)
    with pytest.raises(RulesBroken) as error:
        conclude(committee.ledger.registry, pending, people[name])
    assert codes(error) == expected


def test_nothing_but_a_vote_is_concluded_and_that_once(
    committee: Committee, pending: int, people: People
) -> None:
    issued = committee.ledger.propose(committee.ledger.issuance()).transaction_id
    registry = committee.ledger.registry
    with pytest.raises(RulesBroken) as other:
        conclude(registry, issued, committee.members[0])
    assert codes(other) == [9593]
    revoke(committee, people, 3, 4, 5)
    conclude(registry, pending, committee.members[0])
    with pytest.raises(RulesBroken) as again:
        conclude(registry, pending, committee.members[1])
    assert codes(again) == [9141]
    with pytest.raises(RulesBroken) as late:
        vote(registry, pending, committee.members[1], choice=Choice.YES)
    assert codes(late) == [9141]
