"""Checks of the units that leave an account: their type, the balance, hand-picked blocks."""

from __future__ import annotations

import itertools

from app.models.codes import MAX_BLOCKS_PER_TRANSACTION
from app.services.checks.engine import Values
from app.services.transactions.acts import Cancellation, Disposal
from app.services.transactions.acts.disposal import CANCELLATION_KINDS, VOLUNTARY
from app.services.transactions.facts import ChosenRange, Facts
from app.services.transactions.planning import Plan


def check_unit_type(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a unit type this registry does not keep."""
    return None if facts.unit_type is not None else {"unit_type": facts.act.unit_type}


def check_available(facts: Facts, plan: Plan) -> Values | None:
    """Refuse more units than are free: held, unreserved, unexpired and of the kind asked for.

    Blocks are read no further than one transaction takes: beyond, the number of blocks is what
    is wrong, and how many units are free is not known.
    """
    act = facts.act
    assert isinstance(act, Disposal)
    if act.blocks or plan.quantity >= act.quantity or check_block_count(facts, plan):
        return None
    return {
        "quantity": f"{act.quantity:,}",
        "free": f"{plan.quantity:,}",
        "unit_type": act.unit_type,
        "number": act.from_account,
        **_of_period(facts, act),
    }


def _of_period(facts: Facts, act: Disposal) -> dict[str, str]:
    """Name the commitment period that was asked for, and those whose units are there."""
    if act.of_period is None:
        return dict.fromkeys(("of_period", "of_period_th", "instead", "instead_th"), "")
    there = [(f"{free:,}", period) for period, free in facts.free_by_period]
    found = ", ".join(f"{free} of period {period}" for free, period in there) or "none of any"
    found_th = ", ".join(f"ช่วง {period} จำนวน {free}" for free, period in there) or "ไม่มีเลย"
    return {
        "of_period": f" of commitment period {act.of_period}",
        "of_period_th": f" ของช่วงพันธกรณี {act.of_period}",
        "instead": f" Free there: {found}; name one of these periods, or none.",
        "instead_th": f" หน่วยว่างในบัญชี: {found_th} โปรดระบุช่วงพันธกรณีที่มี หรือไม่ต้องระบุ",
    }


def check_block_count(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a transaction of more blocks than the transaction log took."""
    count = len(plan.moves) + len(plan.levy)
    if count <= MAX_BLOCKS_PER_TRANSACTION:
        return None
    return {"most": f"{MAX_BLOCKS_PER_TRANSACTION:,}"}


def _first_with(facts: Facts, problem: str) -> ChosenRange | None:
    return next((choice for choice in facts.chosen if choice.problem == problem), None)


def _chosen(problem: str, facts: Facts) -> Values | None:
    choice = _first_with(facts, problem)
    return None if choice is None else {"serial": choice.text}


def check_chosen_readable(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a picked serial that no grammar reads."""
    return _chosen("unreadable", facts)


def check_chosen_held(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a picked serial that the account does not hold in one block."""
    return _chosen("not-held", facts)


def check_chosen_free(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a picked serial that a pending transaction has reserved."""
    return _chosen("reserved", facts)


def check_chosen_unexpired(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a picked serial that has expired."""
    return _chosen("expired", facts)


def check_chosen_type(facts: Facts, plan: Plan) -> Values | None:
    """Refuse picked serials of more than the one unit type."""
    return _chosen("other-type", facts)


def check_chosen_apart(facts: Facts, plan: Plan) -> Values | None:
    """Refuse picked serials that overlap each other."""
    ranges = sorted(
        (choice.block.series, choice.first, choice.last, choice.text)
        for choice in facts.chosen
        if choice.block is not None
    )
    for one, other in itertools.pairwise(ranges):
        if one[0] == other[0] and other[1] <= one[2]:
            return {"serial": other[3], "other": one[3]}
    return None


def check_chosen_quantity(facts: Facts, plan: Plan) -> Values | None:
    """Refuse picked serials that do not add up to the quantity."""
    act = facts.act
    assert isinstance(act, Disposal)
    if not act.blocks or plan.quantity == act.quantity:
        return None
    return {"picked": f"{plan.quantity:,}", "quantity": f"{act.quantity:,}"}


def check_cancellation_kind(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a kind of cancellation that there is not."""
    assert isinstance(facts.act, Cancellation)
    if facts.act.kind in CANCELLATION_KINDS:
        return None
    return {"kind": facts.act.kind, "kinds": ", ".join(CANCELLATION_KINDS)}


def note_no_beneficiary(facts: Facts, plan: Plan) -> Values | None:
    """Note that the certificate will name the holder alone."""
    assert isinstance(facts.act, Cancellation)
    return None if facts.act.beneficiary or facts.act.kind != VOLUNTARY else {}


def note_no_purpose(facts: Facts, plan: Plan) -> Values | None:
    """Note that the certificate will give no purpose."""
    assert isinstance(facts.act, Cancellation)
    return None if facts.act.purpose or facts.act.kind != VOLUNTARY else {}
