"""Units sent to another registry and units it sent: counted, told, never minted."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.models.codes import AccountType
from app.models.errors import NotFound, UsageError
from app.services.checks.violation import RulesBroken
from app.services.listings.transaction_detail import get_transaction
from app.services.log.canonical import canonical_bytes
from app.services.registry.context import Actor
from app.services.transactions.acts import ExternalTransfer, read_proposal
from app.services.transactions.counterpart_message import counterpart_message
from app.services.transactions.proposing import reject
from tests.fixtures.ledger import Ledger
from tests.fixtures.registries import FrozenClock
from tests.services.transactions.moved_units import Desk

pytestmark = pytest.mark.both_engines


@pytest.fixture
def desk(ledger: Ledger, people: dict[str, Actor], clock: FrozenClock) -> Desk:
    made = Desk(ledger, people, clock)
    made.project("CDM", "7014")
    return made


def sending(desk: Desk, quantity: int, **changes: object) -> ExternalTransfer:
    content: dict[str, object] = {
        "from_account": desk.ledger.forest,
        "unit_type": "CER",
        "quantity": quantity,
        "registry": "CH",
        "account": "CH-100-77-0-11",
    }
    return ExternalTransfer(**content | changes)  # type: ignore[arg-type]


def test_units_come_in_as_the_senders_record_says_and_go_on(desk: Desk) -> None:
    received = desk.receive("CER")
    detail = get_transaction(desk.ledger.registry, received.identifier)
    row = detail.transaction
    assert detail.counterpart is not None
    assert detail.counterpart.as_json() == {
        "registry": "RW",
        "account": "RW-100-1-0-1",
        "reference": "RW1",
    }
    assert (row.type_code, row.supplementary_type, row.from_account) == (3, 9012, None)
    desk.complete(sending(desk, 30))
    assert desk.held(AccountType.SENT_ELSEWHERE) == 30
    counts = desk.verify().units["CER"]
    assert (counts["issued"], counts["received"], counts["held"], counts["sent"]) == (
        0,
        100,
        70,
        30,
    )


def test_nothing_comes_in_twice_and_nothing_sent_is_used_again(desk: Desk) -> None:
    desk.receive("CER")
    assert desk.refused(desk.acquisition("CER", 50, 60)) == [9153]
    desk.complete(sending(desk, 100))
    sent = desk.built_in(AccountType.SENT_ELSEWHERE)
    again = desk.ledger.transfer(10, from_account=sent, unit_type="CER")
    assert desk.refused(again) == [1007]
    assert desk.refused(sending(desk, 1)) == [3005]


def test_no_unit_of_our_own_is_made_by_receiving_it(desk: Desk) -> None:
    act = replace(
        desk.acquisition(),
        unit_type="TER",
        serial="TH-TER-14-0042-2025--1-100",
        origin="TH",
        project="0042",
        vintage=2025,
    )
    assert desk.refused(act) == [9251]
    assert desk.refused(replace(desk.acquisition(), reference="")) == [9252]


def test_an_acquisition_is_proposed_as_the_counterpart_tells_it() -> None:
    content = {
        "origin": "CDM", "project": "7014", "account": "TH-100-1000-0-68", "unit_type": "CER",
        "quantity": 100, "serial": "RW-5-1-2-2-0-7014 - RW-5-100-2-2-0-7014",
        "sender_registry": "RW", "reference": "RW1", "expires_on": "2030-12-31",
    }  # fmt: skip
    assert read_proposal("acquisition", content).as_json()["expires_on"] == "2030-12-31"
    with pytest.raises(UsageError, match="source_date"):
        read_proposal("acquisition", content | {"source_date": "2020-01-01"})


def test_the_counterpart_is_told_in_the_structure_of_the_standards(desk: Desk) -> None:
    desk.receive("CER")
    outcome = desk.complete(sending(desk, 30))
    message = counterpart_message(desk.ledger.registry, outcome.identifier)
    content = json.loads(message.as_bytes())
    assert canonical_bytes(content) == message.as_bytes()
    assert content["header"] == {"from": "TH", "to": "CH", "majorVersion": 1, "minorVersion": 1}
    proposal = content["proposal"]
    identifier = int(desk.ledger.forest.split("-")[2])
    assert proposal == {
        "transactionIdentifier": outcome.identifier,
        "transactionType": 3,
        "suppTransactionType": 0,
        "transferringRegistryCode": "TH",
        "transferringRegistryAccountType": 100,
        "transferringRegistryAccountIdentifier": identifier,
        "acquiringRegistryCode": "CH",
        "acquiringRegistryAccountType": 100,
        "acquiringRegistryAccountIdentifier": 77,
        "proposalUnitBlocks": [
            {
                "unitSerialBlockStart": 1,
                "unitSerialBlockEnd": 30,
                "originatingRegistryCode": "CDM",
                "unitType": 5,
                "originalCommitPeriod": 2,
                "applicableCommitPeriod": 2,
                "projectIdentifier": "7014",
            }
        ],
    }
    text = message.as_text()
    assert "RW-5-1-2-2-0-7014 - RW-5-30-2-2-0-7014" in text
    assert "CH-100-77-0-11" in text


def test_a_counterpart_that_numbers_as_it_likes_is_told_by_name(desk: Desk) -> None:
    desk.receive("CER")
    act = sending(desk, 5, registry="Gold Standard", account="4711")
    outcome = desk.propose(act)
    content = counterpart_message(desk.ledger.registry, outcome.identifier).content
    assert "acquiringRegistryAccountType" not in content["proposal"]
    assert (content["acquiringAccountNumber"], content["status"]) == ("4711", "checked")


def test_only_a_living_external_transfer_has_a_message(desk: Desk) -> None:
    received = desk.receive("CER")
    registry = desk.ledger.registry
    with pytest.raises(RulesBroken, match="9270"):
        counterpart_message(registry, received.identifier)
    pending = desk.propose(sending(desk, 5))
    reject(registry, pending.transaction_id, desk.people["approver"], comment="no")
    with pytest.raises(RulesBroken, match="9270"):
        counterpart_message(registry, pending.identifier)
    with pytest.raises(NotFound):
        counterpart_message(registry, "TH999")
