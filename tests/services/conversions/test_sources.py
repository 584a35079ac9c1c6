"""Registering source units from a cancellation record with its attestation."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.models.errors import NotFound, UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import Document, LogEntry, SourceUnit
from app.services.checks.violation import RulesBroken
from app.services.conversions.sources import register_sources
from app.services.documents import LARGEST_DOCUMENT_BYTES, read_document
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor
from tests.fixtures.conversions import ATTESTATION, Committee, cer, row

pytestmark = pytest.mark.both_engines


def count(committee: Committee, table: type[SourceUnit | Document]) -> int:
    with reading(committee.ledger.registry.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize("name", ["record.json", "record.csv"])
def test_every_attribute_is_kept(committee: Committee, name: str) -> None:
    rows: tuple[dict[str, Any], ...]
    rows = (row(1, 600, ผู้ทวนสอบ="บริษัท ก"), row(601, 700, ผู้ทวนสอบ="บริษัท ข", vintage="2024"))
    if name.endswith("csv"):
        rows = tuple({**item, "vintage": item.get("vintage", "")} for item in rows)
    report = committee.register(*rows, name=name)
    assert (report.rows, report.registered, report.units, report.rejected) == (2, 2, 700, ())
    with reading(committee.ledger.registry.engine) as connection:
        kept = connection.execute(
            select(SourceUnit.serial, SourceUnit.attributes).order_by(SourceUnit.first_serial)
        ).all()
    for stored, written in zip(kept, rows, strict=True):
        assert stored.serial == written["serial"]
        found = {key: str(value) for key, value in json.loads(stored.attributes).items()}
        assert found == {key: str(value) for key, value in written.items() if value != ""}
    registry = committee.ledger.registry
    assert read_document(registry, report.attestation_sha256) == ATTESTATION
    assert read_document(registry, report.record_sha256) == (committee.folder / name).read_bytes()
    assert report.attestation_sha256 == sha256(ATTESTATION).hexdigest()
    assert verify_registry(registry).ok


def test_the_same_record_again_adds_nothing(committee: Committee) -> None:
    committee.register(row(1, 600), row(601, 700))
    before = count(committee, SourceUnit), count(committee, Document)
    report = committee.register(row(1, 600), row(601, 700))
    assert (report.registered, report.already_there, report.rejected) == (0, 2, ())
    assert (count(committee, SourceUnit), count(committee, Document)) == before
    longer = committee.register(row(1, 600), row(601, 700), row(701, 800))
    assert (longer.registered, longer.already_there) == (1, 2)


BAD: list[tuple[dict[str, Any], int]] = [
    ({"serial": "rubbish"}, 9504),
    ({"serial": "TH-TER-13-0042-2025--1-600"}, 9504),
    ({"serial": cer(1, 600).lower()}, 9504),
    ({"serial": None}, 9502),
    ({"quantity": 599}, 9506),
    ({"quantity": "many"}, 9505),
    ({"host_country": "th"}, 9537),
    ({"host_country": "LA"}, 9538),
    ({"host_country": None}, 9502),
    ({"unit_type": "VCU"}, 9538),
    ({"project": "7015"}, 9510),
    ({"cancelled_on": "30.9.2026"}, 9507),
    ({"cancelled_on": "2026-11-22"}, 9516),
    ({"vintage": "twenty"}, 9542),
    ({"purpose": "a\x00b"}, 9503),
    ({"serial": "TH-1-1-2-2-0-7014 - TH-1-600-2-2-0-7014", "unit_type": "AAU"}, 9539),
]


@pytest.mark.parametrize(("changes", "code"), BAD, ids=[str(index) for index in range(len(BAD))])
def test_bad_rows_are_refused_by_number_and_the_others_go_in(
    committee: Committee, changes: dict[str, Any], code: int
) -> None:
    report = committee.register(row(1001, 1002), row(1, 600, **changes))
    assert report.registered == 1
    (rejected,) = report.rejected
    assert (rejected.row, rejected.code) == (2, code)
    assert rejected.reason
    assert any("฀" <= letter <= "๿" for letter in rejected.reason_th)


def test_overlaps_are_refused_in_the_file_and_with_what_is_there(committee: Committee) -> None:
    report = committee.register(row(1, 600), row(600, 700))
    assert [(item.row, item.code) for item in report.rejected] == [(2, 9540)]
    assert cer(1, 600) in report.rejected[0].reason
    again = committee.register(row(300, 400), row(1, 600, beneficiary="another"))
    assert [item.code for item in again.rejected] == [9540, 9540]
    other = register_sources(
        committee.ledger.registry,
        committee.write(row(1, 600)),
        attestation=committee.attestation(b"%PDF-1.4 another", "other.pdf"),
        actor=committee.ledger.officer,
    )
    assert [item.code for item in other.rejected] == [9540]


def test_strict_refuses_the_record_whole(committee: Committee) -> None:
    report = committee.register(row(1, 600), row(700, 601), strict=True)
    assert report.refused
    assert (report.registered, report.units) == (0, 0)
    assert (count(committee, SourceUnit), count(committee, Document)) == (0, 0)


def test_a_record_of_which_nothing_goes_in_is_not_kept(committee: Committee) -> None:
    committee.register(row(1, 600, quantity=5))
    assert count(committee, Document) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[1, 2", "not JSON"),
        (b'{"serial": 1}', "not a list"),
        (b"\xff\xfe[]", "UTF-16"),
        (b"", "empty"),
        (b"%PDF-1.4", "not what its ending says|PDF"),
    ],
)
def test_a_file_that_is_no_record(committee: Committee, content: bytes, message: str) -> None:
    path = committee.folder / "record.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        register_sources(
            committee.ledger.registry,
            path,
            attestation=committee.attestation(),
            actor=committee.ledger.officer,
        )


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("serial,quantity", "no column “host_country”"),
        ("serial,quantity,host_country,project,unit_type,cancelled_on,note,note", "two columns"),
        ("serial,quantity,host_country,project,unit_type,cancelled_on,,x", "unnamed"),
    ],
)
def test_a_header_that_would_lose_something(
    committee: Committee, header: str, message: str
) -> None:
    path = committee.folder / "record.csv"
    path.write_text(header + "\n")
    with pytest.raises(UsageError, match=message):
        register_sources(
            committee.ledger.registry,
            path,
            attestation=committee.attestation(),
            actor=committee.ledger.officer,
        )


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"not a pdf", "letter.pdf", "not what its ending says"),
        (b"\x7fELF....", "letter.bin", "program"),
        (b"", "letter.pdf", "empty"),
        (b"%PDF-" + b"0" * LARGEST_DOCUMENT_BYTES, "letter.pdf", "bytes"),
    ],
)
def test_an_attestation_that_cannot_be_kept(
    committee: Committee, content: bytes, name: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        register_sources(
            committee.ledger.registry,
            committee.write(row(1, 600)),
            attestation=committee.attestation(content, name),
            actor=committee.ledger.officer,
        )
    assert count(committee, SourceUnit) == 0


def test_record_and_attestation_are_two_files(committee: Committee, tmp_path: Path) -> None:
    record = committee.write(row(1, 600))
    with pytest.raises(UsageError, match="same file"):
        register_sources(
            committee.ledger.registry,
            record,
            attestation=record,
            actor=committee.ledger.officer,
        )
    with pytest.raises(NotFound):
        register_sources(
            committee.ledger.registry,
            record,
            attestation=tmp_path / "missing.pdf",
            actor=committee.ledger.officer,
        )


@pytest.mark.parametrize("name", ["approver", "committee1", "admin", "auditor"])
def test_only_officers_register(committee: Committee, people: dict[str, Actor], name: str) -> None:
    with pytest.raises(RulesBroken) as error:
        register_sources(
            committee.ledger.registry,
            committee.write(row(1, 600)),
            attestation=committee.attestation(),
            actor=people[name],
        )
    assert [item.code for item in error.value.violations] == [9402]


def test_the_log_keeps_digests_and_no_names(committee: Committee, seal: Callable[[], None]) -> None:
    committee.register(row(1, 600))
    seal()
    with reading(committee.ledger.registry.engine) as connection:
        entry = connection.execute(
            select(LogEntry.entry).where(LogEntry.kind == "source-unit-registered")
        ).scalar_one()
    body = json.loads(entry)["body"]
    assert (body["series"], body["start"], body["end"]) == ("TH-5", 1, 600)
    assert "ตัวอย่าง" not in entry.decode()
