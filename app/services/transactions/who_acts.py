"""Who may propose, ask again and decide: judged before anything is stored.

Owns running the catalogue's checks of persons and of the order of requests on what is known so
early; knows no rule of its own. Reads, and never writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.models.codes import CheckCategory, Role, TransactionStatus
from app.models.storage.unit_of_work import reading
from app.services.checks.catalogue import APPLYING
from app.services.checks.engine import run_checks
from app.services.checks.refusals import refuse
from app.services.checks.violation import RulesBroken, Violation
from app.services.registry.context import BANGKOK, Actor, OpenRegistry
from app.services.transactions.acts import Act
from app.services.transactions.facts import Facts, PendingFacts
from app.services.transactions.gather import gather
from app.services.transactions.planning import Plan
from app.services.transactions.reading_ahead import Asking, reads_by_act
from app.services.transactions.situation import Situation, read_person, read_situation

_BEFORE_STORING = frozenset(
    {CheckCategory.VERSION_AND_AUTHENTICATION, CheckCategory.MESSAGE_SEQUENCE}
)
_NOT_PROPOSED_YET = 0


def refuse_repetition(situation: Situation, country: str, now: datetime) -> None:
    """Raise RulesBroken unless this person may ask, and asked the very same before.

    What somebody else proposed is nobody else's answer; nor is it that of a person whose access
    was revoked since.
    """
    assert situation.earlier is not None
    facts = Facts(
        act=situation.act,
        country=country,
        now=now,
        today=now.astimezone(BANGKOK).date(),
        person=situation.person,
        repeated=situation.earlier.repeated(situation),
    )
    _refuse(_judge(facts))


def refuse_second_person(
    registry: OpenRegistry, act: Act, *, proposer: Actor, decider: Actor
) -> None:
    """Raise RulesBroken when `decider` could not approve the act at once, were it proposed now.

    For an act that is to be proposed and approved in one go: who may not approve it, or not
    yet, leaves no proposal behind.
    """
    if act.decider is Role.COMMITTEE:
        raise refuse(9594)
    now = registry.now()
    with reading(registry.engine_for(proposer)) as connection:
        asking = Asking(registry.country, registry.today())
        ahead = reads_by_act(act, asking)
        situation = read_situation(connection, act, proposer, today=asking.today, ahead=ahead)
        facts = gather(connection, situation, country=registry.country, now=now)
        person = read_person(connection, decider)
    pending = PendingFacts(
        _NOT_PROPOSED_YET,
        TransactionStatus.CHECKED,
        proposer=situation.person,
        not_before=facts.not_before,
        proposed_at=now,
    )
    _refuse(_judge(replace(facts, person=person, deciding=pending)))


def _judge(facts: Facts) -> Sequence[Violation]:
    checks = [row for row in APPLYING[facts.act.name] if row.category in _BEFORE_STORING]
    return run_checks(checks, facts, Plan()).violations


def _refuse(violations: Sequence[Violation]) -> None:
    if violations:
        raise RulesBroken(tuple(violations))
