"""Reads what corrective and buffer acts name: a transaction, a project, bound projects.

Owns these queries; decides nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import Connection, bindparam, func, select

from app.models.codes import SupplementaryType, TransactionStatus
from app.models.tables import Project, ProjectAccount, TransactionRow, UnitType
from app.services.transactions.acts.administrative import CorrectiveTransfer
from app.services.transactions.acts.buffer import BufferCancellation, BufferCompensation
from app.services.transactions.facts import Facts, NamedTransactionFacts
from app.services.transactions.gather_disposal import gather_disposal
from app.services.transactions.gather_notice import with_notice
from app.services.transactions.steady_facts import SteadyFacts

_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_NAMED = (
    select(
        TransactionRow.id,
        TransactionRow.type,
        TransactionRow.supplementary_type,
        TransactionRow.status,
        TransactionRow.unit_type,
        UnitType.measure,
        TransactionRow.quantity,
        TransactionRow.from_account_id,
        TransactionRow.to_account_id,
    )
    .join(UnitType, UnitType.code == TransactionRow.unit_type)
    .where(TransactionRow.id == bindparam("number"))
)
_LIVE = (
    int(TransactionStatus.PROPOSED),
    int(TransactionStatus.CHECKED),
    int(TransactionStatus.COMPLETED),
)
_BOUND_PROJECTS = (
    select(Project.code)
    .join(ProjectAccount, ProjectAccount.project_id == Project.id)
    .where(
        ProjectAccount.account_id == bindparam("account_id"),
        Project.origin == bindparam("country"),
    )
)


def gather_correction(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks to put right, and the transaction that went wrong."""
    act = facts.act
    assert isinstance(act, CorrectiveTransfer)
    facts = gather_disposal(connection, steady, facts, further=further)
    return _with_named(connection, facts, act.corrects)


def gather_release(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks to release, and the projects bound to the account that gets them."""
    facts = gather_disposal(connection, steady, facts, further=further)
    if facts.acquiring is None:
        return facts
    values = {"account_id": facts.acquiring.id, "country": facts.country}
    bound = connection.execute(_BOUND_PROJECTS, values).scalars()
    return replace(facts, bound_projects=frozenset(bound))


def gather_buffer_cancellation(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks to cancel, the notice, and the project whose removals were reversed."""
    act = facts.act
    assert isinstance(act, BufferCancellation)
    facts = gather_disposal(connection, steady, facts, further=further)
    facts = with_notice(connection, facts)
    return replace(facts, project=steady.project(act.reversed_project, facts.country))


def gather_compensation(
    connection: Connection, steady: SteadyFacts, facts: Facts, *, further: int = 0
) -> Facts:
    """Read the blocks to cancel, the notice, and the issuance that was too large."""
    act = facts.act
    assert isinstance(act, BufferCompensation)
    facts = gather_disposal(connection, steady, facts, further=further)
    facts = with_notice(connection, facts)
    return _with_named(connection, facts, act.over_issued)


def _with_named(connection: Connection, facts: Facts, identifier: str) -> Facts:
    number = identifier.removeprefix(facts.country)
    if not identifier.startswith(facts.country) or not _NUMBER.fullmatch(number):
        return facts
    row = connection.execute(_NAMED, {"number": int(number)}).one_or_none()
    if row is None:
        return facts
    named = NamedTransactionFacts(
        id=row.id,
        type=row.type,
        supplementary_type=row.supplementary_type,
        status=TransactionStatus(row.status),
        unit_type=row.unit_type,
        measure=row.measure,
        quantity=row.quantity,
        from_account_id=row.from_account_id,
        to_account_id=row.to_account_id,
        compensated=_compensated(connection, facts, identifier),
    )
    return replace(facts, named=named)


def _compensated(connection: Connection, facts: Facts, identifier: str) -> int:
    """Count units of other compensations of the transaction, pending ones too."""
    own = 0 if facts.deciding is None else facts.deciding.id
    query = select(func.coalesce(func.sum(TransactionRow.quantity), 0)).where(
        TransactionRow.supplementary_type == int(SupplementaryType.BUFFER_COMPENSATION),
        TransactionRow.status.in_(_LIVE),
        TransactionRow.id != own,
        TransactionRow.act.contains(f'"over_issued":"{identifier}"', autoescape=True),
    )
    return int(connection.execute(query).scalar_one())
