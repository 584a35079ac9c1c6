"""Every kind of serial number there is, with the parts it must be read into."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.models.serials.reading import GRAMMARS, read_serial, read_serial_as
from app.models.serials.serial_range import SerialError, SerialRange, print_serial

REGISTRY_SERIALS = Path(__file__).parents[2] / "data" / "serials" / "registry_serials.csv"

# text, grammar, series, origin, country, unit type, project, vintage, start, end, quantity
EXAMPLES = [
    (
        "19372-940795622-940799989-VCS-VCU-262-VER-TH-13-416-01052021-31122021-0",
        ("verra", "verra", "Verra", "TH", "VCU", "416", 2021, 940795622, 940799989, 4368),
    ),
    (
        "4147-176338408-176338907-VCU-016-MER-AU-14-641-16042012-15042013-0",
        ("verra", "verra", "Verra", "AU", "VCU", "641", 2012, 176338408, 176338907, 500),
    ),
    (
        "4147-000408-000907-VCU-016-APX-AU-14-641-29022012-15042013-0",
        ("verra", "verra", "Verra", "AU", "VCU", "641", 2012, 408, 907, 500),
    ),
    (
        "GS1-1-KE-GS11603-16-2025-30256-110-5463",
        (
            "gold-standard", "GS1-1-KE-GS11603-16-2025-30256", "Gold Standard", "KE", "VER",
            "GS11603", 2025, 110, 5463, 5354,
        ),
    ),
    (
        "ACR-FR-1129-2025-2917-30932 to 35143",
        ("acr", "ACR-FR-1129-2025-2917", "ACR", "FR", "ERT", "1129", 2025, 30932, 35143, 4212),
    ),
    (
        "CAR-ROC-US-2056-129-2283-WV-2025-8969-1 to 260294",
        (
            "car", "CAR-ROC-US-2056-129-2283-WV-2025-8969", "CAR", "US", "CRT",
            "2056", 2025, 1, 260294, 260294,
        ),
    ),
    (
        "CAR-US-293-1-120-CA-2006-102-1 to 29251",
        ("car", "CAR-US-293-1-120-CA-2006-102", "CAR", "US", "CRT", "293", 2006, 1, 29251, 29251),
    ),
    (
        "FCPF-CI-130-2023-20-1 to 46404",
        ("art", "FCPF-CI-130-2023-20", "ART", "CI", "TREES", "130", 2023, 1, 46404, 46404),
    ),
    (
        "CDC_1_1_1_321_14_1_2009,4426,4971",
        (
            "cercarbono", "CDC_1_1_1_321_14_1_2009", "Cercarbono", None, "CDC",
            "1", 2009, 4426, 4971, 546,
        ),
    ),
    (
        "CDC_7_1_1_321_14_R1_XX_CO_1_1, 0, 999",
        (
            "cercarbono", "CDC_7_1_1_321_14_R1_XX_CO_1_1", "Cercarbono", "CO", "CDC",
            "7", None, 0, 999, 1000,
        ),
    ),
    (
        "RW-5-1463953-2-2-0-7014 - RW-5-1467609-2-2-0-7014",
        ("kyoto", "RW-5", "CDM", "RW", "CER", "7014", None, 1463953, 1467609, 3657),
    ),
    (
        "RW-5-1463953-2-2-0-7014",
        ("kyoto", "RW-5", "CDM", "RW", "CER", "7014", None, 1463953, 1463953, 1),
    ),
    (
        "TH-1-10-1-2-0-0 to TH-1-12-1-2-0-0",
        ("kyoto", "TH-1", "Kyoto", "TH", "AAU", "0", None, 10, 12, 3),
    ),
    (
        "CA0001-THA01-THA-1,000-2024",
        ("itmo", "CA0001-THA01-THA-2024", "ITMO", "THA", "ITMO", None, 2024, 1000, 1000, 1),
    ),
    (
        "CA0001-THA01-THA-999-2024 – CA0001-THA01-THA-1,250,000-2024",
        ("itmo", "CA0001-THA01-THA-2024", "ITMO", "THA", "ITMO", None, 2024, 999, 1250000, 1249002),
    ),
    (
        "CA0001-THA01-THA-999-2024 - CA0001-THA01-THA-1000-2024",
        ("itmo", "CA0001-THA01-THA-2024", "ITMO", "THA", "ITMO", None, 2024, 999, 1000, 2),
    ),
    (
        "TH-TER-13-0042-2025--1-5000",
        ("domestic", "TH-TER-13-0042-2025-", "TH", "TH", "TER", "0042", 2025, 1, 5000, 5000),
    ),
    (
        "TH-TER-14-0042-2025-A-1-20700",
        ("domestic", "TH-TER-14-0042-2025-A", "TH", "TH", "TER", "0042", 2025, 1, 20700, 20700),
    ),
    (
        "VU-ITMO-7-pilot.1-2024-b-1-9",
        ("domestic", "VU-ITMO-7-PILOT.1-2024-B", "VU", "VU", "ITMO", "pilot.1", 2024, 1, 9, 9),
    ),
    (
        "TH-VER-2025-0001-1-000001",
        ("carbonix", "TH-VER-2025-0001-1", "CarboniX", "TH", "VER", "0001", 2025, 1, 1, 1),
    ),
    (
        "TH-VER-2025-0001-1-000001 … TH-VER-2025-0001-1-005000",
        ("carbonix", "TH-VER-2025-0001-1", "CarboniX", "TH", "VER", "0001", 2025, 1, 5000, 5000),
    ),
    (
        "TH-VER-2025-0001-1-999999 - TH-VER-2025-0001-1-1000000",
        (
            "carbonix", "TH-VER-2025-0001-1", "CarboniX", "TH", "VER",
            "0001", 2025, 999999, 1000000, 2,
        ),
    ),
]  # fmt: skip

with REGISTRY_SERIALS.open(encoding="utf-8", newline="") as sample:
    PUBLISHED = [(row["file"], row["serial"], row["quantity"]) for row in csv.DictReader(sample)]

PUBLISHED_GRAMMARS = {
    "american-carbon-registry": "acr",
    "art-trees": "art",
    "cercarbono": "cercarbono",
    "climate-action-reserve": "car",
    "gold-standard": "gold-standard",
    "verra": "verra",
}


def parts(serial: SerialRange) -> tuple[object, ...]:
    return (
        serial.grammar, serial.series, serial.origin, serial.country, serial.unit_type,
        serial.project, serial.vintage, serial.start, serial.end, serial.quantity,
    )  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_example_is_read_into_its_parts_and_printed_back(
    text: str, expected: tuple[object, ...]
) -> None:
    serial = read_serial(text)
    assert parts(serial) == expected
    assert print_serial(serial) == text
    assert read_serial_as(serial.grammar, text) == serial


def test_examples_show_every_grammar() -> None:
    assert {expected[0] for _, expected in EXAMPLES} == {grammar.name for grammar in GRAMMARS}


@pytest.mark.parametrize(("file", "text", "quantity"), PUBLISHED)
def test_published_serial_prints_back_and_agrees_with_the_published_quantity(
    file: str, text: str, quantity: str
) -> None:
    serial = read_serial(text)
    assert serial.grammar == PUBLISHED_GRAMMARS[file.split("__", maxsplit=1)[0]]
    assert print_serial(serial) == text
    assert serial.quantity == int(quantity)


@pytest.mark.parametrize(
    "text", [text for text, _ in EXAMPLES] + [text for _, text, _ in PUBLISHED]
)
def test_only_one_grammar_reads_a_text(text: str) -> None:
    readers = []
    for grammar in GRAMMARS:
        try:
            readers.append(read_serial_as(grammar.name, text).grammar)
        except SerialError:
            continue
    assert readers == [read_serial(text).grammar]


@pytest.mark.parametrize(
    ("code", "unit_type", "origin"),
    [
        ("1", "AAU", "Kyoto"),
        ("2", "RMU", "Kyoto"),
        ("3", "ERU", "Kyoto"),
        ("4", "ERU", "Kyoto"),
        ("5", "CER", "CDM"),
        ("6", "tCER", "CDM"),
        ("7", "lCER", "CDM"),
    ],
)
def test_kyoto_unit_type_digits(code: str, unit_type: str, origin: str) -> None:
    serial = read_serial(f"TH-{code}-9-1-2-3-77")
    assert (serial.unit_type, serial.origin) == (unit_type, origin)
    assert serial.find_detail("original_period") == "1"
    assert serial.find_detail("applicable_period") == "2"
    assert serial.find_detail("lulucf_activity") == "3"


def test_further_parts_are_kept_by_name() -> None:
    serial = read_serial("4147-1-500-VCU-016-MER-AU-14-641-16042012-15042013-0")
    assert serial.find_detail("vintage_end") == "2013-04-15"
    assert serial.find_detail("class") == "MER"
    assert serial.find_detail("state") is None


def test_spellings_of_one_domestic_series_share_it() -> None:
    plain = read_serial("TH-TER-7-P42-2025-A-1-10")
    other = read_serial("TH-TER-07-p42-2025-a-5-20")
    assert plain.series == other.series
    assert print_serial(other) == "TH-TER-07-p42-2025-a-5-20"
