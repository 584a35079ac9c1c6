from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from app.models.codes import PersonState, Role
from app.models.errors import NotFound, SignInRefused, UsageError
from app.models.storage import unit_of_work
from app.models.storage.key_slots import add_slot, has_slot
from app.models.storage.unit_of_work import reading
from app.models.tables import LogEntry
from app.services.checks.violation import RulesBroken
from app.services.listings.page import PageRequest
from app.services.listings.people import list_people
from app.services.people.administration import (
    add_person,
    change_passphrase,
    enrol_person_again,
    reset_failures,
    reset_passphrase,
    revoke_person,
)
from app.services.people.new_person import NewPerson
from app.services.people.sign_in import SignedIn, sign_in
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import close_registry
from app.services.registry.settings import set_idle_lock_minutes
from tests.fixtures.real_registries import RealRegistry
from tests.fixtures.registries import FrozenClock

NEWCOMER = NewPerson(
    user_name="Nok",
    name="Nok Thongchai",
    role=Role.OFFICER,
    email="nok@registry.example",
    passphrase="four green parrots",
)


@pytest.fixture
def admin(real_registry: RealRegistry, clock: FrozenClock) -> Iterator[SignedIn]:
    desk = enter(real_registry, clock, "admin")
    yield desk
    close_registry(desk.registry)


def enter(
    real: RealRegistry,
    clock: FrozenClock,
    user: str,
    *,
    passphrase: str | None = None,
    code: str | None = None,
) -> SignedIn:
    return sign_in(
        real.path,
        user=user,
        passphrase=passphrase or real.passphrases[user],
        code=code or real.code(user, clock()),
        host="desk-7",
        clock=clock,
    )


def leave(desk: SignedIn) -> None:
    close_registry(desk.registry)


def last_entry(registry: OpenRegistry) -> dict[str, Any]:
    with reading(registry.engine) as connection:
        entry = connection.execute(
            select(LogEntry.entry).order_by(LogEntry.sequence.desc()).limit(1)
        ).scalar_one()
    found = json.loads(entry)
    return {"kind": found["kind"], "by": found["by"], "body": found["body"]}


def shown_code(uri: str, clock: FrozenClock) -> str:
    authenticator = pyotp.parse_uri(uri)
    assert isinstance(authenticator, pyotp.TOTP)
    return authenticator.at(clock())


def test_a_person_added_signs_in(
    admin: SignedIn, real_registry: RealRegistry, clock: FrozenClock
) -> None:
    enrolled = add_person(admin.registry, admin.actor, NEWCOMER)
    assert (enrolled.user, enrolled.role) == ("nok", Role.OFFICER)
    assert last_entry(admin.registry) == {
        "kind": "person-added",
        "by": {"done": "admin"},
        "body": {"user": "nok", "role": "officer"},
    }
    desk = enter(
        real_registry,
        clock,
        "nok",
        passphrase=NEWCOMER.passphrase,
        code=shown_code(enrolled.enrolment_uri, clock),
    )
    leave(desk)
    assert desk.actor.name == "Nok Thongchai"
    listed = list_people(admin.registry, PageRequest()).rows
    assert [person.user for person in listed] == [
        "admin",
        "admin2",
        "officer",
        "approver",
        "nok",
    ]
    assert (listed[-1].email, listed[-1].state) == ("nok@registry.example", PersonState.ACTIVE)


def test_a_name_is_given_once_for_ever(admin: SignedIn) -> None:
    for name in ("officer", " OFFICER "):
        with pytest.raises(UsageError, match="officer"):
            add_person(admin.registry, admin.actor, replace(NEWCOMER, user_name=name))
    revoke_person(admin.registry, admin.actor, "officer", reason="Left the office")
    with pytest.raises(UsageError, match="taken"):
        add_person(admin.registry, admin.actor, replace(NEWCOMER, user_name="officer"))


def test_an_add_that_fails_leaves_neither_row_nor_slot(
    admin: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise OSError("the disk went away")

    assert admin.registry.file is not None
    with monkeypatch.context() as patch:
        patch.setattr(unit_of_work.UnitOfWork, "commit", fail)
        with pytest.raises(OSError, match="went away"):
            add_person(admin.registry, admin.actor, NEWCOMER)
    assert not has_slot(admin.registry.file.path, user="nok")
    assert "nok" not in [person.user for person in list_people(admin.registry, PageRequest()).rows]
    add_person(admin.registry, admin.actor, NEWCOMER)


def test_a_slot_left_over_from_a_crash_is_replaced(
    admin: SignedIn, real_registry: RealRegistry, clock: FrozenClock
) -> None:
    file = admin.registry.file
    assert file is not None
    add_slot(file.path, file.key, user="nok", passphrase="left over from a crash")
    enrolled = add_person(admin.registry, admin.actor, NEWCOMER)
    code = shown_code(enrolled.enrolment_uri, clock)
    with pytest.raises(SignInRefused):
        enter(real_registry, clock, "nok", passphrase="left over from a crash", code=code)
    leave(enter(real_registry, clock, "nok", passphrase=NEWCOMER.passphrase, code=code))


def test_a_revoked_person_is_out_and_stays_in_the_list(
    admin: SignedIn, real_registry: RealRegistry, clock: FrozenClock
) -> None:
    assert admin.registry.file is not None
    revoke_person(admin.registry, admin.actor, "Officer", reason=" Left the office ")
    assert last_entry(admin.registry)["body"] == {"user": "officer", "reason": "Left the office"}
    assert not has_slot(admin.registry.file.path, user="officer")
    with pytest.raises(SignInRefused):
        enter(real_registry, clock, "officer")
    people = list_people(admin.registry, PageRequest()).rows
    states = {person.user: person.state for person in people}
    assert states["officer"] == PersonState.REVOKED
    revoke_person(admin.registry, admin.actor, "officer", reason="Once more")
    assert last_entry(admin.registry)["body"]["reason"] == "Left the office"
    with pytest.raises(UsageError, match="revoked"):
        enrol_person_again(admin.registry, admin.actor, "officer")


def test_a_new_enrolment_ends_the_old_one(
    admin: SignedIn, real_registry: RealRegistry, clock: FrozenClock
) -> None:
    enrolled = enrol_person_again(admin.registry, admin.actor, "officer")
    assert last_entry(admin.registry)["kind"] == "person-enrolled-again"
    for old in (
        real_registry.code("officer", clock()),
        real_registry.people["officer"].recovery_codes[0],
    ):
        with pytest.raises(SignInRefused):
            enter(real_registry, clock, "officer", code=old)
    leave(enter(real_registry, clock, "officer", code=shown_code(enrolled.enrolment_uri, clock)))
    leave(enter(real_registry, clock, "officer", code=enrolled.recovery_codes[0]))


def test_passphrases_change(
    admin: SignedIn, real_registry: RealRegistry, clock: FrozenClock
) -> None:
    officer = enter(real_registry, clock, "officer")
    with pytest.raises(SignInRefused):
        change_passphrase(officer.registry, officer.actor, old="wrong", new="x" * 12)
    with pytest.raises(UsageError, match="too short"):
        change_passphrase(
            officer.registry,
            officer.actor,
            old=real_registry.passphrases["officer"],
            new="elevenchars",
        )
    change_passphrase(
        officer.registry,
        officer.actor,
        old=real_registry.passphrases["officer"],
        new="nine brown monkeys",
    )
    assert last_entry(officer.registry)["kind"] == "passphrase-changed"
    leave(officer)
    clock.advance(seconds=30)
    with pytest.raises(SignInRefused):
        enter(real_registry, clock, "officer")
    leave(enter(real_registry, clock, "officer", passphrase="nine brown monkeys"))
    reset_passphrase(admin.registry, admin.actor, "officer", new="one patient turtle")
    clock.advance(seconds=30)
    leave(enter(real_registry, clock, "officer", passphrase="one patient turtle"))


def test_a_demo_keeps_its_one_passphrase(registry: OpenRegistry, people: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="demo"):
        change_passphrase(registry, people["officer"], old="demo", new="nine brown monkeys")
    with pytest.raises(UsageError, match="demo"):
        add_person(registry, people["admin"], NEWCOMER)
    add_person(registry, people["admin"], replace(NEWCOMER, passphrase="demo"))


ACTS: list[Callable[[OpenRegistry, Any], object]] = [
    lambda registry, actor: add_person(registry, actor, NEWCOMER),
    lambda registry, actor: revoke_person(registry, actor, "approver", reason="None"),
    lambda registry, actor: enrol_person_again(registry, actor, "approver"),
    lambda registry, actor: reset_failures(registry, actor, "approver"),
    lambda registry, actor: reset_passphrase(registry, actor, "approver", new="x" * 12),
    lambda registry, actor: set_idle_lock_minutes(registry, actor, 5),
]


@pytest.mark.parametrize("act", ACTS)
def test_only_an_active_administrator_administers(
    act: Callable[[OpenRegistry, Any], object],
    admin: SignedIn,
    real_registry: RealRegistry,
    clock: FrozenClock,
) -> None:
    officer = enter(real_registry, clock, "officer")
    pretender = replace(officer.actor, role=Role.ADMINISTRATOR)
    revoked = enter(real_registry, clock, "admin2")
    revoke_person(admin.registry, admin.actor, "admin2", reason="Left the office")
    before = last_entry(admin.registry)
    for actor in (officer.actor, pretender, revoked.actor):
        with pytest.raises(RulesBroken) as refused:
            act(admin.registry, actor)
        (violation,) = refused.value.violations
        assert violation.code == 9420
        assert violation.message_th
    assert last_entry(admin.registry) == before
    leave(officer)
    leave(revoked)
    act(admin.registry, admin.actor)


def test_nobody_revokes_themself_or_without_a_reason(admin: SignedIn) -> None:
    with pytest.raises(RulesBroken) as refused:
        revoke_person(admin.registry, admin.actor, "admin", reason="Tired")
    assert [item.code for item in refused.value.violations] == [9421]
    with pytest.raises(RulesBroken) as refused:
        revoke_person(admin.registry, admin.actor, "officer", reason="  ")
    assert [item.code for item in refused.value.violations] == [9422]
    with pytest.raises(NotFound, match="nobody"):
        revoke_person(admin.registry, admin.actor, "nobody", reason="Left the office")


def test_text_that_the_log_cannot_keep_is_refused_in_words(admin: SignedIn) -> None:
    with pytest.raises(UsageError, match="reason"):
        revoke_person(admin.registry, admin.actor, "officer", reason="\udcff")
    with pytest.raises(UsageError, match="name"):
        add_person(admin.registry, admin.actor, replace(NEWCOMER, name="Nok\x00"))
