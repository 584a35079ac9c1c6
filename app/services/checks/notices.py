"""Checks of the notice an act answers: that it exists, is open, and asks for this."""

from __future__ import annotations

from app.services.checks.engine import Values
from app.services.transactions.facts import Facts
from app.services.transactions.planning import Plan

COMPLETED = 3
"""The status of a notice that was fulfilled."""


def check_notice_exists(facts: Facts, plan: Plan) -> Values | None:
    """Refuse the number of a notice this registry has not received."""
    if facts.notice is not None or not facts.act.notice_number.strip():
        return None
    return {"notice": facts.act.notice_number}


def check_notice_open(facts: Facts, plan: Plan) -> Values | None:
    """Refuse answering a notice that was fulfilled already."""
    if facts.notice is None or facts.notice.status != COMPLETED:
        return None
    return {"notice": facts.notice.number}


def check_notice_type(facts: Facts, plan: Plan) -> Values | None:
    """Refuse answering a notice by an act that does not fulfil it."""
    notice = facts.notice
    if notice is None or notice.type in facts.act.notice_types:
        return None
    return {"notice": notice.number, "type": notice.type}


def check_notice_units(facts: Facts, plan: Plan) -> Values | None:
    """Refuse answering a notice about one unit type with units of another.

    What replaces temporary units is of another type than they are, and what makes good an
    over-issuance may be.
    """
    notice = facts.notice
    if notice is None or notice.unit_type in (None, facts.act.unit_type):
        return None
    if facts.replaced or facts.named is not None:
        return None
    return {
        "notice": notice.number,
        "wanted": notice.unit_type,
        "unit_type": facts.act.unit_type,
    }


def check_notice_account(facts: Facts, plan: Plan) -> Values | None:
    """Refuse answering a notice about one account with units of another."""
    notice, account = facts.notice, facts.transferring
    if notice is None or account is None or notice.account_id in (None, account.id):
        return None
    return {"notice": notice.number, "number": account.number}
