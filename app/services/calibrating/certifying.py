"""Giving a calibration its certificate, once, and reprinting it in another language.

Owns the certificate's place in the registry: the PDF is a document, attached to its calibration.
What it says is `stating`'s. Where the registry's key is its worker's alone, the worker is asked
(`requesting`). One that came in a bundle is given as it came: here nobody signs it again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from app.models.errors import NotFound
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.calibrating.stating import derive_calibration_statement
from app.services.certificates.calibration.certificate import make_calibration_certificate
from app.services.certificates.calibration.statement import (
    CalibrationStatement,
    calibration_statement_of,
)
from app.services.certificates.verify import attached_statement
from app.services.documents import (
    StoredDocument,
    add_document_within,
    find_documents,
    read_document,
)
from app.services.registry.context import Actor, OpenRegistry
from app.services.signing_keys import Signer, current_signer
from app.services.stations.access import require_technician
from app.services.stations.calibrations import attach_certificate_within
from app.services.stations.kept_calibrations import KeptCalibration, get_calibration
from app.services.stations.registering import Within

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class IssuedCalibrationCertificate:
    """A certificate's number, what it says, and the PDF."""

    number: str
    statement: CalibrationStatement
    pdf: bytes

    @property
    def pages(self) -> int:
        """Count the pages of the PDF."""
        from io import BytesIO

        from pypdf import PdfReader

        return len(PdfReader(BytesIO(self.pdf)).pages)


def issue_calibration_certificate(
    registry: OpenRegistry,
    actor: Actor,
    code: str,
    *,
    language: str = "both",
    wait_s: float | None = None,
) -> IssuedCalibrationCertificate:
    """Issue or reprint a calibration's certificate; the first is authorised by the actor.

    `language` is en, th or both; `wait_s` seconds a networked registry's worker is waited for.
    Raises NotFound, RulesBroken, and CertificateNotMade when the worker has not answered by then.
    """
    kept = get_calibration(registry, code)
    if kept.is_of_elsewhere:
        return as_it_came(registry, kept)
    if registry.server is not None:
        from app.services.calibrating.requesting import request_calibration_certificate

        return request_calibration_certificate(
            registry, actor, kept, language=language, wait_s=wait_s
        )
    with reading(registry.engine_for(actor)) as connection:
        signer = current_signer(connection)
        if kept.certificate_sha256 is None:
            require_authoriser(connection, actor)
    if kept.certificate_sha256 is not None:
        return print_again(registry, kept.certificate_sha256, signer, language)
    # Drawn before anything is written: a collector at work does not wait for it.
    statement = derive_calibration_statement(registry, actor, kept)
    pdf = make_calibration_certificate(statement, signer.private_key, language)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_authoriser(unit.connection, actor)
        keep_certificate(within, kept, statement.certificate, pdf)
        unit.commit()
    return IssuedCalibrationCertificate(statement.certificate, statement, pdf)


def require_authoriser(connection: Connection, actor: Actor) -> None:
    """Refuse somebody who authorises no certificate of a calibration; RulesBroken."""
    require_technician(
        connection,
        actor,
        act="authorises calibration certificates",
        act_th="อนุมัติใบรับรองการสอบเทียบ",
    )


def keep_certificate(within: Within, kept: KeptCalibration, number: str, pdf: bytes) -> None:
    """Keep a first certificate's file and attach it, inside a unit of work of the caller's."""
    document = add_document_within(
        within.connection,
        within.registry,
        within.actor,
        name=f"{number}.pdf",
        media_type=_PDF,
        content=pdf,
    )
    attach_certificate_within(
        within, kept.id, kept.code, number=number, document_sha256=document.sha256
    )


def print_again(
    registry: OpenRegistry, digest: str, signer: Signer, language: str
) -> IssuedCalibrationCertificate:
    """Print what a kept certificate says in a language; number and date stay."""
    statement = calibration_statement_of(attached_statement(read_document(registry, digest)))
    pdf = make_calibration_certificate(statement, signer.private_key, language)
    return IssuedCalibrationCertificate(statement.certificate, statement, pdf)


def as_it_came(registry: OpenRegistry, kept: KeptCalibration) -> IssuedCalibrationCertificate:
    """Give the certificate that another registry signed; NotFound where none came."""
    if kept.certificate_sha256 is None:
        raise NotFound(
            f"Calibration “{kept.code}” was done at registry {kept.origin}, and no certificate of "
            "it came with its readings.",
            hint="Have it issued there, and import the next bundle.",
        )
    return read_issued(registry, kept.certificate_sha256)


def read_certificate_document(registry: OpenRegistry, code: str) -> tuple[StoredDocument, bytes]:
    """Give the file of a calibration's certificate as it is kept; NotFound where there is none."""
    digest = get_calibration(registry, code).certificate_sha256
    found = () if digest is None else find_documents(registry, (digest,))
    if not found:
        raise NotFound(f"Calibration “{code}” has no certificate yet.", hint="Issue it first.")
    return found[0], read_document(registry, found[0].sha256)


def read_issued(registry: OpenRegistry, digest: str) -> IssuedCalibrationCertificate:
    """Read a certificate's file that is kept as a document, as it is; NotFound."""
    pdf = read_document(registry, digest)
    statement = calibration_statement_of(attached_statement(pdf))
    return IssuedCalibrationCertificate(statement.certificate, statement, pdf)
