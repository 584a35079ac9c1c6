"""Attacks with the raw connection of somebody who has the key: the database itself refuses."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.models.errors import GuardRefused
from app.models.storage.unit_of_work import UnitOfWork
from app.services.log.verification import verify_registry
from tests.fixtures.ledger import Ledger

NOW = "2026-11-21T03:00:00.000000Z"

NEW_BLOCK = (
    "INSERT INTO unit_block (batch_id, series_id, series, first_serial, last_serial, unit_type, "
    "account_id, state, fifo_expiry, fifo_vintage, applicable_period, issued_to, created_by, "
    "parent_id) SELECT batch_id, series_id, series, {first}, {last}, unit_type, issued_to, state, "
    "fifo_expiry, fifo_vintage, applicable_period, issued_to, created_by, {parent} "
    "FROM unit_block WHERE id = 1"
)
NEW_TRANSACTION = (
    "INSERT INTO registry_transaction (request_id, type, supplementary_type, status, "
    "to_account_id, unit_type, quantity, act, proposed_by, proposed_at, decided_by) "
    "SELECT 'attack', 1, 0, {status}, to_account_id, unit_type, 5, '{{}}', "
    f"proposed_by, '{NOW}', {{decided_by}} FROM registry_transaction WHERE id = 1"
)

ATTACKS = {
    "overlap a block": (NEW_BLOCK.format(first=9_400, last=9_600, parent="NULL"), "overlap"),
    "put units outside the batch": (
        NEW_BLOCK.format(first=10_001, last=10_100, parent="NULL"),
        "lies within its batch",
    ),
    "pretend a split": (NEW_BLOCK.format(first=1, last=10, parent="1"), "overlap"),
    "grow a block": ("UPDATE unit_block SET last_serial = 9600 WHERE id = 1", "keeps its serials"),
    "move the start back": (
        "UPDATE unit_block SET first_serial = 0 WHERE id = 1",
        "only at its head",
    ),
    "change the expiry": (
        "UPDATE unit_block SET fifo_expiry = '2099-12-31' WHERE id = 1",
        "changes only by the completed transaction",
    ),
    "change the period": (
        "UPDATE unit_block SET applicable_period = 9 WHERE id = 1",
        "changes only by the completed transaction",
    ),
    "change whom units were issued to": (
        "UPDATE unit_block SET issued_to = 1 WHERE id = 1",
        "keeps its serials",
    ),
    "backdate a proposal": (
        "UPDATE registry_transaction SET effective_on = '2020-01-01' WHERE status = 2",
        "what was proposed cannot be changed",
    ),
    "make an account another kind": (
        "UPDATE account SET type_code = 901 WHERE type_code = 100",
        "keeps its number",
    ),
    "name another approver of an account": (
        "UPDATE account SET approved_by = 1 WHERE type_code = 100",
        "approved once",
    ),
    "close an account that awaits units": (
        (
            "UPDATE account SET state = 'closed' WHERE id IN "
            "(SELECT to_account_id FROM registry_transaction WHERE status = 2)"
        ),
        "cannot close",
    ),
    "delete a holding": ("DELETE FROM holding", "cannot be deleted"),
    "delete a count of own units": ("DELETE FROM own_units", "cannot be deleted"),
    "delete a block": ("DELETE FROM unit_block WHERE id = 1", "cannot be deleted"),
    "take a block": (
        (
            "UPDATE unit_block SET account_id = (SELECT id FROM account ORDER BY id DESC LIMIT 1) "
            "WHERE id = 1"
        ),
        "move only by the completed transaction",
    ),
    "take a block for an old transaction": (
        "UPDATE unit_block SET account_id = 1, moved_by = 1 WHERE id = 1",
        "move only by the completed transaction",
    ),
    "cancel by hand": (
        "UPDATE unit_block SET state = 'cancelled' WHERE id = 1",
        "move only by the completed transaction",
    ),
    "reserve for an ended transaction": (
        "UPDATE unit_block SET reserved_by = 1 WHERE id = 1",
        "reserved by one pending transaction",
    ),
    "release a pending reservation": (
        "UPDATE unit_block SET reserved_by = NULL WHERE reserved_by IS NOT NULL",
        "released when its transaction ends",
    ),
    "revive a cancelled unit": (
        "UPDATE unit_block SET state = 'held', account_id = 1 WHERE state = 'cancelled'",
        "stays where it is|move only by",
    ),
    "a batch without an issuance": (
        (
            "INSERT INTO unit_batch (series_id, first_serial, last_serial, unit_type, origin, "
            "project_id, vintage, original_period, applicable_period, lulucf_activity, track, "
            "grammar, template, created_by) SELECT series_id, 20001, 30000, unit_type, origin, "
            "project_id, vintage, 0, 0, 0, 0, grammar, template, 3 FROM unit_batch WHERE id = 1"
        ),
        "approved issuance only",
    ),
    "change a batch": ("UPDATE unit_batch SET last_serial = 99999", "cannot be changed"),
    "change a log entry": ("UPDATE log_entry SET entry = x'00' WHERE sequence = 1", "cannot be"),
    "delete a log entry": ("DELETE FROM log_entry", "cannot be deleted"),
    "skip a log number": (
        (
            "INSERT INTO log_entry (sequence, kind, entry, leaf_hash, chain_hash) "
            "VALUES (999999, 'x', x'00', x'00', x'00')"
        ),
        "without a gap",
    ),
    "a transaction born completed": (
        NEW_TRANSACTION.format(status=4, decided_by=2),
        "begins as a proposal",
    ),
    "change what was proposed": (
        "UPDATE registry_transaction SET quantity = 1 WHERE status = 2",
        "what was proposed cannot be changed",
    ),
    "change a completed transaction": (
        "UPDATE registry_transaction SET act = '{}' WHERE status = 4",
        "has ended|cannot be changed",
    ),
    "complete without an approver": (
        "UPDATE registry_transaction SET status = 4, decided_by = 1 WHERE status = 2",
        "only an active approver",
    ),
    "complete less than reserved": (
        (
            "UPDATE registry_transaction SET status = 4, decided_by = "
            "(SELECT id FROM person WHERE user_name = 'approver') "
            "WHERE from_account_id IS NOT NULL AND status = 2 AND quantity = 77"
        ),
        "moves exactly the quantity",
    ),
    "delete a transaction": ("DELETE FROM registry_transaction", "cannot be deleted"),
    "rewrite history": ("UPDATE transaction_event SET comment = 'x'", "cannot be changed"),
    "rewrite a transaction's blocks": ("DELETE FROM transaction_block", "cannot be deleted"),
    "issue a monitoring period again": (
        "UPDATE verified_reduction SET issued_by = NULL",
        "issued once",
    ),
    "a second record for a period": (
        (
            "INSERT INTO verified_reduction (project_id, period_from, period_to, quantity, "
            "reference, document_sha256) VALUES (1, '2025-06-01', '2025-07-01', 5, 'x', 'y')"
        ),
        "cannot overlap",
    ),
    "raise a verified quantity": (
        "UPDATE verified_reduction SET quantity = 99999",
        "cannot be changed",
    ),
    "make it a demo or a real one": (
        "UPDATE registry SET is_demo = NOT is_demo",
        "never becomes a demo",
    ),
    "take another account's number": ("UPDATE account SET number = 'X' WHERE id = 1", "keeps its"),
    "close an account with units": (
        (
            "UPDATE account SET state = 'closed' WHERE id = (SELECT account_id FROM holding "
            "WHERE quantity > 0 LIMIT 1)"
        ),
        "with units cannot close",
    ),
    "delete a person": ("DELETE FROM person", "only revoked"),
    "use a one-time code again": (
        "UPDATE person SET last_code_step = last_code_step - 1",
        "accepted once",
    ),
    "a second rule for the same days": (
        (
            "INSERT INTO rule (kind, unit_type, period, value, valid_from, valid_to) "
            "SELECT kind, unit_type, period, '0', valid_from, valid_to FROM rule LIMIT 1"
        ),
        "cannot overlap",
    ),
    "change a rule": ("UPDATE rule SET value = '0'", "only by ending earlier"),
    "end a rule early": ("UPDATE rule SET valid_to = valid_from", "only by ending earlier"),
    "delete a rule": ("DELETE FROM rule", "cannot be deleted"),
    "a rule nobody approved": (
        (
            "INSERT INTO rule (kind, unit_type, period, value, valid_from, valid_to) "
            "SELECT kind, unit_type, period, '0', '2999-01-01', '2999-12-31' FROM rule LIMIT 1"
        ),
        "from its approved change",
    ),
    "a rule change born approved": (
        (
            "INSERT INTO rule_change (request_id, kind, unit_type, period, value, valid_from, "
            "valid_to, reason, status, proposed_by, proposed_at, comment) SELECT 'attack', kind, "
            f"unit_type, period, '0', valid_from, valid_to, '', 'approved', 1, '{NOW}', '' "
            "FROM rule LIMIT 1"
        ),
        "begins as a proposal",
    ),
    "trust born approved": (
        (
            "INSERT INTO trusted_account (account_id, trusted_number, note, state, proposed_by, "
            f"proposed_at, decided_by, effective_at) VALUES (1, 'X', '', 'approved', 1, '{NOW}', "
            f"2, '{NOW}')"
        ),
        "trust begins as a proposal",
    ),
    "units out of a transfer that takes none": (
        (
            "INSERT INTO registry_transaction (request_id, type, supplementary_type, status, "
            "to_account_id, unit_type, quantity, act, proposed_by, proposed_at) SELECT 'attack', "
            "10, 0, 2, to_account_id, unit_type, 5, '{}', proposed_by, proposed_at "
            "FROM registry_transaction WHERE id = 1"
        ),
        "come from an account",
    ),
    "withdraw another's proposal": (
        (
            "UPDATE registry_transaction SET status = 7, decided_by = "
            "(SELECT id FROM person WHERE user_name = 'approver') WHERE status = 2"
        ),
        "withdrawn by the one who made it",
    ),
    "roll back a cancellation": (
        (
            "INSERT INTO registry_transaction (request_id, type, supplementary_type, status, "
            "from_account_id, to_account_id, unit_type, quantity, act, proposed_by, proposed_at, "
            "reverses_id) SELECT 'attack', 10, 9020, 2, to_account_id, from_account_id, "
            "unit_type, quantity, '{}', proposed_by, proposed_at, id FROM registry_transaction "
            "WHERE type = 4"
        ),
        "only a completed transfer can be rolled back",
    ),
    "vote as an officer": (
        f"INSERT INTO vote VALUES (1, 1, 'yes', '', '{NOW}')",
        "an active committee member votes",
    ),
    "a source unit born converted": (
        (
            "INSERT INTO source_unit (serial, grammar, series, first_serial, last_serial, "
            "unit_type, host_country, project, attributes, record_sha256, attestation_sha256, "
            "registered_by, registered_at, converted_by) VALUES ('s', 'kyoto', 's', 1, 2, 'CER', "
            f"'TH', '1', '{{}}', 'a', 'a', 1, '{NOW}', 1)"
        ),
        "begins unconverted",
    ),
    "a checkpoint of a log that is not": (
        (
            "INSERT INTO checkpoint (tree_size, root, peaks, note, signing_key_id, signed_at) "
            f"VALUES (999999, x'00', x'00', '', 1, '{NOW}')"
        ),
        "states the log as it is",
    ),
}


REPLACED = (
    "log_entry", "transaction_event", "transaction_block", "account_change", "unit_batch",
    "series", "unit_block", "registry_transaction", "account", "person", "registry",
    "verified_reduction", "rule", "signing_key",
)  # fmt: skip

KEYS = {
    "unit_block": "UPDATE OR REPLACE unit_block SET id = 2 WHERE id = 1",
    "person": "UPDATE OR REPLACE person SET user_name = 'officer' WHERE user_name = 'auditor'",
    "a role": "UPDATE person SET role = 'approver' WHERE user_name = 'officer'",
    "account": "UPDATE OR REPLACE account SET id = 2 WHERE id = 1",
    "transaction": "UPDATE OR REPLACE registry_transaction SET id = 1 WHERE status = 2",
    "a signing key": "UPDATE signing_key SET private_key = zeroblob(32)",
    "a signing key gone": "DELETE FROM signing_key",
}


@pytest.fixture
def busy_ledger(ledger: Ledger) -> Ledger:
    """An issuance, a cancellation and a pending transfer."""
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.cancellation(500))
    ledger.propose(ledger.transfer(100))
    with UnitOfWork(ledger.registry.engine) as unit:
        unit.connection.execute(
            text(
                "INSERT INTO registry_transaction (request_id, type, supplementary_type, status, "
                "from_account_id, to_account_id, unit_type, quantity, act, proposed_by, "
                "proposed_at) SELECT 'unreserved', type, supplementary_type, 2, from_account_id, "
                "to_account_id, unit_type, 77, '{}', proposed_by, proposed_at "
                "FROM registry_transaction WHERE status = 2"
            )
        )
        unit.connection.execute(
            text(
                "INSERT INTO transaction_event (transaction_id, status, stage, at, person_id, "
                "comment, codes, passed, said) SELECT t.id, e.status, e.stage, e.at, e.person_id, "
                "e.comment, e.codes, e.passed, e.said FROM registry_transaction t "
                "JOIN transaction_event e ON e.transaction_id = t.id - 1 "
                "WHERE t.request_id = 'unreserved' ORDER BY e.id"
            )
        )
        unit.commit()
    return ledger


@pytest.mark.parametrize("name", ATTACKS)
def test_the_database_refuses(busy_ledger: Ledger, name: str) -> None:
    statement, reason = ATTACKS[name]
    before = busy_ledger.blocks()
    with pytest.raises(GuardRefused) as error, UnitOfWork(busy_ledger.registry.engine) as unit:
        unit.connection.exec_driver_sql(statement)
    assert re.search(reason, error.value.message)
    assert busy_ledger.blocks() == before
    assert verify_registry(busy_ledger.registry).ok


@pytest.mark.parametrize("table", REPLACED)
def test_no_row_is_replaced(busy_ledger: Ledger, table: str) -> None:
    """INSERT OR REPLACE deletes the old row without asking a delete trigger."""
    statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    with pytest.raises(GuardRefused), UnitOfWork(busy_ledger.registry.engine) as unit:
        unit.connection.exec_driver_sql(statement)


@pytest.mark.parametrize("name", KEYS)
def test_no_key_is_taken_over(busy_ledger: Ledger, name: str) -> None:
    with pytest.raises(GuardRefused), UnitOfWork(busy_ledger.registry.engine) as unit:
        unit.connection.exec_driver_sql(KEYS[name])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_transaction SET status = 6, decided_by = proposed_by WHERE status = 2",
        "UPDATE holding SET quantity = -1",
        "UPDATE holding SET reserved = quantity + 1",
        (
            "INSERT INTO account (number, country, type_code, identifier, period, name, state, "
            "unit_state, proposed_by, approved_by) SELECT 'own', country, type_code, 99, period, "
            "name, state, unit_state, proposed_by, proposed_by FROM account LIMIT 1"
        ),
    ],
)
def test_constraints_refuse(busy_ledger: Ledger, statement: str) -> None:
    with pytest.raises(IntegrityError), UnitOfWork(busy_ledger.registry.engine) as unit:
        unit.connection.exec_driver_sql(statement)


def test_a_split_leaves_every_unit_where_it_was(busy_ledger: Ledger) -> None:
    before = busy_ledger.holding(busy_ledger.forest)
    with UnitOfWork(busy_ledger.registry.engine) as unit:
        unit.connection.exec_driver_sql(
            "UPDATE unit_block SET first_serial = first_serial + 10 "
            "WHERE state = 'held' AND reserved_by IS NULL AND account_id IN "
            "(SELECT id FROM account WHERE type_code = 100)"
        )
        unit.commit()
    assert busy_ledger.holding(busy_ledger.forest) == before
    assert verify_registry(busy_ledger.registry).ok
