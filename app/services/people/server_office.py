"""People of a registry on a server: functions of the database make their rows and roles.

Owns calling them. Each checks the administrator anew, logs and is lasting when it returns; all are
one round trip, but a revocation, which looks once more who is still connected. Secrets, codes and
verifiers are drawn here, so that no passphrase travels.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

import pyotp
from sqlalchemy import Connection, text

from app.models.errors import ServerAccessDenied
from app.models.storage.postgresql import ServerAccess, open_postgresql, scram_verifier
from app.models.storage.server_roles import person_role
from app.models.storage.unit_of_work import calling, reading
from app.services.people.enrolment import EnrolledPerson, enrolment_uri
from app.services.people.key_slot_access import refused
from app.services.people.networked_sign_in import access_of
from app.services.people.new_person import NewPerson
from app.services.people.recovery_codes import code_digests, draw_recovery_codes
from app.services.registry.context import Actor, OpenRegistry


class ServerOffice:
    """One act for a person of a registry on a server."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self._registry = registry
        self._engine = registry.engine_for(actor)
        self._prefix = access_of(registry).place.role_prefix
        self._reading: AbstractContextManager[Connection] = reading(self._engine)
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        self._connection = self._reading.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._reading.__exit__(kind, error, traceback)

    @property
    def connection(self) -> Connection:
        """What the act's conditions are read through; the function called checks them anew."""
        if self._connection is None:
            raise RuntimeError("the office is not open; enter it with `with`")
        return self._connection

    def add(self, person: NewPerson) -> EnrolledPerson:
        """Add the person's row and role."""
        secret, codes = pyotp.random_base32(), draw_recovery_codes()
        self._call(
            "teak.add_person(:user, :name, :email, :role, :secret, :digests, :verifier)",
            user=person.user_name,
            name=person.name,
            email=person.email,
            role=str(person.role),
            secret=secret,
            digests=code_digests(codes),
            verifier=self._verifier(person.user_name, person.passphrase),
        )
        return EnrolledPerson(
            user=person.user_name,
            role=person.role,
            enrolment_uri=self._uri(secret, person.user_name),
            recovery_codes=codes,
        )

    def revoke(self, person: Actor, *, is_active: bool, reason: str) -> None:
        """Revoke the person, close their role, and end their connections."""
        del is_active  # The function finds out for itself.
        self._call("teak.revoke_person(:user, :reason)", user=person.user_name, reason=reason)
        # Whoever connected again before that was lasting may hold an act open, to end it later.
        self._call("teak.revoke_person(:user, :reason)", user=person.user_name, reason=reason)

    def enrol_again(self, person: Actor) -> EnrolledPerson:
        """Give a new secret and new recovery codes."""
        secret, codes = pyotp.random_base32(), draw_recovery_codes()
        self._call(
            "teak.enrol_again(:user, :secret, :digests)",
            user=person.user_name,
            secret=secret,
            digests=code_digests(codes),
        )
        return EnrolledPerson(
            user=person.user_name,
            role=person.role,
            enrolment_uri=self._uri(secret, person.user_name),
            recovery_codes=codes,
        )

    def reset_failures(self, person: Actor) -> None:
        """Forget the failures that the server counted."""
        self._call("teak.reset_failures(:user)", user=person.user_name)

    def reset_passphrase(self, person: Actor, new: str) -> None:
        """Give the person's role another verifier."""
        self._call(
            "teak.reset_passphrase(:user, :verifier)",
            user=person.user_name,
            verifier=self._verifier(person.user_name, new),
        )

    def _call(self, function: str, **values: Any) -> None:
        with calling(self._engine) as connection:
            connection.execute(text(f"SELECT {function}"), values)

    def _verifier(self, user_name: str, passphrase: str) -> str:
        driver: Any = self.connection.connection.driver_connection
        return scram_verifier(
            driver, role=person_role(self._prefix, user_name), passphrase=passphrase
        )

    def _uri(self, secret: str, user_name: str) -> str:
        return enrolment_uri(secret, user_name=user_name, registry_name=self._registry.name_en)


def change_verifier(registry: OpenRegistry, actor: Actor, *, old: str, new: str) -> None:
    """Change one's own passphrase through a connection that `old` opens just now.

    Raises SignInRefused when it does not.
    """
    own = registry.colleagues.get(actor.user_name, registry)
    access = access_of(own)
    fresh = ServerAccess(access.place, old, resume=access.resume, demo_clock=access.demo_clock)
    engine = open_postgresql(fresh, is_pooled=False)
    try:
        with calling(engine) as connection:
            driver: Any = connection.connection.driver_connection
            verifier = scram_verifier(driver, role=access.place.user, passphrase=new)
            connection.execute(
                text("SELECT teak.change_passphrase(:verifier)"), {"verifier": verifier}
            )
    except ServerAccessDenied:
        raise refused() from None
    finally:
        engine.dispose()
    access.passphrase = new


def standing_on_server(registry: OpenRegistry, user: str) -> dict[str, Any]:
    """Read how a user name stands at sign-in, as the server counts."""
    with calling(registry.engine) as connection:
        found = connection.execute(
            text("SELECT teak.sign_in_standing(:user)"), {"user": user}
        ).scalar_one()
    return found or {"failures": 0, "wait_s": 0, "is_locked": False}
