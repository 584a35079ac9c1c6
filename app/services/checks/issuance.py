"""Checks of issuance against its verified reduction, and of units registered from elsewhere."""

from __future__ import annotations

from app.models.codes import MAX_SERIAL
from app.services.checks.engine import Values
from app.services.transactions.acts import Conversion, Issuance, Registration
from app.services.transactions.facts import Facts
from app.services.transactions.planning import Plan


def _issuance(facts: Facts) -> Issuance:
    assert isinstance(facts.act, Issuance)
    return facts.act


def _period(facts: Facts) -> str:
    act = _issuance(facts)
    return f"{act.period_from.isoformat()} – {act.period_to.isoformat()}"


def check_project_exists(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a project that is not in this registry."""
    return None if facts.project is not None else {"project": getattr(facts.act, "project", "")}


def check_project_domestic(facts: Facts, plan: Plan) -> Values | None:
    """Refuse issuing to a project another registry registered."""
    project = facts.project
    if project is None or project.origin == facts.country:
        return None
    return {"project": project.code, "origin": project.origin}


def check_project_registered(facts: Facts, plan: Plan) -> Values | None:
    """Refuse issuing to a project that is not registered."""
    if facts.project is None or facts.project.is_registered:
        return None
    return {"project": facts.project.code}


def check_project_account(facts: Facts, plan: Plan) -> Values | None:
    """Refuse issuing to an account the project is not bound to."""
    project, account = facts.project, facts.acquiring
    if project is None or account is None or account.id in project.bound_accounts:
        return None
    return {"project": project.code, "number": account.number}


def check_unit_type_domestic(facts: Facts, plan: Plan) -> Values | None:
    """Refuse issuing units of another registry's type."""
    if facts.unit_type is None or facts.unit_type.is_domestic:
        return None
    return {"unit_type": facts.unit_type.code}


def check_verified_quantity(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a quantity other than the verified one."""
    act = _issuance(facts)
    if act.quantity == act.verified_quantity:
        return None
    return {"quantity": f"{act.quantity:,}", "verified": f"{act.verified_quantity:,}"}


def check_period_order(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a monitoring period that ends before it begins."""
    act = _issuance(facts)
    return None if act.period_from <= act.period_to else {"period": _period(facts)}


def check_period_past(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a monitoring period that has not ended."""
    return None if _issuance(facts).period_to < facts.today else {"period": _period(facts)}


def check_vintage(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a vintage outside the monitoring period."""
    act = _issuance(facts)
    if act.period_from.year <= act.vintage <= act.period_to.year:
        return None
    return {"vintage": act.vintage, "period": _period(facts)}


def check_record_agrees(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an issuance that differs from the verified reduction on record for its period."""
    act = _issuance(facts)
    stated = (act.verified_quantity, act.verified_reference, act.document_sha256)
    for record in facts.reductions:
        same_period = (record.period_from, record.period_to) == (act.period_from, act.period_to)
        if same_period and stated != (record.quantity, record.reference, record.document_sha256):
            return {"reference": record.reference, "quantity": f"{record.quantity:,}"}
    return None


def check_period_free(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a second issuance for a monitoring period, or one that overlaps another."""
    act = _issuance(facts)
    for record in facts.reductions:
        same = (record.period_from, record.period_to) == (act.period_from, act.period_to)
        if record.is_issued or not same:
            return {
                "period": f"{record.period_from.isoformat()} – {record.period_to.isoformat()}",
                "reference": record.reference,
            }
    return None


def check_levy_rule(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an issuance for which no levy rate is valid today."""
    if facts.levy_rule is not None:
        return None
    return {"unit_type": facts.act.unit_type, "day": facts.today.isoformat()}


def check_expiry_rule(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an issuance for which no default expiry is valid today."""
    if facts.expiry_rule is not None:
        return None
    return {"unit_type": facts.act.unit_type, "day": facts.today.isoformat()}


def check_serials_allotted(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an issuance whose serials have no printed form or pass the largest number."""
    act = facts.act
    if facts.serial is not None or not isinstance(act, Issuance | Conversion):
        return None
    return {"project": act.project, "vintage": act.vintage, "most": f"{MAX_SERIAL:,}"}


def check_serial_quantity(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a registered range whose size is not the quantity."""
    assert isinstance(facts.act, Registration)
    if facts.serial is None or facts.serial.quantity == facts.act.quantity:
        return None
    return {
        "serial": facts.act.serial,
        "range": f"{facts.serial.quantity:,}",
        "quantity": f"{facts.act.quantity:,}",
    }


def check_serial_readable(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a registered range that no grammar reads."""
    assert isinstance(facts.act, Registration)
    return None if facts.serial is not None else {"serial": facts.act.serial}


def check_serial_free(facts: Facts, plan: Plan) -> Values | None:
    """Refuse serials of which some exist already in the series."""
    if facts.overlapping is None:
        return None
    return {"existing": facts.overlapping, "series": plan.serial.series if plan.serial else ""}
