"""The offset certificate: a statement made into a signed PDF.

Owns the order of the work: sign the statement, draw the pages, attach the statement, sign the
file. `verify` judges the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.certificates.foot import Proof
from app.services.certificates.pdf_file import Attachment, Description, write_pdf
from app.services.certificates.qr import qr_code
from app.services.certificates.render import render_pages
from app.services.certificates.signing import key_fingerprint, sign_file, sign_statement
from app.services.certificates.statement import Statement, statement_bytes
from app.services.certificates.typefaces import printable
from app.services.certificates.wording import HEADING, Language, Phrase, known_language

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

STATEMENT_NAME = "statement.json"
SIGNATURE_NAME = "statement.json.sig"

_LANGUAGE_TAGS: dict[Language, str] = {"th": "th-TH", "en": "en-GB", "both": "th-TH"}


def make_certificate(
    statement: Statement, private_key: Ed25519PrivateKey, language: str = "both"
) -> bytes:
    """Make the signed PDF; the same bytes for the same statement, key and language.

    `language` is "th", "en" or "both"; raises UsageError for another.
    """
    chosen = known_language(language)
    content = statement_bytes(statement)
    signature = sign_statement(private_key, content)
    code = qr_code(statement, signature, lambda short: sign_statement(private_key, short))
    proof = Proof(code, key_fingerprint(private_key.public_key()))
    pages = render_pages(statement, proof, chosen)
    pdf = write_pdf(
        pages.sheets,
        fonts=pages.fonts,
        forms=pages.forms,
        attachments=_attachments(content, signature),
        description=_description(statement, chosen),
    )
    return sign_file(private_key, pdf)


def _attachments(content: bytes, signature: bytes) -> tuple[Attachment, ...]:
    return (
        Attachment(
            STATEMENT_NAME, "application/json", "What this certificate says, signed", content
        ),
        Attachment(
            SIGNATURE_NAME,
            "application/octet-stream",
            "Ed25519 signature over statement.json by the registry's key",
            signature,
        ),
    )


def _description(statement: Statement, language: Language) -> Description:
    heading = HEADING[statement.measure].shown(language)
    registry = Phrase(statement.registry.name_th, statement.registry.name_en)
    holder = Phrase(statement.holder.name_th, statement.holder.name_en)
    subject = f"{statement.quantity} {statement.measure}, {holder.on_one_line(language)}"
    return Description(
        title=printable(f"{' · '.join(heading)} {statement.certificate}"),
        author=printable(registry.on_one_line(language)),
        subject=printable(subject),
        keywords=printable(f"{statement.certificate}, {statement.transaction}"),
        language=_LANGUAGE_TAGS[language],
        created_at=statement.issued_at,
    )
