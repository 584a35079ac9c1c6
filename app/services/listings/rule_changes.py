"""Changes of the rule tables as a listing. Owns reading only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.models.codes import Role, RuleKind
from app.models.storage.unit_of_work import reading
from app.models.tables import Person, RuleChange
from app.services.registry.context import Actor, OpenRegistry


@dataclass(frozen=True, slots=True)
class RuleChangeRow:
    """A change of the rule tables with who proposed and decided it, by user name."""

    id: int
    kind: RuleKind
    unit_type: str
    period: int
    value: Decimal
    valid_from: date
    valid_to: date
    reason: str
    status: str
    proposed_by: str
    decided_by: str
    comment: str

    def as_json(self) -> dict[str, Any]:
        """Write the change as the command line gives it."""
        return {
            "change": f"R{self.id}",
            "kind": str(self.kind),
            "unit_type": self.unit_type,
            "period": self.period,
            "value": format(self.value, "f"),
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat(),
            "reason": self.reason,
            "status": self.status,
            "proposed_by": self.proposed_by,
            "decided_by": self.decided_by or None,
            "comment": self.comment,
        }


def list_rule_changes(registry: OpenRegistry, *, status: str | None = None) -> list[RuleChangeRow]:
    """List the changes of the rule tables, the newest first; a country has few of them."""
    proposer, decider = aliased(Person), aliased(Person)
    query = (
        select(
            *RuleChange.__table__.columns,
            proposer.user_name.label("proposer"),
            decider.user_name.label("decider"),
        )
        .join(proposer, proposer.id == RuleChange.proposed_by)
        .outerjoin(decider, decider.id == RuleChange.decided_by)
        .order_by(RuleChange.id.desc())
    )
    if status is not None:
        query = query.where(RuleChange.status == status)
    with reading(registry.engine) as connection:
        rows = connection.execute(query).all()
    return [
        RuleChangeRow(
            id=row.id,
            kind=RuleKind(row.kind),
            unit_type=row.unit_type,
            period=row.period,
            value=row.value,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            reason=row.reason,
            status=row.status,
            proposed_by=row.proposer,
            decided_by=row.decider or "",
            comment=row.comment,
        )
        for row in rows
    ]


def count_rules_awaiting(registry: OpenRegistry, actor: Actor) -> int:
    """Count the changes of rules that await this person's decision: an approver's, of others."""
    if actor.role is not Role.APPROVER:
        return 0
    query = select(func.count(RuleChange.id)).where(
        RuleChange.status == "proposed", RuleChange.proposed_by != actor.id
    )
    with reading(registry.engine) as connection:
        return int(connection.execute(query).scalar_one())
