"""Projects and their verified reductions as listings.

Owns reading only; registering is `app.services.projects`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.models.codes import TransactionStatus
from app.models.errors import UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import Account, Project, ProjectAccount, TransactionRow, VerifiedReduction
from app.models.tables.base import AnyRow
from app.services.listings.keyset import (
    Source,
    count_rows,
    equals,
    equals_number,
    fetch_page,
    text_or_empty,
)
from app.services.listings.page import Page, PageRequest
from app.services.listings.words import day_json, time_json
from app.services.registry.context import OpenRegistry


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project; `origin` is the registry that registered it, a country's code for its own.

    `accounts` are the numbers of those that may receive its issuance.
    """

    id: int
    origin: str
    code: str
    name: str
    name_th: str
    country: str
    kind: str
    sectoral_scope: int
    methodology: str
    proponent: str
    state: str
    created_at: datetime
    accounts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Write the project as the command line gives it."""
        return {
            "code": self.code,
            "origin": self.origin,
            "name": self.name,
            "name_th": self.name_th or None,
            "country": self.country or None,
            "kind": self.kind or None,
            "sectoral_scope": self.sectoral_scope or None,
            "methodology": self.methodology or None,
            "proponent": self.proponent or None,
            "state": self.state,
            "created_at": time_json(self.created_at),
            "accounts": list(self.accounts),
        }


PROJECTS = Source(
    statement=select(*Project.__table__.columns),
    key=(Project.id,),
    sorts={
        "id": (),
        "code": (Project.code, Project.origin),
        "origin": (Project.origin, Project.code),
        "name": (Project.name_en,),
        "country": (Project.country,),
        "kind": (Project.kind,),
        "sectoral_scope": (Project.sectoral_scope,),
        "methodology": (Project.methodology,),
        "proponent": (Project.proponent,),
        "state": (Project.state,),
        "created_at": (Project.created_at,),
    },
    default_sort="code",
    filters={
        "origin": equals(Project.origin),
        "code": equals(Project.code),
        "country": equals(Project.country),
        "state": equals(Project.state),
        "sectoral_scope": equals_number(Project.sectoral_scope, "sectoral_scope"),
        "account": lambda number: Project.id.in_(
            select(ProjectAccount.project_id)
            .join(Account, Account.id == ProjectAccount.account_id)
            .where(Account.number == number)
        ),
    },
    texts=(Project.code, Project.name_en, Project.name_th, Project.proponent),
)


def list_projects(registry: OpenRegistry, request: PageRequest) -> Page[ProjectRow]:
    """List projects; filters: origin, code, country, state, sectoral_scope, account (bound).

    The first page says how many there are.
    """
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, PROJECTS, request)
        total = count_rows(connection, PROJECTS, request) if request.after is None else None
        bound = _bound(connection, [row.id for row in rows])
    return Page(tuple(_project(row, bound[row.id]) for row in rows), following, total)


def _bound(connection: Connection, project_ids: list[int]) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    query = (
        select(ProjectAccount.project_id, Account.number)
        .join(Account, Account.id == ProjectAccount.account_id)
        .where(ProjectAccount.project_id.in_(project_ids))
        .order_by(Account.number)
    )
    for project_id, number in connection.execute(query):
        found[project_id] += (number,)
    return found


def bound_accounts(registry: OpenRegistry, project_id: int) -> tuple[str, ...]:
    """Give the numbers of the accounts that may receive a project's issuance."""
    with reading(registry.engine) as connection:
        numbers = connection.execute(
            select(Account.number)
            .join(ProjectAccount, ProjectAccount.account_id == Account.id)
            .where(ProjectAccount.project_id == project_id)
            .order_by(Account.type_code, Account.identifier)
        ).scalars()
        return tuple(numbers)


def _project(row: AnyRow, accounts: tuple[str, ...]) -> ProjectRow:
    return ProjectRow(
        id=row.id,
        origin=row.origin,
        code=row.code,
        name=row.name_en or row.name_th,
        name_th=row.name_th,
        country=row.country,
        kind=row.kind,
        sectoral_scope=row.sectoral_scope,
        methodology=row.methodology,
        proponent=row.proponent,
        state=row.state,
        created_at=row.created_at,
        accounts=accounts,
    )


@dataclass(frozen=True, slots=True)
class ReductionRow:
    """A verified reduction; `state` is open, claimed (issuance pending) or issued."""

    id: int
    project: str
    project_name: str
    period_from: date
    period_to: date
    quantity: int
    reference: str
    document_sha256: str
    state: str
    issued_by: str | None

    def as_json(self) -> dict[str, Any]:
        """Write the reduction as the command line gives it."""
        return {
            "project": self.project,
            "project_name": self.project_name,
            "monitoring_period": {
                "from": day_json(self.period_from),
                "to": day_json(self.period_to),
            },
            "quantity": self.quantity,
            "reference": self.reference,
            "document_sha256": self.document_sha256,
            "state": self.state,
            "issued_by": self.issued_by,
        }


_COMPLETED = int(TransactionStatus.COMPLETED)


def _in_state(word: str) -> ColumnElement[bool]:
    if word == "open":
        return VerifiedReduction.issued_by.is_(None)
    if word == "issued":
        return TransactionRow.status == _COMPLETED
    if word == "claimed":
        return TransactionRow.status != _COMPLETED
    raise UsageError(
        f"“{word}” is not a state of a verified reduction.", hint="States: open, claimed, issued."
    )


REDUCTIONS = Source(
    statement=select(
        *VerifiedReduction.__table__.columns,
        Project.code,
        Project.name_en,
        TransactionRow.status,
    )
    .select_from(VerifiedReduction)
    .outerjoin(Project, Project.id == VerifiedReduction.project_id)
    .outerjoin(TransactionRow, TransactionRow.id == VerifiedReduction.issued_by),
    key=(VerifiedReduction.id,),
    sorts={
        "id": (),
        "project": (text_or_empty(Project.code),),
        "project_name": (text_or_empty(Project.name_en),),
        "period_from": (VerifiedReduction.period_from,),
        "period_to": (VerifiedReduction.period_to,),
        "quantity": (VerifiedReduction.quantity,),
        "reference": (VerifiedReduction.reference,),
    },
    default_sort="id",
    filters={
        "project": equals(Project.code),
        "reference": equals(VerifiedReduction.reference),
        "state": _in_state,
    },
    texts=(Project.code, Project.name_en, VerifiedReduction.reference),
)


def list_verified_reductions(registry: OpenRegistry, request: PageRequest) -> Page[ReductionRow]:
    """List verified reductions; filters: project, reference, state (open, claimed, issued)."""
    with reading(registry.engine) as connection:
        rows, following = fetch_page(connection, REDUCTIONS, request)
    return Page(tuple(_reduction(registry, row) for row in rows), following)


def _reduction(registry: OpenRegistry, row: AnyRow) -> ReductionRow:
    claimed = "issued" if row.status == _COMPLETED else "claimed"
    return ReductionRow(
        id=row.id,
        project=row.code,
        project_name=row.name_en,
        period_from=row.period_from,
        period_to=row.period_to,
        quantity=row.quantity,
        reference=row.reference,
        document_sha256=row.document_sha256,
        state="open" if row.issued_by is None else claimed,
        issued_by=None if row.issued_by is None else f"{registry.country}{row.issued_by}",
    )
