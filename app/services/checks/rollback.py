"""Checks of a rollback: what may be undone, until when, and where its units are by now."""

from __future__ import annotations

from app.models.codes import SupplementaryType, TransactionStatus, TransactionType
from app.services.checks.engine import Values
from app.services.transactions.acts import Rollback
from app.services.transactions.facts import Facts, MovedOn
from app.services.transactions.planning import Plan

ENDED_FOR_GOOD = frozenset(
    {TransactionType.CANCELLATION, TransactionType.RETIREMENT, TransactionType.REPLACEMENT}
)


def _name(facts: Facts) -> str:
    assert isinstance(facts.act, Rollback)
    return facts.act.transaction


def check_reversed_exists(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to undo a transaction that is not in this registry."""
    return None if facts.reversed is not None else {"transaction": _name(facts)}


def check_not_ended_for_good(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to undo a cancellation, a retirement or a replacement: never."""
    found = facts.reversed
    if found is None or found.type not in ENDED_FOR_GOOD:
        return None
    return {"transaction": _name(facts)}


def check_is_transfer(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to undo anything but a plain internal transfer.

    What else moves units inside the registry has its own way back, and a rollback none.
    """
    found = facts.reversed
    if found is None or found.type in ENDED_FOR_GOOD:
        return None
    kind = (found.type, found.supplementary_type)
    if kind == (TransactionType.INTERNAL_TRANSFER, SupplementaryType.NONE):
        return None
    return {
        "transaction": _name(facts),
        "type": found.type,
        "supplementary_type": found.supplementary_type,
    }


def check_is_completed(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to undo a transfer that moved nothing, or has not yet."""
    found = facts.reversed
    if found is None or found.status is TransactionStatus.COMPLETED:
        return None
    return {
        "transaction": _name(facts),
        "status": found.status.words,
        "status_th": found.status.words_th,
    }


def check_not_rolled_back(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to undo a transfer twice, or while another rollback of it is pending."""
    found = facts.reversed
    if found is None or found.rolled_back_by is None:
        return None
    return {"transaction": _name(facts), "other": f"{facts.country}{found.rolled_back_by}"}


def _first(facts: Facts, problem: str) -> MovedOn | None:
    found = () if facts.reversed is None else facts.reversed.moved_on
    return next((item for item in found if item.problem == problem), None)


def check_units_still_there(facts: Facts, plan: Plan) -> Values | None:
    """Refuse when a unit moved since, even where it came back by another transaction."""
    unit = _first(facts, "moved")
    if unit is None:
        return None
    return {"serial": unit.serial, "transaction": f"{facts.country}{unit.transaction_id}"}


def check_units_free(facts: Facts, plan: Plan) -> Values | None:
    """Refuse when a pending transaction has reserved a unit."""
    unit = _first(facts, "reserved")
    if unit is None:
        return None
    return {"serial": unit.serial, "transaction": f"{facts.country}{unit.transaction_id}"}


def check_units_unexpired(facts: Facts, plan: Plan) -> Values | None:
    """Refuse when a unit has expired since: it goes to mandatory cancellation only."""
    unit = _first(facts, "expired")
    return None if unit is None else {"serial": unit.serial}


def check_window_ruled(facts: Facts, plan: Plan) -> Values | None:
    """Refuse where no rule says until when a transfer may be undone."""
    found = facts.reversed
    if found is None or found.last_day is not None:
        return None
    return {"unit_type": facts.act.unit_type, "day": facts.today.isoformat()}


def check_window_open(facts: Facts, plan: Plan) -> Values | None:
    """Refuse after the last day of the window."""
    found = facts.reversed
    if found is None or found.last_day is None or facts.today <= found.last_day:
        return None
    return {"transaction": _name(facts), "day": found.last_day.isoformat()}
