"""Checks of who acts: roles, two persons, people still at the desk."""

from __future__ import annotations

from app.models.codes import Role
from app.services.checks.engine import Values
from app.services.transactions.facts import Facts, PersonFacts
from app.services.transactions.planning import Plan


def _wanted(role: Role) -> dict[str, object]:
    return {"wanted": role.words, "wanted_th": role.words_th}


def _user_and_role(person: PersonFacts) -> dict[str, object]:
    return {
        "user": person.user_name,
        "role": person.role.words,
        "role_th": person.role.words_th,
    }


def check_proposer_role(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a proposal by anyone but those whose act it is, mostly a registry officer."""
    proposer = facts.deciding.proposer if facts.deciding else facts.person
    if proposer.role in facts.act.proposers:
        return None
    return _user_and_role(proposer) | _wanted(facts.act.proposer)


def check_decider_role(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a decision by anyone but those who decide such acts, mostly an approver."""
    if facts.deciding is None or facts.person.role is facts.act.decider:
        return None
    return _user_and_role(facts.person) | _wanted(facts.act.decider)


def check_two_persons(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a decision by the person who proposed."""
    if facts.deciding is None or facts.deciding.proposer.id != facts.person.id:
        return None
    return {"user": facts.person.user_name}


def check_person_active(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an act by somebody whose access was revoked."""
    return None if facts.person.is_active else {"user": facts.person.user_name}
