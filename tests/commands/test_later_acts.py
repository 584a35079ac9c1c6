"""The acts beyond issuance, transfer and cancellation, from the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.commands.act_inputs import INPUT, TYPES
from app.services.transactions.acts import PROPOSABLE
from tests.commands.conftest import Desk


def run(desk: Desk, command: str, type_: str, user: str, **content: Any) -> Any:
    act = {"from": desk.forest, "unit_type": "TER", "quantity": 10} | content
    agreed = ("--approved-by", "approver") if command == "propose" else ()
    return desk.teak(
        command, type_, "--input", "-", "--as", user, *agreed, "--json", stdin=json.dumps(act)
    )


def test_every_act_is_offered_and_explained() -> None:
    assert set(TYPES) == set(PROPOSABLE)
    assert all(f"  {name} " in INPUT or f"\n  {name}" in INPUT for name in TYPES)


@pytest.mark.parametrize(
    ("kind", "content", "to_type"),
    [
        ("cancellation", {"kind": "mandatory"}, "250"),
        ("cancellation", {"kind": "corrective"}, "260"),
        ("cancellation", {"kind": "net-source"}, "210"),
        ("cancellation", {"kind": "non-compliance"}, "220"),
        ("cancellation", {"kind": "excess-issuance"}, "240"),
        ("retirement", {"beneficiary": "B", "purpose": "P"}, "300"),
        ("external-transfer", {"registry": "CH", "account": "CH-100-77-0-11"}, "904"),
    ],
)
def test_units_go_where_the_act_says(
    desk: Desk, kind: str, content: dict[str, Any], to_type: str
) -> None:
    preview = run(desk, "preview", kind, "officer", **content)
    assert (preview.status, preview.json["violations"]) == (0, [])
    done = run(desk, "propose", kind, "officer", **content)
    assert (done.status, done.json["status"]) == (0, "completed")
    assert [move["to"].split("-")[1] for move in done.json["moves"]] == [to_type]


def test_a_date_changes_and_verify_counts(desk: Desk) -> None:
    done = run(desk, "propose", "expiry-change", "officer", to_expiry="2028-12-31")
    assert (done.status, done.json["status"]) == (0, "completed")
    assert done.json["moves"][0]["from"] == done.json["moves"][0]["to"] == desk.forest
    refused = run(desk, "propose", "carry-over", "officer")
    assert (refused.status, [item["code"] for item in refused.json["violations"]]) == (1, [9240])
    found = desk.teak("verify", "--json")
    assert (found.status, found.json["ok"]) == (0, True)


def test_the_counterpart_is_told(desk: Desk) -> None:
    sent = run(
        desk, "propose", "external-transfer", "officer", registry="CH", account="CH-100-77-0-11"
    )
    identifier = sent.json["transaction"]
    message = desk.teak("counterpart-message", identifier, "--json")
    assert message.status == 0
    assert message.json["proposal"]["transactionIdentifier"] == identifier
    text = desk.teak("counterpart-message", identifier)
    assert "From registry TH to registry CH" in text.out
    other = desk.teak("counterpart-message", "TH1", "--json")
    assert (other.status, other.json["violations"][0]["code"]) == (1, 9270)


def test_an_administrators_act_is_previewed_as_an_administrators(desk: Desk) -> None:
    act = {"from": desk.forest, "unit_type": "TER", "quantity": 10, "reason": "case"}
    previewed = desk.teak("preview", "buffer-hold", "--input", "-", "--json", stdin=json.dumps(act))
    assert [item["code"] for item in previewed.json["violations"]] == [1007]


def test_a_field_missing_is_named(desk: Desk) -> None:
    ran = run(desk, "preview", "expiry-change", "officer")
    assert ran.status == 2
    assert "to_expiry" in ran.json["error"]["message"]
