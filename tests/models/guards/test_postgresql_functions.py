"""Attacks through the functions a person may call, and the rows a person may write.

A changed client sends what it likes; what must never be is refused all the same.
"""

from __future__ import annotations

import json
from functools import partial

import psycopg
import pytest

from tests.fixtures.attackers import Attackers, call, pending, propose, refused, transfer
from tests.fixtures.networked import PREFIX

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


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
        quantity=row[3], supplementary_type=9020,
    )  # fmt: skip
    refused(lambda: propose(attackers.connect("admin"), record), "can be rolled back")


def test_nobody_proposes_what_another_role_does(attackers: Attackers) -> None:
    """Rollbacks, corrections and the buffer are an administrator's; transfers an officer's."""
    officer = attackers.connect("officer")
    for supplementary in (92, 9020, 9021, 9022, 9023, 9024, 9025, 9026):
        record = transfer(attackers, supplementary_type=supplementary)
        refused(partial(propose, officer, record), "what is theirs")
    for user in ("admin", "approver", "committee1", "technician", "auditor"):
        record = transfer(attackers)
        refused(
            partial(propose, attackers.connect(user), record), "what is theirs|permission denied"
        )


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
