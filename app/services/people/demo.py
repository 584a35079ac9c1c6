"""The people of a demo registry, with the codes by which a newcomer gets in within seconds.

Owns showing codes and admitting without secrets, and refuses both in a real registry: the
database is asked each time, not the context.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, text

from app.models.codes import PersonState, Role
from app.models.errors import NotFound, SignInRefused, TeakError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Person, RegistryRow
from app.services.people.new_person import DEMO_PASSPHRASE, fold_user_name
from app.services.people.one_time_code import DRIFT_STEPS, code_of_step, seconds_left, step_at
from app.services.people.traffic import record_traffic
from app.services.registry.context import Actor, OpenRegistry

_ACTIVE = Person.state == str(PersonState.ACTIVE)


_SECRETS_EMBEDDED = (
    select(
        Person.user_name, Person.name, Person.role, Person.one_time_secret, Person.last_code_step
    )
    .where(_ACTIVE, Person.one_time_secret.is_not(None))
    .order_by(Person.id)
)
_SECRETS_ON_SERVER = text("SELECT * FROM teak.demo_people()")
"""A server shows nobody's secret in a table, not even a demo registry's."""


class NotADemo(TeakError):
    """What only a demo registry allows was asked of a real one."""

    code = "not-a-demo"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of a demo registry and the one-time code that lets them in now.

    `code` is empty when every code of the moment has been used; a new one comes in
    `seconds_left`, 1 to 30.
    """

    user_name: str
    name: str
    role: Role
    code: str
    seconds_left: int


def demo_people(registry: OpenRegistry) -> tuple[DemoPerson, ...]:
    """List the people of a demo registry with their present codes; NotADemo for a real one."""
    now = registry.now()
    with reading(registry.engine) as connection:
        _require_demo(connection, registry)
        rows = connection.execute(
            _SECRETS_EMBEDDED if registry.server is None else _SECRETS_ON_SERVER
        ).all()
    present = step_at(now)
    return tuple(
        DemoPerson(
            row.user_name,
            row.name,
            Role(row.role),
            _good_code(row.one_time_secret, present, last_used=row.last_code_step),
            seconds_left(now),
        )
        for row in rows
    )


def sign_in_demo(registry: OpenRegistry, user: str, *, host: str) -> Actor:
    """Admit a person of a demo registry without secrets, and record it.

    Raises NotADemo for a real registry, NotFound for a person it does not have.
    """
    user = fold_user_name(user)
    if registry.server is not None:
        return _sign_in_beside(registry, user, host)
    with UnitOfWork(registry.engine) as unit:
        _require_demo(unit.connection, registry)
        row = unit.connection.execute(
            select(Person.id, Person.user_name, Person.name, Person.role).where(
                Person.user_name == user, _ACTIVE
            )
        ).one_or_none()
        if row is None:
            raise _no_such_person(user)
        record_traffic(
            unit.connection, at=registry.now(), user_name=user, host=host, act="demo-sign-in"
        )
        unit.commit()
    return Actor(row.id, row.user_name, row.name, Role(row.role))


def _sign_in_beside(registry: OpenRegistry, user: str, host: str) -> Actor:
    """Admit a person through connections of their own, beside whoever has the registry open."""
    from app.services.people.networked_sign_in import access_of, sign_in_demo_on_server

    with reading(registry.engine) as connection:
        _require_demo(connection, registry)
    try:
        signed_in = sign_in_demo_on_server(
            access_of(registry).place,
            user=user,
            passphrase=DEMO_PASSPHRASE,
            host=host,
            clock=registry.clock,
        )
    except SignInRefused:
        raise _no_such_person(user) from None
    assert signed_in is not None
    registry.colleagues[user] = signed_in.registry
    return signed_in.actor


def _no_such_person(user: str) -> NotFound:
    return NotFound(
        f"The demo registry has no active person “{user}”.", hint="`teak people` lists them."
    )


def _good_code(secret: str, present: int, *, last_used: int) -> str:
    step = max(present, last_used + 1)
    return code_of_step(secret, step) if step <= present + DRIFT_STEPS else ""


def _require_demo(connection: Connection, registry: OpenRegistry) -> None:
    if not connection.execute(select(RegistryRow.is_demo)).scalar_one():
        raise NotADemo(
            f"“{registry.label}” is a real registry: nobody acts in it without passphrase and "
            "one-time code.",
            hint="Sign in with your own, or give them in a secrets file.",
        )
