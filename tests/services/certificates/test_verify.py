"""A certificate holds as it was signed, and nothing else does."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from app.models.errors import TeakError
from app.services.certificates.certificate import make_certificate
from app.services.certificates.signing import (
    FILE_DOMAIN,
    key_fingerprint,
    load_public_key,
    public_key_pem,
    sign_file,
)
from app.services.certificates.statement import statement_bytes
from app.services.certificates.verify import verify_certificate
from tests.fixtures.certificate_samples import KEY, OTHER_KEY, sample_statement

PUBLIC = KEY.public_key()


def test_round_trip(certificate_pdf: bytes) -> None:
    verdict = verify_certificate(certificate_pdf, PUBLIC)
    assert verdict.statement == sample_statement()
    assert verdict.json == {
        "ok": True,
        "certificate": "TH-OC-2026-002106",
        "quantity": 1204,
        "serials": ["TH-TER-14-0042-2024--6797-8000"],
        "beneficiary": "บริษัท น้ำมันแห่งภาคใต้ จำกัด (มหาชน)",
        "cancelled_on": "2026-11-20",
        "reason": "The registry signed this file and it is unchanged.",
    }


def test_attachments_verify_without_our_code(certificate_pdf: bytes) -> None:
    attachments = PdfReader(io.BytesIO(certificate_pdf)).attachments
    (content,) = attachments["statement.json"]
    (signature,) = attachments["statement.json.sig"]
    assert content == statement_bytes(sample_statement())
    PUBLIC.verify(signature, content)


def test_the_file_signature_verifies_by_the_format_alone(certificate_pdf: bytes) -> None:
    found = re.search(
        rb"\n%teak-file-signature-v1 ([0-9a-f]{64}) ([0-9a-f]{128})\nstartxref\n\d+\n%%EOF\n$",
        certificate_pdf,
    )
    assert found is not None
    assert found[1].decode() == key_fingerprint(PUBLIC)
    around = certificate_pdf[: found.start(2)] + certificate_pdf[found.end(2) :]
    PUBLIC.verify(bytes.fromhex(found[2].decode()), FILE_DOMAIN + around)


def changed_page(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    contents = writer.pages[0].get_contents()
    assert contents is not None
    contents.set_data(contents.get_data() + b"\n0 0 100 100 re f")
    return written(writer)


def added_page(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.add_blank_page(595, 842)
    return written(writer)


def added_note(pdf: bytes) -> bytes:
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_annotation(0, FreeText(text="9,999", rect=(200, 400, 400, 450)))
    return written(writer)


def swapped_attachment(pdf: bytes) -> bytes:
    other = statement_bytes(sample_statement(2))
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for embedded in writer.attachment_list:
        if embedded.name == "statement.json":
            embedded.content = other
    return written(writer)


def doubled_attachment(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.add_attachment("statement.json", statement_bytes(sample_statement(2)))
    return written(writer)


def other_title(pdf: bytes) -> bytes:
    place = pdf.index(b"/CreationDate") + 20
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def uppercase_signature(pdf: bytes) -> bytes:
    return re.sub(rb"[0-9a-f]{128}", lambda digits: digits[0].upper(), pdf)


def second_signature_line(pdf: bytes) -> bytes:
    found = re.search(rb"\n%teak-file-signature-v1 [0-9a-f]{64} [0-9a-f]{128}\n", pdf)
    assert found is not None
    return pdf[: found.end()] + found[0][1:] + pdf[found.end() :]


@pytest.mark.parametrize(
    "alter",
    [
        changed_page,
        added_page,
        added_note,
        swapped_attachment,
        doubled_attachment,
        other_title,
        uppercase_signature,
        second_signature_line,
        lambda pdf: pdf + b"\n",
        lambda pdf: pdf + b"%%EOF\n",
        lambda pdf: pdf[:-1],
        lambda pdf: pdf[: len(pdf) // 2],
        lambda pdf: b"%PDF-1.7\n" + pdf,
        lambda pdf: pdf + pdf,
        lambda pdf: pdf.replace(b"/Lang", b"/Long"),
        lambda pdf: sign_file(OTHER_KEY, pdf),
    ],
)
def test_any_change_fails_with_a_reason(
    certificate_pdf: bytes, alter: Callable[[bytes], bytes]
) -> None:
    changed = alter(certificate_pdf)
    assert changed != certificate_pdf
    verdict = verify_certificate(changed, PUBLIC)
    assert not verdict.ok
    assert verdict.statement is None
    assert verdict.json["quantity"] is None
    assert verdict.reason.endswith(".")


@settings(max_examples=150)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_byte_changed_anywhere_fails(
    certificate_pdf: bytes, place: int, difference: int
) -> None:
    place %= len(certificate_pdf)
    changed = bytearray(certificate_pdf)
    changed[place] ^= difference
    assert not verify_certificate(bytes(changed), PUBLIC).ok


@given(st.binary(max_size=300))
def test_other_files_are_told_not_raised(content: bytes) -> None:
    for file in (content, b"%PDF-1.7\n" + content):
        verdict = verify_certificate(file, PUBLIC)
        assert not verdict.ok
        assert verdict.reason.startswith("This is not a Teak certificate")


def test_a_plain_pdf_is_not_a_certificate() -> None:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    verdict = verify_certificate(written(writer), PUBLIC)
    assert verdict.reason == ("This is not a Teak certificate: it carries no registry's signature.")


def test_a_signed_file_without_a_statement_fails() -> None:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    signed = sign_file(KEY, written(writer))
    verdict = verify_certificate(signed, PUBLIC)
    assert not verdict.ok
    assert "no readable statement" in verdict.reason


def test_a_signed_file_that_is_no_pdf_inside_fails() -> None:
    signed = sign_file(KEY, b"%PDF-1.7\nnothing here\nstartxref\n9\n%%EOF\n")
    verdict = verify_certificate(signed, PUBLIC)
    assert not verdict.ok
    assert "no readable statement" in verdict.reason


def test_a_statement_signed_by_another_key_fails() -> None:
    foreign = make_certificate(sample_statement(), OTHER_KEY)
    place = foreign.index(b"%teak-file-signature-v1")
    end = foreign.index(b"startxref\n", place)
    signed = sign_file(KEY, foreign[:place] + foreign[end:])
    verdict = verify_certificate(signed, PUBLIC)
    assert verdict.reason == "The statement inside is not signed by this key."


def test_the_wrong_key_is_named(certificate_pdf: bytes) -> None:
    verdict = verify_certificate(certificate_pdf, OTHER_KEY.public_key())
    assert not verdict.ok
    assert key_fingerprint(PUBLIC)[:16] in verdict.reason
    assert key_fingerprint(OTHER_KEY.public_key())[:16] in verdict.reason


def test_something_appended_is_named(certificate_pdf: bytes) -> None:
    verdict = verify_certificate(added_note(certificate_pdf), PUBLIC)
    assert verdict.reason == (
        "Something was added to or cut from the file after the registry signed it."
    )


def test_huge_files_are_not_read(monkeypatch: pytest.MonkeyPatch, certificate_pdf: bytes) -> None:
    monkeypatch.setattr("app.services.certificates.verify.LARGEST_FILE", 1000)
    assert "larger" in verify_certificate(certificate_pdf, PUBLIC).reason


def test_reprints_are_the_same_bytes(certificate_pdf: bytes) -> None:
    assert make_certificate(sample_statement(), KEY, "both") == certificate_pdf
    assert make_certificate(sample_statement(), KEY, "en") != certificate_pdf


def test_the_statement_stands_packed_in_the_file(certificate_pdf: bytes) -> None:
    assert zlib.compress(statement_bytes(sample_statement())) in certificate_pdf


def test_public_key_pem_round_trip() -> None:
    pem = public_key_pem(PUBLIC)
    assert pem.startswith(b"-----BEGIN PUBLIC KEY-----\n")
    assert load_public_key(pem).public_bytes_raw() == PUBLIC.public_bytes_raw()


def rsa_pem() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"not a key",
        b"\xff" * 100,
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        KEY.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        rsa_pem(),
    ],
)
def test_what_is_no_public_key(pem: bytes) -> None:
    with pytest.raises(TeakError) as caught:
        load_public_key(pem)
    assert caught.value.code == "not-a-public-key"
