"""Checks of what limits a transfer: own units, trust, the delay for strangers.

Units an account acquired from others are free of the limits on its own. Source: TGO registry,
business logic tables; UK registry check 2507.
"""

from __future__ import annotations

from collections import Counter

from app.models.codes import RuleKind
from app.services.checks.engine import Values
from app.services.registry.context import BANGKOK
from app.services.transactions.facts import Facts, OwnUnitsFacts
from app.services.transactions.planning import Plan


def _own_moving(facts: Facts, plan: Plan) -> Counter[int]:
    """Count the own units that would move, by commitment period."""
    moving: Counter[int] = Counter()
    if facts.transferring is not None:
        for move in plan.moves:
            if move.block is not None and move.block.issued_to == facts.transferring.id:
                moving[move.block.period] += move.quantity
    return moving


def _kept(facts: Facts, period: int) -> OwnUnitsFacts:
    found = (kept for kept in facts.own_units if kept.period == period)
    return next(found, OwnUnitsFacts(period, 0, 0))


def check_maximum_transfer(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to pass on more of the units an account was itself issued than its period allows."""
    rule = facts.rules.get(RuleKind.MAXIMUM_TRANSFER)
    if rule is None:
        return None
    for period, quantity in sorted(_own_moving(facts, plan).items()):
        passed_on = _kept(facts, period).passed_on
        if passed_on + quantity > rule.value:
            return {
                "quantity": f"{quantity:,}",
                "passed_on": f"{passed_on:,}",
                "most": f"{int(rule.value):,}",
                "period": period,
                "unit_type": facts.act.unit_type,
            }
    return None


def check_reserve(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to pass on own units that the reserve of their period keeps back."""
    rule = facts.rules.get(RuleKind.RESERVE)
    if rule is None:
        return None
    for period, quantity in sorted(_own_moving(facts, plan).items()):
        kept = _kept(facts, period)
        left = kept.issued - kept.passed_on - quantity
        if left < rule.value:
            return {
                "left": f"{max(left, 0):,}",
                "reserve": f"{int(rule.value):,}",
                "period": period,
                "unit_type": facts.act.unit_type,
            }
    return None


def check_trusted(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a transfer off the trusted list where the rules allow none."""
    rule = facts.rules.get(RuleKind.STRANGERS_ALLOWED)
    if rule is None or rule.value > 0 or not facts.is_stranger:
        return None
    return {"number": facts.act.acquiring_number, "own": facts.act.transferring_number}


def note_delay(facts: Facts, plan: Plan) -> Values | None:
    """Say when a transfer to a stranger may complete."""
    if facts.not_before is None:
        return None
    return {
        "number": facts.act.acquiring_number,
        "moment": f"{facts.not_before.astimezone(BANGKOK):%Y-%m-%d %H:%M}",
    }


def check_delay_over(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to complete a delayed transaction before its time.

    The delay is worked out anew: the proposer's client wrote down the one that is kept.
    """
    pending = facts.deciding
    if pending is None:
        return None
    moments = [moment for moment in (pending.not_before, facts.not_before) if moment is not None]
    if not moments or facts.now >= max(moments):
        return None
    return {"moment": f"{max(moments).astimezone(BANGKOK):%Y-%m-%d %H:%M}"}
