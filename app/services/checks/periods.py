"""Checks of commitment periods and expiry dates: carry-over, retirement, change of date.

Source: registry codes 3001 to 3003; decision 13/CMP.1, annex, paragraphs 15 and 16.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal

from app.models.codes import NO_EXPIRY_CODE, RuleKind
from app.services.checks.engine import Values
from app.services.transactions.acts.period import ExpiryChange
from app.services.transactions.facts import BlockFacts, Facts, PeriodFacts
from app.services.transactions.planning import Plan, default_expiry

NEVER_CARRIED_OVER = frozenset({"RMU", "tCER", "lCER"})
TEMPORARY = frozenset({"tCER", "lCER"})


def _blocks(plan: Plan) -> list[BlockFacts]:
    return [move.block for move in plan.moves if move.block is not None]


def _period(facts: Facts, number: int) -> PeriodFacts | None:
    return next((each for each in facts.periods if each.number == number), None)


def check_applicable_period(facts: Facts, plan: Plan) -> Values | None:
    """Refuse units of another applicable period than the act names."""
    wanted = getattr(facts.act, "period", None)
    if wanted is None:
        return None
    for move in plan.moves:
        if move.block is not None and move.block.period != wanted:
            return {"serial": move.serial, "period": move.block.period, "wanted": wanted}
    return None


def check_one_period(facts: Facts, plan: Plan) -> Values | None:
    """Refuse units of more than one applicable period in one transaction."""
    found = sorted({block.period for block in _blocks(plan)})
    if len(found) < 2:
        return None
    return {"periods": ", ".join(str(period) for period in found)}


def check_next_period_exists(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a carry-over where the next commitment period has not been opened."""
    if plan.to_period is None or _period(facts, plan.to_period) is not None:
        return None
    return {"period": plan.to_period}


def check_carry_over_window(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a carry-over before its period has ended, or after the next one has."""
    if plan.to_period is None:
        return None
    left, entered = _period(facts, plan.to_period - 1), _period(facts, plan.to_period)
    if entered is None or (
        (left is None or left.last_day < facts.today) and facts.today <= entered.last_day
    ):
        return None
    opens = "…" if left is None else date.fromordinal(left.last_day.toordinal() + 1).isoformat()
    return {
        "period": plan.to_period - 1,
        "opens": opens,
        "closes": entered.last_day.isoformat(),
    }


def check_may_be_carried_over(facts: Facts, plan: Plan) -> Values | None:
    """Refuse carrying over units of a type that ends with its period."""
    if facts.act.unit_type not in NEVER_CARRIED_OVER:
        return None
    return {"unit_type": facts.act.unit_type}


def check_carry_over_limit(facts: Facts, plan: Plan) -> Values | None:
    """Refuse carrying over more than the rule's share of an account's units of the period.

    The share is of what the account still has of the period and what it carried over already.
    """
    rule, carried = facts.rules.get(RuleKind.CARRY_OVER_LIMIT), facts.carried
    if rule is None or carried is None:
        return None
    share = rule.value * (carried.held + carried.carried)
    most = int(Decimal(share).to_integral_value(rounding=ROUND_DOWN))
    before = carried.carried + carried.pending
    if before + facts.act.quantity <= most:
        return None
    return {
        "quantity": f"{facts.act.quantity:,}",
        "before": f"{before:,}",
        "most": f"{most:,}",
        "unit_type": facts.act.unit_type,
    }


def check_nothing_pending_alike(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a second pending transaction of the type from one account."""
    if not facts.pending_alike or facts.transferring is None:
        return None
    return {"number": facts.transferring.number, "unit_type": facts.act.unit_type}


def _expiry_change(facts: Facts) -> ExpiryChange:
    assert isinstance(facts.act, ExpiryChange)
    return facts.act


def check_expiry_may_change(facts: Facts, plan: Plan) -> Values | None:
    """Refuse changing the expiry date of units that neither are temporary nor have a rule."""
    act = _expiry_change(facts)
    if act.unit_type in TEMPORARY or facts.expiry_rule is not None:
        return None
    return {"unit_type": act.unit_type, "day": facts.today.isoformat()}


def check_expiry_ahead(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an expiry date in the past: units are ended by a cancellation, not by a date."""
    to_expiry = _expiry_change(facts).to_expiry
    return None if to_expiry >= facts.today else {"to_expiry": to_expiry.isoformat()}


def check_expiry_differs(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a change to the date that units have already."""
    to_expiry = _expiry_change(facts).to_expiry
    for move in plan.moves:
        if move.block is not None and move.block.expires_on == to_expiry:
            return {"serial": move.serial, "to_expiry": to_expiry.isoformat()}
    return None


def check_expiry_within_rule(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a date later than the rule table gives units of that vintage."""
    act, rule = _expiry_change(facts), facts.expiry_rule
    if rule is None or act.unit_type in TEMPORARY or int(rule.value) == NO_EXPIRY_CODE:
        return None
    for move in plan.moves:
        vintage = None if move.block is None else move.block.vintage
        latest = None if vintage is None else default_expiry(vintage, rule.value)
        if latest is not None and act.to_expiry > latest:
            return {"serial": move.serial, "latest": latest.isoformat()}
    return None
