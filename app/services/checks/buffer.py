"""Checks of the buffer's acts: each scheme has its own buffer, and what it is for."""

from __future__ import annotations

from app.models.codes import TransactionStatus, TransactionType
from app.services.checks.engine import Values
from app.services.transactions.facts import Facts
from app.services.transactions.planning import Plan

BOUGHT_TYPES = frozenset({"CER", "VER", "VCU"})
"""Units of other registries that may make good an over-issuance. Source: TGO, buffer credits."""


def check_reason_given(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an act of the administration without its reason."""
    return None if str(getattr(facts.act, "reason", "")).strip() else {}


def check_scheme(facts: Facts, plan: Plan) -> Values | None:
    """Refuse putting units into the buffer of another scheme than their own."""
    buffer = facts.acquiring
    if buffer is None:
        return None
    for move in plan.moves:
        scheme = None if move.block is None else move.block.scheme
        if scheme != buffer.scheme:
            return {
                "number": buffer.number,
                "scheme": buffer.scheme or "–",
                "serial": move.serial,
                "other": scheme or "–",
            }
    return None


def check_released_to_project(facts: Facts, plan: Plan) -> Values | None:
    """Refuse releasing units to an account that is not bound to their project."""
    if facts.acquiring is None:
        return None
    for move in plan.moves:
        if move.block is not None and move.block.project not in facts.bound_projects:
            return {
                "number": facts.acquiring.number,
                "project": move.block.project,
                "serial": move.serial,
            }
    return None


def check_reversed_project(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a reversal at a project that is not in this registry."""
    if facts.project is not None and facts.project.origin == facts.country:
        return None
    return {"project": getattr(facts.act, "reversed_project", "")}


def check_reversed_scheme(facts: Facts, plan: Plan) -> Values | None:
    """Refuse making good a reversal from the buffer of another scheme."""
    buffer, project = facts.transferring, facts.project
    if buffer is None or project is None or buffer.scheme == project.scheme:
        return None
    return {
        "number": buffer.number,
        "scheme": buffer.scheme or "–",
        "project": project.code,
        "other": project.scheme or "–",
    }


def check_over_issued(facts: Facts, plan: Plan) -> Values | None:
    """Refuse compensating anything but a completed issuance of this registry."""
    named = facts.named
    if (
        named is not None
        and named.type == TransactionType.ISSUANCE
        and named.supplementary_type == 0
        and named.status is TransactionStatus.COMPLETED
    ):
        return None
    return {"transaction": getattr(facts.act, "over_issued", "")}


def check_may_compensate(facts: Facts, plan: Plan) -> Values | None:
    """Refuse compensating by units of a type that does not stand for what was over-issued."""
    named, unit_type = facts.named, facts.unit_type
    if named is None or unit_type is None:
        return None
    if unit_type.measure == named.measure and unit_type.code in BOUGHT_TYPES | {named.unit_type}:
        return None
    return {
        "unit_type": unit_type.code,
        "over_issued": named.unit_type,
        "types": ", ".join(sorted(BOUGHT_TYPES)) if named.measure == "tCO2e" else "–",
    }


def check_compensated_once(facts: Facts, plan: Plan) -> Values | None:
    """Refuse compensating more than was issued."""
    named = facts.named
    if named is None or named.compensated + facts.act.quantity <= named.quantity:
        return None
    return {
        "quantity": f"{facts.act.quantity:,}",
        "before": f"{named.compensated:,}",
        "issued": f"{named.quantity:,}",
    }
