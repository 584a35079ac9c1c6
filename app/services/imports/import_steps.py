"""The acts of an import, put in order of the source's dates.

Owns the order: by day, on one day units come into being before any are cancelled, then as the
file has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.services.imports.reconciling import RowPlan


@dataclass(frozen=True, slots=True)
class ImportStep:
    """Registering what a row misses, or cancelling what it says has ended."""

    plan: RowPlan
    on: date
    is_ending: bool

    @property
    def row(self) -> int:
        """The row of the file."""
        return self.plan.row.row


def order_steps(plans: Iterable[RowPlan]) -> list[ImportStep]:
    """List what is to be done for the rows, in order of date."""
    steps: list[ImportStep] = []
    for plan in plans:
        if plan.missing:
            steps.append(ImportStep(plan, plan.row.registered_on, is_ending=False))
        if plan.row.ending is not None and not plan.is_done:
            steps.append(ImportStep(plan, plan.row.ending.on, is_ending=True))
    return sorted(steps, key=lambda step: (step.on, step.is_ending, step.row))
