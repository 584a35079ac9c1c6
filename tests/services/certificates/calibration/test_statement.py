"""The statement of a calibration certificate: the same fields as documented, one form only."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.models.errors import UsageError
from app.services.certificates.calibration.statement import (
    CalibrationStatement,
    Conditions,
    Item,
    Laboratory,
    Remark,
    ResultLine,
    StatedLine,
    StatedReference,
    calibration_statement_bytes,
    calibration_statement_of,
)

FORMATS = Path(__file__).parents[4] / "docs" / "formats.md"
RESULT = ResultLine(400.0, "NIMT-400", 417.8, 30, 17.8, 2.1, 2.0, 20.0, 20.0, "pass")
STATEMENT = CalibrationStatement(
    certificate="CAL-2026-0001-01-1",
    calibration="CAL-2026-0001-01",
    laboratory=Laboratory("R1", "Registry", "ทะเบียน", "Lampang"),
    customer="",
    item=Item("LPG-01", "Lampang", "A", "Senseair", "S8", "1", "co2", "ppm", 0.0, 1e4, 0.1, "ok"),
    procedure="two-point",
    calibrated_at=datetime(2026, 11, 21, 3, tzinfo=UTC),
    issued_at=datetime(2026, 11, 21, 4, tzinfo=UTC),
    conditions=Conditions(24.5, None, 1009.8),
    references=(StatedReference("NIMT-400", 400.0, 2.0, 2.0, "C", "NIMT", None, "SI"),),
    as_found=(RESULT,),
    line=StatedLine("york", 1.022, 9.0, 1e-6, None, None, (0.1, -0.1)),
    kept_in="registry",
    adjustment=Remark("none", "ไม่มี"),
    as_left=(replace(RESULT, error=0.1),),
    decision_rule="simple",
    coverage=0.95,
    verdict_as_found="pass",
    verdict_as_left="pass",
    technician="Anucha",
    authoriser="Malee",
    authoriser_role=Remark("officer", "เจ้าหน้าที่"),
    remarks=(),
    note="",
)


def changed(**values: Any) -> bytes:
    body = json.loads(calibration_statement_bytes(STATEMENT)) | values
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def test_it_comes_back_as_it_was() -> None:
    content = calibration_statement_bytes(STATEMENT)
    assert changed() == content
    assert calibration_statement_of(content) == STATEMENT


def test_every_field_stands_in_the_format() -> None:
    _, _, rest = FORMATS.read_text("utf-8").partition("\n## Calibration certificate\n")
    documented = set(re.findall(r"`([a-z_0-9]+)`", rest.partition("\n## ")[0]))
    kinds = (CalibrationStatement, Laboratory, Item, Conditions, StatedReference, ResultLine)
    for kind in (*kinds, StatedLine, Remark):
        assert {each.name for each in fields(kind)} <= documented, kind


@pytest.mark.parametrize(
    "content",
    [
        changed(approved="yes"),
        changed(version=2),
        changed(type="teak-offset-certificate"),
        changed(coverage=0.95),
        changed(coverage="0.950"),
        changed(coverage="NaN"),
        changed(note="x" * 2001),
        changed(issued_at="2026-11-21"),
        changed(remarks=[{"en": "seen"}]),
        calibration_statement_bytes(STATEMENT) + b"\n",
        b"[]",
        b"{",
    ],
)
def test_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError):
        calibration_statement_of(content)
