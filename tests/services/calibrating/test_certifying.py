"""Calibration certificates: what ISO/IEC 17025 asks for, signed, opened by another program."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.models.storage.unit_of_work import reading
from app.services.calibrating.certifying import (
    IssuedCalibrationCertificate,
    issue_calibration_certificate,
)
from app.services.calibrating.recording import keep_calibration
from app.services.certificates.calibration.certificate import make_calibration_certificate
from app.services.certificates.calibration.numbers import number_like, rounded, signed
from app.services.certificates.calibration.statement import (
    calibration_statement_bytes,
    calibration_statement_of,
)
from app.services.certificates.calibration.verify import verify_calibration_certificate
from app.services.certificates.verify import verify_certificate
from app.services.registry.context import Actor, OpenRegistry
from app.services.signing_keys import current_signer
from app.services.stations.kept_calibrations import get_calibration
from tests.fixtures.benches import NOTES, bench, finished, register_bench


@pytest.fixture
def technician(people: dict[str, Actor]) -> Actor:
    return people["technician"]


@pytest.fixture
def code(registry: OpenRegistry, technician: Actor) -> str:
    sensor = register_bench(registry, technician)
    return keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))


@pytest.fixture
def key(registry: OpenRegistry) -> Ed25519PrivateKey:
    with reading(registry.engine) as connection:
        return current_signer(connection).private_key


def _texts(pdf: bytes) -> list[str]:
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_bounded())
            text.close()
            page.close()
        return texts


def test_it_holds_what_17025_asks_for(registry: OpenRegistry, technician: Actor, code: str) -> None:
    issued = issue_calibration_certificate(registry, technician, code, language="en")
    pages = _texts(issued.pdf)
    whole = " ".join(" ".join(pages).split())
    for wanted in (
        "Certificate of Calibration",
        registry.name_en,
        NOTES.place,
        NOTES.customer,
        "Two points against references",
        "Senseair S8 LP",
        "S8-204417",
        NOTES.condition,
        "21 November 2026",
        "24.5 °C · 52 % RH · 1009.8 hPa",
        "CERT-NIMT-400",
        "SI, through NIMT primary gas",
        "as found, before adjustment",
        "as left, after adjustment",
        "+17.8",
        "fail",
        "coverage probability of about 95 %",
        "Decision rule: simple acceptance",
        "relate only to the items calibrated",
        "Anucha",
        "End of certificate",
    ):
        assert wanted in whole, wanted
    assert all(issued.number in page for page in pages)
    assert "End of certificate" not in pages[0]
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    assert "2027" not in whole, "no recommended interval, and no due date, is printed"


@pytest.mark.parametrize(
    ("language", "title"),
    [("th", "ใบรับรองการสอบเทียบ"), ("en", "Certificate of Calibration")],
)
def test_a_reprint_keeps_number_and_date_in_either_language(
    registry: OpenRegistry, technician: Actor, code: str, language: str, title: str
) -> None:
    first = issue_calibration_certificate(registry, technician, code)
    again = issue_calibration_certificate(registry, technician, code, language=language)
    assert again.statement == first.statement
    assert title in _texts(again.pdf)[0]
    assert get_calibration(registry, code).certificate_number == first.number


def test_the_same_statement_makes_the_same_bytes(
    registry: OpenRegistry, technician: Actor, code: str
) -> None:
    first = issue_calibration_certificate(registry, technician, code)
    assert issue_calibration_certificate(registry, technician, code).pdf == first.pdf


def test_the_registrys_key_verifies_it_and_another_does_not(
    registry: OpenRegistry, technician: Actor, code: str, key: Ed25519PrivateKey
) -> None:
    issued = issue_calibration_certificate(registry, technician, code)
    verdict = verify_calibration_certificate(issued.pdf, key.public_key())
    assert verdict.ok
    assert verdict.statement == issued.statement
    other = Ed25519PrivateKey.generate().public_key()
    assert not verify_calibration_certificate(issued.pdf, other).ok


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_changed_byte_anywhere_is_found(
    registry: OpenRegistry, technician: Actor, code: str, key: Ed25519PrivateKey, share: float
) -> None:
    pdf = bytearray(issue_calibration_certificate(registry, technician, code).pdf)
    pdf[int(len(pdf) * share)] ^= 1
    verdict = verify_calibration_certificate(bytes(pdf), key.public_key())
    assert not verdict.ok
    assert verdict.statement is None


def test_it_is_no_offset_certificate(
    registry: OpenRegistry, technician: Actor, code: str, key: Ed25519PrivateKey
) -> None:
    issued = issue_calibration_certificate(registry, technician, code)
    assert not verify_certificate(issued.pdf, key.public_key()).ok


def _issued(registry: OpenRegistry, actor: Actor, code: str) -> IssuedCalibrationCertificate:
    return issue_calibration_certificate(registry, actor, code)


def test_the_statement_is_read_back_as_it_was_written(
    registry: OpenRegistry, technician: Actor, code: str
) -> None:
    statement = _issued(registry, technician, code).statement
    content = calibration_statement_bytes(statement)
    assert calibration_statement_of(content) == statement
    assert json.loads(content)["type"] == "teak-calibration-certificate"
    odd = replace(statement, note="ไทย " * 200, line=None)
    assert calibration_statement_of(calibration_statement_bytes(odd)) == odd


def test_many_points_and_long_texts_flow_over_pages(
    registry: OpenRegistry, technician: Actor, code: str, key: Ed25519PrivateKey
) -> None:
    statement = _issued(registry, technician, code).statement
    long = replace(statement, as_found=statement.as_found * 40, note="ขอหมายเหตุ " * 150)
    pages = _texts(make_calibration_certificate(long, key))
    assert len(pages) >= 4
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, start=1))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number_like(417.824, 2.13), "417.8"),
        (number_like(0.012345, 0.00047), "0.01235"),
        (signed(-0.004, 0.21), "0.00"),
        (signed(-17.8, 2.1), "−17.8"),
        (rounded(2.0), "2"),
        (rounded(0.0013), "0.0013"),
        (rounded(10_000.0), "10000"),
    ],
)
def test_an_uncertainty_has_two_digits_and_its_value_as_many_places(
    written: str, expected: str
) -> None:
    assert written == expected
