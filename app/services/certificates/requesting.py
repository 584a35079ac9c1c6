"""Asking a networked registry's worker for a certificate: no desk can sign.

Owns the request, the wait for its answer, and what is said when none comes. The file that the
worker made is kept as a document of the registry, so that a reprint needs no worker.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from app.models.errors import TeakError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Certificate, CertificateRequest, Document, WorkerLease
from app.models.tables.base import inserted_id
from app.services.certificates.derivation import require_cancellation
from app.services.certificates.issuing import IssuedCertificate, nobody_issues, require_issuer
from app.services.certificates.statement_reading import statement_of
from app.services.certificates.wording import known_language
from app.services.registry.context import Actor, OpenRegistry

ASKED, MADE, FAILED = "asked", "made", "failed"
LONGEST_WAIT_S = 20.0
LOOK_EVERY_S = 0.2


class CertificateNotMade(TeakError):
    """The worker did not make the certificate, or not in time; the request stays."""

    code = "certificate-not-made"


@dataclass(frozen=True, slots=True)
class _Answer:
    """How a request stands."""

    state: str
    file_sha256: str | None
    problem: str


def request_certificate(
    registry: OpenRegistry,
    transaction_id: int,
    *,
    actor: Actor | None,
    language: str = "both",
    wait_s: float = LONGEST_WAIT_S,
) -> IssuedCertificate:
    """Give the certificate of a completed voluntary cancellation, made by the worker.

    One made before is read from the registry. Waits `wait_s` seconds at most; then raises
    CertificateNotMade, and the worker will make it when it runs: ask again later.
    """
    chosen = str(known_language(language))
    with reading(registry.engine) as connection:
        require_cancellation(connection, registry, transaction_id)
        made = _find_made(connection, transaction_id, chosen)
    if made is None:
        made = _ask_and_wait(registry, transaction_id, actor, chosen, wait_s)
    return _read(registry, transaction_id, made)


def _find_made(connection: Connection, transaction_id: int, language: str) -> str | None:
    return connection.execute(
        select(CertificateRequest.file_sha256)
        .where(
            CertificateRequest.transaction_id == transaction_id,
            CertificateRequest.language == language,
            CertificateRequest.state == MADE,
        )
        .limit(1)
    ).scalar()


def _ask_and_wait(
    registry: OpenRegistry,
    transaction_id: int,
    actor: Actor | None,
    language: str,
    wait_s: float,
) -> str:
    number = ask_certificate(registry, transaction_id, actor=actor, language=language)
    until = time.monotonic() + wait_s
    while True:
        answer = _answer(registry, number)
        if answer.state == MADE and answer.file_sha256 is not None:
            return answer.file_sha256
        if answer.state == FAILED:
            raise CertificateNotMade(
                f"The certificate of {registry.country}{transaction_id} could not be made: "
                f"{answer.problem}",
                hint="Look at what the registry's worker says.",
            )
        if time.monotonic() >= until:
            raise _not_in_time(registry, transaction_id)
        time.sleep(LOOK_EVERY_S)


def ask_certificate(
    registry: OpenRegistry, transaction_id: int, *, actor: Actor | None, language: str
) -> int:
    """Ask without waiting, unless the same is asked already; give the request's number."""
    engine = registry.engine if actor is None else registry.engine_for(actor)
    with UnitOfWork(engine) as unit:
        connection = unit.connection
        issued = select(Certificate.id).where(Certificate.transaction_id == transaction_id)
        if connection.execute(issued).one_or_none() is None:
            if actor is None:
                raise nobody_issues(registry, transaction_id)
            require_issuer(connection, actor)
        waiting = connection.execute(
            select(CertificateRequest.id).where(
                CertificateRequest.transaction_id == transaction_id,
                CertificateRequest.language == language,
                CertificateRequest.state == ASKED,
            )
        ).scalars().first()  # fmt: skip
        if waiting is not None:
            return int(waiting)
        person = connection.execute(select(func.teak.person_id())).scalar_one()
        result = connection.execute(
            insert(CertificateRequest),
            {
                "transaction_id": transaction_id,
                "asked_by": person,
                "asked_at": registry.now(),
                "language": language,
                "state": ASKED,
                "problem": "",
            },
        )
        number = inserted_id(result)
        unit.commit()
    return number


def _answer(registry: OpenRegistry, number: int) -> _Answer:
    with reading(registry.engine) as connection:
        row = connection.execute(
            select(
                CertificateRequest.state,
                CertificateRequest.file_sha256,
                CertificateRequest.problem,
            ).where(CertificateRequest.id == number)
        ).one()
    return _Answer(row.state, row.file_sha256, row.problem)


def _not_in_time(registry: OpenRegistry, transaction_id: int) -> CertificateNotMade:
    with reading(registry.engine) as connection:
        ready = select(WorkerLease.id).where(WorkerLease.expires_at > func.clock_timestamp())
        is_running = connection.execute(ready).one_or_none() is not None
    name = f"{registry.country}{transaction_id}"
    if is_running:
        return CertificateNotMade(
            f"The registry's worker has not made the certificate of {name} yet.",
            hint="It is asked for; ask again in a minute.",
        )
    return CertificateNotMade(
        f"The certificate of {name} is asked for, but no worker of the registry is running.",
        hint="Ask the administrator to start `teak work`; then ask again.",
    )


def _read(registry: OpenRegistry, transaction_id: int, digest: str) -> IssuedCertificate:
    with reading(registry.engine) as connection:
        pdf = connection.execute(
            select(Document.content).where(Document.sha256 == digest)
        ).scalar_one()
        content = connection.execute(
            select(Certificate.statement).where(Certificate.transaction_id == transaction_id)
        ).scalar_one()
    statement = statement_of(bytes(content))
    return IssuedCertificate(statement.certificate, statement, bytes(pdf))
