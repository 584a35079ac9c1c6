"""Votes of the committee, which decides on unit conversions.

Owns who may vote, the count, and when a vote decides; what it brings about is written as one
record with the vote. The quorum is the rule `committee-quorum` of the units to be reissued, 3
where none is valid. The yes that reaches it completes the conversion, after the checks ran
again. A no rejects it once the quorum can no longer be reached, even if every member who has not
voted said yes. Only votes of members who are active now count. Members leave and the rule changes
while a vote is open: what the votes then say already, `concluding` brings about. The source
(TGO, 2015) asks for the committee's approval before execution and leaves its rules of voting
open; these are Teak's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from app.models.codes import PersonState, Role, RuleKind, TransactionStatus
from app.models.plain_text import require_plain_text
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables.base import time_text
from app.services.checks.refusals import refuse
from app.services.log.append import LogWriter
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions import statements
from app.services.transactions.evaluation import Evaluation, evaluate
from app.services.transactions.facts import Facts
from app.services.transactions.proposing import (
    Outcome,
    again_after_conflict,
    deciding_facts,
    refuse_if_decider_is_wrong,
)
from app.services.transactions.recording import record_vote
from app.services.transactions.records import VoteRecord, completion_record, end_record

QUORUM_WITHOUT_RULE = 3


class Choice(StrEnum):
    """What a member says to a proposal."""

    YES = "yes"
    NO = "no"

    @property
    def words_th(self) -> str:
        """Name the choice in a Thai sentence; in English its value is the word."""
        return {Choice.YES: "เห็นชอบ", Choice.NO: "ไม่เห็นชอบ"}[self]


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as it was cast; `counts` says that its member is still active."""

    user: str
    name: str
    choice: Choice
    comment: str
    at: datetime
    counts: bool

    def as_json(self) -> dict[str, Any]:
        """Write the vote as the command line gives it."""
        return {
            "user": self.user,
            "choice": str(self.choice),
            "comment": self.comment or None,
            "at": time_text(self.at),
            "counts": self.counts,
        }


class Standing(StrEnum):
    """What the votes that are cast come to, by the members and the quorum of today."""

    OPEN = "open"
    REACHED = "reached"
    OUT_OF_REACH = "out-of-reach"


@dataclass(frozen=True, slots=True)
class Tally:
    """How a vote stands; `members` are the active members of the committee, voted or not."""

    yes: int
    no: int
    members: int
    quorum: int

    @property
    def is_reached(self) -> bool:
        """Tell whether the quorum agreed."""
        return self.yes >= self.quorum

    @property
    def is_out_of_reach(self) -> bool:
        """Tell whether the quorum cannot agree any more, whatever the others say."""
        return self.members - self.no < self.quorum

    @property
    def standing(self) -> Standing:
        """Say what the votes that are cast come to."""
        if self.is_reached:
            return Standing.REACHED
        return Standing.OUT_OF_REACH if self.is_out_of_reach else Standing.OPEN

    def as_json(self) -> dict[str, Any]:
        """Write the tally as the command line gives it."""
        return {
            "yes": self.yes,
            "no": self.no,
            "members": self.members,
            "quorum": self.quorum,
            "standing": str(self.standing),
        }

    def with_vote(self, choice: Choice) -> Tally:
        """Count one more vote."""
        if choice is Choice.YES:
            return replace(self, yes=self.yes + 1)
        return replace(self, no=self.no + 1)


@dataclass(frozen=True, slots=True)
class VoteOutcome:
    """What became of the transaction by a vote, and how the vote stands now."""

    outcome: Outcome
    tally: Tally


def vote(
    registry: OpenRegistry,
    transaction_id: int,
    actor: Actor,
    *,
    choice: Choice,
    comment: str = "",
) -> VoteOutcome:
    """Cast a vote on a pending conversion; it completes or rejects it where it decides.

    Raises RulesBroken, changing nothing, when this person may not vote, has voted, or gives no
    reason for a no; NotFound for an unknown transaction. When the quorum agrees but a rule of
    the conversion is broken by now, the transaction is terminated with its response codes.
    """
    comment = require_plain_text(comment, what="comment")

    def cast() -> VoteOutcome:
        with UnitOfWork(registry.engine_for(actor)) as unit:
            unit.commits_with_write()
            log = LogWriter(unit.connection)
            outcome = _vote_within(
                unit.connection,
                log,
                registry,
                transaction_id,
                actor,
                choice=choice,
                comment=comment,
            )
            log.flush()
            unit.commit()
        return outcome

    return again_after_conflict(cast)


def _vote_within(
    connection: Connection,
    log: LogWriter,
    registry: OpenRegistry,
    transaction_id: int,
    actor: Actor,
    *,
    choice: Choice,
    comment: str,
) -> VoteOutcome:
    facts = deciding_facts(connection, registry, transaction_id, actor)
    name = f"{registry.country}{transaction_id}"
    if facts.act.decider is not Role.COMMITTEE:
        decider = facts.act.decider
        raise refuse(9593, transaction=name, wanted=decider.words, wanted_th=decider.words_th)
    evaluation = evaluate(facts)
    refuse_if_decider_is_wrong(evaluation.violations)
    votes = read_votes(connection, transaction_id)
    _refuse_second_vote(votes, actor, name)
    if choice is Choice.NO and not comment:
        raise refuse(9591)
    tally = tally_of(connection, facts, votes).with_vote(choice)
    status, record = _decide(evaluation, tally, choice=choice, comment=comment, seen=len(votes))
    record_vote(connection, log, record)
    return VoteOutcome(Outcome(transaction_id, name, status, evaluation), tally)


def _decide(
    evaluation: Evaluation, tally: Tally, *, choice: Choice, comment: str, seen: int
) -> tuple[TransactionStatus, VoteRecord]:
    """Work out what the vote brings about."""
    facts = evaluation.facts
    record = _vote_record(facts, choice=choice, comment=comment, seen=seen)
    if choice is Choice.YES and tally.is_reached:
        if not evaluation.violations:
            completion = completion_record(evaluation, comment=comment)
            return TransactionStatus.COMPLETED, replace(record, completion=completion)
        status = TransactionStatus.TERMINATED
        ended = end_record(facts, status, comment=comment, evaluation=evaluation)
        return status, replace(record, end=ended)
    if choice is Choice.NO and tally.is_out_of_reach:
        status = TransactionStatus.REJECTED
        return status, replace(record, end=end_record(facts, status, comment=comment))
    return TransactionStatus.CHECKED, record


def _vote_record(facts: Facts, *, choice: Choice, comment: str, seen: int) -> VoteRecord:
    """Describe the vote; the log keeps the comment's digest, since it cannot forget a name."""
    assert facts.deciding is not None
    return VoteRecord(
        transaction_id=facts.deciding.id,
        person_id=facts.person.id,
        choice=str(choice),
        comment=comment,
        at=facts.now,
        persons={"done": facts.person.user_name},
        seen=seen,
        body={
            "transaction": f"{facts.country}{facts.deciding.id}",
            "choice": str(choice),
            "comment_sha256": sha256(comment.encode()).hexdigest(),
        },
    )


def _refuse_second_vote(votes: Sequence[Vote], actor: Actor, name: str) -> None:
    earlier = next((item for item in votes if item.user == actor.user_name), None)
    if earlier is not None:
        raise refuse(
            9590,
            user=actor.user_name,
            choice=earlier.choice,
            choice_th=earlier.choice.words_th,
            transaction=name,
        )


def read_votes(connection: Connection, transaction_id: int) -> tuple[Vote, ...]:
    """Read the votes on a transaction, the earliest first."""
    rows = statements.VOTES.records(connection, {"transaction_id": transaction_id})
    return tuple(
        Vote(
            user=row.user_name,
            name=row.name,
            choice=Choice(row.choice),
            comment=row.comment,
            at=row.at,
            counts=row.state == PersonState.ACTIVE,
        )
        for row in rows
    )


def tally_of(connection: Connection, facts: Facts, votes: Sequence[Vote]) -> Tally:
    """Count the votes of active members against the quorum that is valid today."""
    rule = facts.rules.get(RuleKind.COMMITTEE_QUORUM)
    return count_votes(connection, votes, None if rule is None else int(rule.value))


def count_votes(connection: Connection, votes: Sequence[Vote], quorum: int | None) -> Tally:
    """Count the votes of members who are active now; None: no rule says the quorum."""
    row = statements.MEMBERS.find(connection, {})
    assert row is not None
    counting = [item.choice for item in votes if item.counts]
    return Tally(
        yes=counting.count(Choice.YES),
        no=counting.count(Choice.NO),
        members=int(row[0]),
        quorum=QUORUM_WITHOUT_RULE if quorum is None else quorum,
    )


def get_tally(registry: OpenRegistry, transaction_id: int, actor: Actor) -> Tally:
    """Tell how the vote on a transaction stands now; raises NotFound."""
    with reading(registry.engine) as connection:
        facts = deciding_facts(connection, registry, transaction_id, actor)
        return tally_of(connection, facts, read_votes(connection, transaction_id))
