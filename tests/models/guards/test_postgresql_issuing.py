"""Issuances on a server: what an approver's workstation that was changed cannot make of them."""

from __future__ import annotations

import json

import pytest

from tests.fixtures.attackers import Attackers, call, propose, refused

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


def pending_issuance(attackers: Attackers) -> tuple[int, dict[str, object], int]:
    """Propose an issuance of 1,000 units; give it, the batch it makes and the account it is for."""
    project, code, account = attackers.owner().execute(
        "SELECT p.id, p.code, a.account_id FROM teak.project_account a "
        "JOIN teak.project p ON p.id = a.project_id LIMIT 1"
    ).fetchone() or (0, "", 0)
    number = propose(
        attackers.connect("officer"),
        json.dumps(
            {
                "request_id": "levy", "type": 1, "supplementary_type": 0,
                "to_account_id": account, "unit_type": "TER", "quantity": 1000,
                "act": json.dumps({"project": code, "vintage": 2024}),
                "reduction": {
                    "reduction_id": None, "project_id": project, "period_from": "2024-01-01",
                    "period_to": "2024-12-31", "quantity": 1000, "reference": "x",
                    "document_sha256": "a" * 64,
                },
            }
        ),
    )  # fmt: skip
    batch = {
        "series": "TH-TER-14-0042-2024-", "series_id": None, "first": 1, "last": 1000,
        "origin": "TH", "project_id": project, "vintage": 2024, "expires_on": None,
        "original_period": 0, "applicable_period": 0, "lulucf_activity": 0,
        "grammar": "domestic", "template": "TH-TER-14-0042-2024--{start}-{end}",
    }  # fmt: skip
    return number, batch, account


@pytest.mark.parametrize("name", ["vintage", "project_id"])
def test_new_units_are_what_the_approver_was_shown(attackers: Attackers, name: str) -> None:
    """An approver's workstation that was changed makes them younger, or another project's."""
    number, batch, account = pending_issuance(attackers)
    owner = attackers.owner()
    other = owner.execute(
        "INSERT INTO teak.project (origin, code, name_en, name_th, country, kind, sectoral_scope, "
        "methodology, proponent, state, created_at) SELECT 'XX', code, name_en, name_th, country, "
        "kind, sectoral_scope, methodology, proponent, state, created_at FROM teak.project "
        "WHERE id = %s RETURNING id", (batch["project_id"],),
    ).fetchone() or (0,)  # fmt: skip
    batch |= {"vintage": 2039} if name == "vintage" else {"project_id": other[0]}
    refused(
        lambda: call(
            attackers.connect("approver"), "complete", transaction_id=number, batch=batch,
            blocks=[{"first": 1, "last": 1000, "account_id": account}],
        ),
        "of the project and vintage that were proposed",
    )  # fmt: skip


@pytest.mark.parametrize(
    "changed", [{"first": 2001, "last": 3000}, {"origin": "XX"}, {"expires_on": "2050-12-31"}]
)
def test_units_from_elsewhere_stay_what_they_were(
    attackers: Attackers, changed: dict[str, object]
) -> None:
    """An approver's workstation that was changed gives them other serials, or a longer life."""
    code, account = attackers.owner().execute(
        "SELECT p.code, a.account_id FROM teak.project_account a "
        "JOIN teak.project p ON p.id = a.project_id LIMIT 1"
    ).fetchone() or ("", 0)
    number = propose(
        attackers.connect("officer"),
        json.dumps(
            {
                "request_id": "elsewhere", "type": 1, "supplementary_type": 9010,
                "to_account_id": account, "unit_type": "VCU", "quantity": 1000,
                "act": json.dumps({
                    "project": code, "vintage": 2024, "serial": "XY-1001-2000", "origin": "XY",
                    "expires_on": "2030-12-31"}),
            }
        ),
    )  # fmt: skip
    batch = {
        "series": "XY", "series_id": None, "first": 1001, "last": 2000, "origin": "XY",
        "project_id": attackers.one(
            "SELECT project_id FROM teak.project_account WHERE account_id = %s LIMIT 1", account),
        "vintage": 2024, "expires_on": "2030-12-31", "original_period": 0,
        "applicable_period": 0, "lulucf_activity": 0, "grammar": "domestic",
        "template": "XY-{start}-{end}",
    } | changed  # fmt: skip
    refused(
        lambda: call(
            attackers.connect("approver"), "complete", transaction_id=number, batch=batch,
            blocks=[{"first": batch["first"], "last": batch["last"], "account_id": account}],
        ),
        "keep the serials, origin and expiry they had",
    )  # fmt: skip


def test_an_issuance_pays_its_levy(attackers: Attackers) -> None:
    """An approver's workstation that was changed gives the project all of it."""
    number, batch, account = pending_issuance(attackers)
    due = attackers.one("SELECT (teak.levy_of('TER', 1000, current_date)).units")
    assert due > 0
    refused(
        lambda: call(
            attackers.connect("approver"), "complete", transaction_id=number, batch=batch,
            blocks=[{"first": 1, "last": 1000, "account_id": account}],
        ),
        "pays the levy",
    )  # fmt: skip


@pytest.mark.parametrize("hides", [True, False])
def test_no_block_hides_that_two_overlap(attackers: Attackers, *, hides: bool) -> None:
    """One that ends before it begins makes sums right by which serials would be issued twice."""
    number, batch, account = pending_issuance(attackers)
    due = attackers.one("SELECT (teak.levy_of('TER', 1000, current_date)).units")
    expiry = attackers.one("SELECT teak.default_expiry_of('TER', 2024, current_date)")
    buffer = attackers.one(
        "SELECT a.id FROM teak.account a JOIN teak.project p ON p.scheme = a.scheme "
        "WHERE a.type_code = 901 AND p.id = %s", batch["project_id"],
    )  # fmt: skip
    kept = 1000 - due
    twice = [
        {"first": 1, "last": 1000, "account_id": account},
        {"first": 500, "last": -1, "account_id": account},
        {"first": 501, "last": kept, "account_id": account},
    ]
    once = [{"first": 1, "last": kept, "account_id": account}]
    levy = {"first": kept + 1, "last": 1000, "account_id": buffer}

    def complete() -> None:
        call(
            attackers.connect("approver"), "complete", transaction_id=number,
            batch={**batch, "expires_on": expiry and expiry.isoformat()},
            blocks=[*(twice if hides else once), levy],
        )  # fmt: skip

    if hides:
        refused(complete, "its serials in order")
    else:
        complete()
