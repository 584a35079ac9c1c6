"""Signing in to a registry on a server: SCRAM connects, the server itself checks the code.

Owns the person's session: how it begins, is taken up on further connections, and ends. Whatever
part is wrong, the answer is the same as for a registry file. A wrong passphrase is refused by the
server before anything of ours runs, so it is counted there (its log), not by Teak.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from app.models.codes import Role
from app.models.errors import (
    GuardRefused,
    RegistryBusy,
    RightsRefused,
    ServerAccessDenied,
    SessionEnded,
    SignInLocked,
    SignInRefused,
    UsageError,
)
from app.models.server_place import ServerPlace
from app.models.storage.postgresql import ServerAccess, open_postgresql
from app.models.storage.server_connection import Scope, ServerConnection
from app.models.storage.server_marks import MARK, read_mark, unfinished
from app.models.storage.server_roles import person_role
from app.models.storage.unit_of_work import calling
from app.services.people.key_slot_access import refused
from app.services.people.new_person import (
    DEMO_PASSPHRASE,
    fold_user_name,
    has_form_of_user_name,
)
from app.services.people.one_time_code import read_code
from app.services.people.recovery_codes import looks_like_recovery_code
from app.services.people.signed_in import SignedIn
from app.services.registry.context import Actor, Clock, OpenRegistry, system_clock
from app.services.registry.opening_networked import not_a_registry, registry_of

_SIGN_IN = text(f"SELECT teak.sign_in(:code, :host, :act) AS answer, {MARK} AS mark")
_SIGN_IN_DEMO = text(f"SELECT teak.sign_in_demo(:host) AS answer, {MARK} AS mark")
_MARK = text(f"SELECT {MARK}")
_SIGN_OUT = text("SELECT teak.sign_out(:host)")

_LONGEST_CODE = 64
_ANYBODY = "auditor"
"""As whom a demo registry is read when nobody is named: the auditor may change nothing."""


def sign_in_on_server(
    place: ServerPlace,
    *,
    user: str,
    passphrase: str,
    code: str,
    host: str,
    clock: Clock = system_clock,
) -> SignedIn:
    """Open a registry as a person; `code` is a one-time code or a recovery code.

    Raises SignInRefused, SignInLocked while the name must wait, and the storage errors of a
    connection that cannot be made.
    """
    values = {"code": _sent(code), "host": host, "act": "sign-in"}
    return _open(
        place,
        user=user,
        passphrase=passphrase,
        clock=clock,
        ask=lambda connection: connection.execute(_SIGN_IN, values).one(),
    )


def sign_in_demo_on_server(
    place: ServerPlace,
    *,
    user: str,
    passphrase: str,
    host: str,
    clock: Clock = system_clock,
    is_making: bool = False,
) -> SignedIn | None:
    """Open a demo registry as a person, without a code; None for a real registry.

    With `is_making` it may be one that is still being filled. Raises SignInRefused for a person
    or passphrase it does not have, and UnfinishedRegistry.
    """
    try:
        return _open(
            place,
            user=user,
            passphrase=passphrase,
            clock=clock,
            ask=lambda connection: connection.execute(_SIGN_IN_DEMO, {"host": host}).one(),
            is_making=is_making,
        )
    except GuardRefused:
        return None


def open_demo_on_server(place: ServerPlace, *, clock: Clock) -> OpenRegistry | None:
    """Open a demo registry as the person the address names, else the auditor; None for a real."""
    for user in filter(None, (place.user, _ANYBODY)):
        try:
            signed_in = sign_in_demo_on_server(
                place, user=user, passphrase=DEMO_PASSPHRASE, host=platform.node(), clock=clock
            )
        except SignInRefused:
            continue
        return None if signed_in is None else signed_in.registry
    return None


def unlock_on_server(registry: OpenRegistry, *, passphrase: str, code: str, host: str) -> None:
    """Have the server check passphrase and code of whoever is at the desk anew.

    Raises SignInRefused, SignInLocked, and the storage errors of the connection.
    """
    access = access_of(registry)
    fresh = ServerAccess(access.place, passphrase, demo_clock=access.demo_clock)
    engine = open_postgresql(fresh)
    try:
        with calling(engine) as connection:
            answer = connection.execute(
                _SIGN_IN, {"code": _sent(code), "host": host, "act": "unlock"}
            ).scalar_one()
    except ServerAccessDenied:
        raise refused() from None
    finally:
        engine.dispose()
    if not answer["ok"]:
        raise _refusal(answer)


def sign_in_again(
    registry: OpenRegistry, actor: Actor, *, passphrase: str, code: str, host: str
) -> None:
    """Begin another session of the person at the desk, whose last one is over.

    The registry stays open as it is: its connections take up the new session. Raises
    SignInRefused, SignInLocked, and the storage errors of the connection.
    """
    access = access_of(registry)
    fresh = sign_in_on_server(
        replace(access.place, user=""),
        user=actor.user_name,
        passphrase=passphrase,
        code=code,
        host=host,
        clock=registry.clock,
    ).registry
    taken = access_of(fresh)
    access.passphrase = passphrase
    if taken.resume is not None:
        access.begin_session(taken.resume)
    access.is_held_back = False
    fresh.engine.dispose()
    registry.engine.dispose()


def sign_out_on_server(registry: OpenRegistry, *, host: str) -> None:
    """End the person's session on all its connections, and record it."""
    with calling(registry.engine) as connection:
        connection.execute(_SIGN_OUT, {"host": host})


def access_of(registry: OpenRegistry) -> ServerAccess:
    """Give the server access of a networked registry; TypeError for another."""
    if registry.server is None:
        raise TypeError(f"{registry.label} is not on a server")
    return registry.server


def resuming(token: str) -> Callable[[ServerConnection], None]:
    """Make what takes up a session on a new connection; it raises SessionEnded."""

    def resume(connection: ServerConnection) -> None:
        connection.start(Scope.ALONE)
        row = connection.execute("SELECT teak.resume(%s)", (token,)).fetchone()
        connection.start(Scope.WRITING)
        if row is None or not row[0]:
            raise SessionEnded

    return resume


def _open(
    place: ServerPlace,
    *,
    user: str,
    passphrase: str,
    clock: Clock,
    ask: Callable[[Connection], Row[Any]],
    is_making: bool = False,
) -> SignedIn:
    user = fold_user_name(user)
    # Without a passphrase the driver would look for one in files and variables of its own.
    if not passphrase or not has_form_of_user_name(user):
        raise refused()
    access = ServerAccess(place.for_user(person_role(place.role_prefix, user)), passphrase)
    if clock is not system_clock:
        access.demo_clock = clock
    engine = open_postgresql(access)
    try:
        with calling(engine) as connection:
            answer = ask(connection)
        mark = None if is_making else read_mark(answer.mark)
        if mark is not None:
            raise unfinished(place.label, mark)
        return _admitted(engine, access, answer.answer, clock=clock)
    except ServerAccessDenied:
        engine.dispose()
        raise refused() from None
    except (GuardRefused, RegistryBusy, RightsRefused):
        # One that is not finished has no people yet, and whoever makes it holds its tables.
        _require_finished(engine, place)
        engine.dispose()
        raise
    except BaseException:
        engine.dispose()
        raise


def _require_finished(engine: Engine, place: ServerPlace) -> None:
    with calling(engine) as connection:
        mark = read_mark(connection.execute(_MARK).scalar())
    if mark is not None:
        engine.dispose()
        raise unfinished(place.label, mark)


def _admitted(engine: Engine, access: ServerAccess, answer: Any, *, clock: Clock) -> SignedIn:
    if not isinstance(answer, dict):
        raise not_a_registry(access)
    if not answer["ok"]:
        raise _refusal(answer)
    access.begin_session(resuming(answer["token"]))
    registry = registry_of(
        engine, access, answer["registry"], revision=answer["revision"], clock=clock
    )
    person = answer["person"]
    actor = Actor(person["id"], person["user_name"], person["name"], Role(person["role"]))
    return SignedIn(registry, actor)


def _refusal(answer: dict[str, Any]) -> SignInRefused:
    """Make the answer to a sign-in that was not admitted, in the words of a registry file."""
    if answer.get("was_tried", True):
        return refused()
    if answer["is_locked"]:
        return SignInLocked(
            f"Sign-in is locked after {answer['failures']} failed attempts in a row.",
            hint="Ask an administrator to unlock it.",
        )
    return SignInLocked(
        f"Too many failed attempts: the next one is possible in {answer['wait_s']} s.",
        hint=f"Wait {answer['wait_s']} seconds, then try again.",
    )


def _sent(code: str) -> str:
    """Give a code as the server reads it: figures of any script as 0 to 9."""
    if len(code) > _LONGEST_CODE:
        raise UsageError(
            "A one-time code has six figures.", hint="Type the six figures of your app."
        )
    return code if looks_like_recovery_code(code) else read_code(code)
