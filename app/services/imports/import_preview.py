"""What importing a file would do, counted before anything is written.

Owns the counts; the plans they come from are `reconciling`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.imports.faults import RejectedRow
from app.services.imports.reconciling import RowPlan, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """Rows of the file, and the units that would be issued and cancelled."""

    rows: int
    already_there: int
    rejected: tuple[RejectedRow, ...]
    projects: int
    holders: int
    units_issued: int
    units_cancelled: int

    @property
    def new_rows(self) -> int:
        """How many rows would change something."""
        return self.rows - self.already_there - len(self.rejected)


def preview_of(
    plans: Sequence[RowPlan], *, rows: int, rejected: tuple[RejectedRow, ...]
) -> ImportPreview:
    """Count what the plans would do."""
    issued = [span for plan in plans for span in plan.missing]
    cancelled = [units.span for plan in plans for units in plan.standing]
    cancelled += [span for plan in plans if plan.row.ending is not None for span in plan.missing]
    return ImportPreview(
        rows=rows,
        already_there=sum(plan.is_done for plan in plans),
        rejected=rejected,
        projects=len({plan.row.project.code for plan in plans}),
        holders=len({plan.row.account_name for plan in plans}),
        units_issued=_size(issued),
        units_cancelled=_size(cancelled),
    )


def _size(spans: Sequence[Span]) -> int:
    return sum(last - first + 1 for first, last in spans)
