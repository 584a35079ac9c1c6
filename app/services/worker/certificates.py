"""Making the certificates that desks ask for: the worker's part.

Owns deriving, signing and filing one certificate in one transaction that keeps the lease. What a
request says is only which cancellation and which language: the statement follows from the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from app.models.errors import StorageError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import (
    CertificateRequest,
    Document,
    LogQueue,
    Person,
)
from app.services.certificates.issuing import find_certificate, issue_within
from app.services.certificates.requesting import ASKED, FAILED, MADE
from app.services.checks.violation import RulesBroken
from app.services.log.append import append_entry
from app.services.registry.context import OpenRegistry
from app.services.signing_keys import current_signer
from app.services.worker.lease import Lease, LeaseLost
from app.services.worker.setting_aside import FINAL

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 20
_MEDIA_TYPE = "application/pdf"


def answer_requests(registry: OpenRegistry, lease: Lease, secret: bytes) -> int:
    """Make what is asked for, each in a transaction of its own; give how many were made.

    One that cannot be made is marked so, with the reason; a fault of the program's in one of them
    must not keep the others, and the log, waiting for ever.
    """
    return answer_each(
        _asked(registry),
        lambda number: _answer(registry, lease, secret, number),
        lambda number, problem: _mark_failed(registry, lease, number, problem),
    )


def answer_each(
    asked: Sequence[int],
    answer: Callable[[int], bool],
    mark_failed: Callable[[int, str], None],
) -> int:
    """Answer each request, or mark it failed with the reason; give how many were answered.

    What the database itself refuses is the request's own fault too: it would refuse it again.
    Raises what concerns the worker and not the request: other StorageErrors, LeaseLost.
    """
    made = 0
    for number in asked:
        try:
            made += answer(number)
        except (RulesBroken, *FINAL) as error:
            mark_failed(number, str(error))
        except (StorageError, LeaseLost):
            raise
        except Exception as error:
            logger.exception("The certificate of request %s could not be made", number)
            mark_failed(number, f"The worker could not make it: {error!r}.")
    return made


def _asked(registry: OpenRegistry) -> list[int]:
    """Give the requests whose cancellation is in the log already: its place is certified."""
    queued = select(LogQueue.transaction_id).where(LogQueue.transaction_id.is_not(None))
    with reading(registry.engine) as connection:
        found = connection.execute(
            select(CertificateRequest.id)
            .where(
                CertificateRequest.state == ASKED,
                CertificateRequest.transaction_id.not_in(queued),
            )
            .order_by(CertificateRequest.id)
            .limit(MOST_AT_ONCE)
        )
        return list(found.scalars())


def _answer(registry: OpenRegistry, lease: Lease, secret: bytes, number: int) -> bool:
    from app.services.certificates.certificate import make_certificate

    with UnitOfWork(registry.engine) as unit:
        connection = unit.connection
        lease.keep(connection)
        row = _request(connection, number)
        if row.state != ASKED:
            return False
        kept = find_certificate(connection, row.transaction_id, secret=secret)
        statement, signer = kept or issue_within(
            connection,
            registry,
            row.transaction_id,
            signer=current_signer(connection, secret=secret),
            asker=(row.asked_by, row.user_name),
        )
        pdf = make_certificate(statement, signer.private_key, row.language)
        digest = keep_file(
            connection,
            registry,
            (row.asked_by, row.user_name),
            name=f"{statement.certificate}.pdf",
            pdf=pdf,
        )
        connection.execute(
            update(CertificateRequest)
            .where(CertificateRequest.id == number)
            .values(state=MADE, file_sha256=digest)
        )
        unit.commit()
    return True


def _request(connection: Connection, number: int) -> Any:
    return connection.execute(
        select(
            CertificateRequest.transaction_id,
            CertificateRequest.state,
            CertificateRequest.language,
            CertificateRequest.asked_by,
            Person.user_name,
        )
        .join(Person, Person.id == CertificateRequest.asked_by)
        .where(CertificateRequest.id == number)
    ).one()


def keep_file(
    connection: Connection, registry: OpenRegistry, asker: tuple[int, str], *, name: str, pdf: bytes
) -> str:
    """Keep the file as a document, once; `asker` is id and user name. Gives its digest."""
    digest = sha256(pdf).hexdigest()
    found = connection.execute(
        select(func.count()).select_from(Document).where(Document.sha256 == digest)
    ).scalar_one()
    if found:
        return digest
    person, user_name = asker
    content = {
        "sha256": digest,
        "name": name,
        "media_type": _MEDIA_TYPE,
        "size_bytes": len(pdf),
    }
    now = registry.now()
    connection.execute(
        insert(Document),
        {**content, "content": pdf, "added_at": now, "added_by": person},
    )
    by = {"done": user_name}
    append_entry(connection, "document-added", at=now, persons=by, body=content)
    return digest


def _mark_failed(registry: OpenRegistry, lease: Lease, number: int, problem: str) -> None:
    with UnitOfWork(registry.engine) as unit:
        lease.keep(unit.connection)
        unit.connection.execute(
            update(CertificateRequest)
            .where(CertificateRequest.id == number)
            .values(state=FAILED, problem=problem)
        )
        unit.commit()
