"""A client that says one thing and records another: no approver carries it out."""

from __future__ import annotations

import json

import pytest

from app.models.codes import TransactionStatus
from app.services.transactions.acts import Transfer
from app.services.transactions.proposing import approve
from app.services.transactions.records import act_text
from tests.fixtures.attackers import Attackers, propose, transfer
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


def test_units_go_to_nobody_but_whom_the_request_names(
    attackers: Attackers, ledger: Ledger
) -> None:
    third = ledger.open_account("Third")
    record = json.loads(transfer(attackers))
    number = "SELECT number FROM teak.account WHERE id = %s"
    giver = attackers.one(number, record["from_account_id"])
    named = attackers.one(number, record["to_account_id"])
    said = Transfer(from_account=giver, to_account=named, unit_type="TER", quantity=10)
    record["act"] = act_text(said)
    account = "SELECT id FROM teak.account WHERE number = %s"
    for request, target, outcome in (
        ("other", attackers.one(account, third), TransactionStatus.TERMINATED),
        ("same", record["to_account_id"], TransactionStatus.COMPLETED),
    ):
        sent = json.dumps(record | {"request_id": request, "to_account_id": target})
        proposed = propose(attackers.connect("officer"), sent)
        assert approve(ledger.registry, proposed, ledger.approver).status is outcome
        assert attackers.one(
            "SELECT count(*) FROM teak.unit_block WHERE moved_by = %s", proposed
        ) == (outcome is TransactionStatus.COMPLETED)
