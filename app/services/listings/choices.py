"""What the forms of acts offer: accounts, held units, projects, verified reductions.

Owns short lists to choose from, never whole tables of the desk; must not decide what is
allowed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.models.codes import AccountState, AccountType
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    Holder,
    Holding,
    Project,
    ProjectAccount,
    UnitBlock,
    UnitType,
    VerifiedReduction,
)
from app.models.tables.base import AnyRow
from app.services.registry.context import OpenRegistry
from app.services.transactions.acts.act import HOLDING_TYPES

MOST_ACCOUNTS = 5000
"""More are not offered; their number can still be typed."""


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """An open account, with its holder's names."""

    number: str
    name: str
    holder_en: str
    holder_th: str


@dataclass(frozen=True, slots=True)
class HeldUnits:
    """What an account has of one unit type; `free` is neither reserved nor expired."""

    unit_type: str
    name_en: str
    name_th: str
    measure: str
    quantity: int
    free: int


@dataclass(frozen=True, slots=True)
class ProjectChoice:
    """A registered project of this registry, with the accounts bound to it."""

    code: str
    name_en: str
    name_th: str
    accounts: tuple[AccountChoice, ...]


@dataclass(frozen=True, slots=True)
class UnitTypeChoice:
    """A unit type that this registry issues."""

    code: str
    name_en: str
    name_th: str
    measure: str


@dataclass(frozen=True, slots=True)
class ReductionChoice:
    """A verified reduction on record for which nothing was issued or proposed yet."""

    reference: str
    period_from: date
    period_to: date
    quantity: int
    document_sha256: str


_ACCOUNTS = (
    select(Account.number, Account.name, Holder.name_en, Holder.name_th)
    .outerjoin(Holder, Holder.id == Account.holder_id)
    .where(Account.state == AccountState.OPEN)
    .order_by(Account.type_code, Account.identifier)
)


def _of_types(types: Iterable[AccountType]) -> ColumnElement[bool]:
    """Compare type by type: an index serves each."""
    return or_(*(Account.type_code == int(kind) for kind in sorted(types)))


_HOLDING_ACCOUNTS = _ACCOUNTS.where(_of_types(HOLDING_TYPES))


def list_account_choices(
    registry: OpenRegistry,
    *,
    types: Collection[AccountType] = HOLDING_TYPES,
    most: int = MOST_ACCOUNTS,
) -> tuple[AccountChoice, ...]:
    """List open accounts of some types, holders' own unless said, at most `most` of them."""
    statement = _ACCOUNTS.where(_of_types(types)).limit(most)
    with reading(registry.engine) as connection:
        return tuple(_account(row) for row in connection.execute(statement))


def _account(row: AnyRow) -> AccountChoice:
    return AccountChoice(row.number, row.name, row.name_en or "", row.name_th or "")


def list_held_units(registry: OpenRegistry, account_number: str) -> tuple[HeldUnits, ...]:
    """List the unit types an account has units of, with how many are free today."""
    expired = _expired_units(registry.today()).scalar_subquery()
    statement = (
        select(
            UnitType.code,
            UnitType.name_en,
            UnitType.name_th,
            UnitType.measure,
            Holding.quantity,
            Holding.reserved,
            func.coalesce(expired, 0).label("expired"),
        )
        .join(Holding, Holding.unit_type == UnitType.code)
        .join(Account, Account.id == Holding.account_id)
        .where(Account.number == account_number, Holding.quantity > 0)
        .order_by(UnitType.is_domestic.desc(), UnitType.code)
    )
    with reading(registry.engine) as connection:
        return tuple(
            HeldUnits(
                unit_type=row.code,
                name_en=row.name_en,
                name_th=row.name_th,
                measure=row.measure,
                quantity=row.quantity,
                free=row.quantity - row.reserved - row.expired,
            )
            for row in connection.execute(statement)
        )


def _expired_units(today: date) -> Select[int]:
    return (
        select(func.sum(UnitBlock.last_serial - UnitBlock.first_serial + 1))
        .where(
            UnitBlock.account_id == Holding.account_id,
            UnitBlock.unit_type == Holding.unit_type,
            UnitBlock.reserved_by.is_(None),
            UnitBlock.fifo_expiry < today,
        )
        .correlate(Holding)
    )


def list_project_choices(registry: OpenRegistry) -> tuple[ProjectChoice, ...]:
    """List the registered projects of this registry, with their open accounts."""
    bound = _HOLDING_ACCOUNTS.add_columns(ProjectAccount.project_id).join(
        ProjectAccount, ProjectAccount.account_id == Account.id
    )
    projects = (
        select(Project.id, Project.code, Project.name_en, Project.name_th)
        .where(Project.origin == registry.country, Project.state == "registered")
        .order_by(Project.code)
    )
    accounts: dict[int, list[AccountChoice]] = {}
    with reading(registry.engine) as connection:
        for row in connection.execute(bound):
            accounts.setdefault(row.project_id, []).append(_account(row))
        return tuple(
            ProjectChoice(row.code, row.name_en, row.name_th, tuple(accounts.get(row.id, ())))
            for row in connection.execute(projects)
        )


_UNIT_TYPES = select(UnitType.code, UnitType.name_en, UnitType.name_th, UnitType.measure)


def list_domestic_unit_types(registry: OpenRegistry) -> tuple[UnitTypeChoice, ...]:
    """List the unit types that this registry issues itself."""
    own = _UNIT_TYPES.where(UnitType.is_domestic).order_by(UnitType.code.desc())
    return _unit_types(registry, own)


def list_foreign_unit_types(registry: OpenRegistry) -> tuple[UnitTypeChoice, ...]:
    """List the unit types that other registries issue."""
    others = _UNIT_TYPES.where(UnitType.is_domestic.is_(False)).order_by(UnitType.code)
    return _unit_types(registry, others)


def _unit_types(
    registry: OpenRegistry, statement: Select[*tuple[Any, ...]]
) -> tuple[UnitTypeChoice, ...]:
    with reading(registry.engine) as connection:
        return tuple(
            UnitTypeChoice(row.code, row.name_en, row.name_th, row.measure)
            for row in connection.execute(statement)
        )


def list_open_reductions(registry: OpenRegistry, project_code: str) -> tuple[ReductionChoice, ...]:
    """List a domestic project's verified reductions that no transaction has taken, by period."""
    statement = (
        select(
            VerifiedReduction.reference,
            VerifiedReduction.period_from,
            VerifiedReduction.period_to,
            VerifiedReduction.quantity,
            VerifiedReduction.document_sha256,
        )
        .join(
            Project,
            and_(Project.id == VerifiedReduction.project_id, Project.origin == registry.country),
        )
        .where(Project.code == project_code, VerifiedReduction.issued_by.is_(None))
        .order_by(VerifiedReduction.period_from)
    )
    with reading(registry.engine) as connection:
        return tuple(
            ReductionChoice(
                row.reference,
                row.period_from,
                row.period_to,
                row.quantity,
                row.document_sha256,
            )
            for row in connection.execute(statement)
        )
