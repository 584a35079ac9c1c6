"""An account's own units by commitment period, and the rules that limit passing them on.

Own units are those an account was itself issued; acquired ones are free of these limits. Owns
reading only. Source: domain, Rule tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.models.codes import RuleKind
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, OwnUnits, Rule
from app.services.registry.context import OpenRegistry

_LIMITS = (RuleKind.RESERVE, RuleKind.MAXIMUM_TRANSFER)


@dataclass(frozen=True, slots=True)
class OwnUnitsRow:
    """Own units of a type and period; a limit is None where no rule of its kind is in force."""

    unit_type: str
    period: int
    issued: int
    passed_on: int
    reserve: int | None
    maximum: int | None

    @property
    def may_pass_on(self) -> int | None:
        """Give how many more may be passed on; None where nothing limits it."""
        left = []
        if self.maximum is not None:
            left.append(self.maximum - self.passed_on)
        if self.reserve is not None:
            left.append(self.issued - self.passed_on - self.reserve)
        return max(min(left), 0) if left else None

    def as_json(self) -> dict[str, Any]:
        """Write the row as the command line gives it."""
        return {
            "unit_type": self.unit_type,
            "period": self.period,
            "issued": self.issued,
            "passed_on": self.passed_on,
            "reserve": self.reserve,
            "maximum": self.maximum,
        }


def list_own_units(registry: OpenRegistry, number: str) -> tuple[OwnUnitsRow, ...]:
    """List an account's own units, with the limits in force today."""
    today = registry.today()
    with reading(registry.engine) as connection:
        rules = connection.execute(
            select(Rule.kind, Rule.unit_type, Rule.value).where(
                Rule.kind.in_([str(kind) for kind in _LIMITS]),
                Rule.valid_from <= today,
                Rule.valid_to >= today,
            )
        ).all()
        rows = connection.execute(
            select(OwnUnits.unit_type, OwnUnits.period, OwnUnits.issued, OwnUnits.passed_on)
            .join(Account, Account.id == OwnUnits.account_id)
            .where(Account.number == number)
            .order_by(OwnUnits.unit_type, OwnUnits.period)
        ).all()
    limits = {(rule.kind, rule.unit_type): int(rule.value) for rule in rules}
    return tuple(
        OwnUnitsRow(
            unit_type=row.unit_type,
            period=row.period,
            issued=row.issued,
            passed_on=row.passed_on,
            reserve=limits.get((RuleKind.RESERVE, row.unit_type)),
            maximum=limits.get((RuleKind.MAXIMUM_TRANSFER, row.unit_type)),
        )
        for row in rows
    )
