"""Deriving an offset certificate's statement from the ledger itself.

Owns what a certificate of a completed voluntary cancellation says, and its number. Writes nothing
and signs nothing; nobody brings a statement along.
"""

from __future__ import annotations

import json
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from app.models.codes import SupplementaryType, TransactionStatus, TransactionType
from app.models.errors import NotFound
from app.models.tables import (
    Account,
    Certificate,
    Holder,
    LogEntry,
    Person,
    Project,
    TransactionBlock,
    TransactionRow,
    UnitBatch,
    UnitType,
)
from app.models.tables.base import AnyRow
from app.services.certificates.statement import (
    Holder as StatedHolder,
)
from app.services.certificates.statement import (
    LogPlace,
    Registry,
    SerialRange,
    Statement,
)
from app.services.checks.refusals import refuse
from app.services.registry.context import BANGKOK, OpenRegistry


def require_cancellation(
    connection: Connection, registry: OpenRegistry, transaction_id: int
) -> AnyRow:
    """Give the completed voluntary cancellation; NotFound or RulesBroken for all else."""
    row = connection.execute(
        select(
            TransactionRow.id,
            TransactionRow.type,
            TransactionRow.supplementary_type,
            TransactionRow.status,
            TransactionRow.act,
            TransactionRow.quantity,
            TransactionRow.unit_type,
            TransactionRow.completed_at,
            TransactionRow.effective_on,
            TransactionRow.proposed_by,
            UnitType.measure,
            Account.number,
            Account.name,
            Holder.name_en,
            Holder.name_th,
            Person.user_name,
            LogEntry.sequence,
            LogEntry.leaf_hash,
        )
        .join(UnitType, UnitType.code == TransactionRow.unit_type)
        .join(Person, Person.id == TransactionRow.proposed_by)
        .outerjoin(Account, Account.id == TransactionRow.from_account_id)
        .outerjoin(Holder, Holder.id == Account.holder_id)
        .outerjoin(LogEntry, LogEntry.transaction_id == TransactionRow.id)
        .where(TransactionRow.id == transaction_id)
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"There is no transaction {registry.country}{transaction_id}.",
            hint="`teak transactions --type cancellation` lists the cancellations.",
        )
    kind = (row.type, row.supplementary_type, row.status)
    if kind != (
        TransactionType.CANCELLATION,
        SupplementaryType.VOLUNTARY_CANCELLATION,
        TransactionStatus.COMPLETED,
    ):
        raise refuse(9601, transaction=f"{registry.country}{transaction_id}")
    return row


def next_number(connection: Connection, registry: OpenRegistry) -> str:
    """Give the number of the next certificate of this year."""
    head = f"{registry.country}-OC-{registry.today().year}-"
    issued = connection.execute(
        select(func.count(Certificate.id)).where(Certificate.number.startswith(head))
    ).scalar_one()
    return f"{head}{issued + 1:06d}"


def derive_statement(
    connection: Connection,
    registry: OpenRegistry,
    row: AnyRow,
    number: str,
    now: datetime,
) -> Statement:
    """Say of a cancellation (`require_cancellation`) what its certificate says."""
    act = json.loads(row.act)
    return Statement(
        certificate=number,
        transaction=f"{registry.country}{row.id}",
        registry=Registry(
            registry.registry_id, registry.country, registry.name_en, registry.name_th
        ),
        holder=StatedHolder(row.number, row.name_en or row.name, row.name_th or ""),
        beneficiary=act.get("beneficiary"),
        purpose=act.get("purpose") or act.get("source_reason"),
        unit_type=row.unit_type,
        measure=row.measure,
        quantity=row.quantity,
        serials=_serials(connection, row.id),
        cancelled_on=_cancelled_on(row),
        completed_at=row.completed_at,
        issued_at=now,
        log=LogPlace(row.sequence, row.leaf_hash.hex()),
    )


def _cancelled_on(row: AnyRow) -> date:
    """Give the day the source registry recorded, else the Thai day of completion."""
    if row.effective_on is not None:
        return row.effective_on  # type: ignore[no-any-return]
    return row.completed_at.astimezone(BANGKOK).date()  # type: ignore[no-any-return]


def _serials(connection: Connection, transaction_id: int) -> tuple[SerialRange, ...]:
    rows = connection.execute(
        select(
            TransactionBlock.serial,
            TransactionBlock.first_serial,
            TransactionBlock.last_serial,
            Project.code,
            Project.name_en,
            Project.kind,
            UnitBatch.vintage,
        )
        .join(UnitBatch, UnitBatch.id == TransactionBlock.batch_id)
        .join(Project, Project.id == UnitBatch.project_id)
        .where(TransactionBlock.transaction_id == transaction_id)
        .order_by(TransactionBlock.id)
    )
    return tuple(
        SerialRange(
            serial=row.serial,
            start=row.first_serial,
            end=row.last_serial,
            project=row.code,
            project_name=row.name_en,
            project_type=row.kind or None,
            vintage=row.vintage,
        )
        for row in rows
    )
