"""One certificate to look at, to save and to print, found by its number or its transaction.

Owns finding which transaction is meant; making the certificate is the service's, and making
it again gives the same number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.models.errors import NotFound
from app.services.certificates.issuing import IssuedCertificate, issue_certificate
from app.services.file_saving import save_file
from app.services.listings.certificates import list_certificates
from app.services.listings.page import PageRequest
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.proposing import transaction_number

LANGUAGES = ("both", "th", "en")


@dataclass(frozen=True)
class ReadCertificate:
    """A certificate's PDF in one language, and whether it was made just now."""

    key: str
    language: str
    issued: IssuedCertificate
    is_new: bool


def read_certificate(
    registry: OpenRegistry, actor: Actor, key: str, language: str
) -> ReadCertificate:
    """Read, or make, the certificate that a number or a transaction identifier names.

    Called off the window's thread. Raises NotFound and RulesBroken as the services do.
    """
    if key.startswith(f"{registry.country}-"):
        found = list_certificates(registry, PageRequest(filters={"number": key}, limit=1)).rows
        if not found:
            raise NotFound(f"There is no certificate {key} in this registry.")
        identifier = found[0].transaction
    else:
        identifier = key
    known = list_certificates(registry, PageRequest(filters={"transaction": identifier}, limit=1))
    issued = issue_certificate(
        registry, transaction_number(registry, identifier), actor=actor, language=language
    )
    return ReadCertificate(issued.number, language, issued, is_new=not known.rows)


def save_pdf(certificate: IssuedCertificate, path: Path) -> Path:
    """Write the PDF whole; raises UsageError when the file cannot be written."""
    return save_file(path, certificate.pdf)
