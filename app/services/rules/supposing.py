"""What a completed issuance would have been under another rule.

Owns the comparison; nothing is changed. A transaction that is still to come, or pending, is
judged by `preview` with assumed rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.models.codes import RuleKind, TransactionStatus
from app.models.errors import NotFound, UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import Rule, TransactionBlock, TransactionRow, TransactionRule, UnitBatch
from app.services.registry.context import OpenRegistry
from app.services.rules.kinds import KINDS
from app.services.transactions.acts import Issuance
from app.services.transactions.planning import default_expiry, levy_quantity
from app.services.transactions.situation import stored_act


@dataclass(frozen=True, slots=True)
class IssuanceUnderRules:
    """An issuance by its rules: the rules, the units levied and kept, and when they expire."""

    rules: Mapping[RuleKind, Decimal]
    levied: int
    kept: int
    expires_on: date | None

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line gives it."""
        return {
            "rules": {str(kind): format(value, "f") for kind, value in self.rules.items()},
            "levied": self.levied,
            "kept": self.kept,
            "expires_on": None if self.expires_on is None else self.expires_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Supposition:
    """An issuance as it was, and as it would have been."""

    was: IssuanceUnderRules
    would_be: IssuanceUnderRules


def require_assumption(kind: str, value: Decimal) -> RuleKind:
    """Read a rule to assume; UsageError for an unknown kind or a value out of its bounds."""
    if kind not in set(RuleKind):
        raise UsageError(
            f"“{kind}” is no kind of rule.", hint="Kinds: " + ", ".join(RuleKind) + "."
        )
    found = RuleKind(kind)
    if not KINDS[found].accepts(value):
        raise UsageError(f"{kind} is {value}.", hint=f"Give {KINDS[found].wanted}.")
    return found


def suppose_issuance(
    registry: OpenRegistry, transaction_id: int, assumed: Mapping[RuleKind, Decimal]
) -> Supposition:
    """Tell what a completed issuance would have been, had the assumed rules been in force.

    Raises NotFound for an unknown transaction, UsageError for one that is no issuance of ours or
    has not completed.
    """
    with reading(registry.engine) as connection:
        row = connection.execute(
            select(TransactionRow.act, TransactionRow.status).where(
                TransactionRow.id == transaction_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound(f"There is no transaction {registry.country}{transaction_id}.")
        act = stored_act(row.act)
        if not isinstance(act, Issuance) or row.status != TransactionStatus.COMPLETED:
            raise UsageError(
                f"{registry.country}{transaction_id} is no completed issuance.",
                hint="Judge an act that is to come by `teak preview … --assume KIND=VALUE`.",
            )
        levied = sum(
            block.last_serial - block.first_serial + 1
            for block in connection.execute(
                select(TransactionBlock.first_serial, TransactionBlock.last_serial).where(
                    TransactionBlock.transaction_id == transaction_id,
                    TransactionBlock.role == "levy",
                )
            )
        )
        expires_on = connection.execute(
            select(UnitBatch.expires_on).where(UnitBatch.created_by == transaction_id)
        ).scalar_one()
        applied = {
            RuleKind(found.kind): found.value
            for found in connection.execute(
                select(Rule.kind, Rule.value)
                .join(TransactionRule, TransactionRule.rule_id == Rule.id)
                .where(TransactionRule.transaction_id == transaction_id)
            )
        }
    was = IssuanceUnderRules(applied, levied, act.quantity - levied, expires_on)
    return Supposition(was, _under(act, was, {**applied, **assumed}))


def _under(
    act: Issuance, was: IssuanceUnderRules, rules: Mapping[RuleKind, Decimal]
) -> IssuanceUnderRules:
    levied, expires_on = was.levied, was.expires_on
    if RuleKind.LEVY_RATE in rules:
        levied = min(levy_quantity(act.quantity, rules[RuleKind.LEVY_RATE]), act.quantity)
    if RuleKind.DEFAULT_EXPIRY in rules:
        expires_on = default_expiry(act.vintage, rules[RuleKind.DEFAULT_EXPIRY])
    return IssuanceUnderRules(rules, levied, act.quantity - levied, expires_on)
