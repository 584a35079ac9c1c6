"""Checks of a replacement: what may replace what, and that each unit is replaced once.

Source: decision 5/CMP.1, annex, paragraphs 41 to 50.
"""

from __future__ import annotations

import itertools

from app.services.checks.engine import Values
from app.services.transactions.acts.replacement import REPLACEMENT_KINDS, Replacement
from app.services.transactions.facts import Facts
from app.services.transactions.planning import Plan


def _act(facts: Facts) -> Replacement:
    assert isinstance(facts.act, Replacement)
    return facts.act


def _with_problem(facts: Facts, problem: str) -> Values | None:
    found = next((item for item in facts.replaced if item.problem == problem), None)
    if found is None:
        return None
    return {"serial": found.text, "wanted": _act(facts).of_kind.replaced_type}


def check_replacement_kind(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a kind of replacement that there is not."""
    kind = _act(facts).kind
    if kind in REPLACEMENT_KINDS:
        return None
    return {"kind": kind, "kinds": ", ".join(REPLACEMENT_KINDS)}


def check_replaced_named(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a replacement that does not say what is replaced."""
    return None if _act(facts).replaced else {}


def check_replaced_readable(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a replaced serial that no grammar reads."""
    return _with_problem(facts, "unreadable")


def check_replaced_here(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a replaced serial that this registry does not have in one block."""
    return _with_problem(facts, "not-here")


def check_replaced_type(facts: Facts, plan: Plan) -> Values | None:
    """Refuse replaced units of another type than the kind replaces."""
    return _with_problem(facts, "other-type")


def check_replaced_live(facts: Facts, plan: Plan) -> Values | None:
    """Refuse replacing units that were cancelled, replaced with or sent away."""
    return _with_problem(facts, "ended")


def check_replaced_once(facts: Facts, plan: Plan) -> Values | None:
    """Refuse replacing a unit twice."""
    return _with_problem(facts, "replaced")


def check_replaced_apart(facts: Facts, plan: Plan) -> Values | None:
    """Refuse replaced serials that overlap each other, or units that replace themselves."""
    ranges = [(item.series, item.first, item.last, item.text) for item in facts.replaced]
    ranges += [(move.series, move.first, move.last, move.serial) for move in plan.moves]
    readable = sorted(item for item in ranges if item[0])
    for one, other in itertools.pairwise(readable):
        if one[0] == other[0] and other[1] <= one[2]:
            return {"serial": other[3], "other": one[3]}
    return None


def check_replaced_quantity(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a replacement that is not one for one."""
    named = sum(item.quantity for item in facts.replaced)
    if not facts.replaced or named == facts.act.quantity:
        return None
    return {"named": f"{named:,}", "quantity": f"{facts.act.quantity:,}"}


def check_may_replace(facts: Facts, plan: Plan) -> Values | None:
    """Refuse units of a type that may not replace such units."""
    kind = _act(facts).of_kind
    if facts.act.unit_type in kind.may_replace:
        return None
    return {
        "unit_type": facts.act.unit_type,
        "replaced": kind.replaced_type,
        "types": ", ".join(sorted(kind.may_replace)),
    }


def check_same_project(facts: Facts, plan: Plan) -> Values | None:
    """Refuse replacing by units of the same type from another project."""
    if facts.act.unit_type not in _act(facts).of_kind.same_project:
        return None
    replaced = {item.block.project for item in facts.replaced if item.block is not None}
    for move in plan.moves:
        if move.block is not None and move.block.project not in replaced:
            return {"serial": move.serial, "unit_type": facts.act.unit_type}
    return None
