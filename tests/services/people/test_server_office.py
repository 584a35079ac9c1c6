from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import text

from app.models.codes import Role
from app.models.errors import (
    GuardRefused,
    NotFound,
    RightsRefused,
    SessionEnded,
    SignInRefused,
    StorageError,
    UsageError,
)
from app.models.storage.unit_of_work import calling, reading
from app.services.checks.violation import RulesBroken
from app.services.people.administration import (
    add_person,
    change_passphrase,
    enrol_person_again,
    reset_passphrase,
    revoke_person,
)
from app.services.people.enrolment import secret_of
from app.services.people.new_person import NewPerson
from app.services.people.one_time_code import code_of_step, step_at
from app.services.people.sign_in import SignedIn
from tests.fixtures.networked import NetworkedReal

pytestmark = pytest.mark.postgres

NEWCOMER = NewPerson(
    user_name="Nok",
    name="Nok Thongchai",
    role=Role.OFFICER,
    email="nok@registry.example",
    passphrase="four green parrots",
)


def last_queued(real: NetworkedReal) -> tuple[object, ...]:
    with real.owner() as connection:
        row = connection.execute(
            "SELECT kind, persons::json ->> 'done', body::json ->> 'user' FROM teak.log_queue "
            "ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    return row


@pytest.fixture
def admin(networked_real: NetworkedReal) -> SignedIn:
    return networked_real.sign_in("admin")


def test_a_newcomer_signs_in_with_what_they_were_given(
    networked_real: NetworkedReal, admin: SignedIn
) -> None:
    networked_real.people["nok"] = add_person(admin.registry, admin.actor, NEWCOMER)
    assert last_queued(networked_real) == ("person-added", "admin", "nok")
    signed_in = networked_real.sign_in("nok", passphrase=NEWCOMER.passphrase)
    assert (signed_in.actor.role, signed_in.actor.name) == (Role.OFFICER, "Nok Thongchai")
    spare = networked_real.people["nok"].recovery_codes[3]
    networked_real.sign_in("nok", passphrase=NEWCOMER.passphrase, code=spare)
    with pytest.raises(UsageError, match="taken"):
        add_person(admin.registry, admin.actor, NEWCOMER)


def test_no_passphrase_travels_to_the_server(
    networked_real: NetworkedReal, admin: SignedIn
) -> None:
    add_person(admin.registry, admin.actor, NEWCOMER)
    with networked_real.owner() as connection:
        row = connection.execute(
            "SELECT rolpassword, rolconnlimit, rolsuper OR rolcreaterole OR rolcreatedb "
            "FROM pg_authid WHERE rolname = 'teak_real.nok'"
        ).fetchone()
    assert row is not None
    assert str(row[0]).startswith("SCRAM-SHA-256$")
    assert row[1:] == (8, False)
    with (
        pytest.raises(GuardRefused, match="verifier alone"),
        calling(admin.registry.engine) as connection,
    ):
        connection.execute(text("SELECT teak.reset_passphrase('officer', 'plain words here')"))


def test_who_is_revoked_is_out_at_once_and_for_ever(
    networked_real: NetworkedReal, admin: SignedIn
) -> None:
    officer = networked_real.sign_in("officer")
    revoke_person(admin.registry, admin.actor, "officer", reason="left the office")
    assert last_queued(networked_real) == ("person-revoked", "admin", "officer")
    with pytest.raises(StorageError), reading(officer.registry.engine) as connection:
        connection.execute(text("SELECT 1"))
    with pytest.raises(SignInRefused):
        networked_real.sign_in("officer", code=networked_real.code("officer", steps=1))
    revoke_person(admin.registry, admin.actor, "officer", reason="again")
    assert last_queued(networked_real) == ("person-revoked", "admin", "officer")


def test_who_connects_while_they_are_revoked_ends_no_act_afterwards(
    networked_real: NetworkedReal, admin: SignedIn
) -> None:
    """The revocation is held up where it becomes lasting, and the person connects meanwhile."""
    with networked_real.owner() as owner, ThreadPoolExecutor(1) as beside:
        owner.execute(
            "CREATE FUNCTION public.hold_up() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END'"
        )
        owner.execute(
            "CREATE CONSTRAINT TRIGGER hold_up AFTER UPDATE OF state ON teak.person "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.hold_up()"
        )
        token = _sign_in_raw(networked_real, "officer")
        owner.execute("SELECT pg_advisory_lock(1)")
        revoking = beside.submit(
            revoke_person, admin.registry, admin.actor, "officer", reason="left the office"
        )
        _wait_until_one_waits(owner, revoking)
        with closing(networked_real.connect("officer")) as thief:
            thief.execute("SELECT teak.resume(%s)", (token,))
            thief.execute("SELECT teak.log('people-not-me', '{}')")
            owner.execute("SELECT pg_advisory_unlock(1)")
            revoking.result()
            with pytest.raises(psycopg.Error):
                thief.commit()
    assert last_queued(networked_real) == ("person-revoked", "admin", "officer")


def _sign_in_raw(real: NetworkedReal, user: str) -> str:
    with real.connect(user) as connection:
        said = connection.execute("SELECT teak.sign_in(%s, 'raw')", (real.code(user),)).fetchone()
    assert said is not None
    return str(said[0]["token"])


def _wait_until_one_waits(
    owner: psycopg.Connection[tuple[object, ...]], revoking: Future[None]
) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while owner.execute(waiting).fetchone() == (0,):
        assert not revoking.done()


def test_only_administrators_administer(networked_real: NetworkedReal) -> None:
    officer = networked_real.sign_in("officer")
    with pytest.raises(RulesBroken):
        add_person(officer.registry, officer.actor, NEWCOMER)
    for attack in (
        "SELECT teak.add_person('nok', 'Nok', '', 'administrator', 'A', '{}', 'x')",
        "SELECT teak.revoke_person('admin', 'mine now')",
        "SELECT teak.set_verifier('teak_real.admin', 'x')",
        "SELECT teak.make_role('teak_real.me', 'teak_real', 'administrator', 'x')",
        "ALTER ROLE \"teak_real.admin\" PASSWORD 'x'",
        'GRANT teak_real_administrator TO "teak_real.officer"',
    ):
        with pytest.raises(RightsRefused), calling(officer.registry.engine) as connection:
            connection.execute(text(attack))


def test_nobody_revokes_themselves_or_a_stranger(
    networked_real: NetworkedReal, admin: SignedIn
) -> None:
    with pytest.raises(RulesBroken):
        revoke_person(admin.registry, admin.actor, "admin", reason="tired")
    with pytest.raises(GuardRefused), calling(admin.registry.engine) as connection:
        connection.execute(text("SELECT teak.revoke_person('admin', 'tired')"))
    with pytest.raises(NotFound):
        revoke_person(admin.registry, admin.actor, "nobody", reason="unknown")


def test_a_lost_authenticator_is_replaced(networked_real: NetworkedReal, admin: SignedIn) -> None:
    old = networked_real.code("officer", steps=1)
    given = enrol_person_again(admin.registry, admin.actor, "officer")
    with pytest.raises(SignInRefused):
        networked_real.sign_in("officer", code=old)
    with pytest.raises(SignInRefused):
        networked_real.sign_in("officer", code=networked_real.people["officer"].recovery_codes[0])
    networked_real.sign_in("officer", code=given.recovery_codes[0])
    assert secret_of(given.enrolment_uri) != secret_of(
        networked_real.people["officer"].enrolment_uri
    )


def test_a_passphrase_is_changed_by_its_owner_who_knows_the_old_one(
    networked_real: NetworkedReal,
) -> None:
    officer = networked_real.sign_in("officer")
    old, new = networked_real.passphrase("officer"), "nine blue buffaloes"
    with pytest.raises(SignInRefused):
        change_passphrase(officer.registry, officer.actor, old="guessed", new=new)
    change_passphrase(officer.registry, officer.actor, old=old, new=new)
    assert last_queued(networked_real) == ("passphrase-changed", "officer", "officer")
    spares = networked_real.people["officer"].recovery_codes
    with pytest.raises(SignInRefused):
        networked_real.sign_in("officer", code=spares[0])
    networked_real.sign_in("officer", passphrase=new, code=spares[0])
    with reading(officer.registry.engine) as connection:
        connection.execute(text("SELECT 1"))


def test_a_connection_of_long_ago_does_not_show_the_old_passphrase(
    networked_real: NetworkedReal,
) -> None:
    officer = networked_real.sign_in("officer")
    with networked_real.owner() as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION teak.backend_start() RETURNS timestamptz LANGUAGE sql "
            "STABLE AS $$ SELECT clock_timestamp() - interval '2 minutes' $$"
        )
    with (
        pytest.raises(GuardRefused, match="shown anew"),
        calling(officer.registry.engine) as connection,
    ):
        connection.execute(text("SELECT teak.change_passphrase('x')"))


@pytest.mark.parametrize("renewed", ["passphrase", "authenticator"])
def test_what_was_opened_by_the_old_means_acts_no_longer(
    networked_real: NetworkedReal, admin: SignedIn, renewed: str
) -> None:
    """A thief's session ends with the passphrase or the codes it was opened by."""
    officer = networked_real.sign_in("officer")
    if renewed == "passphrase":
        reset_passphrase(admin.registry, admin.actor, "officer", new="nine blue buffaloes")
    else:
        enrol_person_again(admin.registry, admin.actor, "officer")
    with (
        pytest.raises((SessionEnded, GuardRefused)),
        calling(officer.registry.engine) as connection,
    ):
        connection.execute(text("SELECT teak.log('holiday-added', '{}')"))


def test_who_changes_their_passphrase_goes_on_and_their_other_sessions_end(
    networked_real: NetworkedReal,
) -> None:
    here = networked_real.sign_in("officer")
    spares = networked_real.people["officer"].recovery_codes
    elsewhere = networked_real.sign_in("officer", code=spares[0])
    old = networked_real.passphrase("officer")
    change_passphrase(here.registry, here.actor, old=old, new="nine blue buffaloes")
    assert signed_in_person(here) == here.actor.id
    assert signed_in_person(elsewhere) is None


def signed_in_person(signed_in: SignedIn) -> int | None:
    with reading(signed_in.registry.engine) as connection:
        found: int | None = connection.execute(text("SELECT teak.person_id()")).scalar_one()
    return found


def test_an_administrator_gives_a_new_passphrase(
    networked_real: NetworkedReal, admin: SignedIn
) -> None:
    reset_passphrase(admin.registry, admin.actor, "officer", new="nine blue buffaloes")
    with pytest.raises(SignInRefused):
        networked_real.sign_in("officer")
    networked_real.sign_in("officer", passphrase="nine blue buffaloes")


def test_the_code_of_the_server_is_the_code_of_every_app(networked_real: NetworkedReal) -> None:
    secret = secret_of(networked_real.people["officer"].enrolment_uri)
    steps = [0, 1, 37037036, 41152263, step_at(datetime.now(UTC)), 666666666]
    with networked_real.owner() as connection:
        for step in steps:
            row = connection.execute(
                "SELECT teak.code_of_step(teak.read_base32(%s), %s)", (secret, step)
            ).fetchone()
            assert row == (code_of_step(secret, step),)
