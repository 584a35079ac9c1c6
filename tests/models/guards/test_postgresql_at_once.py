"""Attacks that rest on time: an older picture of the registry, and two acts at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import pytest

from app.services.people.one_time_code import code_of_step, step_at
from tests.fixtures.attackers import Attackers, Raw, propose, refused, transfer

pytestmark = pytest.mark.postgres

OLDER_PICTURES = ("REPEATABLE READ", "SERIALIZABLE")
"""Isolation levels at which a transaction sees all as it was when it began to look."""

REDUCTION = (
    "INSERT INTO teak.verified_reduction (project_id, period_from, period_to, quantity, "
    "reference, document_sha256, is_proposed) SELECT min(id), '2019-01-01', '2019-12-31', 5, 'x', "
    "repeat('a', 64), false FROM teak.project"
)


@pytest.fixture
def storage() -> str:
    return "networked"


def begin_with_a_picture(attacker: Raw, level: str) -> None:
    """Begin a transaction that sees the registry as it is now, whatever comes."""
    attacker.execute(f"BEGIN ISOLATION LEVEL {level}")
    attacker.execute("SELECT count(*) FROM teak.person")


@pytest.mark.parametrize("level", OLDER_PICTURES)
def test_nobody_acts_on_by_a_picture_from_before_they_signed_out(
    attackers: Attackers, level: str
) -> None:
    thief, record = attackers.connect("officer"), transfer(attackers)
    begin_with_a_picture(thief, level)
    attackers.owner().execute("UPDATE teak.person_session SET ended_at = clock_timestamp()")
    refused(partial(propose, thief, record), "nobody is signed in")


@pytest.mark.parametrize("level", OLDER_PICTURES)
def test_nobody_states_a_period_again_that_their_picture_does_not_show(
    attackers: Attackers, level: str
) -> None:
    """The guard against it looks before it lets a row in: what it sees must be the present."""
    attacker, other = attackers.connect("officer"), attackers.connect("officer")
    begin_with_a_picture(attacker, level)
    with other.transaction():
        other.execute(REDUCTION)
        other.execute("SELECT teak.log('reduction-recorded', '{}')")
    refused(partial(attacker.execute, REDUCTION), "row-level security|cannot overlap")


def test_whoever_reads_by_one_picture_is_signed_in(attackers: Attackers) -> None:
    """Reports read all their pages from one: they cannot write then, nor later."""
    reader = attackers.connect("auditor")
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    assert reader.execute("SELECT teak.is_signed_in()").fetchone() == (True,)
    refused(partial(reader.execute, "SET TRANSACTION READ WRITE"), "must be set before any query")


def test_no_rollback_takes_a_wrong_code_back(attackers: Attackers) -> None:
    """Else whoever has the passphrase guesses on until a code is right."""
    thief, said = attackers.connect("officer", signs_in=False), []
    for _ in range(11):
        thief.execute("BEGIN")
        said.append(thief.execute("SELECT teak.sign_in('12345', 'guess')").fetchone())
        thief.execute("ROLLBACK")
    assert [row and row[0]["was_tried"] for row in said] == [True] * 10 + [False]
    assert [row and row[0]["is_locked"] for row in said] == [False] * 9 + [True] * 2
    administrator = attackers.connect("admin")
    administrator.execute("SELECT teak.reset_failures('officer')")
    standing = administrator.execute("SELECT teak.sign_in_standing('officer')").fetchone()
    assert standing == ({"failures": 0, "wait_s": 0, "is_locked": False},)


def test_nobody_signs_in_while_they_are_revoked(attackers: Attackers) -> None:
    owner, watcher = attackers.owner(), attackers.owner()
    late = attackers.connect("officer", signs_in=False)
    secret = attackers.one("SELECT one_time_secret FROM teak.person WHERE user_name = 'officer'")
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as beside:
        with owner.transaction():
            owner.execute("UPDATE teak.person SET state = 'revoked' WHERE user_name = 'officer'")
            code = code_of_step(secret, step_at(datetime.now(UTC)))
            answer = beside.submit(late.execute, "SELECT teak.sign_in(%s, 'late')", (code,))
            while watcher.execute(waiting, (late.info.backend_pid,)).fetchone() == (0,):
                assert not answer.done()
        (said,) = answer.result().fetchone() or (None,)
    assert said is not None
    assert not said["ok"]
    assert late.execute("SELECT teak.person_id()").fetchone() == (None,)
