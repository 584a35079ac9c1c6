"""Signing in: the passphrase opens the key slot, then the one-time code admits the person.

Owns the order of it, the counting of failures and the traffic record. Whatever part is wrong,
the answer is the same and costs the same work. The desk's windows and the command line come
through here alike, for a registry file and for one on a server: there the server does it all
(`networked_sign_in`).
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select

from app.models.codes import PersonState, Role
from app.models.errors import SignInRefused, WrongPassphrase
from app.models.server_place import ServerPlace
from app.models.storage.registry_file import open_registry_file
from app.models.storage.sign_in_counts import clear_failures, record_failure
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Person
from app.services.people.key_slot_access import file_of, refused, require_passphrase_of
from app.services.people.new_person import fold_user_name
from app.services.people.one_time_code import DECOY_SECRET, find_steps, use_code
from app.services.people.recovery_codes import looks_like_recovery_code, use_recovery_code
from app.services.people.signed_in import SignedIn
from app.services.people.traffic import record_sign_out, record_traffic
from app.services.registry.context import Actor, Clock, OpenRegistry, system_clock
from app.services.registry.opening import close_registry, registry_of_file

__all__ = ["SignedIn", "authenticate", "dismiss", "sign_in", "unlock"]


def sign_in(
    place: Path | ServerPlace,
    *,
    user: str,
    passphrase: str,
    code: str,
    host: str,
    clock: Clock = system_clock,
) -> SignedIn:
    """Open a registry as a person; `code` is a one-time code or a recovery code.

    `host` says from where, for the traffic record. Raises SignInRefused, SignInLocked while
    the name must wait, and what `open_registry_file` raises for a file that cannot be used, or
    the storage errors of a connection that cannot be made.
    """
    user = fold_user_name(user)
    if isinstance(place, ServerPlace):
        from app.services.people.networked_sign_in import sign_in_on_server

        return sign_in_on_server(
            place, user=user, passphrase=passphrase, code=code, host=host, clock=clock
        )
    try:
        file = open_registry_file(place, passphrase=passphrase, user=user, now=clock())
    except WrongPassphrase:
        raise refused() from None
    registry = registry_of_file(file, clock=clock)
    try:
        actor = _admit(registry, user=user, code=code, host=host, act="sign-in")
    except BaseException:
        close_registry(registry)
        raise
    return SignedIn(registry, actor)


def authenticate(
    registry: OpenRegistry,
    *,
    user: str,
    passphrase: str,
    code: str,
    host: str,
    act: str = "sign-in",
) -> Actor:
    """Admit a person to a registry that is open already, as `sign_in` would.

    `act` is what the traffic record says. On a server they act through connections of their own
    until `dismiss`. Raises SignInRefused or SignInLocked.
    """
    user = fold_user_name(user)
    if registry.server is not None:
        signed_in = sign_in(
            registry.server.place,
            user=user,
            passphrase=passphrase,
            code=code,
            host=host,
            clock=registry.clock,
        )
        registry.colleagues[user] = signed_in.registry
        return signed_in.actor
    try:
        require_passphrase_of(registry, user=user, passphrase=passphrase)
    except SignInRefused:
        _record_refusal(registry, user=user, host=host, act=act)
        raise
    return _admit(registry, user=user, code=code, host=host, act=act)


def dismiss(registry: OpenRegistry, actor: Actor, *, host: str) -> None:
    """Let somebody go who was admitted beside the person at the desk; what they did stays."""
    colleague = registry.colleagues.pop(actor.user_name, None)
    if colleague is not None:
        try:
            record_sign_out(colleague, actor, host=host)
        finally:
            close_registry(colleague)


def unlock(registry: OpenRegistry, actor: Actor, *, passphrase: str, code: str, host: str) -> None:
    """Unlock the desk for the person who locked it, and for nobody else.

    Raises SignInRefused or SignInLocked.
    """
    if registry.server is not None:
        from app.services.people.networked_sign_in import unlock_on_server

        unlock_on_server(registry, passphrase=passphrase, code=code, host=host)
        return
    authenticate(
        registry,
        user=actor.user_name,
        passphrase=passphrase,
        code=code,
        host=host,
        act="unlock",
    )


def _admit(registry: OpenRegistry, *, user: str, code: str, host: str, act: str) -> Actor:
    """Admit the person whose passphrase was right, by their one-time or recovery code."""
    path = file_of(registry).path
    with UnitOfWork(registry.engine) as unit:
        actor = _use_second_factor(unit.connection, registry, user, code)
        record_traffic(
            unit.connection,
            at=registry.now(),
            user_name=user,
            host=host,
            act=act if actor is not None else f"{act}-refused",
        )
        unit.commit()
    if actor is None:
        record_failure(path, user=user, now=registry.now())
        raise refused()
    clear_failures(path, user=user)
    return actor


def _use_second_factor(
    connection: Connection, registry: OpenRegistry, user: str, code: str
) -> Actor | None:
    found = _find_active_person(connection, user)
    now = registry.now()
    if found is None:
        find_steps(DECOY_SECRET, code, now=now)
        return None
    person, secret = found
    if looks_like_recovery_code(code):
        good = use_recovery_code(connection, person.id, code, now=now)
    else:
        good = use_code(connection, person.id, secret, code, now=now)
    return person if good else None


def _find_active_person(connection: Connection, user: str) -> tuple[Actor, str] | None:
    row = connection.execute(
        select(Person.id, Person.user_name, Person.name, Person.role, Person.one_time_secret).where(
            Person.user_name == user, Person.state == str(PersonState.ACTIVE)
        )
    ).one_or_none()
    if row is None or row.one_time_secret is None:
        return None
    return Actor(row.id, row.user_name, row.name, Role(row.role)), row.one_time_secret


def _record_refusal(registry: OpenRegistry, *, user: str, host: str, act: str) -> None:
    with UnitOfWork(registry.engine) as unit:
        record_traffic(
            unit.connection,
            at=registry.now(),
            user_name=user,
            host=host,
            act=f"{act}-refused",
        )
        unit.commit()
