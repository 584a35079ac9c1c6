"""Rows edited by somebody who has the key and dropped the guards: `verify` names each.

One line a kind of edit: the statement, where it is found, and what is said.
"""

from __future__ import annotations

import pytest

from app.services.log.checkpoints import make_checkpoint
from app.services.log.verification import verify_registry
from app.services.registry.context import Actor
from tests.fixtures.ledger import Ledger
from tests.services.log.attacking import attack, use


@pytest.fixture
def used(ledger: Ledger, people: dict[str, Actor]) -> Ledger:
    """A ledger with something of everything to attack."""
    return use(ledger, people)


EDITS: dict[str, tuple[str, str, str]] = {
    "an account reopened": (
        "UPDATE account SET state = 'suspended' WHERE type_code = 100",
        "account TH-100-",
        "its state is suspended",
    ),
    "an account opened by somebody else": (
        "UPDATE account SET approved_by = 1 WHERE type_code = 100",
        "account TH-100-",
        "its approved_by is admin",
    ),
    "an account opened on another day": (
        "UPDATE account SET opened_on = '2020-01-01' WHERE type_code = 100",
        "account TH-100-",
        "its opened_on is 2020-01-01",
    ),
    "a buffer given to another scheme": (
        "UPDATE account SET scheme = 'LCC' WHERE scheme = 'T-VER'",
        "account TH-901-",
        "its scheme is LCC; the log says T-VER",
    ),
    "a levy lowered": (
        "UPDATE rule SET value = '0' WHERE id = 1",
        "rule 1",
        "its value is 0; the log says 0.05",
    ),
    "a rule that nobody approved": (
        (
            "INSERT INTO rule (kind, unit_type, period, value, valid_from, valid_to) "
            "VALUES ('levy-rate', 'VCU', 1, '0', '2026-01-01', '2026-12-31')"
        ),
        "rule 8",
        "in no entry",
    ),
    "a rule change that nobody proposed": (
        (
            "INSERT INTO rule_change (request_id, kind, unit_type, period, value, valid_from, "
            "valid_to, reason, status, proposed_by, proposed_at, comment) VALUES ('x', "
            "'levy-rate', 'TER', 1, '0', '2026-01-01', '2026-12-31', '', 'approved', 1, "
            "'2026-01-01T00:00:00.000000Z', '')"
        ),
        "rule change R1",
        "in no entry",
    ),
    "an officer made approver": (
        "UPDATE person SET role = 'approver' WHERE user_name = 'officer'",
        "person officer",
        "its role is approver",
    ),
    "a person added": (
        (
            "INSERT INTO person (user_name, name, email, role, state, last_code_step, created_at) "
            "VALUES ('ghost', '', '', 'approver', 'active', 0, '2026-01-01T00:00:00.000000Z')"
        ),
        "person ghost",
        "in no entry",
    ),
    "a period lengthened": (
        "UPDATE commitment_period SET last_day = '2040-12-31'",
        "commitment period 1",
        "its last_day is 2040-12-31",
    ),
    "a scheme of another unit": (
        "UPDATE scheme SET unit_type = 'EPC' WHERE code = 'LCC'",
        "scheme LCC",
        "its unit_type is EPC",
    ),
    "a unit type renamed": (
        "UPDATE unit_type SET measure = 'toe' WHERE code = 'TER'",
        "unit type TER",
        "its measure is toe",
    ),
    "a project's scope": (
        "UPDATE project SET sectoral_scope = 1",
        "project TH 0042",
        "its sectoral_scope is 1",
    ),
    "an account bound to a project": (
        "INSERT INTO project_account SELECT 1, id FROM account WHERE name LIKE 'Green%'",
        "account of a project",
        "in no entry",
    ),
    "a holder's kind": ("UPDATE holder SET kind = 'state'", "holder 1", "its kind is state"),
    "a document exchanged": (
        "UPDATE document SET content = CAST('a forgery......' AS BLOB)",
        "document",
        "do not give its digest",
    ),
    "a registry's country": (
        "UPDATE registry SET name_en = 'Another'",
        "registry",
        "its name_en is Another",
    ),
    "own units": (
        "UPDATE own_units SET passed_on = 0",
        "own TER",
        "the log gives",
    ),
    "units freed": (
        "UPDATE holding SET reserved = 0",
        "holding of TER",
        "its blocks give 50",
    ),
    "an expiry put off": (
        "UPDATE unit_block SET fifo_expiry = '2099-12-31'",
        "unit block",
        "its expiry is 2099-12-31",
    ),
    "a period of a block": (
        "UPDATE unit_block SET applicable_period = 2",
        "unit block",
        "its commitment period is 2",
    ),
    "whom units were issued to": (
        "UPDATE unit_block SET issued_to = (SELECT MAX(id) FROM account)",
        "unit block",
        "its first account is",
    ),
    "a past movement": (
        "UPDATE transaction_block SET last_serial = last_serial - 1 WHERE transaction_id = 2",
        "transaction TH2",
        "its ranges are not those of the log",
    ),
    "the rules that applied": (
        "DELETE FROM transaction_rule WHERE transaction_id = 1",
        "transaction TH1",
        "the rules that applied are not recorded",
    ),
    "another rule that applied": (
        "UPDATE transaction_rule SET rule_id = 2 WHERE transaction_id = 1 AND rule_id = 1",
        "transaction TH1",
        "other rules applied",
    ),
    "when it completed": (
        "UPDATE registry_transaction SET completed_at = '2020-01-01T00:00:00.000000Z' WHERE id = 2",
        "log entry",
        "completed at another time",
    ),
    "how much was sent": (
        "UPDATE registry_transaction SET quantity = quantity + 1 WHERE id = 2",
        "log entry",
        "differs from what was logged",
    ),
    "whom it was sent to": (
        "UPDATE registry_transaction SET to_account_id = 1 WHERE id = 2",
        "log entry",
        "names other accounts",
    ),
    "a signing key added": (
        (
            "INSERT INTO signing_key (public_key, private_key, wrapping, created_at) VALUES "
            "(zeroblob(32), zeroblob(32), 'none', '2026-01-01T00:00:00.000000Z')"
        ),
        "signing key 0000",
        "in no entry",
    ),
    "a checkpoint taken away and one forged": (
        "UPDATE checkpoint SET root = zeroblob(32)",
        "checkpoint over",
        "it was replaced",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_verify_finds_and_names_an_edited_row(used: Ledger, name: str) -> None:
    statement, where, reason = EDITS[name]
    make_checkpoint(used.registry)
    assert verify_registry(used.registry).ok
    attack(used, statement)
    found = verify_registry(used.registry)
    assert not found.ok
    assert found.failed_at.startswith(where), found
    assert reason in found.failure, found
