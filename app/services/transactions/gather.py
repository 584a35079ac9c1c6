"""Reads the facts of an act, in few queries.

Owns turning rows into the frozen facts, by the family of the act; decides nothing. Must be
called inside one reading or one unit of work, so that all facts are of one moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from sqlalchemy import Connection

from app.models.codes import RuleKind
from app.models.storage.prepared import read_together
from app.services.registry.context import BANGKOK
from app.services.transactions import statements
from app.services.transactions.acts import (
    Acquisition,
    Act,
    BufferCancellation,
    BufferCompensation,
    BufferDeposit,
    BufferHold,
    BufferRelease,
    BufferReturn,
    Cancellation,
    CarryOver,
    ClosureTransfer,
    Conversion,
    CorrectiveTransfer,
    ExpiryChange,
    ExternalTransfer,
    Issuance,
    Registration,
    Replacement,
    Retirement,
    Rollback,
    Transfer,
)
from app.services.transactions.facts import NO_ROW, Facts, RuleFacts
from app.services.transactions.gather_accounts import find_built_in
from app.services.transactions.gather_conversion import gather_conversion
from app.services.transactions.gather_creation import gather_issuance, gather_registration
from app.services.transactions.gather_disposal import gather_disposal
from app.services.transactions.gather_limits import gather_external_transfer, gather_transfer
from app.services.transactions.gather_named import (
    gather_buffer_cancellation,
    gather_compensation,
    gather_correction,
    gather_release,
)
from app.services.transactions.gather_period import (
    gather_answering,
    gather_carry_over,
    gather_closure,
    gather_retirement,
)
from app.services.transactions.gather_replacement import gather_replacement
from app.services.transactions.gather_rollback import gather_rollback
from app.services.transactions.reading_ahead import Asking, reads_by_act
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
    Cancellation: gather_answering,
    Conversion: gather_conversion,
    Rollback: gather_rollback,
    Retirement: gather_retirement,
    CarryOver: gather_carry_over,
    ExpiryChange: gather_answering,
    Replacement: gather_replacement,
    ExternalTransfer: gather_external_transfer,
    Acquisition: gather_registration,
    CorrectiveTransfer: gather_correction,
    ClosureTransfer: gather_closure,
    BufferDeposit: gather_disposal,
    BufferHold: gather_disposal,
    BufferReturn: gather_disposal,
    BufferRelease: gather_release,
    BufferCancellation: gather_buffer_cancellation,
    BufferCompensation: gather_compensation,
}


def gather(
    connection: Connection,
    situation: Situation,
    *,
    country: str,
    now: datetime,
    steady: SteadyFacts | None = None,
    further_blocks: int = 0,
    assumed: Mapping[RuleKind, Decimal] | None = None,
) -> Facts:
    """Read everything the act is judged by, in the situation just read.

    For a decision, the units are those the pending transaction has reserved. `steady` saves a
    caller with many acts in one unit of work reading again what none of them changes. So many
    `further_blocks` are read beyond those that first in, first out needs. `assumed` rules stand
    in for those in force.
    """
    act, steady = situation.act, steady or SteadyFacts(connection)
    today = now.astimezone(BANGKOK).date()
    if situation.deciding is not None:
        asking = Asking(country, today, situation.deciding.id)
        read_together(connection, reads_by_act(act, asking))
    facts = Facts(
        act=act,
        country=country,
        now=now,
        today=today,
        person=situation.person,
        deciding=situation.deciding,
        unit_type=situation.unit_type,
        transferring=situation.transferring,
        acquiring=situation.acquiring,
        repeated=None if situation.earlier is None else situation.earlier.repeated(situation),
    )
    if act.rule_kinds:
        rules = rules_in_force(connection, facts) | _assumed_rules(act, assumed or {})
        facts = replace(facts, rules=rules)
    if act.destination is not None and facts.deciding is None:
        acquiring = find_built_in(connection, facts, act.destination)
        facts = replace(facts, acquiring=acquiring)
    return GATHERERS[type(act)](connection, steady, facts, further=further_blocks)


def _assumed_rules(act: Act, assumed: Mapping[RuleKind, Decimal]) -> dict[RuleKind, RuleFacts]:
    return {
        kind: RuleFacts(NO_ROW, value) for kind, value in assumed.items() if kind in act.rule_kinds
    }


def rules_in_force(connection: Connection, facts: Facts) -> dict[RuleKind, RuleFacts]:
    """Read the rows of the rule tables the act goes by that are valid today."""
    if facts.deciding is None:
        values = {"unit_type": facts.act.unit_type, "today": facts.today}
        rows = statements.RULES_IN_FORCE.rows(connection, values)
    else:
        values = {"transaction_id": facts.deciding.id, "today": facts.today}
        rows = statements.RULES_OF_DECISION.rows(connection, values)
    found = {RuleKind(kind): RuleFacts(rule_id, value) for rule_id, kind, value in rows}
    return {kind: rule for kind, rule in found.items() if kind in facts.act.rule_kinds}
