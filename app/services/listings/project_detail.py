"""One project with what became of its units, its accounts and its verified reductions.

Owns reading only; registering is `app.services.projects`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import UnitBatch, UnitBlock
from app.services.listings.page import PageRequest
from app.services.listings.projects import (
    ProjectRow,
    ReductionRow,
    bound_accounts,
    list_projects,
    list_verified_reductions,
)
from app.services.registry.context import OpenRegistry

MOST_REDUCTIONS = 200


@dataclass(frozen=True, slots=True)
class UnitsInState:
    """Units of a project, of one type and in one state: held, cancelled, retired, replaced."""

    unit_type: str
    state: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ProjectDetail:
    """A project as its page shows it; `accounts` are numbers."""

    project: ProjectRow
    accounts: tuple[str, ...]
    units: tuple[UnitsInState, ...]
    reductions: tuple[ReductionRow, ...]


def get_project(registry: OpenRegistry, origin: str, code: str) -> ProjectDetail:
    """Read a project by its registry of origin and its code there; raises NotFound."""
    found = list_projects(registry, PageRequest(filters={"origin": origin, "code": code}, limit=1))
    if not found.rows:
        raise NotFound(
            f"{origin} has no project {code} in this registry.", hint="`teak projects` lists them."
        )
    project = found.rows[0]
    reductions: tuple[ReductionRow, ...] = ()
    if origin == registry.country:
        request = PageRequest(sort="period_from", filters={"project": code}, limit=MOST_REDUCTIONS)
        reductions = list_verified_reductions(registry, request).rows
    with reading(registry.engine) as connection:
        units = _units(connection, project.id)
    return ProjectDetail(project, bound_accounts(registry, project.id), units, reductions)


def _units(connection: Connection, project_id: int) -> tuple[UnitsInState, ...]:
    size = UnitBlock.last_serial - UnitBlock.first_serial + 1
    rows = connection.execute(
        select(UnitBlock.unit_type, UnitBlock.state, func.sum(size))
        .join(UnitBatch, UnitBatch.id == UnitBlock.batch_id)
        .where(UnitBatch.project_id == project_id)
        .group_by(UnitBlock.unit_type, UnitBlock.state)
        .order_by(UnitBlock.unit_type, UnitBlock.state)
    )
    return tuple(UnitsInState(unit_type, state, int(total)) for unit_type, state, total in rows)
