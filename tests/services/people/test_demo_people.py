from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from app.models.codes import Role
from app.models.errors import GuardRefused, NotFound, SignInRefused
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.people.demo import NotADemo, demo_people, sign_in_demo
from app.services.people.sign_in import sign_in
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import close_registry, open_demo, open_registry
from tests.fixtures.real_registries import RealRegistry
from tests.fixtures.registries import FrozenClock


@pytest.fixture
def real_open(real_registry: RealRegistry, clock: FrozenClock) -> Iterator[OpenRegistry]:
    opened = open_registry(
        real_registry.path, passphrase=real_registry.passphrases["officer"], clock=clock
    )
    yield opened
    close_registry(opened)


def test_a_newcomer_gets_in_as_each_demo_person(
    demo_registry_path: Path, registry: OpenRegistry, clock: FrozenClock
) -> None:
    shown = demo_people(registry)
    assert [person.user_name for person in shown[:5]] == [
        "admin",
        "admin2",
        "officer",
        "officer2",
        "approver",
    ]
    assert len(shown) == 12
    assert {person.seconds_left for person in shown} == {30}
    for person in shown:
        desk = sign_in(
            demo_registry_path,
            user=person.user_name,
            passphrase="demo",
            code=person.code,
            host="desk-7",
            clock=clock,
        )
        close_registry(desk.registry)
        assert (desk.actor.name, desk.actor.role) == (person.name, person.role)


def test_the_shown_code_is_always_one_that_is_still_good(
    demo_registry_path: Path, registry: OpenRegistry, clock: FrozenClock
) -> None:
    def code() -> str:
        return next(item.code for item in demo_people(registry) if item.user_name == "officer")

    for _ in range(2):
        desk = sign_in(
            demo_registry_path,
            user="officer",
            passphrase="demo",
            code=code(),
            host="desk-7",
            clock=clock,
        )
        close_registry(desk.registry)
    assert code() == ""
    clock.advance(seconds=30)
    assert len(code()) == 6


def test_acts_in_a_demo_need_no_secrets(registry: OpenRegistry) -> None:
    actor = sign_in_demo(registry, "Approver", host="desk-7")
    assert (actor.user_name, actor.role) == ("approver", Role.APPROVER)
    with pytest.raises(NotFound, match="nobody"):
        sign_in_demo(registry, "nobody", host="desk-7")


@pytest.mark.parametrize("pretending", [False, True])
def test_a_real_registry_never_shows_or_admits_anyone(
    pretending: bool, real_open: OpenRegistry
) -> None:
    asked = replace(real_open, is_demo=pretending)
    with pytest.raises(NotADemo):
        demo_people(asked)
    with pytest.raises(NotADemo):
        sign_in_demo(asked, "officer", host="desk-7")


def carry_out(registry: OpenRegistry, statement: str) -> None:
    with UnitOfWork(registry.engine) as unit:
        unit.connection.execute(text(statement))
        unit.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry SET is_demo = 1 - is_demo",
        "UPDATE OR REPLACE registry SET is_demo = 1 - is_demo",
        "DELETE FROM registry",
    ],
)
def test_nothing_turns_a_real_registry_into_a_demo_or_back(
    statement: str, registry: OpenRegistry, real_open: OpenRegistry
) -> None:
    for opened in (registry, real_open):
        with pytest.raises(GuardRefused):
            carry_out(opened, statement)
        with reading(opened.engine) as connection:
            is_demo = connection.execute(text("SELECT is_demo FROM registry")).scalar_one()
        assert bool(is_demo) is opened.is_demo


def test_a_real_registry_is_not_tried_at_the_cost_of_its_people(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    for _ in range(20):
        assert open_demo(real_registry.path, clock=clock) is None
    desk = sign_in(
        real_registry.path,
        user="officer",
        passphrase=real_registry.passphrases["officer"],
        code=real_registry.code("officer", clock()),
        host="desk-7",
        clock=clock,
    )
    close_registry(desk.registry)


def test_demo_is_no_passphrase_of_a_real_registry(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    with pytest.raises(SignInRefused):
        sign_in(
            real_registry.path,
            user="officer",
            passphrase="demo",
            code=real_registry.code("officer", clock()),
            host="desk-7",
            clock=clock,
        )
