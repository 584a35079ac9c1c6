"""Checks of what goes to another registry and what comes from one.

Source: registry codes 2501 to 2505 and 7023; a registry that goes by a country's two letters
has accounts numbered as the DES does, others number as they like.
"""

from __future__ import annotations

import re

from app.services.checks.engine import Values
from app.services.transactions.acts.abroad import Acquisition, ExternalTransfer
from app.services.transactions.facts import Facts
from app.services.transactions.planning import Plan

_COUNTRY = re.compile(r"[A-Z]{2}")
_TYPE = re.compile(r"[0-9]{3}")
_IDENTIFIER = re.compile(r"[0-9]{1,8}")
_PERIOD = re.compile(r"[0-9]")


def _sent(facts: Facts) -> ExternalTransfer:
    assert isinstance(facts.act, ExternalTransfer)
    return facts.act


def _part(facts: Facts, index: int) -> str | None:
    """Give a part of the counterpart's account number; None where it is not numbered so."""
    act = _sent(facts)
    if not _COUNTRY.fullmatch(act.registry) or not act.account.strip():
        return None
    parts = act.account.strip().split("-")
    return parts[index] if index < len(parts) else ""


def check_counterpart_account(facts: Facts, plan: Plan) -> Values | None:
    """Refuse sending units to no account."""
    return None if _sent(facts).account.strip() else {"registry": _sent(facts).registry}


def check_counterpart_country(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an account number of another country than the registry's."""
    country = _part(facts, 0)
    if country is None or country == _sent(facts).registry:
        return None
    return {"account": _sent(facts).account, "registry": _sent(facts).registry}


def _wrong_part(facts: Facts, index: int, form: re.Pattern[str]) -> Values | None:
    part = _part(facts, index)
    if part is None or form.fullmatch(part):
        return None
    return {"account": _sent(facts).account}


def check_counterpart_type(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an account number whose type is not three digits."""
    return _wrong_part(facts, 1, _TYPE)


def check_counterpart_identifier(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an account number whose identifier is not one to eight digits."""
    return _wrong_part(facts, 2, _IDENTIFIER)


def check_counterpart_period(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an account number whose period is not one digit."""
    return _wrong_part(facts, 3, _PERIOD)


def check_other_registry(facts: Facts, plan: Plan) -> Values | None:
    """Refuse this registry as its own counterpart."""
    act = facts.act
    counterpart = act.registry if isinstance(act, ExternalTransfer) else ""
    if isinstance(act, Acquisition):
        counterpart = act.sender_registry
    return {"registry": counterpart} if counterpart.strip() == facts.country else None


def _received(facts: Facts) -> Acquisition:
    assert isinstance(facts.act, Acquisition)
    return facts.act


def check_reference_named(facts: Facts, plan: Plan) -> Values | None:
    """Refuse units whose sending is on no record of the counterpart."""
    act = _received(facts)
    return None if act.reference.strip() else {"registry": act.sender_registry}


def check_issued_elsewhere(facts: Facts, plan: Plan) -> Values | None:
    """Refuse receiving units of a type that this registry alone issues."""
    if facts.unit_type is None or not facts.unit_type.is_domestic:
        return None
    return {"unit_type": facts.unit_type.code}


def check_serial_agrees(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a serial that says another unit type, project or vintage than the act does."""
    act, serial = _received(facts), facts.serial
    if serial is None:
        return None
    said = (
        (serial.unit_type, act.unit_type),
        (serial.project, act.project),
        (serial.vintage, act.vintage),
        (serial.origin, act.origin),
    )
    for of_serial, of_act in said:
        if of_serial and of_serial != of_act:
            return {"serial": act.serial, "found": of_serial, "stated": of_act or "–"}
    return None


def check_project_of_origin(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a project that another registry than the units' own registered."""
    project, origin = facts.project, _received(facts).origin
    if project is None or project.origin == origin:
        return None
    return {"project": project.code, "origin": origin}
