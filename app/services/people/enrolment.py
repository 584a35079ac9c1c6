"""Enrolling a person: their row, one-time-code secret, recovery codes and QR code.

Owns what an authenticator app is given. The key slot is the caller's affair: only they hold
the key. Secrets leave this module once, to be shown to the person.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from sqlalchemy import Connection, insert, update

from app.models.codes import PersonState, Role
from app.models.tables import Person
from app.services.people.new_person import NewPerson
from app.services.people.one_time_code import find_steps
from app.services.people.recovery_codes import replace_recovery_codes
from app.services.registry.context import Actor

QR_MODULE_UNITS = 4
"""How many units wide a module of `render_qr_svg` is; whole multiples of it are drawn sharp."""


@dataclass(frozen=True, slots=True)
class EnrolledPerson:
    """A person just enrolled, with what they must be given once and for all.

    `enrolment_uri` (otpauth://) goes into an authenticator app, as it is or by its QR code.
    """

    user: str
    role: Role
    enrolment_uri: str = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)


def add_person_row(
    connection: Connection, person: NewPerson, *, registry_name: str, now: datetime
) -> tuple[Actor, EnrolledPerson]:
    """Add a person inside a unit of work of the caller's, with secret and recovery codes."""
    secret = pyotp.random_base32()
    result = connection.execute(
        insert(Person).returning(Person.id),
        {
            "user_name": person.user_name,
            "name": person.name,
            "email": person.email,
            "role": str(person.role),
            "state": str(PersonState.ACTIVE),
            "one_time_secret": secret,
            "last_code_step": 0,
            "created_at": now,
        },
    )
    actor = Actor(int(result.scalar_one()), person.user_name, person.name, person.role)
    return actor, _enrolled(connection, actor, secret, registry_name)


def enrol_again(connection: Connection, person: Actor, *, registry_name: str) -> EnrolledPerson:
    """Give a person a new secret and new recovery codes; the old ones are good no longer.

    The step last accepted stays, so that no code of the past comes back to life.
    """
    secret = pyotp.random_base32()
    connection.execute(update(Person).where(Person.id == person.id).values(one_time_secret=secret))
    return _enrolled(connection, person, secret, registry_name)


def enrolment_uri(secret: str, *, user_name: str, registry_name: str) -> str:
    """Write the otpauth:// address that authenticator apps read.

    Source: Key Uri Format of the authenticator apps; the issuer holds no colon there.
    """
    issuer = f"Teak {registry_name}".replace(":", " ").strip()
    return pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=issuer)


def secret_of(uri: str) -> str:
    """Give the secret of an enrolment address, for those who type it instead of scanning."""
    return _authenticator(uri).secret


def code_is_current(uri: str, code: str, *, now: datetime) -> bool:
    """Tell whether an app with this address shows the code about now, without using it up.

    The same drift is allowed as at sign-in. `now` is aware.
    """
    return bool(find_steps(secret_of(uri), code, now=now))


def render_qr_svg(uri: str) -> bytes:
    """Draw the QR code of an enrolment address as SVG, with its quiet zone."""
    import segno

    picture = io.BytesIO()
    code = segno.make(uri, error="m", micro=False)
    code.save(picture, kind="svg", scale=QR_MODULE_UNITS)
    return picture.getvalue()


def _authenticator(uri: str) -> pyotp.TOTP:
    authenticator = pyotp.parse_uri(uri)
    if not isinstance(authenticator, pyotp.TOTP):
        raise TypeError("an enrolment address is for time-based codes")
    return authenticator


def _enrolled(
    connection: Connection, person: Actor, secret: str, registry_name: str
) -> EnrolledPerson:
    return EnrolledPerson(
        user=person.user_name,
        role=person.role,
        enrolment_uri=enrolment_uri(
            secret, user_name=person.user_name, registry_name=registry_name
        ),
        recovery_codes=replace_recovery_codes(connection, person.id),
    )
