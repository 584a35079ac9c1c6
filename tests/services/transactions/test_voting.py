"""Votes of the committee: once each, quorum by rule, and what decides."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.models.codes import RuleKind, TransactionStatus
from app.models.errors import GuardRefused, NotFound
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import LogEntry, TransactionEvent, TransactionRow
from app.models.tables import Vote as VoteTable
from app.services.checks.violation import RulesBroken
from app.services.log.verification import verify_registry
from app.services.people.administration import revoke_person
from app.services.registry.context import Actor
from app.services.transactions.evaluation import evaluate
from app.services.transactions.facts import RuleFacts
from app.services.transactions.proposing import approve, deciding_facts, reject, withdraw
from app.services.transactions.voting import Choice, Tally, get_tally, tally_of, vote
from tests.fixtures.conversions import Committee, cer, row

pytestmark = pytest.mark.both_engines

OPEN, DONE, NO = TransactionStatus.CHECKED, TransactionStatus.COMPLETED, TransactionStatus.REJECTED


@pytest.fixture
def pending(committee: Committee) -> int:
    """A conversion of 600 units that awaits the committee."""
    committee.register(row(1, 600))
    return committee.ledger.propose(committee.conversion(cer(1, 600))).transaction_id


def codes(error: pytest.ExceptionInfo[RulesBroken]) -> list[int]:
    return [violation.code for violation in error.value.violations]


@pytest.mark.parametrize(
    ("choices", "statuses"),
    [
        ("yes yes yes", [OPEN, OPEN, DONE]),
        ("yes no yes no yes", [OPEN, OPEN, OPEN, OPEN, DONE]),
        ("no no no", [OPEN, OPEN, NO]),
        ("no yes no yes no", [OPEN, OPEN, OPEN, OPEN, NO]),
        ("no no yes yes yes", [OPEN, OPEN, OPEN, OPEN, DONE]),
    ],
)
def test_a_committee_of_five_with_a_quorum_of_three(
    committee: Committee, pending: int, choices: str, statuses: list[TransactionStatus]
) -> None:
    found = [
        committee.vote(pending, member, choice).outcome.status
        for member, choice in enumerate(choices.split(), start=1)
    ]
    assert found == statuses
    held = 600 if statuses[-1] is DONE else 0
    assert committee.ledger.holding(committee.ledger.forest) == (held, 0)
    assert verify_registry(committee.ledger.registry).ok


@pytest.mark.parametrize(
    ("yes", "no", "members", "quorum", "reached", "out_of_reach"),
    [
        (0, 0, 5, 3, False, False),
        (2, 2, 5, 3, False, False),
        (3, 2, 5, 3, True, False),
        (2, 3, 5, 3, False, True),
        (0, 1, 3, 3, False, True),
        (1, 0, 1, 1, True, False),
        (0, 0, 2, 3, False, True),
        (4, 4, 9, 5, False, False),
        (4, 5, 9, 5, False, True),
    ],
)
def test_the_tally(
    yes: int, no: int, members: int, quorum: int, reached: bool, out_of_reach: bool
) -> None:
    tally = Tally(yes=yes, no=no, members=members, quorum=quorum)
    assert (tally.is_reached, tally.is_out_of_reach) == (reached, out_of_reach)


def test_each_member_votes_once(committee: Committee, pending: int) -> None:
    committee.vote(pending, 1)
    for choice in ("yes", "no"):
        with pytest.raises(RulesBroken) as error:
            committee.vote(pending, 1, choice)
        assert codes(error) == [9590]
        assert "committee1" in str(error.value)


def test_a_no_needs_a_comment_and_a_yes_none(committee: Committee, pending: int) -> None:
    with pytest.raises(RulesBroken) as error:
        committee.vote(pending, 1, "no", comment="  ")
    assert codes(error) == [9591]
    committee.vote(pending, 1, "yes", comment="")


@pytest.mark.parametrize("choices", [("yes", "yes", "yes"), ("no", "no", "no")])
def test_nobody_votes_after_the_end(
    committee: Committee, pending: int, choices: tuple[str, ...]
) -> None:
    for member, choice in enumerate(choices, start=1):
        committee.vote(pending, member, choice)
    with pytest.raises(RulesBroken) as error:
        committee.vote(pending, 4)
    assert codes(error) == [9141]


def test_nobody_votes_on_what_was_withdrawn(committee: Committee, pending: int) -> None:
    committee.vote(pending, 1)
    withdraw(committee.ledger.registry, pending, committee.ledger.officer)
    with pytest.raises(RulesBroken) as error:
        committee.vote(pending, 2)
    assert codes(error) == [9141]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("officer", [9102, 9103]), ("officer2", [9102]), ("approver", [9102]), ("admin", [9102])],
)
def test_only_members_vote(
    committee: Committee, pending: int, people: dict[str, Actor], name: str, expected: list[int]
) -> None:
    with pytest.raises(RulesBroken) as error:
        vote(committee.ledger.registry, pending, people[name], choice=Choice.YES)
    assert codes(error) == expected


@pytest.mark.parametrize("name", ["approver", "admin", "committee1", "officer"])
def test_nobody_decides_a_conversion_alone(
    committee: Committee, pending: int, people: dict[str, Actor], name: str
) -> None:
    registry = committee.ledger.registry
    for decide in (approve, reject):
        with pytest.raises(RulesBroken) as error:
            decide(registry, pending, people[name], comment="alone")
        assert codes(error) == [9592]
        assert "committee" in str(error.value)


def test_transfers_are_not_voted_on(committee: Committee) -> None:
    issued = committee.ledger.propose(committee.ledger.issuance())
    with pytest.raises(RulesBroken) as error:
        committee.vote(issued.transaction_id, 1)
    assert codes(error) == [9593]
    with pytest.raises(NotFound):
        committee.vote(999, 1)


@pytest.mark.embedded_only(reason="a server lets a revoked person no longer in at all")
def test_a_revoked_members_vote_does_not_count(
    committee: Committee, pending: int, people: dict[str, Actor]
) -> None:
    registry = committee.ledger.registry
    for member in (1, 2):
        committee.vote(pending, member)
    revoke_person(registry, people["admin"], "committee1", reason="left the committee")
    tally = get_tally(registry, pending, committee.members[2])
    assert (tally.yes, tally.members) == (1, 4)
    assert committee.vote(pending, 3).outcome.status is OPEN
    with pytest.raises(RulesBroken) as error:
        committee.vote(pending, 1)
    assert codes(error) == [9104]
    assert committee.vote(pending, 4).outcome.status is DONE


def test_fewer_members_put_the_quorum_out_of_reach_sooner(
    committee: Committee, pending: int, people: dict[str, Actor]
) -> None:
    for name in ("committee4", "committee5"):
        revoke_person(committee.ledger.registry, people["admin"], name, reason="left")
    assert committee.vote(pending, 1).outcome.status is OPEN
    assert committee.vote(pending, 2, "no").outcome.status is NO


@pytest.mark.parametrize(("value", "expected"), [("1", 1), ("5", 5), (None, 3)])
def test_the_quorum_is_the_rules(
    committee: Committee, pending: int, value: str | None, expected: int
) -> None:
    registry = committee.ledger.registry
    with reading(registry.engine) as connection:
        facts = deciding_facts(connection, registry, pending, committee.members[0])
        rules = {} if value is None else {RuleKind.COMMITTEE_QUORUM: RuleFacts(1, Decimal(value))}
        tally = tally_of(connection, replace(facts, rules=rules), ())
    assert tally.quorum == expected


def test_the_rules_of_a_conversion_are_recorded_with_it(committee: Committee, pending: int) -> None:
    outcome = [committee.vote(pending, member) for member in (1, 2, 3)][-1].outcome
    assert outcome.evaluation is not None
    assert set(outcome.evaluation.facts.rules) == {
        RuleKind.DEFAULT_EXPIRY,
        RuleKind.COMMITTEE_QUORUM,
    }


def test_every_vote_is_logged_and_the_history_kept(
    committee: Committee, pending: int, seal: Callable[[], None]
) -> None:
    committee.vote(pending, 1, "no", comment="Where is page 2?")
    for member in (2, 3, 4):
        committee.vote(pending, member)
    seal()
    with reading(committee.ledger.registry.engine) as connection:
        votes = connection.execute(
            select(LogEntry.entry)
            .where(LogEntry.kind == "committee-vote")
            .order_by(LogEntry.sequence)
        )
        entries = votes.scalars().all()
        events = connection.execute(
            select(TransactionEvent.status, TransactionEvent.stage).where(
                TransactionEvent.transaction_id == pending
            )
        ).all()
        decided = connection.execute(
            select(TransactionRow.decided_by).where(TransactionRow.id == pending)
        ).scalar_one()
    assert [b'"choice":"yes"' in entry for entry in entries] == [False, True, True, True]
    assert b"page 2" not in entries[0]
    assert [tuple(event) for event in events] == [(1, None), (2, 9002), (4, None)]
    assert decided == committee.members[3].id


def test_many_votes_at_once_complete_once(committee: Committee, pending: int) -> None:
    def cast(member: int) -> list[int] | TransactionStatus:
        try:
            return committee.vote(pending, member).outcome.status
        except RulesBroken as broken:
            return [item.code for item in broken.violations]

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(cast, range(1, 6)))
    assert [found.count(item) for item in (OPEN, DONE, [9141])] == [2, 1, 2]
    assert committee.ledger.holding(committee.ledger.forest) == (600, 0)
    assert verify_registry(committee.ledger.registry).ok


@pytest.mark.embedded_only(reason="on a server nobody but a member's own desk calls teak.vote")
def test_the_database_refuses_to_complete_without_the_quorum(
    committee: Committee, pending: int
) -> None:
    """Even when the desk's own count were wrong: one vote is not three."""
    from app.services.log.append import LogWriter
    from app.services.transactions.recording import record_vote
    from app.services.transactions.records import VoteRecord, completion_record

    registry, member = committee.ledger.registry, committee.members[0]

    def complete_at_once() -> None:
        with UnitOfWork(registry.engine) as unit:
            facts = deciding_facts(unit.connection, registry, pending, member)
            record = VoteRecord(
                transaction_id=pending,
                person_id=member.id,
                choice="yes",
                comment="",
                at=facts.now,
                persons={"done": member.user_name},
                body={},
                seen=0,
                completion=completion_record(evaluate(facts)),
            )
            record_vote(unit.connection, LogWriter(unit.connection), record)
            unit.commit()

    with pytest.raises(GuardRefused, match="quorum"):
        complete_at_once()
    with reading(registry.engine) as connection:
        assert connection.execute(select(VoteTable.choice)).all() == []
