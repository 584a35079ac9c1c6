"""Attacks on a networked registry with the raw connection of a person who has signed in.

Whoever holds a workstation, its passphrase and its one-time code holds that person's rights and
no more: each line below is an act that must never be, tried with nothing but the driver. The
table in `docs/threat-model.md` names the same acts.
"""

from __future__ import annotations

import psycopg
import pytest

from tests.fixtures.attackers import Attackers, Raw, picture
from tests.fixtures.ledger import Ledger
from tests.fixtures.networked import PREFIX
from tests.fixtures.postgres_server import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


REFUSALS = ("42501", "TK001", "0LP01")
"""Insufficient privilege, a guard of ours, and a role that may not be granted."""

STATEMENTS = {
    "insert units": "INSERT INTO teak.unit_block SELECT * FROM teak.unit_block",
    "insert a batch": "INSERT INTO teak.unit_batch SELECT * FROM teak.unit_batch",
    "change a quantity": "UPDATE teak.unit_block SET last_serial = last_serial + 1",
    "change a holding": "UPDATE teak.holding SET quantity = quantity + 1",
    "change the count of own units": "UPDATE teak.own_units SET passed_on = 0",
    "lose units": "DELETE FROM teak.unit_block",
    "revive a cancelled unit": "UPDATE teak.unit_block SET state = 'held'",
    "release another's reservation": "UPDATE teak.unit_block SET reserved_by = NULL",
    "write the log": "INSERT INTO teak.log_entry SELECT * FROM teak.log_entry",
    "write the queue of the log": "INSERT INTO teak.log_queue SELECT * FROM teak.log_queue",
    "change the log": "UPDATE teak.log_entry SET entry = '\\x00'",
    "delete the log": "DELETE FROM teak.log_entry",
    "delete what waits for the log": "DELETE FROM teak.log_queue",
    "truncate the log": "TRUNCATE teak.log_entry",
    "truncate the queue of the log": "TRUNCATE teak.log_queue",
    "rewrite history": "UPDATE teak.transaction_event SET comment = 'x'",
    "a transaction by hand": "INSERT INTO teak.registry_transaction SELECT * FROM "
    "teak.registry_transaction",
    "complete by hand": "UPDATE teak.registry_transaction SET status = 4",
    "roll back a cancellation by hand": "DELETE FROM teak.registry_transaction WHERE type = 4",
    "disable a trigger": "ALTER TABLE teak.unit_block DISABLE TRIGGER ALL",
    "drop a trigger": "DROP TRIGGER guard_block_update ON teak.unit_block",
    "switch triggers off": "SET session_replication_role = replica",
    "become the owner": f"SET ROLE {PREFIX}_owner",
    "become another group": f"SET ROLE {PREFIX}_administrator",
    "become another person": f'SET ROLE "{PREFIX}.auditor"',
    "become the worker": f"SET ROLE {PREFIX}_worker",
    "pretend another session": f"SET SESSION AUTHORIZATION '{PREFIX}.auditor'",
    "take another's role": f'GRANT {PREFIX}_administrator TO "{PREFIX}.auditor"',
    "make a role": "CREATE ROLE thief LOGIN SUPERUSER",
    "another's passphrase": f"ALTER ROLE \"{PREFIX}.auditor\" PASSWORD 'x'",
    "change one's own role": "UPDATE teak.person SET role = 'approver'",
    "use a one-time code again": "UPDATE teak.person SET last_code_step = 0",
    "one's own session": "INSERT INTO teak.person_session SELECT * FROM teak.person_session",
    "lengthen a session": "UPDATE teak.person_session SET expires_at = 'infinity'",
    "read another's secret": "SELECT one_time_secret FROM teak.person",
    "read all of people": "SELECT * FROM teak.person",
    "read recovery codes": "SELECT * FROM teak.recovery_code",
    "read sessions": "SELECT * FROM teak.person_session",
    "read failures": "SELECT * FROM teak.sign_in_failure",
    "read the private key": "SELECT private_key FROM teak.signing_key",
    "read verifiers": "SELECT rolpassword FROM pg_authid",
    "replace a checkpoint": "UPDATE teak.checkpoint SET note = ''",
    "sign a checkpoint": "INSERT INTO teak.checkpoint SELECT * FROM teak.checkpoint",
    "a signing key of one's own": "INSERT INTO teak.signing_key SELECT * FROM teak.signing_key",
    "a certificate by hand": "INSERT INTO teak.certificate SELECT * FROM teak.certificate",
    "answer one's own request for a certificate": "UPDATE teak.certificate_request SET state = "
    "'made'",
    "change a rule": "UPDATE teak.rule SET value = '0'",
    "convert a serial again": "UPDATE teak.source_unit SET converted_by = NULL",
    "make it a demo": "UPDATE teak.registry SET is_demo = true",
    "take a verified reduction again": "UPDATE teak.verified_reduction SET issued_by = NULL",
    "a function in the registry's schema": "CREATE FUNCTION teak.now2() RETURNS int LANGUAGE sql "
    "AS 'SELECT 1'",
    "replace a function": "CREATE OR REPLACE FUNCTION teak.person_id() RETURNS bigint LANGUAGE "
    "sql AS 'SELECT 2::bigint'",
    "a function in public": "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a table in public": "CREATE TABLE public.t (a int)",
    "a temporary table": "CREATE TEMPORARY TABLE registry_transaction (a int)",
    "a schema": "CREATE SCHEMA thief",
    "a trigger on every command": "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION "
    "teak.refuse()",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "read a file of the server": "SELECT pg_read_file('/etc/passwd')",
    "write a file of the server": "COPY (SELECT 1) TO '/srv/thief'",
    "a large object": "SELECT lo_create(0)",
    "a file by a large object": "SELECT lo_import('/etc/passwd')",
    "lock the units": "DO $$ BEGIN LOCK TABLE teak.unit_block; END $$",
    "lock the accounts": "DO $$ BEGIN LOCK TABLE teak.account; END $$",
    "lock transactions for oneself": "SELECT * FROM teak.registry_transaction FOR UPDATE",
    "end another's connection": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE usename <> session_user AND usename IS NOT NULL",
    "change the server": "ALTER SYSTEM SET fsync = off",
    "log a transaction by hand": "SELECT teak.log('transaction', '{}')",
    "create units by an inner function": "SELECT teak.add_to_holding(1, 'TER', 1, 0)",
    "begin a session by an inner function": "SELECT teak.begin_session(2)",
    "make a role by an inner function": "SELECT teak.make_role('x', 'y', 'z', 'v')",
}  # fmt: skip


@pytest.mark.parametrize("user", ["officer", "approver"])
def test_no_statement_of_a_person_gets_around_the_guards(attackers: Attackers, user: str) -> None:
    before, attacker = picture(attackers), attackers.connect(user)
    answers = {name: outcome(attacker, statement) for name, statement in STATEMENTS.items()}
    assert {name: said for name, said in answers.items() if said not in REFUSALS} == {}
    assert picture(attackers) == before


def outcome(attacker: Raw, statement: str) -> str | None:
    """Try a statement and give the state it was refused with, or None."""
    try:
        attacker.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def test_a_new_registry_closes_its_database(
    postgres_server: PostgresServer, networked_template: object
) -> None:
    with postgres_server.owner() as connection:
        row = connection.execute(
            "SELECT has_database_privilege(%(role)s, %(name)s, 'TEMPORARY'), "
            "has_database_privilege(%(role)s, %(name)s, 'CREATE'), "
            "has_database_privilege(%(role)s, %(name)s, 'CONNECT')",
            {"role": f"{PREFIX}.officer", "name": "teak_template"},
        ).fetchone()
    assert row == (False, False, True)


OWNERS = {
    "an overlapping block": "INSERT INTO teak.unit_block (batch_id, series_id, series, "
    "first_serial, last_serial, unit_type, account_id, state, fifo_expiry, fifo_vintage, "
    "applicable_period, issued_to, created_by) SELECT batch_id, series_id, series, "
    "first_serial + 1, last_serial, unit_type, account_id, state, fifo_expiry, fifo_vintage, "
    "applicable_period, account_id, created_by FROM teak.unit_block WHERE state = 'held' "
    "AND reserved_by IS NULL AND account_id = issued_to AND parent_id IS NULL LIMIT 1",
    "a rest nobody split off": "INSERT INTO teak.unit_block (batch_id, series_id, series, "
    "first_serial, last_serial, unit_type, account_id, state, fifo_expiry, fifo_vintage, "
    "applicable_period, issued_to, created_by, parent_id) SELECT batch_id, series_id, series, "
    "900000, 900001, unit_type, account_id, state, fifo_expiry, fifo_vintage, applicable_period, "
    "issued_to, created_by, id FROM teak.unit_block LIMIT 1",
    "a longer block": "UPDATE teak.unit_block SET last_serial = last_serial + 1 "
    "WHERE state = 'held'",
    "a shorter reserved block": "UPDATE teak.unit_block SET last_serial = first_serial "
    "WHERE reserved_by IS NOT NULL AND last_serial > first_serial",
    "a block moved by hand": "UPDATE teak.unit_block SET account_id = 1 WHERE state = 'held'",
    "a block moved as if by what never was": "UPDATE teak.unit_block SET account_id = 1, "
    "moved_by = NULL, reserved_by = NULL WHERE state = 'held' AND reserved_by IS NULL",
    "a block let go": "UPDATE teak.unit_block SET reserved_by = NULL WHERE reserved_by IS NOT NULL",
    "a block let go as if moved": "UPDATE teak.unit_block SET reserved_by = NULL, "
    "moved_by = reserved_by, account_id = issued_to WHERE reserved_by IS NOT NULL",
    "a touched reserved block": "UPDATE teak.unit_block SET series = series "
    "WHERE reserved_by IS NOT NULL",
    "a block reserved for an ended transaction": "UPDATE teak.unit_block SET reserved_by = "
    "(SELECT max(id) FROM teak.registry_transaction WHERE status = 4) "
    "WHERE state = 'held' AND reserved_by IS NULL",
    "another account's blocks reserved": "UPDATE teak.unit_block SET reserved_by = t.id "
    "FROM teak.registry_transaction t WHERE t.status = 2 AND state = 'held' "
    "AND reserved_by IS NULL AND account_id <> t.from_account_id",
    "a later expiry": "UPDATE teak.unit_block SET fifo_expiry = '9999-12-31' "
    "WHERE state = 'held' AND fifo_expiry <> '9999-12-31'",
    "another period": "UPDATE teak.unit_block SET applicable_period = applicable_period + 1 "
    "WHERE state = 'held' AND moved_by IS NULL",
    "a revived unit": "UPDATE teak.unit_block SET state = 'held' WHERE state <> 'held'",
    "a holding": "UPDATE teak.holding SET quantity = quantity + 1",
    "a deleted entry": "DELETE FROM teak.log_queue",
    "a changed queue": "UPDATE teak.log_queue SET body = '{}'",
    "a forged entry": "INSERT INTO teak.log_entry (sequence, kind, entry, leaf_hash, chain_hash) "
    "VALUES ((SELECT COALESCE(max(sequence), 0) + 1 FROM teak.log_entry), 'x', '\\x00', '\\x00', "
    "'\\x00')",
    "a checkpoint of nothing": "INSERT INTO teak.checkpoint VALUES (99999999, '\\x', '\\x', '', "
    "(SELECT min(id) FROM teak.signing_key), now())",
    "a completed transaction that moves nothing": "UPDATE teak.registry_transaction SET status = "
    "4, decided_by = (SELECT id FROM teak.person WHERE user_name = 'approver'), decided_at = "
    "now(), completed_at = now() WHERE status = 2",
    "one's own approval": "UPDATE teak.registry_transaction SET status = 4, decided_by = "
    "proposed_by, decided_at = now(), completed_at = now() WHERE status = 2",
    "an ended transaction": "UPDATE teak.registry_transaction SET status = 2 WHERE status = 4",
    "an emptied table": "TRUNCATE teak.unit_block CASCADE",
    "a used code": "UPDATE teak.person SET last_code_step = last_code_step - 1",
}  # fmt: skip


@pytest.mark.parametrize("name", OWNERS)
def test_the_guards_hold_for_the_owner_too(attackers: Attackers, name: str) -> None:
    """A mistake of our own functions is stopped as well: nobody is let off a guard."""
    before = picture(attackers)
    with pytest.raises(psycopg.Error) as error:
        attackers.owner().execute(OWNERS[name])
    assert error.value.sqlstate in ("TK001", "23514", "23P01"), str(error.value)
    assert picture(attackers) == before


def test_no_serial_is_issued_twice_though_every_trigger_is_off(attackers: Attackers) -> None:
    """The last line is a constraint of the table, which no setting switches off."""
    owner = attackers.owner()
    owner.execute("SET session_replication_role = 'replica'")
    columns = (
        "unit_type, origin, project_id, vintage, expires_on, original_period, "
        "applicable_period, lulucf_activity, track, grammar, template"
    )
    with pytest.raises(psycopg.errors.ExclusionViolation):
        owner.execute(
            f"INSERT INTO teak.unit_batch (series_id, first_serial, last_serial, created_by, "
            f"{columns}) SELECT series_id, last_serial, last_serial + 9, 999999, {columns} "
            "FROM teak.unit_batch LIMIT 1"
        )


def test_a_statement_does_not_run_for_ever(attackers: Attackers, busy: Ledger) -> None:
    """The desk's own connections come with limits; a changed client's does not block others."""
    with busy.registry.engine.connect() as connection:
        limit = connection.exec_driver_sql("SHOW statement_timeout").scalar()
        idle = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar()
    assert limit != "0"
    assert idle != "0"


def test_holdings_are_what_the_blocks_say(attackers: Attackers) -> None:
    held = attackers.one(
        "SELECT count(*) FROM teak.holding h WHERE quantity <> (SELECT COALESCE(sum(last_serial - "
        "first_serial + 1), 0) FROM teak.unit_block b WHERE b.account_id = h.account_id "
        "AND b.unit_type = h.unit_type)"
    )
    assert held == 0
