"""Concluding a vote that needs no further one: members left, or the quorum is another since.

Owns when votes that are cast already decide, and that a member of the committee brings it about:
a conversion must never wait for votes that cannot come. Nothing of it is a vote.
"""

from __future__ import annotations

from app.models.codes import Role, TransactionStatus
from app.models.plain_text import require_plain_text
from app.models.storage.unit_of_work import UnitOfWork
from app.services.checks.refusals import refuse
from app.services.log.append import LogWriter
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.evaluation import Evaluation, evaluate
from app.services.transactions.proposing import (
    Outcome,
    again_after_conflict,
    deciding_facts,
    refuse_if_decider_is_wrong,
)
from app.services.transactions.recording import record_completion, record_end
from app.services.transactions.voting import (
    Standing,
    Tally,
    VoteOutcome,
    read_votes,
    tally_of,
)


def conclude(
    registry: OpenRegistry, transaction_id: int, actor: Actor, *, comment: str = ""
) -> VoteOutcome:
    """Complete or reject a pending conversion as the votes that are cast say already.

    Raises RulesBroken, changing nothing, when this person is no active member or proposed it, or
    when further votes can still decide; NotFound for an unknown transaction. When the quorum
    agrees but a rule of the conversion is broken by now, it is terminated with its codes.
    """
    comment = require_plain_text(comment, what="comment")

    def once() -> VoteOutcome:
        with UnitOfWork(registry.engine_for(actor)) as unit:
            unit.commits_with_write()
            connection = unit.connection
            facts = deciding_facts(connection, registry, transaction_id, actor)
            name = f"{registry.country}{transaction_id}"
            if facts.act.decider is not Role.COMMITTEE:
                decider = facts.act.decider
                raise refuse(
                    9593, transaction=name, wanted=decider.words, wanted_th=decider.words_th
                )
            evaluation = evaluate(facts)
            refuse_if_decider_is_wrong(evaluation.violations)
            tally = tally_of(connection, facts, read_votes(connection, transaction_id))
            if tally.standing is Standing.OPEN:
                raise refuse(9595, transaction=name, **_figures(tally))
            log = LogWriter(connection)
            status = _status(evaluation, tally)
            if status is TransactionStatus.COMPLETED:
                record_completion(connection, log, evaluation, comment=comment)
            else:
                record_end(
                    connection,
                    facts,
                    status,
                    comment=comment or _said(tally),
                    evaluation=evaluation if status is TransactionStatus.TERMINATED else None,
                )
            log.flush()
            unit.commit()
        return VoteOutcome(Outcome(transaction_id, name, status, evaluation), tally)

    return again_after_conflict(once)


def _status(evaluation: Evaluation, tally: Tally) -> TransactionStatus:
    if tally.standing is Standing.OUT_OF_REACH:
        return TransactionStatus.REJECTED
    return TransactionStatus.TERMINATED if evaluation.violations else TransactionStatus.COMPLETED


def _figures(tally: Tally) -> dict[str, object]:
    return {"yes": tally.yes, "no": tally.no, "members": tally.members, "quorum": tally.quorum}


def _said(tally: Tally) -> str:
    """Say why, where the member says nothing: an end that is no vote has its reason too."""
    if tally.standing is Standing.REACHED:
        return f"The quorum of {tally.quorum} agreed."
    return (
        f"The quorum of {tally.quorum} cannot be reached any more: {tally.yes} yes, {tally.no} "
        f"no, {tally.members} members."
    )
