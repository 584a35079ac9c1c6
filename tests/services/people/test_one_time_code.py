from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Person
from app.services.people.one_time_code import (
    code_of_step,
    find_steps,
    read_code,
    seconds_left,
    step_at,
    use_code,
)
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import close_registry, open_demo
from tests.fixtures.real_registries import RealRegistry
from tests.fixtures.registries import FrozenClock

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The seed of RFC 6238, appendix B, in base 32."""

RFC_VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("seconds", "eight_digits"), RFC_VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, eight_digits: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_of_step(RFC_SECRET, step_at(moment)) == eight_digits[-6:]


@pytest.mark.parametrize(
    ("drift_s", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_drift_by_one_step(drift_s: int, good: bool, clock: FrozenClock) -> None:
    code = code_of_step(RFC_SECRET, step_at(clock() + timedelta(seconds=drift_s)))
    assert bool(find_steps(RFC_SECRET, code, now=clock())) is good


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456", "๑๒๓๔๕๖", "123\u00a0456"])
def test_codes_are_read_as_people_type_them(typed: str) -> None:
    assert read_code(typed) == "123456"


def test_the_seconds_left_run_to_the_next_step(clock: FrozenClock) -> None:
    assert seconds_left(clock()) == 30
    clock.advance(seconds=29)
    assert seconds_left(clock()) == 1
    clock.advance(seconds=1)
    assert seconds_left(clock()) == 30


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "½½½½½½", "١٢٣"])
def test_what_is_no_code_is_refused(typed: str, clock: FrozenClock) -> None:
    assert find_steps(RFC_SECRET, typed, now=clock()) == []


def secret_of(registry: OpenRegistry, user: str) -> tuple[int, str]:
    with reading(registry.engine) as connection:
        row = connection.execute(
            select(Person.id, Person.one_time_secret).where(Person.user_name == user)
        ).one()
    assert row.one_time_secret is not None
    return row.id, row.one_time_secret


def use(registry: OpenRegistry, user: str, code: str) -> bool:
    person_id, secret = secret_of(registry, user)
    with UnitOfWork(registry.engine) as unit:
        good = use_code(unit.connection, person_id, secret, code, now=registry.now())
        unit.commit()
    return good


def test_a_code_is_good_once_and_so_is_every_earlier_one(
    registry: OpenRegistry, clock: FrozenClock
) -> None:
    _, secret = secret_of(registry, "officer")
    present = step_at(clock())
    before, now, after = (code_of_step(secret, present + drift) for drift in (-1, 0, 1))
    assert use(registry, "officer", now)
    assert not use(registry, "officer", now)
    assert not use(registry, "officer", before)
    assert use(registry, "officer", after)
    clock.advance(seconds=30)
    assert not use(registry, "officer", after)
    clock.advance(seconds=30)
    assert use(registry, "officer", code_of_step(secret, present + 2))


def test_a_code_not_committed_is_not_used_up(registry: OpenRegistry, clock: FrozenClock) -> None:
    person_id, secret = secret_of(registry, "officer")
    code = code_of_step(secret, step_at(clock()))
    with UnitOfWork(registry.engine) as unit:
        assert use_code(unit.connection, person_id, secret, code, now=clock())
    assert use(registry, "officer", code)


def test_nobody_uses_the_code_of_another(registry: OpenRegistry, clock: FrozenClock) -> None:
    _, secret = secret_of(registry, "officer")
    assert not use(registry, "approver", code_of_step(secret, step_at(clock())))


def test_of_two_desks_racing_with_one_code_one_gets_in(
    registry: OpenRegistry, clock: FrozenClock
) -> None:
    assert registry.file is not None
    other = open_demo(registry.file.path, clock=clock)
    assert other is not None
    _, secret = secret_of(registry, "officer")
    code = code_of_step(secret, step_at(clock()))
    start = threading.Barrier(4)
    answers: list[bool] = []

    def race(desk: OpenRegistry) -> None:
        start.wait()
        answers.append(use(desk, "officer", code))

    threads = [threading.Thread(target=race, args=(desk,)) for desk in (registry, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_registry(other)
    assert sorted(answers) == [False, False, False, True]


def test_a_revoked_person_has_no_good_code(registry: OpenRegistry, clock: FrozenClock) -> None:
    _, secret = secret_of(registry, "officer")
    with UnitOfWork(registry.engine) as unit:
        unit.connection.execute(
            update(Person).where(Person.user_name == "officer").values(state="revoked")
        )
        unit.commit()
    assert not use(registry, "officer", code_of_step(secret, step_at(clock())))


def test_the_app_shows_the_code_that_is_asked_for(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    secret = real_registry.people["officer"].enrolment_uri.split("secret=")[1].split("&")[0]
    assert real_registry.code("officer", clock()) == code_of_step(secret, step_at(clock()))
