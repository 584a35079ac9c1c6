from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.models.codes import Role
from app.models.errors import (
    KeySlotsMissing,
    RegistryMissing,
    SignInLocked,
    SignInRefused,
    TeakError,
)
from app.models.storage import key_wrapping
from app.models.storage.key_slots import add_slot as add_key_slot
from app.models.storage.key_slots import create_key_slots, key_slots_path, read_key_slots
from app.models.storage.key_wrapping import LIGHT
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Person, Traffic
from app.services.people.administration import reset_failures, revoke_person
from app.services.people.sign_in import SignedIn, authenticate, sign_in, unlock
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import close_registry
from tests.fixtures.real_registries import RealRegistry
from tests.fixtures.registries import FrozenClock

WRONG = "000000"
Attempt = Callable[..., SignedIn]


@contextmanager
def signed_in(real: RealRegistry, clock: FrozenClock, user: str = "officer") -> Iterator[SignedIn]:
    result = attempt(real, clock, user)
    try:
        yield result
    finally:
        close_registry(result.registry)


def attempt(
    real: RealRegistry,
    clock: FrozenClock,
    user: str = "officer",
    *,
    passphrase: str | None = None,
    code: str | None = None,
) -> SignedIn:
    known = user.strip().casefold()
    return sign_in(
        real.path,
        user=user,
        passphrase=real.passphrases.get(known, "") if passphrase is None else passphrase,
        code=real.code(known, clock()) if code is None else code,
        host="desk-7",
        clock=clock,
    )


def refusal(act: Callable[[], Any]) -> SignInRefused:
    with pytest.raises(SignInRefused) as refused:
        act()
    return refused.value


def traffic(registry: OpenRegistry) -> list[tuple[str, str, str]]:
    with reading(registry.engine) as connection:
        rows = connection.execute(
            select(Traffic.user_name, Traffic.host, Traffic.act).order_by(Traffic.id)
        ).all()
    return [(row.user_name, row.host, row.act) for row in rows]


def test_a_person_signs_in(real_registry: RealRegistry, clock: FrozenClock) -> None:
    with signed_in(real_registry, clock, " Officer ") as result:
        assert (result.actor.user_name, result.actor.role) == ("officer", Role.OFFICER)
        assert result.registry.now() == clock()
        assert traffic(result.registry) == [("officer", "desk-7", "sign-in")]


def test_a_code_signs_in_once(real_registry: RealRegistry, clock: FrozenClock) -> None:
    code = real_registry.code("officer", clock())
    with signed_in(real_registry, clock):
        refusal(lambda: attempt(real_registry, clock, code=code))
    clock.advance(seconds=30)
    refusal(lambda: attempt(real_registry, clock, code=code))
    with signed_in(real_registry, clock) as result:
        assert [act for _, _, act in traffic(result.registry)] == [
            "sign-in",
            "sign-in-refused",
            "sign-in-refused",
            "sign-in",
        ]


def revoke(real: RealRegistry, clock: FrozenClock, user: str) -> None:
    with signed_in(real, clock, "admin") as admin:
        revoke_person(admin.registry, admin.actor, user, reason="Left the office")


def revoke_but_keep_slot(real: RealRegistry, clock: FrozenClock, user: str) -> None:
    with signed_in(real, clock, "admin") as admin, UnitOfWork(admin.registry.engine) as unit:
        unit.connection.execute(
            update(Person).where(Person.user_name == user).values(state="revoked")
        )
        unit.commit()


def nothing(real: RealRegistry, clock: FrozenClock, user: str) -> None:
    pass


SITUATIONS = [
    ("wrong passphrase", nothing, {"passphrase": "officer keeps six elephants"}),
    ("empty passphrase", nothing, {"passphrase": ""}),
    ("unknown user", nothing, {"user": "nobody", "passphrase": "x" * 20, "code": WRONG}),
    ("impossible user", nothing, {"user": "ไม่มี 😀" * 40, "passphrase": "x", "code": WRONG}),
    ("wrong code", nothing, {"code": WRONG}),
    ("empty code", nothing, {"code": ""}),
    ("wrong recovery code", nothing, {"code": "AAAA-BBBB-CCCC-DDDD"}),
    ("revoked", revoke, {}),
    ("revoked, slot kept", revoke_but_keep_slot, {}),
    ("revoked, slot kept, recovery code", revoke_but_keep_slot, {"code": "recovery"}),
]


@pytest.mark.parametrize(
    ("before", "given"), [row[1:] for row in SITUATIONS], ids=[row[0] for row in SITUATIONS]
)
def test_every_failure_has_one_answer_and_costs_one_derivation(
    before: Callable[[RealRegistry, FrozenClock, str], None],
    given: dict[str, str],
    real_registry: RealRegistry,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before(real_registry, clock, "officer")
    if given.get("code") == "recovery":
        given = {"code": real_registry.people["officer"].recovery_codes[0]}
    derivations: list[object] = []
    derive = key_wrapping._derive

    def counted(passphrase: str, salt: bytes, profile: key_wrapping.KdfProfile) -> bytes:
        derivations.append(profile)
        return derive(passphrase, salt, profile)

    monkeypatch.setattr(key_wrapping, "_derive", counted)
    error = refusal(lambda: attempt(real_registry, clock, **given))
    assert type(error) is SignInRefused
    assert error.message == "User name, passphrase or one-time code is not right."
    assert error.hint.startswith("Check all three.")
    assert error.__cause__ is None
    assert derivations == [LIGHT]
    failures = read_key_slots(real_registry.path).failures
    assert [failure.count for failure in failures] == [1]
    assert not real_registry.path.with_name("real.teak-wal").exists()


@pytest.mark.parametrize("user", ["officer", "nobody"])
def test_failures_delay_and_then_lock_known_and_unknown_alike(
    user: str, real_registry: RealRegistry, clock: FrozenClock
) -> None:
    def wrong() -> SignInRefused:
        return refusal(lambda: attempt(real_registry, clock, user, passphrase="wrong", code=WRONG))

    for wait_s in (0, 0, 1, 2, 4, 8, 16, 32, 60):
        assert type(wrong()) is SignInRefused
        if wait_s:
            locked = wrong()
            assert isinstance(locked, SignInLocked)
            assert f"in {wait_s} s" in locked.message
            clock.advance(seconds=wait_s)
    assert type(wrong()) is SignInRefused
    clock.advance(days=30)
    locked = wrong()
    assert isinstance(locked, SignInLocked)
    assert "10 failed attempts" in locked.message
    assert "administrator" in locked.hint


def test_the_delay_grows_holds_back_the_right_answer_too_and_ends(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    def fail() -> None:
        assert type(refusal(lambda: attempt(real_registry, clock, code=WRONG))) is SignInRefused

    for _ in range(3):
        fail()
    assert "in 1 s" in refusal(lambda: attempt(real_registry, clock)).message
    clock.advance(seconds=1)
    fail()
    assert "in 2 s" in refusal(lambda: attempt(real_registry, clock)).message
    clock.advance(seconds=1)
    assert "in 1 s" in refusal(lambda: attempt(real_registry, clock)).message
    clock.advance(seconds=1)
    with signed_in(real_registry, clock):
        assert read_key_slots(real_registry.path).failures == ()
    fail()
    fail()
    clock.advance(seconds=30)
    with signed_in(real_registry, clock):
        pass


def test_nobody_else_waits(real_registry: RealRegistry, clock: FrozenClock) -> None:
    for _ in range(3):
        refusal(lambda: attempt(real_registry, clock, passphrase="wrong"))
    with signed_in(real_registry, clock, "approver"):
        pass


def test_an_administrator_ends_a_lock(real_registry: RealRegistry, clock: FrozenClock) -> None:
    for _ in range(10):
        refusal(lambda: attempt(real_registry, clock, passphrase="wrong"))
        clock.advance(seconds=60)
    assert isinstance(refusal(lambda: attempt(real_registry, clock)), SignInLocked)
    with signed_in(real_registry, clock, "admin") as admin:
        reset_failures(admin.registry, admin.actor, "officer")
    with signed_in(real_registry, clock):
        pass


def test_a_recovery_code_signs_in_once(real_registry: RealRegistry, clock: FrozenClock) -> None:
    first, second, *others = real_registry.people["officer"].recovery_codes
    assert len(others) == 8
    close_registry(attempt(real_registry, clock, code=first).registry)
    refusal(lambda: attempt(real_registry, clock, code=first))
    typed = second.lower().replace("-", " ")
    close_registry(attempt(real_registry, clock, code=typed).registry)
    refusal(lambda: attempt(real_registry, clock, code=second))
    stolen = real_registry.people["approver"].recovery_codes[0]
    refusal(lambda: attempt(real_registry, clock, code=stolen))


def test_of_desks_racing_with_one_code_one_signs_in(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    code = real_registry.code("officer", clock())
    start = threading.Barrier(4)
    answers: list[str] = []

    def race() -> None:
        start.wait()
        try:
            close_registry(attempt(real_registry, clock, code=code).registry)
        except TeakError as error:
            answers.append(type(error).__name__)
        else:
            answers.append("in")

    threads = [threading.Thread(target=race) for _ in range(4)]
    # A colleague is at work meanwhile: the registry is not closed by whoever leaves first.
    with signed_in(real_registry, clock, "approver"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers.count("in") == 1
    assert set(answers) <= {"in", "SignInRefused", "SignInLocked"}


def test_the_same_person_unlocks_and_nobody_else(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    with signed_in(real_registry, clock) as desk:
        clock.advance(minutes=10)

        def try_unlock(user: str) -> None:
            unlock(
                desk.registry,
                desk.actor,
                passphrase=real_registry.passphrases[user],
                code=real_registry.code(user, clock()),
                host="desk-7",
            )

        refusal(lambda: try_unlock("approver"))
        try_unlock("officer")
        refusal(lambda: try_unlock("officer"))
        assert [act for _, _, act in traffic(desk.registry)] == [
            "sign-in",
            "unlock-refused",
            "unlock",
            "unlock-refused",
        ]


def test_a_second_person_agrees_at_an_open_registry(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    with signed_in(real_registry, clock) as desk:
        approver = authenticate(
            desk.registry,
            user="Approver",
            passphrase=real_registry.passphrases["approver"],
            code=real_registry.code("approver", clock()),
            host="desk-7",
        )
        assert (approver.user_name, approver.role) == ("approver", Role.APPROVER)
        error = refusal(
            lambda: authenticate(
                desk.registry, user="nobody" * 20, passphrase="x", code="1", host="h" * 999
            )
        )
        assert error.message == "User name, passphrase or one-time code is not right."
        assert traffic(desk.registry)[-1][2] == "sign-in-refused"


def test_a_forged_key_slot_file_admits_nobody(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    with signed_in(real_registry, clock) as desk:
        file = desk.registry.file
        assert file is not None
        true_slots = read_key_slots(file.path)
        key_slots_path(file.path).unlink()
        forged_key = type(file.key)(bytes(32))
        create_key_slots(
            file.path,
            forged_key,
            registry_id=true_slots.registry_id,
            database_salt=true_slots.database_salt,
            profile=LIGHT,
        )
        add_key_slot(file.path, forged_key, user="approver", passphrase="known to the thief")
        refusal(
            lambda: authenticate(
                desk.registry,
                user="approver",
                passphrase="known to the thief",
                code=real_registry.code("approver", clock()),
                host="desk-7",
            )
        )


def test_what_is_wrong_with_the_file_is_said_as_it_is(
    real_registry: RealRegistry, clock: FrozenClock, tmp_path: Path
) -> None:
    key_slots_path(real_registry.path).unlink()
    with pytest.raises(KeySlotsMissing):
        attempt(real_registry, clock)
    with pytest.raises(RegistryMissing):
        sign_in(tmp_path / "none.teak", user="a", passphrase="b", code="c", host="d", clock=clock)
