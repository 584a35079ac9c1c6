"""A conversion and a rollback from the command line, from the record to the last vote."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.services.people.administration import revoke_person
from app.services.registry.opening import close_registry, open_demo
from tests.commands.conftest import Desk
from tests.fixtures.conversions import ATTESTATION, cer, row
from tests.fixtures.registries import read_people


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "record.json"
    path.write_text(json.dumps([row(1, 600), row(601, 700, quantity=5)]))
    (tmp_path / "letter.pdf").write_bytes(ATTESTATION)
    return path


def imported(desk: Desk, record: Path, *more: str) -> dict[str, Any]:
    letter = record.with_name("letter.pdf")
    ran = desk.teak(
        "import", "cancellation-record", record, "--attestation", letter, "--as", "officer",
        "--json", *more,
    )  # fmt: skip
    assert ran.status == (1 if more else 0), ran.err
    found: dict[str, Any] = ran.json
    return found


def proposed(desk: Desk) -> str:
    act = {
        "source_serials": [cer(1, 600)],
        "host_country": "TH",
        "attestation_sha256": sha256(ATTESTATION).hexdigest(),
        "account": desk.forest,
        "project": "0042",
        "vintage": 2024,
    }
    ran = desk.teak(
        "propose", "conversion", "--input", "-", "--as", "officer", "--json", stdin=json.dumps(act)
    )
    assert ran.status == 0, ran.err
    assert ran.json["status"] == "awaiting committee"
    assert [move["quantity"] for move in ran.json["moves"]] == [600]
    return str(ran.json["transaction"])


def vote(desk: Desk, transaction: str, member: int, choice: str = "yes") -> dict[str, Any]:
    ran = desk.teak("vote", transaction, choice, "--as", f"committee{member}", "--json")
    found: dict[str, Any] = ran.json
    assert ran.status == (1 if found["violations"] else 0)
    return found


def test_a_conversion_from_the_record_to_the_last_vote(desk: Desk, record: Path) -> None:
    report = imported(desk, record)
    assert (report["registered"], report["units"]) == (1, 600)
    assert [item["code"] for item in report["rejected"]] == [9506]
    assert imported(desk, record)["already_there"] == 1
    transaction = proposed(desk)
    alone = desk.teak("approve", transaction, "--as", "approver", "--json")
    assert (alone.status, alone.json["violations"][0]["code"]) == (1, 9592)
    first = vote(desk, transaction, 1)
    assert first["tally"] == {"yes": 1, "no": 0, "members": 5, "quorum": 3, "standing": "open"}
    assert first["status"] == "awaiting committee"
    assert [item["code"] for item in vote(desk, transaction, 1)["violations"]] == [9590]
    assert [item["code"] for item in vote(desk, transaction, 2, "no")["violations"]] == [9591]
    vote(desk, transaction, 2)
    assert vote(desk, transaction, 3)["status"] == "completed"
    (pair,) = desk.teak("reissue", cer(7, 7), "--json").lines
    assert (pair["domestic"], pair["transaction"]) == ("TH-TER-14-0042-2024--7-7", transaction)
    (back,) = desk.teak("reissue", pair["domestic"], "--json").lines
    assert back["source"] == cer(7, 7)
    assert desk.teak("reissue", cer(9001, 9002), "--json").status == 1
    assert desk.teak("reissue", "rubbish").status == 2
    assert desk.teak("verify", "--json").json["ok"]


def test_the_evidence_and_what_checks_said(desk: Desk, record: Path) -> None:
    imported(desk, record)
    transaction = proposed(desk)
    evidence = desk.teak("evidence", transaction, "--json").json
    assert [item["purpose"] for item in evidence["documents"]] == [
        "attestation",
        "cancellation record",
    ]
    assert evidence["sources"][0]["attributes"]["methodology"] == "AMS-I.D. ver. 18"
    assert evidence["tally"]["quorum"] == 3
    assert "quorum 3" in desk.teak("evidence", transaction).out
    rows = desk.teak("checks", "--transaction", transaction, "--json").lines
    assert {row["outcome"] for row in rows} == {"passed"}
    assert 9556 in {row["code"] for row in rows}
    assert "Passed." in desk.teak("checks", "--transaction", transaction).out
    (unit,) = desk.teak("source-units", "--state", "pending", "--json").lines
    assert (unit["conversion"], unit["quantity"]) == (transaction, 600)
    assert desk.teak("source-units", "--after", str(unit["id"]), "--json").lines == []


def test_strict_refuses_the_record(desk: Desk, record: Path) -> None:
    report = imported(desk, record, "--strict")
    assert (report["refused"], report["registered"]) == (True, 0)
    assert desk.teak("source-units", "--json").lines == []


def test_a_rollback(desk: Desk) -> None:
    act = {"from": desk.forest, "to": desk.green, "unit_type": "TER", "quantity": 100}
    moved = desk.teak(
        "propose", "transfer", "--input", "-", "--as", "officer", "--approved-by", "approver",
        "--json", stdin=json.dumps(act),
    ).json  # fmt: skip
    undo = json.dumps({"transaction": moved["transaction"], "reason": "wrong account"})
    shown = desk.teak("preview", "rollback", "--input", "-", "--json", stdin=undo)
    assert (shown.status, shown.json["violations"]) == (0, [])
    assert [(move["from"], move["to"]) for move in shown.json["moves"]] == [
        (desk.green, desk.forest)
    ]
    done = desk.teak(
        "propose", "rollback", "--input", "-", "--as", "admin", "--approved-by", "approver",
        "--json", stdin=undo,
    )  # fmt: skip
    assert (done.status, done.json["status"]) == (0, "completed")
    rows = {row["id"]: row for row in desk.teak("transactions", "--json").lines}
    assert rows[moved["transaction"]]["rolled_back_by"] == done.json["transaction"]
    assert rows[done.json["transaction"]]["reverses"] == moved["transaction"]
    again = desk.teak("propose", "rollback", "--input", "-", "--as", "admin", "--json", stdin=undo)
    assert (again.status, [item["code"] for item in again.json["violations"]]) == (1, [3019])


def test_a_vote_whose_members_left_is_concluded(desk: Desk, record: Path) -> None:
    imported(desk, record)
    transaction = proposed(desk)
    vote(desk, transaction, 1)
    early = desk.teak("conclude", transaction, "--as", "committee2", "--json")
    assert (early.status, early.json["violations"][0]["code"]) == (1, 9595)
    registry = open_demo(desk.path)
    assert registry is not None
    admin = read_people(registry)["admin"]
    for number in (3, 4, 5):
        revoke_person(registry, admin, f"committee{number}", reason="left")
    close_registry(registry)
    shown = desk.teak("evidence", transaction, "--json").json["tally"]
    assert (shown["members"], shown["standing"]) == (2, "out-of-reach")
    assert "a member concludes the vote" in desk.teak("evidence", transaction).out
    ended = desk.teak("conclude", transaction, "--as", "committee1", "--json")
    assert (ended.status, ended.json["status"]) == (0, "rejected")
    assert ended.json["tally"]["standing"] == "out-of-reach"
