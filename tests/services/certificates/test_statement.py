"""The statement: its final JSON form, its rules, and reading it back."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785

from app.models.errors import UsageError
from app.services.certificates.statement import (
    LogPlace,
    SerialRange,
    statement_bytes,
    statement_json,
)
from app.services.certificates.statement_reading import NotAStatement, statement_of
from tests.fixtures.certificate_samples import sample_statement


def test_the_json_form_of_version_1_is_final() -> None:
    assert statement_json(sample_statement()) == {
        "version": 1,
        "type": "teak-offset-certificate",
        "certificate": "TH-OC-2026-002106",
        "transaction": "TH731",
        "registry": {
            "id": "th-registry",
            "country": "TH",
            "name_en": "Thailand Carbon Credit Registry",
            "name_th": "ทะเบียนคาร์บอนเครดิตแห่งประเทศไทย",
        },
        "holder": {
            "account": "TH-100-1042-0-52",
            "name_en": "Green Thai Co., Ltd.",
            "name_th": "บริษัท กรีนไทย จำกัด",
        },
        "beneficiary": "บริษัท น้ำมันแห่งภาคใต้ จำกัด (มหาชน)",
        "purpose": "Bangkok Half Marathon 2569 · กรุงเทพฮาล์ฟมาราธอน 2569",
        "unit_type": "TER",
        "measure": "tCO2e",
        "quantity": 1204,
        "serials": [
            {
                "serial": "TH-TER-14-0042-2024--6797-8000",
                "start": 6797,
                "end": 8000,
                "project": "0042",
                "project_name": "Ban Huai Sak Community Forest",
                "project_type": "Forestry",
                "vintage": 2024,
            }
        ],
        "cancelled_on": "2026-11-20",
        "completed_at": "2026-11-20T04:12:09Z",
        "issued_at": "2026-11-20T04:15:00Z",
        "log": {"entry": 1204331, "leaf": "9f86d081" * 8},
    }


def test_bytes_are_rfc_8785_and_read_back_the_same() -> None:
    statement = sample_statement(3, beneficiary=None, purpose="")
    content = statement_bytes(statement)
    assert content == rfc8785.dumps(statement_json(statement))
    assert json.loads(content)["purpose"] is None
    assert statement_of(content) == statement


def test_times_are_kept_in_utc_to_the_second() -> None:
    bangkok = timezone(timedelta(hours=7))
    issued = datetime(2026, 11, 20, 11, 15, 0, 999_999, tzinfo=bangkok)
    statement = sample_statement(issued_at=issued)
    assert statement.issued_at == datetime(2026, 11, 20, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"quantity": 1205}, "1204 units"),
        ({"serials": (), "quantity": 0}, "0 ranges"),
        ({"serials": (SerialRange("S", 5, 4, "P", "N"),), "quantity": 0}, "'S'"),
        ({"measure": "kg"}, "tCO2e or toe"),
        ({"certificate": " "}, "certificate"),
        ({"log": LogPlace(1, "XYZ")}, "leaf hash"),
        ({"log": LogPlace(-1, "00" * 32)}, "entry number"),
        ({"purpose": "x" * 2001}, "2000 characters"),
        ({"issued_at": datetime(2026, 1, 1)}, "zone"),  # noqa: DTZ001
    ],
)
def test_what_a_certificate_cannot_say(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(UsageError) as caught:
        sample_statement(**changes)
    assert word in f"{caught.value.message} {caught.value.hint}"


def test_a_holder_needs_a_name_in_one_language() -> None:
    holder = sample_statement().holder
    assert sample_statement(holder=replace(holder, name_en="")).holder_name == holder.name_th
    with pytest.raises(UsageError, match="holder"):
        sample_statement(holder=replace(holder, name_en="", name_th=""))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        b'{"type":"other"}',
        b'{"type":"teak-offset-certificate","version":1}',
        b'{"type":"teak-offset-certificate","version":2}',
        statement_bytes(sample_statement()).replace(b'"TER"', b"7"),
        statement_bytes(sample_statement()).replace(b'"quantity":1204', b'"quantity":1205'),
        statement_bytes(sample_statement()).replace(b'":', b'": '),
        statement_bytes(sample_statement()).replace(b'"log"', b'"extra":1,"log"'),
    ],
)
def test_anything_else_is_no_statement(content: bytes) -> None:
    with pytest.raises(NotAStatement):
        statement_of(content)


def test_importing_the_statement_loads_no_heavy_library() -> None:
    heavy = ["reportlab", "pypdf", "pythainlp", "num2words", "segno", "uharfbuzz", "cryptography"]
    program = (
        "import sys, app.services.certificates.statement\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
