"""The calibration certificate: a statement made into a signed PDF, as the offset certificate is.

Owns the order of the work: sign the statement, draw the pages, attach both, sign the file.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.services.certificates.calibration.pages import draw_pages
from app.services.certificates.calibration.statement import (
    CalibrationStatement,
    calibration_statement_bytes,
)
from app.services.certificates.calibration.wording import TITLE
from app.services.certificates.pdf_file import Attachment, Description, write_pdf
from app.services.certificates.pdf_fonts import DocumentFonts
from app.services.certificates.signing import key_fingerprint, sign_file, sign_statement
from app.services.certificates.typefaces import printable
from app.services.certificates.verify import SIGNATURE_NAME, STATEMENT_NAME
from app.services.certificates.wording import Phrase, known_language


def make_calibration_certificate(
    statement: CalibrationStatement, private_key: Ed25519PrivateKey, language: str = "both"
) -> bytes:
    """Make the signed PDF; the same bytes for the same statement, key and language.

    `language` is "th", "en" or "both"; raises UsageError for another.
    """
    chosen = known_language(language)
    content = calibration_statement_bytes(statement)
    fonts = DocumentFonts()
    fingerprint = key_fingerprint(private_key.public_key())
    sheets = draw_pages(statement, fonts, fingerprint=fingerprint, language=chosen)
    laboratory = Phrase(statement.laboratory.name_th, statement.laboratory.name_en)
    title = f"{TITLE.on_one_line(chosen)} {statement.certificate}"
    item = statement.item
    pdf = write_pdf(
        sheets,
        fonts=fonts,
        forms={},
        attachments=(
            Attachment(
                STATEMENT_NAME, "application/json", "What this certificate says, signed", content
            ),
            Attachment(
                SIGNATURE_NAME,
                "application/octet-stream",
                "Ed25519 signature over statement.json by the registry's key",
                sign_statement(private_key, content),
            ),
        ),
        description=Description(
            title=printable(title),
            author=printable(laboratory.on_one_line(chosen)),
            subject=printable(f"{item.station} {item.sensor} {item.channel}"),
            keywords=printable(f"{statement.certificate}, {statement.calibration}"),
            language="en-GB" if chosen == "en" else "th-TH",
            created_at=statement.issued_at,
        ),
    )
    return sign_file(private_key, pdf)
