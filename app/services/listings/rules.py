"""Rule rows (levy, expiry) as a listing.

Owns reading only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.models.storage.unit_of_work import reading
from app.models.tables import Rule
from app.services.listings.keyset import Source, count_rows, equals, equals_number, fetch_page
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import day_json
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule valid on the days `valid_from` to `valid_to`, both included."""

    id: int
    kind: str
    unit_type: str
    period: int
    value: Decimal
    valid_from: date
    valid_to: date

    def as_json(self) -> dict[str, Any]:
        """Write the rule as the command line gives it; the value keeps its own digits."""
        return {
            "id": self.id,
            "kind": self.kind,
            "unit_type": self.unit_type,
            "period": self.period,
            "value": format(self.value, "f"),
            "valid_from": day_json(self.valid_from),
            "valid_to": day_json(self.valid_to),
        }


RULES = Source(
    statement=select(
        Rule.id,
        Rule.kind,
        Rule.unit_type,
        Rule.period,
        Rule.value,
        Rule.valid_from,
        Rule.valid_to,
    ),
    key=(Rule.id,),
    sorts={
        "id": (),
        "kind": (Rule.kind, Rule.unit_type, Rule.valid_from),
        "unit_type": (Rule.unit_type,),
        "period": (Rule.period,),
        "valid_from": (Rule.valid_from,),
        "valid_to": (Rule.valid_to,),
    },
    default_sort="kind",
    filters={
        "kind": equals(Rule.kind),
        "unit_type": equals(Rule.unit_type),
        "period": equals_number(Rule.period, "period"),
    },
    texts=(Rule.kind, Rule.unit_type),
)


def list_rules(registry: OpenRegistry, request: PageRequest) -> Page[RuleRow]:
    """List rules; filters: kind, unit_type, period. The first page says how many there are."""
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, RULES, request)
        total = count_rows(connection, RULES, request) if request.after is None else None
    return Page(
        tuple(
            RuleRow(
                id=row.id,
                kind=row.kind,
                unit_type=row.unit_type,
                period=row.period,
                value=row.value,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in rows
        ),
        following,
        total,
    )
