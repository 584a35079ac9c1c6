"""Attacks on a networked registry with the raw connection of a person who has signed in.

Whoever holds a workstation, its passphrase and its one-time code holds that person's rights and
no more: each line below is an act that must never be, tried with nothing but the driver. The
table in `docs/threat-model.md` names the same acts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg
import pytest

from app.models.storage.postgresql import open_postgresql
from app.models.storage.server_roles import close_database
from app.models.storage.unit_of_work import UnitOfWork
from app.services.people.new_person import DEMO_PASSPHRASE
from tests.fixtures.ledger import Ledger
from tests.fixtures.networked import PREFIX, NetworkedDemo
from tests.fixtures.postgres_server import PostgresServer

pytestmark = pytest.mark.postgres

Raw = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def storage() -> str:
    return "networked"


@dataclass
class Attackers:
    """Raw connections to one registry, as its people and as its owner."""

    demo: NetworkedDemo
    opened: list[Raw] = field(default_factory=list)

    def connect(self, user: str, *, signs_in: bool = True) -> Raw:
        """Connect as a person; without the one-time step nobody is signed in."""
        connection = psycopg.connect(
            host="127.0.0.1",
            port=self.demo.server.port,
            dbname=self.demo.place.database,
            user=f"{PREFIX}.{user}",
            password=DEMO_PASSPHRASE,
            sslmode="disable",
            autocommit=True,
        )
        self.opened.append(connection)
        if signs_in:
            assert connection.execute("SELECT teak.sign_in_demo('attack')").fetchone()
        return connection

    def owner(self) -> Raw:
        """Connect as the server's own administrator, who may do anything."""
        connection = self.demo.server.owner(self.demo.place.database)
        self.opened.append(connection)
        return connection

    def one(self, statement: str, *values: object) -> Any:
        """Ask for a single value with the owner's eyes."""
        row = self.owner().execute(statement, values).fetchone()
        return None if row is None else row[0]


@pytest.fixture
def busy(ledger: Ledger) -> Ledger:
    """An issuance, a cancellation, a completed transfer, and two pending ones."""
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.cancellation(500))
    ledger.complete(ledger.transfer(100))
    ledger.propose(ledger.transfer(200))
    ledger.propose(ledger.transfer(77))
    return ledger


@pytest.fixture
def attackers(networked_demo: NetworkedDemo, busy: Ledger) -> Iterator[Attackers]:
    made = Attackers(networked_demo)
    # A database cloned from another has none of its rights, but those PostgreSQL gives everybody.
    closing = open_postgresql(networked_demo.owner_access(), is_pooled=False, is_pipelined=False)
    with UnitOfWork(closing) as unit:
        close_database(unit.connection, prefix=PREFIX)
        unit.commit()
    closing.dispose()
    yield made
    for connection in made.opened:
        connection.close()


def picture(attackers: Attackers) -> list[tuple[Any, ...]]:
    """Show all that an attack could want to change."""
    owner, found = attackers.owner(), []
    for table in (
        "unit_block", "holding", "own_units", "registry_transaction", "transaction_event",
        "log_queue", "log_entry", "person", "rule", "signing_key", "checkpoint", "account",
        "unit_batch", "source_unit", "vote", "certificate", "verified_reduction",
    ):  # fmt: skip
        found += owner.execute(
            f"SELECT '{table}', t::text FROM teak.{table} t ORDER BY 2"
        ).fetchall()
    return found


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
    "write a file of the server": "COPY (SELECT 1) TO '/tmp/thief'",
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


def transfer(attackers: Attackers, **changes: object) -> str:
    """Write what a desk sends to propose a transfer of the first 10 units that are free."""
    owner = attackers.owner()
    row = owner.execute(
        "SELECT b.id, b.series_id, b.first_serial, b.last_serial, b.account_id, a.id "
        "FROM teak.unit_block b JOIN teak.account h ON h.id = b.account_id, teak.account a "
        "WHERE b.reserved_by IS NULL AND h.type_code = 100 AND a.type_code = 100 "
        "AND a.id <> b.account_id AND b.last_serial - b.first_serial > 20 LIMIT 1"
    ).fetchone()
    assert row is not None
    block, series, first, last, source, target = row
    record = {
        "request_id": "attack", "type": 10, "supplementary_type": 0, "from_account_id": source,
        "to_account_id": target, "unit_type": "TER", "quantity": 10, "act": '{"act":"transfer"}',
        "pieces": [{
            "block_id": block, "series_id": series, "block_first": first, "block_last": last,
            "first": first, "last": first + 9,
        }],
        **changes,
    }  # fmt: skip
    return json.dumps(record)


def refused(act: Callable[[], object], words: str) -> None:
    with pytest.raises(psycopg.Error, match=words):
        act()


def propose(attacker: Raw, record: str) -> int:
    row = attacker.execute("SELECT teak.propose(%s::jsonb)", (record,)).fetchone()
    assert row is not None
    return int(row[0]["id"])


def call(attacker: Raw, function: str, **record: object) -> None:
    attacker.execute(f"SELECT teak.{function}(%s::jsonb)", (json.dumps(record),))


def pending(attackers: Attackers) -> int:
    return int(
        attackers.one("SELECT id FROM teak.registry_transaction WHERE status = 2 ORDER BY id")
    )


def test_an_approver_completes_and_nobody_completes_twice(attackers: Attackers) -> None:
    """What is right goes through, so that the refusals below are for what is wrong."""
    number = propose(attackers.connect("officer"), transfer(attackers))
    approver = attackers.connect("approver")
    call(approver, "complete", transaction_id=number)
    assert attackers.one("SELECT status FROM teak.registry_transaction WHERE id = %s", number) == 4
    refused(lambda: call(approver, "complete", transaction_id=number), "no longer")


def test_nobody_approves_their_own(attackers: Attackers) -> None:
    officer = attackers.connect("officer")
    number = propose(officer, transfer(attackers))
    refused(lambda: call(officer, "complete", transaction_id=number), "permission denied")


def test_an_approver_proposes_nothing_to_approve(attackers: Attackers) -> None:
    approver = attackers.connect("approver")
    refused(lambda: propose(approver, transfer(attackers)), "permission denied")


def test_nobody_acts_as_another(attackers: Attackers) -> None:
    officer = attackers.connect("officer")
    other = attackers.one("SELECT id FROM teak.person WHERE user_name = 'approver'")
    refused(lambda: propose(officer, transfer(attackers, person_id=other)), "themselves alone")


def test_nobody_skips_the_one_time_code(attackers: Attackers) -> None:
    unsigned = attackers.connect("officer", signs_in=False)
    refused(lambda: propose(unsigned, transfer(attackers)), "nobody is signed in")
    refused(lambda: unsigned.execute("SELECT teak.log('x-y-z', '{}')"), "nobody is signed in")
    for table in ("account", "unit_block", "log_queue", "holder", "registry_transaction"):
        assert unsigned.execute(f"SELECT 1 FROM teak.{table}").fetchall() == []


def test_nobody_backdates(attackers: Attackers) -> None:
    officer = attackers.connect("officer")
    record = transfer(
        attackers, proposed_at="2020-01-01T00:00:00Z", at="2020-01-01T00:00:00Z", status=4
    )
    number = propose(officer, record)
    row = attackers.owner().execute(
        "SELECT status, proposed_at > now() - interval '1 minute' "
        "FROM teak.registry_transaction WHERE id = %s", (number,)
    ).fetchone()  # fmt: skip
    assert row == (2, True)


def test_a_quantity_is_that_of_its_units(attackers: Attackers) -> None:
    officer = attackers.connect("officer")
    for quantity in (11, 9, 0, -10):
        record = transfer(attackers, quantity=quantity)
        with pytest.raises(psycopg.Error):
            propose(officer, record)


def test_nobody_takes_anothers_units(attackers: Attackers) -> None:
    """Units that another account holds, that are reserved already, or that are cancelled."""
    officer = attackers.connect("officer")
    record = json.loads(transfer(attackers))
    swapped = {
        **record,
        "from_account_id": record["to_account_id"],
        "to_account_id": record["from_account_id"],
    }
    refused(lambda: propose(officer, json.dumps(swapped)), "taken by another")
    for condition in ("reserved_by IS NOT NULL", "state = 'cancelled'"):
        row = attackers.owner().execute(
            f"SELECT id, series_id, first_serial, last_serial FROM teak.unit_block "
            f"WHERE {condition} LIMIT 1"
        ).fetchone()  # fmt: skip
        assert row is not None
        piece = {
            "block_id": row[0], "series_id": row[1], "block_first": row[2], "block_last": row[3],
            "first": row[2], "last": row[3],
        }  # fmt: skip
        taken = {**record, "pieces": [piece], "quantity": row[3] - row[2] + 1}
        refused(partial(propose, officer, json.dumps(taken)), "taken by another")


def test_a_cancellation_is_never_rolled_back(attackers: Attackers) -> None:
    row = attackers.owner().execute(
        "SELECT id, from_account_id, to_account_id, quantity FROM teak.registry_transaction "
        "WHERE type = 4"
    ).fetchone()  # fmt: skip
    assert row is not None
    record = transfer(
        attackers, reverses_id=row[0], from_account_id=row[2], to_account_id=row[1],
        quantity=row[3],
    )  # fmt: skip
    refused(lambda: propose(attackers.connect("admin"), record), "can be rolled back")


def test_only_the_proposer_withdraws(attackers: Attackers) -> None:
    number = pending(attackers)
    for user in ("admin", "approver"):
        attacker = attackers.connect(user)
        refused(
            partial(call, attacker, "end_transaction", transaction_id=number, status=7),
            "withdrawn by the one",
        )


def test_an_officer_rejects_nothing(attackers: Attackers) -> None:
    attacker = attackers.connect("officer")
    refused(
        lambda: call(
            attacker, "end_transaction", transaction_id=pending(attackers), status=6, comment="x"
        ),
        "nobody decides on what they proposed",
    )


def test_no_registration_without_its_second_person(attackers: Attackers) -> None:
    """A stolen officer's workstation proposes units; only somebody else makes them."""
    officer = attackers.connect("officer")
    account = attackers.one("SELECT id FROM teak.account WHERE type_code = 100 LIMIT 1")
    before = attackers.one("SELECT sum(quantity) FROM teak.holding")
    propose(
        officer,
        json.dumps(
            {
                "request_id": "mint", "type": 1, "supplementary_type": 9010,
                "to_account_id": account, "unit_type": "TER", "quantity": 1_000_000, "act": "{}",
            }
        ),
    )  # fmt: skip
    assert attackers.one("SELECT sum(quantity) FROM teak.holding") == before


def test_an_issuance_pays_its_levy(attackers: Attackers) -> None:
    """An approver's workstation that was changed gives the project all of it."""
    officer, approver = attackers.connect("officer"), attackers.connect("approver")
    owner = attackers.owner()
    project, account = owner.execute(
        "SELECT project_id, account_id FROM teak.project_account LIMIT 1"
    ).fetchone() or (0, 0)
    number = propose(
        officer,
        json.dumps(
            {
                "request_id": "levy", "type": 1, "supplementary_type": 0,
                "to_account_id": account, "unit_type": "TER", "quantity": 1000, "act": "{}",
                "reduction": {
                    "reduction_id": None, "project_id": project, "period_from": "2024-01-01",
                    "period_to": "2024-12-31", "quantity": 1000, "reference": "x",
                    "document_sha256": "a" * 64,
                },
            }
        ),
    )  # fmt: skip
    due = attackers.one("SELECT (teak.levy_of('TER', 1000, current_date)).units")
    assert due > 0
    batch = {
        "series": "TH-TER-14-0042-2024-", "series_id": None, "first": 1, "last": 1000,
        "origin": "TH", "project_id": project, "vintage": 2024, "expires_on": None,
        "original_period": 0, "applicable_period": 0, "lulucf_activity": 0,
        "grammar": "domestic", "template": "TH-TER-14-0042-2024--{start}-{end}",
    }  # fmt: skip
    refused(
        lambda: call(
            approver, "complete", transaction_id=number, batch=batch,
            blocks=[{"first": 1, "last": 1000, "account_id": account}],
        ),
        "pays the levy",
    )  # fmt: skip


def test_a_temporary_table_shadows_nothing(attackers: Attackers) -> None:
    """Even where somebody gave back the right to make them."""
    owner = attackers.owner()
    owner.execute(
        f'GRANT TEMPORARY ON DATABASE "{attackers.demo.place.database}" TO {PREFIX}_officer'
    )
    officer = attackers.connect("officer")
    number = propose(officer, transfer(attackers))
    officer.execute("CREATE TEMPORARY TABLE person (id bigint, role text, state text)")
    officer.execute("CREATE TEMPORARY TABLE registry_transaction (id bigint)")
    officer.execute(
        "CREATE FUNCTION pg_temp.person_id() RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint'"
    )
    officer.execute(
        "CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS "
        "'SELECT ''2000-01-01''::timestamptz'"
    )
    officer.execute("SET search_path = pg_temp, teak, pg_catalog")
    call(officer, "end_transaction", transaction_id=number, status=7)
    row = owner.execute(
        "SELECT status, decided_at > now() - interval '1 minute', p.user_name "
        "FROM teak.registry_transaction t JOIN teak.person p ON p.id = t.decided_by "
        "WHERE t.id = %s", (number,)
    ).fetchone()  # fmt: skip
    assert row == (7, True, "officer")


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


def test_an_officer_opens_no_account(attackers: Attackers) -> None:
    officer = attackers.connect("officer")
    refused(lambda: officer.execute("UPDATE teak.account SET state = 'open'"), "denied")
    person = attackers.one("SELECT id FROM teak.person WHERE user_name = 'officer'")
    for state in ("open", "proposed"):
        proposer = person if state == "open" else person + 1
        refused(
            partial(
                officer.execute,
                "INSERT INTO teak.account (number, country, type_code, identifier, period, name, "
                "state, unit_state, proposed_by) VALUES ('X', 'TH', 100, 9, 0, 'x', %s, 'held', "
                "%s)",
                (state, proposer),
            ),
            "begins as a proposal|themselves alone",
        )


def test_no_act_without_its_log_entry(attackers: Attackers) -> None:
    officer = attackers.connect("officer")
    refused(
        lambda: officer.execute(
            "INSERT INTO teak.project (origin, code, name_en, name_th, country, kind, "
            "sectoral_scope, methodology, proponent, state, created_at) VALUES "
            "('TH', '0099', 'x', 'x', 'TH', '', 14, '', '', 'registered', now())"
        ),
        "stands in the log",
    )


def test_a_rule_needs_its_approved_change(attackers: Attackers) -> None:
    approver = attackers.connect("approver")
    refused(
        lambda: approver.execute(
            "INSERT INTO teak.rule (kind, unit_type, period, value, valid_from, valid_to) "
            "VALUES ('levy-rate', 'VER', 0, '0', '2030-01-01', '2030-12-31')"
        ),
        "approved change",
    )
    refused(
        lambda: approver.execute("UPDATE teak.rule SET valid_to = valid_from, ended_by = NULL"),
        "ending earlier for an approved change",
    )


def test_nobody_approves_their_own_rule(attackers: Attackers) -> None:
    administrator = attackers.connect("admin")
    me = attackers.one("SELECT id FROM teak.person WHERE user_name = 'admin'")
    with administrator.transaction():
        administrator.execute(
            "INSERT INTO teak.rule_change (request_id, kind, unit_type, period, value, valid_from, "
            "valid_to, reason, status, proposed_by, proposed_at, comment) SELECT 'attack', "
            "'levy-rate', 'TER', min(number), '0', '2030-01-01', '2030-12-31', 'x', 'proposed', "
            "%s, '2000-01-01', '' FROM teak.commitment_period", (me,)
        )  # fmt: skip
        administrator.execute("SELECT teak.log('rule-proposed', '{}')")
    decide = (
        "UPDATE teak.rule_change SET status = 'approved', decided_by = {} WHERE status = 'proposed'"
    )
    refused(lambda: administrator.execute(decide.format(me)), "approved by an active approver")
    approver = attackers.one("SELECT id FROM teak.person WHERE user_name = 'approver'")
    refused(lambda: administrator.execute(decide.format(approver)), "themselves alone")
    at = attackers.one("SELECT proposed_at > '2001-01-01' FROM teak.rule_change")
    assert at


def test_a_document_is_its_digest(attackers: Attackers) -> None:
    officer = attackers.connect("officer")
    me = attackers.one("SELECT id FROM teak.person WHERE user_name = 'officer'")
    refused(
        lambda: officer.execute(
            "INSERT INTO teak.document (sha256, name, media_type, size_bytes, content, added_at, "
            "added_by) VALUES (%s, 'x', 'x', 1, 'x', now(), %s)",
            ("b" * 64, me),
        ),
        "digest of its bytes",
    )


def test_a_person_has_no_others_drafts(attackers: Attackers) -> None:
    officer, approver = attackers.connect("officer"), attackers.connect("approver")
    me = attackers.one("SELECT id FROM teak.person WHERE user_name = 'officer'")
    officer.execute("INSERT INTO teak.draft VALUES (%s, 'f', '{}', now())", (me,))
    assert approver.execute("SELECT * FROM teak.draft").fetchall() == []
    assert approver.execute("DELETE FROM teak.draft").rowcount == 0


OWNERS = {
    "an overlapping block": "INSERT INTO teak.unit_block (batch_id, series_id, series, "
    "first_serial, last_serial, unit_type, account_id, state, fifo_expiry, fifo_vintage, "
    "applicable_period, issued_to, created_by) SELECT batch_id, series_id, series, "
    "first_serial + 1, last_serial, unit_type, account_id, state, fifo_expiry, fifo_vintage, applicable_period, "
    "account_id, created_by FROM teak.unit_block WHERE state = 'held' AND reserved_by IS NULL "
    "AND account_id = issued_to AND parent_id IS NULL LIMIT 1",
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
    "a block let go": "UPDATE teak.unit_block SET reserved_by = NULL WHERE reserved_by IS NOT NULL",
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
