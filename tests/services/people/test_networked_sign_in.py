from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.errors import (
    GuardRefused,
    RightsRefused,
    ServerUnreachable,
    SessionEnded,
    SignInLocked,
    SignInRefused,
    TeakError,
)
from app.models.server_place import read_server_place
from app.models.storage.postgresql import ServerAccess, open_postgresql
from app.models.storage.unit_of_work import calling, reading
from app.services.people.administration import reset_failures
from app.services.people.demo import demo_people, sign_in_demo
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.sign_in import SignedIn, authenticate, dismiss, sign_in, unlock
from app.services.people.standing import get_sign_in_standing
from app.services.people.traffic import record_sign_out
from app.services.registry.context import OpenRegistry
from app.services.registry.creating_networked import create_networked_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry, open_demo
from tests.fixtures.networked import NetworkedDemo, NetworkedReal, owner_access
from tests.fixtures.postgres_server import PostgresServer, packaged_programs

pytestmark = pytest.mark.postgres


def whoever(registry: OpenRegistry) -> int | None:
    """Give who the server says is signed in."""
    with reading(registry.engine) as connection:
        found = connection.execute(text("SELECT teak.person_id()")).scalar_one()
    return None if found is None else int(found)


def count_accounts(registry: OpenRegistry) -> int:
    with reading(registry.engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM account")).scalar_one())


def end_connections(real: NetworkedReal, user: str) -> None:
    """Cut every connection of a person, as a restart of the server would."""
    with real.owner() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s",
            (f"teak_real.{user}",),
        )


def traffic(real: NetworkedReal) -> list[tuple[object, ...]]:
    with real.owner() as connection:
        return connection.execute(
            "SELECT user_name, act, host FROM teak.traffic ORDER BY id"
        ).fetchall()


def test_passphrase_and_code_admit_a_person(networked_real: NetworkedReal) -> None:
    signed_in = networked_real.sign_in(
        " Officer ",
        passphrase=networked_real.passphrase("officer"),
        code=networked_real.code("officer"),
    )
    assert signed_in.actor.user_name == "officer"
    assert whoever(signed_in.registry) == signed_in.actor.id
    assert count_accounts(signed_in.registry) > 0
    assert signed_in.registry.name_en == "A real registry"
    assert traffic(networked_real) == [("officer", "sign-in", "test")]


@pytest.mark.parametrize(
    ("user", "wrong"),
    [
        ("officer", {"passphrase": "guessed"}),
        ("officer", {"code": "000000"}),
        ("officer", {"code": ""}),
        ("officer", {"code": "AAAA-AAAA-AAAA-AAAA"}),
        ("nobody", {"passphrase": "guessed", "code": "123456"}),
        ("no such\nname", {"passphrase": "guessed", "code": "123456"}),
        ("owner", {"passphrase": "", "code": "123456"}),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    networked_real: NetworkedReal, user: str, wrong: dict[str, str]
) -> None:
    with pytest.raises(SignInRefused) as refused:
        networked_real.sign_in(user, **wrong)
    assert refused.value.code == "sign-in-refused"
    assert refused.value.message == "User name, passphrase or one-time code is not right."


def test_a_one_time_code_is_good_once_and_so_is_every_earlier_one(
    networked_real: NetworkedReal,
) -> None:
    code, before = networked_real.code("officer"), networked_real.code("officer", steps=-1)
    networked_real.sign_in("officer", code=code)
    for again in (code, before):
        with pytest.raises(SignInRefused):
            networked_real.sign_in("officer", code=again)


def test_of_two_who_race_with_one_code_one_gets_in(networked_real: NetworkedReal) -> None:
    code = networked_real.code("officer")
    ready = threading.Barrier(4)
    outcomes: list[str] = []

    def race() -> None:
        ready.wait()
        try:
            networked_real.sign_in("officer", code=code)
            outcomes.append("in")
        except SignInRefused:
            outcomes.append("refused")

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]


def test_a_recovery_code_is_good_once(networked_real: NetworkedReal) -> None:
    spare = networked_real.people["officer"].recovery_codes[0]
    networked_real.sign_in("officer", code=spare.lower().replace("-", " "))
    with pytest.raises(SignInRefused):
        networked_real.sign_in("officer", code=spare)


def test_failures_slow_the_next_and_the_tenth_locks(networked_real: NetworkedReal) -> None:
    admin = networked_real.sign_in("admin")
    for tried in range(1, 11):
        with pytest.raises(SignInRefused):
            networked_real.sign_in("officer", code="000000")
        stands = get_sign_in_standing(admin.registry, "officer")
        assert stands.failures == tried
        assert stands.is_locked == (tried == 10)
        if 2 < tried < 10:
            with pytest.raises(SignInLocked, match="the next one is possible in"):
                networked_real.sign_in("officer")
        with networked_real.owner() as connection:
            connection.execute(
                "UPDATE teak.sign_in_failure SET last_at = last_at - interval '1 hour'"
            )
    with pytest.raises(SignInLocked, match="locked after 10"):
        networked_real.sign_in("officer")
    reset_failures(admin.registry, admin.actor, "officer")
    assert get_sign_in_standing(admin.registry, "officer").failures == 0
    networked_real.sign_in("officer")
    assert ("officer", "sign-in-refused", "test") in traffic(networked_real)


def test_success_forgets_failures(networked_real: NetworkedReal) -> None:
    with pytest.raises(SignInRefused):
        networked_real.sign_in("officer", code="000000")
    networked_real.sign_in("officer")
    admin = networked_real.sign_in("admin")
    assert get_sign_in_standing(admin.registry, "officer").failures == 0


def test_a_connection_without_a_code_sees_nothing_and_does_nothing(
    networked_real: NetworkedReal,
) -> None:
    place = networked_real.place.for_user("teak_real.officer")
    engine = open_postgresql(ServerAccess(place, networked_real.passphrase("officer")))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM account")).scalar_one() == 0
        assert connection.execute(text("SELECT teak.person_id()")).scalar_one() is None
    with pytest.raises(GuardRefused), calling(engine) as connection:
        connection.execute(text("SELECT teak.sign_in_demo('desk')"))
    with pytest.raises(TeakError), calling(engine) as connection:
        connection.execute(text("SELECT teak.log('holiday-added', '{}')"))
    with calling(engine) as connection:
        taken_up = connection.execute(
            text("SELECT teak.resume(:token)"), {"token": "00" * 32}
        ).scalar_one()
    assert taken_up is False
    engine.dispose()


def test_a_lost_connection_is_made_anew_and_its_session_taken_up(
    networked_real: NetworkedReal,
) -> None:
    signed_in = networked_real.sign_in("officer")
    end_connections(networked_real, "officer")
    assert whoever(signed_in.registry) == signed_in.actor.id
    assert traffic(networked_real) == [("officer", "sign-in", "test")]


def test_further_connections_are_the_same_person_s(networked_real: NetworkedReal) -> None:
    signed_in = networked_real.sign_in("officer")
    with reading(signed_in.registry.engine) as one:
        one.execute(text("SELECT 1"))
        assert whoever(signed_in.registry) == signed_in.actor.id


def test_a_session_that_was_left_is_over_on_all_connections(
    networked_real: NetworkedReal,
) -> None:
    signed_in = networked_real.sign_in("officer")
    with reading(signed_in.registry.engine) as another:
        another.execute(text("SELECT 1"))
        record_sign_out(signed_in.registry, signed_in.actor, host="test")
    assert count_accounts(signed_in.registry) == 0
    end_connections(networked_real, "officer")
    with pytest.raises(SessionEnded):
        count_accounts(signed_in.registry)
    assert traffic(networked_real)[-1] == ("officer", "sign-out", "test")


def test_a_session_ends_by_itself(networked_real: NetworkedReal) -> None:
    signed_in = networked_real.sign_in("officer")
    with networked_real.owner() as connection:
        connection.execute(
            "UPDATE teak.person_session SET expires_at = clock_timestamp() - interval '1 second'"
        )
    assert whoever(signed_in.registry) is None


def test_the_token_is_of_no_use_to_another_person(networked_real: NetworkedReal) -> None:
    officer = networked_real.sign_in("officer")
    place = networked_real.place.for_user("teak_real.approver")
    assert officer.registry.server is not None
    stolen = ServerAccess(
        place, networked_real.passphrase("approver"), resume=officer.registry.server.resume
    )
    engine = open_postgresql(stolen)
    with pytest.raises(SessionEnded), reading(engine):
        pass
    engine.dispose()


def test_the_desk_is_unlocked_by_passphrase_and_a_new_code(
    networked_real: NetworkedReal,
) -> None:
    officer = networked_real.sign_in("officer", code=networked_real.code("officer", steps=-1))

    def try_unlocking(passphrase: str, code: str) -> None:
        unlock(officer.registry, officer.actor, passphrase=passphrase, code=code, host="test")

    right, code = networked_real.passphrase("officer"), networked_real.code("officer")
    for passphrase, typed in (("guessed", code), (right, "000000")):
        with pytest.raises(SignInRefused):
            try_unlocking(passphrase, typed)
    try_unlocking(right, code)
    assert whoever(officer.registry) == officer.actor.id
    assert [act for _, act, _ in traffic(networked_real)] == [
        "sign-in",
        "unlock-refused",
        "unlock",
    ]


def test_a_second_person_acts_through_connections_of_their_own(
    networked_real: NetworkedReal,
) -> None:
    officer = networked_real.sign_in("officer")
    approver = authenticate(
        officer.registry,
        user="approver",
        passphrase=networked_real.passphrase("approver"),
        code=networked_real.code("approver"),
        host="test",
    )
    with reading(officer.registry.engine_for(approver)) as connection:
        assert connection.execute(text("SELECT teak.person_id()")).scalar_one() == approver.id
    assert whoever(officer.registry) == officer.actor.id
    dismiss(officer.registry, approver, host="test")
    assert officer.registry.engine_for(approver) is officer.registry.engine
    assert traffic(networked_real)[-1] == ("approver", "sign-out", "test")


def test_secrets_are_in_no_answer(networked_real: NetworkedReal) -> None:
    admin = networked_real.sign_in("admin")
    for secret in (
        "SELECT one_time_secret FROM person",
        "SELECT * FROM recovery_code",
        "SELECT private_key FROM signing_key",
        "SELECT token_digest FROM person_session",
        "SELECT * FROM sign_in_failure",
    ):
        with pytest.raises(RightsRefused):
            ask(admin, secret)


def ask(signed_in: SignedIn, statement: str) -> None:
    with reading(signed_in.registry.engine) as connection:
        connection.execute(text(statement))


def test_a_demo_opens_without_secrets_and_a_real_registry_does_not(
    networked_demo: NetworkedDemo, networked_real: NetworkedReal
) -> None:
    demo = open_demo(networked_demo.place)
    assert demo is not None
    approver = sign_in_demo(demo, "approver", host="test")
    with reading(demo.engine_for(approver)) as connection:
        assert connection.execute(text("SELECT teak.person_id()")).scalar_one() == approver.id
    close_registry(demo)
    assert open_demo(networked_real.place) is None


def test_the_shown_code_of_a_demo_lets_its_person_in(networked_demo: NetworkedDemo) -> None:
    demo = open_demo(networked_demo.place)
    assert demo is not None
    shown = {person.user_name: person.code for person in demo_people(demo)}
    close_registry(demo)
    signed_in = sign_in(
        networked_demo.place,
        user="committee3",
        passphrase="demo",
        code=shown["committee3"],
        host="test",
    )
    assert whoever(signed_in.registry) == signed_in.actor.id
    close_registry(signed_in.registry)


def test_the_clock_of_a_real_registry_is_its_server_s(networked_real: NetworkedReal) -> None:
    signed_in = networked_real.sign_in("officer")
    with reading(signed_in.registry.engine) as connection:
        connection.execute(text("SELECT set_config('teak.demo_now', '2020-01-01Z', false)"))
        said = connection.execute(text("SELECT extract(epoch FROM teak.now())")).scalar_one()
    assert abs(float(said) - time.time()) < 60


def test_a_session_outlives_the_server_s_death(tmp_path: Path) -> None:
    server = PostgresServer(packaged_programs())
    try:
        server.start()
        place = read_server_place(f"postgresql://127.0.0.1:{server.port}/mortal?sslmode=disable")
        created = create_networked_registry(
            place,
            owner=owner_access(server, "postgres"),
            new=DEMO_REGISTRY,
            people=DEMO_PEOPLE,
            worker_file=tmp_path / "worker.json",
        )
        close_registry(created.registry)
        signed_in = sign_in_demo_on_server(place, user="officer", passphrase="demo", host="test")
        assert signed_in is not None
        server.kill()
        with pytest.raises(ServerUnreachable):
            whoever(signed_in.registry)
        server.start()
        assert whoever(signed_in.registry) == signed_in.actor.id
        close_registry(signed_in.registry)
    finally:
        server.remove()
