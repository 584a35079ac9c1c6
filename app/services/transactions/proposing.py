"""Proposing and deciding: the acts by which a transaction lives.

Owns the unit of work of each, the idempotent request id, and who may do what (through the
checks). Preview is in `evaluation`; all three run the same code.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Connection

from app.models.codes import CheckCategory, Role, TransactionStatus
from app.models.errors import Conflict, NotFound
from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.checks.refusals import refuse
from app.services.checks.violation import RulesBroken, Violation
from app.services.log.append import LogWriter
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Act
from app.services.transactions.evaluation import Evaluation, evaluate
from app.services.transactions.facts import Facts
from app.services.transactions.gather import gather
from app.services.transactions.reading_ahead import Asking, reads_by_act
from app.services.transactions.recording import (
    record_completion,
    record_end,
    record_proposal,
)
from app.services.transactions.situation import find_decision, read_situation
from app.services.transactions.steady_facts import SteadyFacts
from app.services.transactions.who_acts import refuse_repetition

ATTEMPTS = 12
"""How often an act is tried on a server where others take the same units at the same time."""
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 0.005, 0.3

DELAYED = 9661
"""The check by which a delayed act may not complete yet."""

Came = TypeVar("Came")
_IDENTIFIER = re.compile(r"(?P<country>[A-Z]{2})?(?P<number>[0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a transaction by an act, with the evaluation it rested on."""

    transaction_id: int
    identifier: str
    status: TransactionStatus
    evaluation: Evaluation | None = None


def transaction_number(registry: OpenRegistry, identifier: str) -> int:
    """Read an identifier such as TH12; raises NotFound for another form or country."""
    found = _IDENTIFIER.fullmatch(identifier.strip())
    if found is None or found["country"] not in (None, registry.country):
        raise NotFound(
            f"“{identifier}” is not a transaction identifier of this registry.",
            hint=f"One looks like {registry.country}12; `teak transactions` lists them.",
        )
    return int(found["number"])


def propose(
    registry: OpenRegistry, act: Act, actor: Actor, *, request_id: str | None = None
) -> Outcome:
    """Propose the act: its units are reserved until somebody else decides.

    A repeated `request_id` of the same person with the same act gives the transaction of the
    first time. Raises RulesBroken with every violation when the checks refuse; then nothing is
    changed.
    """
    if request_id is not None:
        request_id = require_plain_text(request_id, what="request id", longest=LONGEST_NAME)
    request_id = request_id or uuid4().hex

    def once() -> Outcome:
        with UnitOfWork(registry.engine_for(actor)) as unit:
            unit.commits_with_write()
            outcome = propose_within(unit.connection, registry, act, actor, request_id=request_id)
            unit.commit()
        return outcome

    return again_after_conflict(once)


def propose_within(
    connection: Connection,
    registry: OpenRegistry,
    act: Act,
    actor: Actor,
    *,
    request_id: str,
    steady: SteadyFacts | None = None,
) -> Outcome:
    """Propose inside a unit of work of the caller's; for `steady` see `gather`."""
    now = registry.now()
    asking = Asking(registry.country, registry.today())
    situation = read_situation(
        connection,
        act,
        actor,
        today=asking.today,
        request_id=request_id,
        ahead=reads_by_act(act, asking),
    )
    earlier = situation.earlier
    if earlier is not None:
        refuse_repetition(situation, registry.country, now)
        return Outcome(earlier.id, f"{registry.country}{earlier.id}", earlier.status)
    facts = gather(connection, situation, country=registry.country, now=now, steady=steady)
    evaluation = evaluate(facts)
    if evaluation.violations:
        raise RulesBroken(evaluation.violations)
    transaction_id = record_proposal(connection, evaluation, request_id)
    return Outcome(
        transaction_id,
        f"{registry.country}{transaction_id}",
        TransactionStatus.CHECKED,
        evaluation,
    )


def preview_decision(registry: OpenRegistry, transaction_id: int, actor: Actor) -> Evaluation:
    """Tell what approving a pending transaction would do now; changes nothing."""
    with reading(registry.engine_for(actor)) as connection:
        return evaluate(deciding_facts(connection, registry, transaction_id, actor))


def approve(
    registry: OpenRegistry, transaction_id: int, actor: Actor, *, comment: str = ""
) -> Outcome:
    """Approve a pending transaction; its units move and the log says so.

    The checks run again. Raises RulesBroken, changing nothing, when this person may not
    decide or the transaction has ended; when a rule of the act itself is broken by now, the
    transaction is terminated with its response codes and its units are released.
    """
    comment = require_plain_text(comment, what="comment")

    def once() -> Outcome:
        with UnitOfWork(registry.engine_for(actor)) as unit:
            unit.commits_with_write()
            log = LogWriter(unit.connection)
            outcome = approve_within(
                unit.connection, log, registry, transaction_id, actor, comment=comment
            )
            log.flush()
            unit.commit()
        return outcome

    return again_after_conflict(once)


def again_after_conflict(act: Callable[[], Came]) -> Came:
    """Carry out an act anew, from reading on, when somebody else was quicker; not for ever.

    What conflicted changed nothing. Those who met wait each for a while of their own, so that
    they do not meet again. Raises Conflict after the last attempt.
    """
    for attempt in range(ATTEMPTS - 1):
        try:
            return act()
        except Conflict:
            longest = min(_SHORTEST_WAIT_S * 2**attempt, _LONGEST_WAIT_S)
            time.sleep(random.uniform(0, longest))  # noqa: S311 - a wait, no secret
    return act()


def approve_within(
    connection: Connection,
    log: LogWriter,
    registry: OpenRegistry,
    transaction_id: int,
    actor: Actor,
    *,
    comment: str = "",
    steady: SteadyFacts | None = None,
) -> Outcome:
    """Approve inside a unit of work of the caller's, who also flushes the log."""
    facts = deciding_facts(connection, registry, transaction_id, actor, steady)
    _refuse_if_the_committee_decides(facts, transaction_id)
    evaluation = evaluate(facts)
    status = TransactionStatus.COMPLETED
    if evaluation.violations:
        refuse_if_decider_is_wrong(evaluation.violations)
        status = TransactionStatus.TERMINATED
        record_end(connection, facts, status, comment=comment, evaluation=evaluation)
    else:
        record_completion(connection, log, evaluation, comment=comment)
    return Outcome(transaction_id, f"{registry.country}{transaction_id}", status, evaluation)


def reject(registry: OpenRegistry, transaction_id: int, actor: Actor, *, comment: str) -> Outcome:
    """Reject a pending transaction with a comment; its units are free again.

    Raises RulesBroken when this person may not decide, the transaction has ended, or the
    comment is empty.
    """
    return _end(registry, transaction_id, actor, TransactionStatus.REJECTED, comment)


def withdraw(
    registry: OpenRegistry, transaction_id: int, actor: Actor, *, comment: str = ""
) -> Outcome:
    """Take back one's own pending proposal; its units are free again."""
    return _end(registry, transaction_id, actor, TransactionStatus.CANCELLED, comment)


def _end(
    registry: OpenRegistry,
    transaction_id: int,
    actor: Actor,
    status: TransactionStatus,
    comment: str,
) -> Outcome:
    comment = require_plain_text(comment, what="comment")

    def once() -> Outcome:
        with UnitOfWork(registry.engine_for(actor)) as unit:
            unit.commits_with_write()
            connection = unit.connection
            facts = deciding_facts(connection, registry, transaction_id, actor)
            _refuse_end(facts, transaction_id, status, comment)
            record_end(connection, facts, status, comment=comment)
            unit.commit()
        return Outcome(transaction_id, f"{registry.country}{transaction_id}", status)

    return again_after_conflict(once)


def _refuse_end(facts: Facts, transaction_id: int, status: TransactionStatus, comment: str) -> None:
    if status is TransactionStatus.CANCELLED:
        _require_own(facts)
        return
    _refuse_if_the_committee_decides(facts, transaction_id)
    violations = evaluate(facts).violations
    # A delay keeps an act from completing, not from being refused.
    refuse_if_decider_is_wrong(tuple(item for item in violations if item.code != DELAYED))
    _require_comment(comment)


def deciding_facts(
    connection: Connection,
    registry: OpenRegistry,
    transaction_id: int,
    actor: Actor,
    steady: SteadyFacts | None = None,
) -> Facts:
    """Read what a decision on a transaction rests on; raises NotFound."""
    situation = find_decision(connection, transaction_id, actor, today=registry.today())
    if situation is None:
        raise NotFound(
            f"There is no transaction {registry.country}{transaction_id}.",
            hint="`teak transactions` lists them.",
        )
    return gather(
        connection, situation, country=registry.country, now=registry.now(), steady=steady
    )


def refuse_if_decider_is_wrong(violations: tuple[Violation, ...]) -> None:
    """Raise for what is wrong with the decision itself rather than with the act."""
    of_decision = {CheckCategory.VERSION_AND_AUTHENTICATION, CheckCategory.MESSAGE_SEQUENCE}
    wrong = tuple(item for item in violations if item.category in of_decision)
    if wrong:
        raise RulesBroken(wrong)


def _refuse_if_the_committee_decides(facts: Facts, transaction_id: int) -> None:
    if facts.act.decider is Role.COMMITTEE:
        raise refuse(9592, transaction=f"{facts.country}{transaction_id}")


def _require_comment(comment: str) -> None:
    if not comment:
        raise refuse(9143)


def _require_own(facts: Facts) -> None:
    pending = facts.deciding
    assert pending is not None
    if pending.proposer.id != facts.person.id or pending.status.is_final:
        raise refuse(9144, user=pending.proposer.user_name)
