"""Lines in, rows out: numbering, white space, the contract's keys."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.services.serial_lines import read_serial_lines

KEYS = [
    "line", "text", "grammar", "series", "origin", "country", "unit_type", "project", "vintage",
    "start", "end", "quantity", "printed",
]  # fmt: skip


def test_good_line_has_the_keys_of_the_contract() -> None:
    (row,) = read_serial_lines(["ACR-FR-1129-2025-2917-30932 to 35143\n"])
    assert list(row.as_json()) == KEYS
    assert row.as_json() == {
        "line": 1,
        "text": "ACR-FR-1129-2025-2917-30932 to 35143",
        "grammar": "acr",
        "series": "ACR-FR-1129-2025-2917",
        "origin": "ACR",
        "country": "FR",
        "unit_type": "ERT",
        "project": "1129",
        "vintage": 2025,
        "start": 30932,
        "end": 35143,
        "quantity": 4212,
        "printed": "ACR-FR-1129-2025-2917-30932 to 35143",
    }


def test_kyoto_line_has_no_vintage() -> None:
    (row,) = read_serial_lines(["RW-5-1463953-2-2-0-7014 - RW-5-1467609-2-2-0-7014"])
    as_json = json.loads(json.dumps(row.as_json()))
    assert as_json["vintage"] is None
    assert as_json["quantity"] == 3657


def test_bad_line_has_its_error_alone() -> None:
    (row,) = read_serial_lines(["TH-TER-16-0042-2025--1-5000"])
    assert row.serial is None
    assert list(row.as_json()) == ["line", "text", "error"]
    assert "sectoral scope 16" in str(row.as_json()["error"])


def test_blank_lines_are_counted_and_passed_over() -> None:
    rows = list(read_serial_lines(["\n", "nonsense\n", "  \t\n", "RW-5-7-2-2-0-7014\n", ""]))
    assert [(row.line, row.error is None) for row in rows] == [(2, False), (4, True)]


def test_white_space_line_ends_and_byte_order_mark_are_no_part_of_the_text() -> None:
    lines = ["\ufeffTH-TER-13-0042-2025--1-5000\r\n", "\t CDC_1_1_2009,1,5 \r\n", "\ufeff\n"]
    texts = [row.as_json()["printed"] for row in read_serial_lines(lines)]
    assert texts == ["TH-TER-13-0042-2025--1-5000", "CDC_1_1_2009,1,5"]


def test_lines_are_read_one_by_one() -> None:
    given: list[int] = []

    def endless() -> Iterator[str]:
        for number in range(1, 1_000_000):
            given.append(number)
            yield f"RW-5-{number}-2-2-0-7014"

    rows = read_serial_lines(endless())
    assert next(rows).line == 1
    assert given == [1]
