"""Reads the facts of an act, in few queries.

Owns turning rows into the frozen facts, by the family of the act; decides nothing. Must be
called inside one reading or one unit of work, so that all facts are of one moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from app.models.codes import RuleKind
from app.services.registry.context import BANGKOK
from app.services.transactions import statements
from app.services.transactions.acts import (
    Act,
    Cancellation,
    Conversion,
    Issuance,
    Registration,
    Rollback,
    Transfer,
)
from app.services.transactions.facts import Facts, RuleFacts
from app.services.transactions.gather_accounts import find_built_in
from app.services.transactions.gather_conversion import gather_conversion
from app.services.transactions.gather_creation import gather_issuance, gather_registration
from app.services.transactions.gather_disposal import gather_disposal
from app.services.transactions.gather_limits import gather_transfer
from app.services.transactions.gather_rollback import gather_rollback
from app.services.transactions.situation import Situation
from app.services.transactions.steady_facts import SteadyFacts


class Gatherer(Protocol):
    """Reads what one family of acts is judged by; so many `further` blocks beyond the need."""

    def __call__(
        self, connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
    ) -> Facts:
        """Give the facts with what was read."""


GATHERERS: Mapping[type[Act], Gatherer] = {
    Issuance: gather_issuance,
    Registration: gather_registration,
    Transfer: gather_transfer,
    Cancellation: gather_disposal,
    Conversion: gather_conversion,
    Rollback: gather_rollback,
}


def gather(
    connection: Connection,
    situation: Situation,
    *,
    country: str,
    now: datetime,
    steady: SteadyFacts | None = None,
    further_blocks: int = 0,
) -> Facts:
    """Read everything the act is judged by, in the situation just read.

    For a decision, the units are those the pending transaction has reserved. `steady` saves a
    caller with many acts in one unit of work reading again what none of them changes. So many
    `further_blocks` are read beyond those that first in, first out needs.
    """
    act, steady = situation.act, steady or SteadyFacts(connection)
    facts = Facts(
        act=act,
        country=country,
        now=now,
        today=now.astimezone(BANGKOK).date(),
        person=situation.person,
        deciding=situation.deciding,
        unit_type=situation.unit_type,
        transferring=situation.transferring,
        acquiring=situation.acquiring,
        repeats_other_act=situation.earlier is not None,
    )
    if act.rule_kinds:
        facts = replace(facts, rules=rules_in_force(connection, facts))
    if act.destination is not None and facts.deciding is None:
        acquiring = find_built_in(connection, facts, act.destination)
        facts = replace(facts, acquiring=acquiring)
    return GATHERERS[type(act)](connection, steady, facts, further=further_blocks)


def rules_in_force(connection: Connection, facts: Facts) -> dict[RuleKind, RuleFacts]:
    """Read the rows of the rule tables the act goes by that are valid today."""
    rows = statements.RULES_IN_FORCE.rows(
        connection, {"unit_type": facts.act.unit_type, "today": facts.today}
    )
    found = {RuleKind(kind): RuleFacts(rule_id, value) for rule_id, kind, value in rows}
    return {kind: rule for kind, rule in found.items() if kind in facts.act.rule_kinds}
