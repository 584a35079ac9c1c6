"""Certificates judged by the registry's public key, with nothing but the file.

Owns the verdict and its reason. The file's signature is checked over every byte before
anything in it is parsed, so that no reader meets bytes the registry did not write; a key the
file brings along is never used.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.models.errors import TeakError
from app.services.certificates.signing import (
    LARGEST_FILE,
    FileSignature,
    find_file_signature,
    has_signature_inside,
    is_file_signed,
    is_signed,
    key_fingerprint,
)
from app.services.certificates.statement import Statement
from app.services.certificates.statement_reading import statement_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

STATEMENT_NAME = "statement.json"
SIGNATURE_NAME = "statement.json.sig"

HELD = "The registry signed this file and it is unchanged."


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """The verdict; `statement` is None unless `ok`, so that nothing unproven is passed on."""

    ok: bool
    reason: str
    statement: Statement | None = None

    @property
    def json(self) -> dict[str, Any]:
        """The answer of `teak certificate verify --json`; null where nothing is proven."""
        said = self.statement
        return {
            "ok": self.ok,
            "certificate": said.certificate if said else None,
            "quantity": said.quantity if said else None,
            "serials": [each.serial for each in said.serials] if said else None,
            "beneficiary": said.beneficiary if said else None,
            "cancelled_on": said.cancelled_on.isoformat() if said else None,
            "reason": self.reason,
        }


def verify_certificate(pdf: bytes, public_key: Ed25519PublicKey) -> VerifiedCertificate:
    """Judge a certificate's file by the registry's public key; never raises for a bad file."""
    try:
        content = signed_statement(pdf, public_key)
        return VerifiedCertificate(True, HELD, statement_of(content))
    except TeakError as error:
        return VerifiedCertificate(False, error.message)


def signed_statement(pdf: bytes, public_key: Ed25519PublicKey) -> bytes:
    """Give the statement of a file that the key signed as a whole; TeakError says why not."""
    reason = _objection(pdf, public_key)
    if reason is not None:
        raise TeakError(reason)
    content, signature = _attached(pdf)
    if not is_signed(public_key, signature, content):
        raise TeakError("The statement inside is not signed by this key.")
    return content


def attached_statement(pdf: bytes) -> bytes:
    """Give the statement of a file that this registry kept itself; TeakError without one."""
    return _attached(pdf)[0]


def _objection(pdf: bytes, public_key: Ed25519PublicKey) -> str | None:
    if len(pdf) > LARGEST_FILE:
        return f"This is not a Teak certificate: it is larger than {LARGEST_FILE // 2**20} MiB."
    if not pdf.startswith(b"%PDF-"):
        return "This is not a Teak certificate: it is not a PDF file."
    found = find_file_signature(pdf)
    if found is None:
        return _why_unsigned(pdf)
    if not is_file_signed(public_key, pdf, found):
        return _why_not_held(found, public_key)
    return None


def _why_unsigned(pdf: bytes) -> str:
    if has_signature_inside(pdf):
        return "Something was added to or cut from the file after the registry signed it."
    return "This is not a Teak certificate: it carries no registry's signature."


def _why_not_held(found: FileSignature, public_key: Ed25519PublicKey) -> str:
    given = key_fingerprint(public_key)
    if found.fingerprint != given:
        return (
            f"The file names the key {found.fingerprint[:16]}… as its signer, not the key "
            f"{given[:16]}… it is judged by."
        )
    return "The file was changed after the registry signed it."


def _attached(pdf: bytes) -> tuple[bytes, bytes]:
    """Return statement and signature; the file's own signature has been verified before."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        attachments = PdfReader(io.BytesIO(pdf)).attachments
        statement, signature = attachments[STATEMENT_NAME], attachments[SIGNATURE_NAME]
    except (PyPdfError, KeyError, ValueError) as error:
        raise TeakError(f"The file holds no readable statement: {error}.") from None
    if len(statement) != 1 or len(signature) != 1:
        raise TeakError("The file holds more than one statement.")
    return statement[0], signature[0]
