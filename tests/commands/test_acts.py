"""Acts from the command line: what they answer, in the contract's shapes and statuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.commands.act_commands import approve_at_once
from app.commands.sessions import Acting
from app.services.registry.context import Actor
from app.services.transactions.proposing import reject
from tests.commands.conftest import Desk
from tests.fixtures.ledger import Ledger

MOVE = {"serial", "series", "start", "end", "from", "to"}
ACT = {"transaction", "status", "moves", "levy", "checks_passed", "violations"}
VIOLATION = {"code", "category", "message", "message_th"}


def transfer(desk: Desk, quantity: int = 700, **changes: Any) -> str:
    content = {
        "from": desk.forest,
        "to": desk.green,
        "unit_type": "TER",
        "quantity": quantity,
        "reason": "test",
    }
    return json.dumps({**content, **changes})


def act(desk: Desk, *arguments: str, stdin: str, user: str = "officer") -> Any:
    return desk.teak(*arguments, "--input", "-", "--as", user, "--json", stdin=stdin)


def test_a_transfer_from_preview_to_approval(desk: Desk) -> None:
    preview = act(desk, "preview", "transfer", stdin=transfer(desk))
    assert preview.status == 0
    assert set(preview.json) >= ACT
    assert preview.json["transaction"] is None
    assert preview.json["status"] == "preview"
    assert preview.json["checks_passed"] > 10
    assert preview.json["levy"] == preview.json["violations"] == []
    move = preview.json["moves"][0]
    assert set(move) >= MOVE
    assert (move["from"], move["to"]) == (desk.forest, desk.green)
    assert move["end"] - move["start"] + 1 == 700

    first = act(desk, "propose", "transfer", "--request-id", "r1", stdin=transfer(desk))
    again = act(desk, "propose", "transfer", "--request-id", "r1", stdin=transfer(desk))
    assert first.json == again.json
    assert (first.status, first.json["transaction"]) == (0, "TH2")
    assert (first.json["status"], first.json["status_code"]) == ("awaiting approval", 2)
    assert first.json["moves"] == preview.json["moves"]
    other = act(desk, "propose", "transfer", "--request-id", "r1", stdin=transfer(desk, 5))
    assert other.status == 1
    assert other.json["violations"]

    own = desk.teak("approve", "TH2", "--as", "officer", "--json")
    assert (own.status, own.json["status"]) == (1, "awaiting approval")
    assert set(own.json["violations"][0]) >= VIOLATION
    approved = desk.teak("approve", "TH2", "--as", "approver", "--json", cold=True)
    assert approved.status == 0
    assert approved.json == {
        "transaction": "TH2",
        "status": "completed",
        "status_code": 4,
        "stage_code": None,
        "violations": [],
    }
    late = desk.teak("reject", "TH2", "--comment", "late", "--as", "approver", "--json")
    assert (late.status, late.json["status"]) == (1, "completed")


def test_what_the_checks_refuse_is_answered_and_not_stored(desk: Desk) -> None:
    too_much = transfer(desk, 99_999_999)
    for command in ("preview", "propose"):
        ran = act(desk, command, "transfer", stdin=too_much)
        assert ran.status == 1
        assert set(ran.json) >= ACT
        assert ran.json["transaction"] is None
        assert all(set(item) >= VIOLATION for item in ran.json["violations"])
        assert str(ran.json["violations"][0]["code"]) in ran.err
    listed = desk.teak("transactions", "--json")
    assert [row["id"] for row in listed.lines] == ["TH1"]


def test_one_command_proposes_and_approves(desk: Desk) -> None:
    at_once = ("--approved-by", "approver")
    done = act(desk, "propose", "transfer", *at_once, stdin=transfer(desk, 30))
    assert (done.status, done.json["status"]) == (0, "completed")
    wrong = ("--approved-by", "auditor", "--request-id", "once")
    refused = act(desk, "propose", "transfer", *wrong, stdin=transfer(desk))
    assert (refused.status, refused.json["status"]) == (1, "refused")
    assert refused.json["transaction"] is None
    assert [item["code"] for item in refused.json["violations"]] == [9102]
    assert [row["id"] for row in desk.teak("transactions", "--json").lines] == ["TH1", "TH2"]
    right = (*at_once, "--request-id", "once")
    mended = act(desk, "propose", "transfer", *right, stdin=transfer(desk, 5))
    assert (mended.status, mended.json["status"]) == (0, "completed")
    same = act(desk, "propose", "transfer", "--approved-by", "OFFICER", stdin=transfer(desk))
    assert (same.status, same.json["error"]["code"]) == (2, "usage")
    held = {row["account"]: row["quantity"] for row in desk.teak("holdings", "--json").json}
    assert held[desk.green] == 35


@pytest.mark.both_engines
def test_what_ended_before_it_is_approved_at_once_is_told_as_it_ended(
    ledger: Ledger, people: dict[str, Actor]
) -> None:
    """Between the proposal and its approval somebody else, or the same command, was faster."""
    ledger.complete(ledger.issuance())
    done, refused = ledger.propose(ledger.transfer(10)), ledger.propose(ledger.transfer(20))
    ledger.approve(done)
    reject(ledger.registry, refused.transaction_id, ledger.approver, comment="no")
    acting = Acting(ledger.registry, people["officer"], ledger.approver)
    assert approve_at_once(acting, ledger.approver, done) == ()
    assert [item.code for item in approve_at_once(acting, ledger.approver, refused)] == [9141]


def test_a_wrong_approver_leaves_an_earlier_proposal_as_it_is(desk: Desk) -> None:
    again = ("--request-id", "r1")
    assert act(desk, "propose", "transfer", *again, stdin=transfer(desk)).status == 0
    wrong = (*again, "--approved-by", "committee1")
    assert act(desk, "propose", "transfer", *wrong, stdin=transfer(desk)).status == 1
    (row,) = desk.teak("transactions", "--id", "TH2", "--json").lines
    assert row["status"] == "awaiting approval"


def test_a_request_id_is_one_persons(desk: Desk) -> None:
    again = ("--request-id", "r1")
    assert act(desk, "propose", "transfer", *again, stdin=transfer(desk)).status == 0
    other = act(desk, "propose", "transfer", *again, stdin=transfer(desk), user="officer2")
    assert (other.status, other.json["transaction"]) == (1, None)
    assert [item["code"] for item in other.json["violations"]] == [9142]
    assert "r1" in other.json["violations"][0]["message"]


def test_a_rule_by_a_wrong_approver_is_not_even_proposed(desk: Desk) -> None:
    rule = {
        "kind": "levy-rate",
        "unit_type": "TER",
        "value": 0.07,
        "valid_from": "2029-01-01",
        "reason": "Decision 7",
    }
    once = ("rule", "propose", "--request-id", "r1", "--approved-by")
    refused = act(desk, *once, "officer", stdin=json.dumps(rule), user="admin")
    assert (refused.status, refused.json["transaction"]) == (1, None)
    assert desk.teak("rule", "changes", "--json").lines == []
    done = act(desk, *once, "approver", stdin=json.dumps(rule), user="admin")
    assert (done.status, done.json["status"]) == (0, "approved")
    other = act(desk, *once, "approver", stdin=json.dumps(rule), user="admin2")
    assert [item["code"] for item in other.json["violations"]] == [9142]


def test_an_expiry_run_by_a_wrong_approver_proposes_nothing(desk: Desk) -> None:
    ran = desk.teak("expiry", "run", "--as", "admin", "--approved-by", "officer", "--json")
    assert ran.status == 1
    assert "9402" in ran.out


def test_a_proposal_is_rejected_withdrawn_or_ends_terminated(desk: Desk) -> None:
    for _ in range(3):
        assert act(desk, "propose", "transfer", stdin=transfer(desk, 10)).status == 0
    rejected = desk.teak("reject", "TH2", "--comment", "no report", "--as", "approver", "--json")
    assert (rejected.status, rejected.json["status"]) == (0, "rejected")
    withdrawn = desk.teak("withdraw", "TH3", "--as", "officer", "--json")
    assert (withdrawn.status, withdrawn.json["status"]) == (0, "cancelled")
    suspended = desk.teak(
        "account", "suspend", desk.green, "--reason", "case 17", "--as", "admin", "--json"
    )
    assert (suspended.status, suspended.json["state"]) == (0, "suspended")
    ended = desk.teak("approve", "TH4", "--as", "approver", "--json")
    assert (ended.status, ended.json["status"]) == (1, "terminated")
    codes = [item["code"] for item in ended.json["violations"]]
    listed = desk.teak("transactions", "--id", "TH4", "--json").lines[0]
    assert codes
    assert listed["codes"] == codes
    assert desk.teak("verify").status == 0


def test_an_issuance_shows_its_plan_before_serials_are_allotted(desk: Desk) -> None:
    issuance = {
        "project": "0042",
        "account": desk.forest,
        "unit_type": "TER",
        "vintage": 2024,
        "quantity": 1000,
        "monitoring_period": {"from": "2024-01-01", "to": "2024-12-31"},
        "verified": {"quantity": 1000, "reference": "VR-1", "document_sha256": "b" * 64},
    }
    pending = act(desk, "propose", "issuance", stdin=json.dumps(issuance))
    assert pending.status == 0
    moved = [*pending.json["moves"], *pending.json["levy"]]
    assert sum(move["end"] - move["start"] + 1 for move in moved) == 1000
    assert {move["from"] for move in moved} == {None}
    wrong = {**issuance, "verified": {**issuance["verified"], "quantity": 999}}  # type: ignore[dict-item]
    assert act(desk, "preview", "issuance", stdin=json.dumps(wrong)).status == 1


def test_accounts_live_by_commands(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text('{"name": "Solar", "holder": {"name_en": "Solar Co", "name_th": "โซลาร์"}}')
    proposed = desk.teak("account", "propose", "--input", file, "--as", "officer", "--json")
    assert proposed.status == 0
    number = proposed.json["account"]
    assert proposed.json == {"account": number, "state": "proposed", "violations": []}
    for command, user, status, state in (
        ("approve", "officer", 1, "proposed"),
        ("approve", "approver", 0, "open"),
        ("lock", "admin", 0, "locked"),
        ("open", "admin", 0, "open"),
        ("close", "admin", 0, "closed"),
        ("open", "admin", 1, "closed"),
    ):
        ran = desk.teak("account", command, number, "--reason", "because", "--as", user, "--json")
        assert (ran.status, ran.json["state"]) == (status, state), (command, ran)
        assert bool(ran.json["violations"]) == bool(status)
    unknown = desk.teak(
        "account", "lock", "TH-100-9-0-1", "--reason", "x", "--as", "admin", "--json"
    )
    assert (unknown.status, unknown.json["error"]["code"]) == (2, "not-found")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"from": 1}', "from"),
        ("[]", "object"),
        ("{", "JSON"),
        ('{"colour": "red"}', "from"),
        ('{"quantity": 1.5}', "1.5"),
    ],
)
def test_input_of_the_wrong_form_names_what_is_wrong(
    desk_template: Desk, content: str, named: str
) -> None:
    ran = act(desk_template, "preview", "transfer", stdin=content)
    assert ran.status == 2
    assert set(ran.json["error"]) == {"code", "message", "hint"}
    assert named in ran.json["error"]["message"]


def test_a_request_that_came_to_nothing_is_never_taken_for_done(desk: Desk) -> None:
    request = ("propose", "transfer", "--request-id", "r1")
    first = act(desk, *request, stdin=transfer(desk, 3))
    desk.teak("withdraw", first.json["transaction"], "--as", "officer", "--json")
    again = act(desk, *request, "--approved-by", "approver", stdin=transfer(desk, 3))
    assert (again.status, again.json["status"]) == (1, "cancelled")
    assert [item["code"] for item in again.json["violations"]] == [9141]
    empty = act(desk, "propose", "transfer", "--request-id", " ", stdin=transfer(desk, 3))
    assert (empty.status, empty.json["error"]["code"]) == (2, "usage")


def test_an_assumed_rule_is_a_number(desk: Desk) -> None:
    for value in ("NaN", "Infinity", "1e999999999"):
        answer = desk.teak(
            *("preview", "transfer", "--input", "-", "--assume", f"levy-rate={value}", "--json"),
            stdin=transfer(desk),
        )
        assert (answer.status, answer.json["error"]["code"]) == (2, "usage")


def test_a_rule_nobody_may_approve_at_once_does_not_stay_behind(desk: Desk) -> None:
    rule = {"kind": "levy-rate", "unit_type": "TER", "value": "0.07", "reason": "test"}
    refused = desk.teak(
        *("rule", "propose", "--input", "-", "--as", "admin", "--approved-by", "officer"),
        "--json",
        stdin=json.dumps({**rule, "valid_from": "2029-01-01"}),
    )
    assert (refused.status, refused.json["status"]) == (1, "refused")
    changes = desk.teak("rule", "changes", "--json").lines
    assert changes == []


def test_a_second_person_who_may_not_approve_leaves_nothing_behind(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "account.json"
    file.write_text(json.dumps({"name": "Nan Forest", "holder": {"name_en": "Nan Forest"}}))
    by = ("--as", "officer", "--approved-by", "auditor", "--json")
    before = len(desk.teak("accounts", "--json").lines)
    proposed = desk.teak("account", "propose", "--input", str(file), *by)
    assert proposed.status == 1
    assert proposed.json["account"] is None
    assert [item["code"] for item in proposed.json["violations"]] == [9402]
    assert len(desk.teak("accounts", "--json").lines) == before
    listed = [line["number"] for line in desk.teak("accounts", "--json").lines]
    first, second = [number for number in listed if number.startswith("TH-100-")][:2]
    assert desk.teak("trust", "propose", first, second, *by).status == 1
    assert desk.teak("trust", "list", first, "--json").lines == []
