"""Giving a voluntary cancellation its certificate, once, and reprinting it.

Owns the certificate's place in the registry and in the log. A certificate follows from its
cancellation: asking again gives the same number and the same statement. Where the registry's key
is its worker's alone, the worker is asked (`requesting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, insert, select

from app.models.codes import Role
from app.models.errors import UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Certificate
from app.services.certificates.derivation import (
    derive_statement,
    next_number,
    require_cancellation,
)
from app.services.certificates.statement import Statement, statement_bytes
from app.services.certificates.statement_reading import statement_of
from app.services.checks.refusals import refuse
from app.services.log.append import append_entry
from app.services.people.access import require_access
from app.services.registry.context import Actor, OpenRegistry
from app.services.signing_keys import Signer, current_signer, signer_of

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

    `actor` is who asks; without one a certificate is reprinted, and only an embedded demo
    registry issues one, in the name of the officer who proposed the cancellation.
    `language` is en, th or both. Raises NotFound for an unknown transaction and RulesBroken
    for one that is no completed voluntary cancellation, or has no certificate yet when the
    actor's role changes nothing; UsageError when nobody asks for the first; of a networked
    registry CertificateNotMade when its worker does not answer. Everybody may reprint.
    """
    if registry.server is not None:
        from app.services.certificates.requesting import request_certificate

        return request_certificate(registry, transaction_id, actor=actor, language=language)
    from app.services.certificates.certificate import make_certificate

    with UnitOfWork(registry.engine) as unit:
        kept = find_certificate(unit.connection, transaction_id)
        if kept is None:
            if actor is not None:
                require_issuer(unit.connection, actor)
            elif not registry.is_demo:
                raise nobody_issues(registry, transaction_id)
            kept = issue_within(
                unit.connection,
                registry,
                transaction_id,
                signer=current_signer(unit.connection),
                asker=None if actor is None else (actor.id, actor.user_name),
            )
            unit.commit()
    statement, signer = kept
    pdf = make_certificate(statement, signer.private_key, language)
    return IssuedCertificate(statement.certificate, statement, pdf)


def nobody_issues(registry: OpenRegistry, transaction_id: int) -> UsageError:
    """Say that a first certificate is somebody's act."""
    return UsageError(
        f"{registry.country}{transaction_id} has no certificate yet, and issuing one is "
        "somebody's act.",
        hint="Say who issues it: --as USER. Reprinting needs nobody.",
    )


def require_issuer(connection: Connection, actor: Actor) -> None:
    """Refuse somebody whose role changes nothing."""
    require_access(connection, actor)
    if actor.role not in _ISSUED_BY:
        raise refuse(9602, user=actor.user_name, role=actor.role.words, role_th=actor.role.words_th)


def find_certificate(
    connection: Connection, transaction_id: int, *, secret: bytes | None = None
) -> tuple[Statement, Signer] | None:
    """Find a cancellation's certificate and the key that signed it, retired or not."""
    row = connection.execute(
        select(Certificate.statement, Certificate.signing_key_id).where(
            Certificate.transaction_id == transaction_id
        )
    ).one_or_none()
    if row is None:
        return None
    signer = signer_of(connection, row.signing_key_id, secret=secret)
    return statement_of(bytes(row.statement)), signer


def issue_within(
    connection: Connection,
    registry: OpenRegistry,
    transaction_id: int,
    *,
    signer: Signer,
    asker: tuple[int, str] | None,
) -> tuple[Statement, Signer]:
    """Issue a first certificate within the caller's unit of work; `asker` is id and user name."""
    row = require_cancellation(connection, registry, transaction_id)
    person_id, user_name = asker or (row.proposed_by, row.user_name)
    now = registry.now()
    number = next_number(connection, registry)
    statement = derive_statement(connection, registry, row, number, now)
    content = statement_bytes(statement)
    connection.execute(
        insert(Certificate),
        {
            "number": number,
            "transaction_id": transaction_id,
            "statement": content,
            "signing_key_id": signer.id,
            "issued_at": now,
            "issued_by": person_id,
        },
    )
    body = {
        "certificate": number,
        "transaction": statement.transaction,
        "statement_sha256": sha256(content).hexdigest(),
    }
    if registry.server is not None:
        # There the worker is who did it; somebody asked.
        body["asked_by"] = user_name
    append_entry(connection, "certificate-issued", at=now, persons={"done": user_name}, body=body)
    return statement, signer
