"""The QR payload: base 45, full and short statements, and what does not verify."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

import pypdfium2
import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from app.services.certificates.certificate import make_certificate
from app.services.certificates.qr import (
    DENSEST_VERSION,
    PREFIX,
    QrCode,
    base45,
    qr_code,
    qr_text,
    read_qr_payload,
    unbase45,
)
from app.services.certificates.signing import sign_statement
from app.services.certificates.statement import Holder, Statement, statement_bytes, statement_json
from app.services.log.canonical import canonical_bytes
from tests.fixtures.certificate_samples import KEY, OTHER_KEY, sample_statement

PUBLIC = KEY.public_key()


def code_of(statement: Statement) -> QrCode:
    signature = sign_statement(KEY, statement_bytes(statement))
    return qr_code(statement, signature, KEY.sign)


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"", "")],
)
def test_base45_as_in_rfc_9285(content: bytes, text: str) -> None:
    assert base45(content) == text
    assert unbase45(text) == content


@given(st.binary(max_size=80))
def test_base45_round_trip(content: bytes) -> None:
    assert unbase45(base45(content)) == content


@pytest.mark.parametrize("text", ["A", "GGW", "::", "ab8", ":::"])
def test_what_base45_never_writes(text: str) -> None:
    with pytest.raises(ValueError, match="base 45"):
        unbase45(text)


def test_one_range_travels_whole() -> None:
    code = code_of(sample_statement())
    read = read_qr_payload(code.text, PUBLIC)
    assert (read.ok, read.is_short, code.is_short) == (True, False, False)
    assert read.content == statement_json(sample_statement())


def test_many_ranges_travel_by_their_hash() -> None:
    statement = sample_statement(400)
    read = read_qr_payload(code_of(statement).text, PUBLIC)
    assert read.ok
    assert read.is_short
    assert read.content is not None
    serials = canonical_bytes(statement_json(statement)["serials"])
    assert read.content["serials"] == {
        "count": 400,
        "sha256": hashlib.sha256(serials).hexdigest(),
    }
    assert read.content["quantity"] == 400 * 1204


LONG = "มูลนิธิเพื่อป่าต้นน้ำภาคเหนือ № "


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ranges": 30},
        {"beneficiary": LONG * 40, "purpose": LONG * 50},
        {
            "holder": Holder("A" * 40, "B" * 1999, LONG * 60),
            "beneficiary": "".join(chr(0x4E00 + 7 * place) for place in range(1500)),
            "purpose": "".join(chr(0x0E01 + place * place % 46) for place in range(2000)),
            "ranges": 400,
        },
    ],
)
def test_no_code_is_denser_than_paper_allows(changes: dict[str, Any]) -> None:
    ranges = changes.pop("ranges", 1)
    code = code_of(sample_statement(ranges, **changes))
    made = segno.make_qr(code.text, error=code.error_level, boost_error=False)
    assert made.mode == "alphanumeric"
    assert int(made.version) <= DENSEST_VERSION
    assert read_qr_payload(code.text, PUBLIC).ok


@pytest.mark.parametrize("ranges", [1, 30])
def test_a_scanner_reads_the_printed_code(ranges: int) -> None:
    pdf = make_certificate(sample_statement(ranges), KEY, "both")
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil()
    codes = zxingcpp.read_barcodes(picture)
    assert len(codes) == 1
    assert read_qr_payload(codes[0].text, PUBLIC).ok
    assert not read_qr_payload(codes[0].text, OTHER_KEY.public_key()).ok


def altered(content: bytes) -> str:
    signature = sign_statement(KEY, statement_bytes(sample_statement()))
    return qr_text(signature, content)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not a Teak code"),
        ("https://example.org", "not a Teak code"),
        (PREFIX, "cannot be read"),
        (f"{PREFIX}abc", "outside base 45"),
        (f"{PREFIX}BB8", "cannot be read"),
        (PREFIX + base45(zlib.compress(b"short")), "not signed"),
        (PREFIX + base45(zlib.compress(b"x" * 3) + b"more"), "followed by something"),
        (PREFIX + base45(zlib.compress(bytes(600_000))), "too large"),
        (altered(statement_bytes(sample_statement(quantity=1204, purpose="x"))), "not signed"),
        (altered(b"{}"), "not signed"),
        (qr_text(KEY.sign(b"{}"), b"{}"), "not that of an offset certificate"),
    ],
)
def test_bad_codes_are_told_not_raised(text: str, word: str) -> None:
    read = read_qr_payload(text, PUBLIC)
    assert not read.ok
    assert read.content is None
    assert word in read.reason


def test_the_payload_is_what_the_format_says() -> None:
    text = code_of(sample_statement()).text
    packed = zlib.decompress(unbase45(text.removeprefix(PREFIX)))
    PUBLIC.verify(packed[:64], packed[64:])
    assert packed[64:] == statement_bytes(sample_statement())
