"""Texts that are no serial numbers, with the reason's words."""

from __future__ import annotations

import time

import pytest

from app.models.serials.domestic import make_domestic_serial
from app.models.serials.reading import GRAMMARS, read_serial, read_serial_as
from app.models.serials.serial_range import (
    LARGEST_NUMBER,
    SerialError,
    print_from_template,
    print_serial,
    with_range,
)

BAD = [
    ("", "empty"),
    ("hello", "no known grammar"),
    ("acr-fr-1129-2025-2917-30932 to 35143", "capitals"),
    ("ACR-FR-1129-2025-2917-30932-35143", "ACR-COUNTRY-PROJECT-VINTAGE-BATCH-START to END"),
    ("ACR-FR-1129-2025-2917-30932 to", "no acr serial number"),
    ("ACR-FR-1129-2025-2917-35143 to 30932", "end number 30932 is before the start number 35143"),
    ("ACR-FR-1129-2025-2917-0 to 35143", "start number is 0"),
    ("ACR-FR-1129-1025-2917-1 to 35143", "year 1025"),
    ("ACR-FR-1129-2025-2917-1 to 8796093022208", "over 8796093022207"),
    ("ACR-FR-1129-2025-2917-1 to 99999999999999999999999", "over 8796093022207"),
    ("ACR-FR-1129-2025-2917-001 to 2", "padded with zeros differently"),
    ("ACR-FR-1129-2025-2917-1 to 02", "padded with zeros differently"),
    ("ACR-FR-1129-2025-2917-๑ to 5", "no acr serial number"),
    ("ACR-FR-1129-2025-2917-1 to 5\n", "no acr serial number"),
    ("CAR-US-293-2006-102-1 to 29251", "CAR-CLASS-COUNTRY"),
    ("GS1-1-KE-GS11603-16-2025-30256-110", "GS1-1-COUNTRY"),
    ("GS1-1-KE-GS11603-16-2025-30256-5463-110", "before the start number"),
    ("FCPF-CI-130-2023-20-1-46404", "PROGRAMME-COUNTRY"),
    ("19372-1-9-VCS-VCU-262-VER-TH-13-416-31022021-31122021-0", "31022021 (ddmmyyyy) is impos"),
    ("19372-1-9-VCS-VCU-262-VER-TH-13-416-01052021-31132021-0", "31132021 (ddmmyyyy) is impos"),
    ("19372-1-9-VCS-VCU-262-VER-TH-13-416-31122021-01052021-0", "before it starts"),
    ("19372-9-1-VCS-VCU-262-VER-TH-13-416-01052021-31122021-0", "end number 1 is before"),
    ("19372-1-9-VCS-VCU-262-XXX-TH-13-416-01052021-31122021-0", "class VER, MER or APX"),
    ("CDC_1_1_1_321_14_1_2009", "PREFIX,START,END"),
    ("CDC_1_1_1_321_14_1_2009,4971,4426", "before the start number"),
    ("RW-8-1-2-2-0-7014", "Kyoto unit type 8 is unknown"),
    ("RW-0-1-2-2-0-7014", "Kyoto unit type 0 is unknown"),
    ("RW-5-1-4-2-0-7014", "commitment period 4 is unknown"),
    ("RW-5-1-2-2-8-7014", "LULUCF activity 8 is unknown"),
    ("RW-5-1-2-2-0-7014 - RW-5-9-2-2-0-7015", "must not differ in more than their number"),
    ("RW-5-1-2-2-0-7014 - RW-6-9-2-2-0-7014", "must not differ in more than their number"),
    ("RW-5-9-2-2-0-7014 - RW-5-1-2-2-0-7014", "end number 1 is before the start number 9"),
    ("RW-5-0-2-2-0-7014", "start number is 0"),
    ("RW-5-1-2-2-0-7014-RW-5-9-2-2-0-7014", "no kyoto serial number"),
    ("RW-5-1-2-2-0-7014 - RW-5-5-2-2-0-7014 - RW-5-9-2-2-0-7014", "no kyoto serial number"),
    ("RW-5-1-2-2-0-7014 - TH-VER-2025-0001-1-000001", "no kyoto serial number"),
    ("CA0001-THA01-THA-1,00-2024", "thousands commas"),
    ("CA0001-THA01-THA-1000-2024 - CA0001-THA01-THA-2,000-2024", "thousands commas"),
    ("CA0001-THA01-THA-2-2024 - CA0001-THA01-THA-1-2024", "end number 1 is before"),
    ("CA0001-THA01-THA-1-2024 - CA0001-THA01-THA-2-2025", "must not differ in more"),
    ("CA001-THA01-THA-1-2024", "no itmo serial number"),
    ("TH-TER-16-0042-2025--1-5000", "sectoral scope 16"),
    ("TH-TER-0-0042-2025--1-5000", "sectoral scope 0"),
    ("TH-TER-13-0042-2025-1-5000", "no domestic serial number"),
    ("TH-TER-13-0042-2568--1-5000", "Write the Buddhist year 2568 as 2025"),
    ("TH-TER-13-0042-2025--0-5000", "start number is 0"),
    ("TH-VER-2025-0001-1-000000", "start number is 0"),
    ("TH-VER-2025-0001-1-000001 - TH-VER-2025-0001-1-5000", "padded with zeros differently"),
    ("TH-VER-2025-0001-1-000001 - TH-VER-2025-0001-2-005000", "must not differ in more"),
    ("TH-VER-2025-0001-1-000002 … TH-VER-2025-0001-1-000001", "end number 1 is before"),
    ("TH-VER-2025-0001-1", "no carbonix serial number"),
]


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_bad_text_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(SerialError) as refused:
        read_serial(text)
    assert reason in str(refused.value)


@pytest.mark.parametrize("grammar", [grammar.name for grammar in GRAMMARS])
@pytest.mark.parametrize(("text", "reason"), BAD)
def test_bad_text_is_read_by_no_grammar(grammar: str, text: str, reason: str) -> None:
    with pytest.raises(SerialError):
        read_serial_as(grammar, text)


def test_unknown_grammar_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SerialError, match=r"'cdm'.*kyoto"):
        read_serial_as("cdm", "RW-5-1-2-2-0-7014")


def test_other_grammars_serial_is_refused_with_the_form_expected() -> None:
    with pytest.raises(SerialError, match=r"no kyoto serial number\. Expected is COUNTRY-TYPE"):
        read_serial_as("kyoto", "ACR-FR-1129-2025-2917-30932 to 35143")


def test_largest_number_is_read() -> None:
    assert read_serial(f"ACR-FR-1-2025-2-1 to {LARGEST_NUMBER}").quantity == LARGEST_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "1" * 5_000_000,
        "1-" * 2_500_000,
        "TH-TER-13-" + "A" * 5_000_000,
        "RW-5-1-2-2-0-7014 " + " - " * 1_000_000,
        "CDC_1" + "_1" * 2_000_000 + ",1,",
        "CA0001-THA01-THA-" + "1," * 2_000_000,
    ],
    ids=["digits", "hyphens", "letters", "separators", "underscores", "commas"],
)
def test_very_long_text_is_refused_at_once(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(SerialError, match="no serial number is longer"):
        read_serial(text)
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize("part", ["1", "1-", "A", "A-", "_1", " ", " - ", "1,", "TH-", "…", "to "])
def test_repetitive_text_of_the_longest_length_is_not_slow(part: str) -> None:
    beginnings = [grammar.example for grammar in GRAMMARS]
    begun = time.perf_counter()
    for beginning in beginnings:
        with pytest.raises(SerialError):
            read_serial((beginning + part * 300)[:299] + "!")
    assert time.perf_counter() - begun < 0.5


def test_sub_range_of_a_block_keeps_every_attribute() -> None:
    block = read_serial("TH-VER-2025-0001-1-000001 … TH-VER-2025-0001-1-005000")
    part = with_range(block, 998, 1000)
    assert print_serial(part) == "TH-VER-2025-0001-1-000998 … TH-VER-2025-0001-1-001000"
    assert read_serial(print_serial(part)) == part
    assert part.quantity == 3


@pytest.mark.parametrize(("start", "end"), [(0, 5), (6, 5), (1, LARGEST_NUMBER + 1), (-2, -1)])
def test_impossible_sub_range_is_refused(start: int, end: int) -> None:
    block = read_serial("ACR-FR-1129-2025-2917-30932 to 35143")
    with pytest.raises(SerialError):
        with_range(block, start, end)


def test_serial_of_one_unit_cannot_become_several() -> None:
    unit = read_serial("RW-5-7-2-2-0-7014")
    with pytest.raises(SerialError, match="names one unit"):
        with_range(unit, 7, 8)
    with pytest.raises(SerialError, match="names one unit"):
        print_from_template(unit.template, 7, 8)


def test_domestic_serial_is_made_for_issuance() -> None:
    serial = make_domestic_serial(
        country="TH", unit_type="TER", scope=13, project="0042", year=2025, start=1, end=5000
    )
    assert print_serial(serial) == "TH-TER-13-0042-2025--1-5000"
    assert read_serial(print_serial(serial)) == serial


@pytest.mark.parametrize(
    ("scope", "project", "reason"),
    [(16, "0042", "sectoral scope 16"), (13, "00-42", "no domestic"), (13, "", "no domestic")],
)
def test_impossible_domestic_serial_is_not_made(scope: int, project: str, reason: str) -> None:
    with pytest.raises(SerialError, match=reason):
        make_domestic_serial(
            country="TH", unit_type="TER", scope=scope, project=project, year=2025, start=1, end=9
        )
