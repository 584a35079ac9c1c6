"""Facts to plan to checks: the one code path of preview, proposal and decision.

Owns their order and the value that carries what came out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.models.codes import RuleKind
from app.models.storage.unit_of_work import reading
from app.services.checks.catalogue import APPLYING
from app.services.checks.engine import CheckResult, run_checks
from app.services.checks.violation import Violation
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Act
from app.services.transactions.facts import BlockFacts, Facts
from app.services.transactions.gather import gather
from app.services.transactions.planning import Plan, make_plan
from app.services.transactions.reading_ahead import Asking, reads_by_act
from app.services.transactions.situation import read_situation

BLOCKS_AHEAD = 12
"""How many blocks that stay a preview shows beyond those that move."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an act would do, and what the checks say of it."""

    facts: Facts
    plan: Plan
    checks: CheckResult

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Give the failing checks."""
        return self.checks.violations

    def staying(self) -> Sequence[BlockFacts]:
        """Give the known free blocks of the transferring account that do not move."""
        moving = {(move.series, move.first) for move in self.plan.moves}
        return [
            block for block in self.facts.candidates if (block.series, block.first) not in moving
        ]


def evaluate(facts: Facts) -> Evaluation:
    """Plan the act and run the checks on facts and plan. Pure."""
    plan = make_plan(facts)
    return Evaluation(facts, plan, run_checks(APPLYING[facts.act.name], facts, plan))


def preview(
    registry: OpenRegistry,
    act: Act,
    actor: Actor,
    *,
    assumed: Mapping[RuleKind, Decimal] | None = None,
) -> Evaluation:
    """Tell what proposing the act would do now; changes nothing, never raises for rules.

    `assumed` rules stand in for those in force: what would this be under another rule?
    """
    with reading(registry.engine) as connection:
        asking = Asking(registry.country, registry.today())
        ahead = reads_by_act(act, asking)
        situation = read_situation(connection, act, actor, today=asking.today, ahead=ahead)
        facts = gather(
            connection,
            situation,
            country=registry.country,
            now=registry.now(),
            further_blocks=BLOCKS_AHEAD,
            assumed=assumed,
        )
    return evaluate(facts)
