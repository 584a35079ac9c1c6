"""Giving a voluntary cancellation its certificate, once, and reprinting it.

Owns the certificate's number and its place in the log. A certificate follows from its
cancellation: asking again gives the same number and the same statement.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, insert, select

from app.models.codes import (
    Role,
    SupplementaryType,
    TransactionStatus,
    TransactionType,
)
from app.models.errors import NotFound, UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import (
    Account,
    Certificate,
    Holder,
    LogEntry,
    Person,
    Project,
    SigningKey,
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
    statement_bytes,
)
from app.services.certificates.statement_reading import statement_of
from app.services.checks.refusals import refuse
from app.services.log.append import append_entry
from app.services.people.access import require_access
from app.services.registry.context import BANGKOK, Actor, OpenRegistry

_ISSUED_BY = frozenset({Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR})
"""A certificate is an entry of the log, and auditors and technicians change nothing."""


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate's number, its statement, and the PDF."""

    number: str
    statement: Statement
    pdf: bytes

    @property
    def pages(self) -> int:
        """Count the pages of the PDF."""
        from io import BytesIO

        from pypdf import PdfReader

        return len(PdfReader(BytesIO(self.pdf)).pages)


def issue_certificate(
    registry: OpenRegistry,
    transaction_id: int,
    *,
    actor: Actor | None = None,
    language: str = "both",
) -> IssuedCertificate:
    """Issue or reprint the certificate of a completed voluntary cancellation.

    `actor` is who asks; without one a certificate is reprinted, and only a demo registry
    issues one, in the name of the officer who proposed the cancellation.
    `language` is en, th or both. Raises NotFound for an unknown transaction and RulesBroken
    for one that is no completed voluntary cancellation, or has no certificate yet when the
    actor's role changes nothing; UsageError when nobody asks for the first. Everybody may
    reprint.
    """
    from app.services.certificates.certificate import make_certificate

    with UnitOfWork(registry.engine) as unit:
        kept = _find(unit.connection, transaction_id)
        if kept is None:
            if actor is not None:
                _require_issuer(unit.connection, actor)
            elif not registry.is_demo:
                raise _nobody_issues(registry, transaction_id)
            kept = _issue(unit.connection, registry, transaction_id, actor)
            unit.commit()
    statement, private_key = kept
    pdf = make_certificate(statement, private_key, language)
    return IssuedCertificate(statement.certificate, statement, pdf)


def _nobody_issues(registry: OpenRegistry, transaction_id: int) -> UsageError:
    return UsageError(
        f"{registry.country}{transaction_id} has no certificate yet, and issuing one is "
        "somebody's act.",
        hint="Say who issues it: --as USER. Reprinting needs nobody.",
    )


def current_signing_key(connection: Connection) -> tuple[int, Ed25519PrivateKey]:
    """Give the id and the private key of the key that signs now."""
    row = connection.execute(
        select(SigningKey.id, SigningKey.private_key)
        .where(SigningKey.retired_at.is_(None))
        .order_by(SigningKey.id.desc())
        .limit(1)
    ).one()
    return row.id, Ed25519PrivateKey.from_private_bytes(row.private_key)


def _find(
    connection: Connection, transaction_id: int
) -> tuple[Statement, Ed25519PrivateKey] | None:
    row = connection.execute(
        select(Certificate.statement, SigningKey.private_key)
        .join(SigningKey, SigningKey.id == Certificate.signing_key_id)
        .where(Certificate.transaction_id == transaction_id)
    ).one_or_none()
    if row is None:
        return None
    return statement_of(row.statement), Ed25519PrivateKey.from_private_bytes(row.private_key)


def _issue(
    connection: Connection,
    registry: OpenRegistry,
    transaction_id: int,
    actor: Actor | None,
) -> tuple[Statement, Ed25519PrivateKey]:
    row = _cancellation(connection, registry, transaction_id)
    now = registry.now()
    number = _next_number(connection, registry)
    statement = _statement(connection, registry, row, number, now)
    content = statement_bytes(statement)
    key_id, private_key = current_signing_key(connection)
    connection.execute(
        insert(Certificate),
        {
            "number": number,
            "transaction_id": transaction_id,
            "statement": content,
            "signing_key_id": key_id,
            "issued_at": now,
            "issued_by": row.proposed_by if actor is None else actor.id,
        },
    )
    append_entry(
        connection,
        "certificate-issued",
        at=now,
        persons={"done": row.user_name if actor is None else actor.user_name},
        body={
            "certificate": number,
            "transaction": statement.transaction,
            "statement_sha256": sha256(content).hexdigest(),
        },
    )
    return statement, private_key


def _cancellation(connection: Connection, registry: OpenRegistry, transaction_id: int) -> AnyRow:
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


def _next_number(connection: Connection, registry: OpenRegistry) -> str:
    head = f"{registry.country}-OC-{registry.today().year}-"
    issued = connection.execute(
        select(func.count(Certificate.id)).where(Certificate.number.startswith(head))
    ).scalar_one()
    return f"{head}{issued + 1:06d}"


def _statement(
    connection: Connection,
    registry: OpenRegistry,
    row: AnyRow,
    number: str,
    now: datetime,
) -> Statement:
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


def _require_issuer(connection: Connection, actor: Actor) -> None:
    require_access(connection, actor)
    if actor.role not in _ISSUED_BY:
        raise refuse(9602, user=actor.user_name, role=actor.role.words, role_th=actor.role.words_th)
