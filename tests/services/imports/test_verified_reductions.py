"""Verified reductions from a file: what goes in, what does not, and issuing against them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models.errors import NotFound, UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import LogEntry, VerifiedReduction
from app.services.checks.violation import RulesBroken
from app.services.imports.verified_reductions import ReductionReport, import_verified_reductions
from app.services.listings.choices import list_open_reductions
from app.services.log.verification import verify_registry
from app.services.transactions.proposing import propose, reject
from tests.fixtures.imported_state import log_end
from tests.fixtures.ledger import Ledger

DIGEST = "a" * 64

RECORD: dict[str, Any] = {
    "project": "0042",
    "period_from": "2025-01-01",
    "period_to": "2025-12-31",
    "quantity": 10_000,
    "reference": "VR-2025",
    "document_sha256": DIGEST,
}


def write_json(folder: Path, records: Any) -> Path:
    path = folder / "reductions.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def write_csv(folder: Path, records: list[dict[str, Any]]) -> Path:
    path = folder / "reductions.csv"
    text = [",".join(RECORD)]
    text += [",".join(f'"{value}"' for value in record.values()) for record in records]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def load(ledger: Ledger, file: Path, **options: Any) -> ReductionReport:
    return import_verified_reductions(ledger.registry, file, **{"actor": ledger.officer, **options})


@pytest.mark.parametrize("write", [write_json, write_csv])
def test_records_go_in_once_and_are_logged(write: Any, ledger: Ledger, tmp_path: Path) -> None:
    year_2024 = RECORD | {"period_from": "2024-01-01", "period_to": "2024-12-31"}
    report = load(ledger, write(tmp_path, [RECORD, year_2024]))
    assert report.as_json() == {
        "rows": 2,
        "recorded": 2,
        "already_there": 0,
        "rejected": [],
        "refused": False,
    }
    found = list_open_reductions(ledger.registry, "0042")
    assert [(item.period_from.year, item.quantity) for item in found] == [
        (2024, 10_000),
        (2025, 10_000),
    ]
    with reading(ledger.registry.engine) as connection:
        entry = connection.execute(
            select(LogEntry.entry).where(LogEntry.kind == "verified-reduction-recorded")
        ).scalars()
        assert json.loads(next(iter(entry)))["body"] == RECORD
    before = log_end(ledger.registry)
    again = load(ledger, write(tmp_path, [RECORD, year_2024]))
    assert (again.recorded, again.already_there) == (0, 2)
    assert log_end(ledger.registry) == before
    assert verify_registry(ledger.registry).ok


BAD_RECORDS = [
    ({"project": "9999"}, 9533),
    ({"project": ""}, 9502),
    ({"period_from": "01/01/2025"}, 9507),
    ({"period_to": "2024-12-31"}, 9531),
    ({"quantity": 0}, 9505),
    ({"quantity": -5}, 9505),
    ({"quantity": "many"}, 9505),
    ({"reference": " "}, 9502),
    ({"document_sha256": "abc"}, 9532),
]


@pytest.mark.parametrize("write", [write_json, write_csv])
@pytest.mark.parametrize(("changes", "code"), BAD_RECORDS)
def test_a_bad_record_is_reported_and_the_others_go_in(
    changes: dict[str, Any], code: int, write: Any, ledger: Ledger, tmp_path: Path
) -> None:
    year_2024 = RECORD | {"period_from": "2024-01-01", "period_to": "2024-12-31"}
    file = write(tmp_path, [RECORD | changes, year_2024])
    before = log_end(ledger.registry)
    refused = load(ledger, file, strict=True)
    assert (refused.refused, refused.recorded) == (True, 0)
    assert log_end(ledger.registry) == before
    report = load(ledger, file)
    assert [(item.row, item.code) for item in report.rejected] == [(1, code)]
    assert report.recorded == 1


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ("text", 9536),
        (RECORD | {"quantity": True}, 9505),
        (RECORD | {"quantity": 10.0}, 9505),
        (RECORD | {"reference": 7}, 9502),
        (RECORD | {"standard": "T-VER"}, 9535),
    ],
)
def test_a_json_record_has_its_fields_in_their_form(
    record: Any, code: int, ledger: Ledger, tmp_path: Path
) -> None:
    report = load(ledger, write_json(tmp_path, [record]))
    assert [(item.row, item.code) for item in report.rejected] == [(1, code)]


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": 9_999},
        {"period_to": "2025-06-30"},
        {"period_from": "2025-12-31", "period_to": "2026-06-30"},
        {"document_sha256": "b" * 64},
    ],
)
def test_periods_of_a_project_never_overlap(
    changes: dict[str, Any], ledger: Ledger, tmp_path: Path
) -> None:
    report = load(ledger, write_json(tmp_path, [RECORD, RECORD | changes]))
    assert [(item.row, item.code) for item in report.rejected] == [(2, 9534)]
    assert "VR-2025" in report.rejected[0].reason
    assert report.recorded == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "is not JSON"), ("{}", "not a list"), ("", "is not JSON"), ("[" * 100_000, "not JSON")],
)
def test_a_file_that_is_no_list_is_refused(
    text: str, message: str, ledger: Ledger, tmp_path: Path
) -> None:
    path = tmp_path / "reductions.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load(ledger, path)


def test_a_csv_file_without_its_columns_names_them(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "reductions.csv"
    path.write_text("project,quantity\n0042,1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="“period_from”, “period_to”, “reference”"):
        load(ledger, path)
    with pytest.raises(NotFound):
        load(ledger, tmp_path / "none.csv")


def test_only_an_officer_records_reductions(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(RulesBroken):
        load(ledger, write_json(tmp_path, [RECORD]), actor=ledger.approver)


def test_an_issuance_takes_the_record_and_a_rejection_gives_it_back(
    ledger: Ledger, tmp_path: Path
) -> None:
    load(ledger, write_json(tmp_path, [RECORD]))
    act = replace(ledger.issuance(), document_sha256=DIGEST)
    outcome = propose(ledger.registry, act, ledger.officer)
    assert list_open_reductions(ledger.registry, "0042") == ()
    reject(ledger.registry, outcome.transaction_id, ledger.approver, comment="No")
    (found,) = list_open_reductions(ledger.registry, "0042")
    assert found.period_from == date(2025, 1, 1)
    with reading(ledger.registry.engine) as connection:
        assert len(connection.execute(select(VerifiedReduction.id)).all()) == 1
