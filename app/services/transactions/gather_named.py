"""Reads what corrective and buffer acts name: a transaction, a project, bound projects.

Owns these queries; decides nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import Connection, bindparam, func, or_, select

from app.models.codes import SupplementaryType, TransactionStatus
from app.models.storage.prepared import Prepared, Values
from app.models.tables import Account, Project, ProjectAccount, TransactionRow, UnitType
from app.services.transactions.acts.administrative import CorrectiveTransfer
from app.services.transactions.acts.buffer import BufferCancellation, BufferCompensation
from app.services.transactions.facts import Facts, NamedTransactionFacts
from app.services.transactions.gather_disposal import gather_disposal
from app.services.transactions.gather_notice import with_notice
from app.services.transactions.steady_facts import SteadyFacts

_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
NAMED = Prepared(
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
BOUND_PROJECTS = Prepared(
    select(Project.code)
    .join(ProjectAccount, ProjectAccount.project_id == Project.id)
    .join(Account, Account.id == ProjectAccount.account_id)
    .where(Account.number == bindparam("number"), Project.origin == bindparam("country"))
)
COMPENSATED = Prepared(
    select(func.coalesce(func.sum(TransactionRow.quantity), 0)).where(
        TransactionRow.supplementary_type == int(SupplementaryType.BUFFER_COMPENSATION),
        or_(*(TransactionRow.status == status for status in _LIVE)),
        TransactionRow.id != bindparam("own"),
        TransactionRow.act.contains(bindparam("named"), escape="/"),
    )
)
"""Units of other compensations of a transaction, pending ones too."""


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
    values = {"number": facts.acquiring.number, "country": facts.country}
    bound = BOUND_PROJECTS.rows(connection, values)
    return replace(facts, bound_projects=frozenset(code for (code,) in bound))


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
    number = named_number(identifier, facts.country)
    row = None if number is None else NAMED.record(connection, {"number": number})
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


def named_number(identifier: str, country: str) -> int | None:
    """Read the number of a transaction of this registry; None for another form."""
    number = identifier.removeprefix(country)
    if not identifier.startswith(country) or not _NUMBER.fullmatch(number):
        return None
    return int(number)


def compensated_values(identifier: str, own: int) -> Values:
    """Give what `COMPENSATED` is asked with; `own` is the transaction itself, 0 for none."""
    # Of all that stands in it, a pattern would take only the underscore for its own.
    return {"named": f'"over/_issued":"{identifier}"', "own": own}


def _compensated(connection: Connection, facts: Facts, identifier: str) -> int:
    own = 0 if facts.deciding is None else facts.deciding.id
    row = COMPENSATED.find(connection, compensated_values(identifier, own))
    assert row is not None
    return int(row[0])
