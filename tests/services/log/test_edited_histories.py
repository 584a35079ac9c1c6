"""Histories and evidence edited by somebody who has the key and dropped the guards.

`verify` names each edit that the log, or the transaction's own row, contradicts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.log.verification import verify_registry
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.proposing import approve, reject, withdraw
from tests.fixtures.conversions import Committee, cer, row
from tests.services.imports.conftest import Importer, real_file
from tests.services.log.attacking import attack, use

LATER = "'2026-11-21T04:00:00.000000Z'"
AUDITOR = "(SELECT id FROM person WHERE user_name = 'auditor')"

EDITS: dict[str, tuple[str, str]] = {
    "who approved": (
        f"UPDATE transaction_event SET person_id = {AUDITOR} WHERE status = 4",
        "another time or person of the decision",
    ),
    "when it was approved": (
        f"UPDATE transaction_event SET at = {LATER} WHERE status = 4",
        "another time or person of the decision",
    ),
    "who proposed": (
        f"UPDATE transaction_event SET person_id = {AUDITOR} WHERE status = 1",
        "another time or person of the proposal",
    ),
    "when it was checked": (
        f"UPDATE transaction_event SET at = {LATER} WHERE status = 2",
        "another time or person of the proposal",
    ),
    "a step that never was": (
        (
            "INSERT INTO transaction_event (transaction_id, status, at, person_id, comment, "
            "codes, passed, said) SELECT transaction_id, 6, at, person_id, 'no', '', '', '' "
            "FROM transaction_event WHERE status = 4"
        ),
        "its history is not that of its status",
    ),
    "a step that is gone": (
        "DELETE FROM transaction_event WHERE status = 2",
        "its history is not that of its status",
    ),
    "a history that is gone": (
        "DELETE FROM transaction_event",
        "its history is not that of its status",
    ),
    "a rejection told as a withdrawal": (
        "UPDATE transaction_event SET status = 7 WHERE status = 6",
        "its history is not that of its status",
    ),
    "a reason that is gone": (
        "UPDATE transaction_event SET comment = '' WHERE status = 6",
        "does not say why",
    ),
    "checks that passed": (
        "UPDATE transaction_event SET passed = '1001 1002' WHERE status = 4",
        "2 checks passed; the log says",
    ),
    "checks that refused what completed": (
        "UPDATE transaction_event SET codes = '3005' WHERE status = 4",
        "checks that refused",
    ),
    "whom it awaited": (
        "UPDATE transaction_event SET stage = 9002 WHERE stage = 9001",
        "awaits somebody else",
    ),
    "the day an act took effect": (
        "UPDATE registry_transaction SET effective_on = '2020-01-01' WHERE id = 1",
        "the day it took effect",
    ),
    "a request that is none": (
        "UPDATE registry_transaction SET act = 'x' WHERE status = 6",
        "cannot be read",
    ),
    "a request that is another thing": (
        "UPDATE registry_transaction SET act = '[]' WHERE status = 6",
        "cannot be read",
    ),
    "a status that there is not": (
        "UPDATE registry_transaction SET status = 99 WHERE status = 6",
        "cannot be read",
    ),
    "an end without a decision": (
        "UPDATE registry_transaction SET decided_at = NULL WHERE status = 6",
        "ended without a decision",
    ),
    "a document taken away": (
        "DELETE FROM transaction_document WHERE purpose = 'attestation'",
        "not those that its source units name",
    ),
    "all documents taken away": (
        "DELETE FROM transaction_document",
        "the documents of its evidence are gone",
    ),
    "another document": (
        (
            "UPDATE transaction_document SET sha256 = (SELECT sha256 FROM document "
            "WHERE name = 'letter.txt') WHERE purpose = 'attestation'"
        ),
        "not those that its source units name",
    ),
    "a document told as another": (
        "UPDATE transaction_document SET purpose = 'x' WHERE purpose = 'attestation'",
        "not those that its source units name",
    ),
    "a document added to a transfer": (
        (
            "INSERT INTO transaction_document SELECT 1, sha256, 'x' FROM document "
            "WHERE name = 'letter.txt'"
        ),
        "that its act does not name",
    ),
}


@pytest.fixture
def used(committee: Committee, people: dict[str, Actor]) -> Committee:
    """Something completed, rejected, withdrawn, pending, and converted."""
    use(committee.ledger, people)
    return live(committee)


def live(committee: Committee) -> Committee:
    """Let proposals end in every way, a conversion among them, and some be pending."""
    ledger = committee.ledger
    for decide in (reject, withdraw):
        pending = ledger.propose(ledger.transfer(5)).transaction_id
        who = ledger.approver if decide is reject else ledger.officer
        decide(ledger.registry, pending, who, comment="a reason")
    committee.register(row(1, 600))
    committee.convert(cer(1, 600))
    committee.register(row(701, 800))
    committee.ledger.propose(committee.conversion(cer(701, 800)))
    assert verify_registry(ledger.registry).ok
    return committee


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_history_is_found(used: Committee, name: str) -> None:
    statement, said = EDITS[name]
    attack(used.ledger, statement)
    found = verify_registry(used.ledger.registry)
    assert not found.ok
    assert found.failed_at.startswith("transaction TH")
    assert said in found.failure


@pytest.mark.both_engines
def test_a_history_of_everything_holds(committee: Committee) -> None:
    committee.ledger.complete(committee.ledger.issuance())
    ledger = live(committee).ledger
    approve(ledger.registry, ledger.propose(ledger.transfer(9)).transaction_id, ledger.approver)
    found = verify_registry(ledger.registry)
    assert (found.failed_at, found.failure) == ("", "")


@pytest.mark.both_engines
def test_the_days_that_another_registry_gives_hold(
    registry: OpenRegistry, people: dict[str, Actor], tmp_path: Path
) -> None:
    importer = Importer(registry, people, tmp_path)
    importer.import_file(real_file("gold-standard__retirements.sample.csv"), "gold-standard")
    found = verify_registry(importer.registry)
    assert (found.failed_at, found.failure) == ("", "")
