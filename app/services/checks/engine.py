"""Runs the checks of an act: categories in order, all failures of one category together.

Owns the order and what a catalogue row is; knows no single check. Source: the ITL's seven
categories; once a category fails, later ones are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.models.codes import CheckCategory
from app.services.checks.violation import Violation
from app.services.transactions.facts import Facts
from app.services.transactions.planning import Plan

Values = Mapping[str, object]
"""What a failing check puts into its sentence; a check that passes gives None."""

Test = Callable[[Facts, Plan], Values | None]


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the catalogue.

    `acts` are the acts it applies to, `field` the form field it speaks of. A check that only
    notes never refuses. `source` says where the rule comes from.
    """

    code: int
    name: str
    category: CheckCategory
    acts: frozenset[str]
    test: Test
    message: str
    message_th: str
    source: str
    field: str = ""
    only_notes: bool = False

    def run(self, facts: Facts, plan: Plan) -> Violation | None:
        """Give the violation, or None when the check passes."""
        values = self.test(facts, plan)
        if values is None:
            return None
        return Violation(
            code=self.code,
            category=self.category,
            message=self.message.format(**values),
            message_th=self.message_th.format(**values),
            field=self.field,
        )


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the checks said: failures of the first failing category, notes, and what passed."""

    violations: tuple[Violation, ...]
    notes: tuple[Violation, ...]
    passed: tuple[int, ...]


def run_checks(catalogue: Sequence[Check], facts: Facts, plan: Plan) -> CheckResult:
    """Run every check of the catalogue that applies to the act, category by category.

    `catalogue` must be ordered by category.
    """
    failed: list[Violation] = []
    notes: list[Violation] = []
    passed: list[int] = []
    act = facts.act.name
    for check in catalogue:
        if failed and check.category is not failed[0].category:
            break
        if act not in check.acts:
            continue
        violation = check.run(facts, plan)
        if violation is None:
            passed.append(check.code)
        elif check.only_notes:
            notes.append(violation)
        else:
            failed.append(violation)
    return CheckResult(tuple(failed), tuple(notes), tuple(passed))
