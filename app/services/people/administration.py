"""What an administrator does for people: add, revoke, enrol again, set a passphrase.

Owns what must be true of such an act. Carrying it out is an office's: a registry file has key
slots (`key_slot_office`), a server has roles (`server_office`).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, select

from app.models.codes import PersonState, Role
from app.models.errors import NotFound, UsageError
from app.models.plain_text import require_plain_text
from app.models.tables import Person
from app.services.checks.refusals import refuse
from app.services.people.administrators import require_administrator
from app.services.people.enrolment import EnrolledPerson
from app.services.people.new_person import (
    NewPerson,
    fold_user_name,
    require_new_person,
    require_passphrase,
)
from app.services.registry.context import Actor, OpenRegistry


class Office(Protocol):
    """Where people are kept; each method carries out one act, logged, and makes it lasting.

    `connection` reads the registry as the act finds it, while the office is open.
    """

    @property
    def connection(self) -> Connection:
        """What the act's conditions are read through."""

    def add(self, person: NewPerson) -> EnrolledPerson:
        """Add a person with a passphrase, a secret and recovery codes."""

    def revoke(self, person: Actor, *, is_active: bool, reason: str) -> None:
        """Take a person's right to sign in; for one revoked already, see that it is gone."""

    def enrol_again(self, person: Actor) -> EnrolledPerson:
        """Give a person a new secret and new recovery codes."""

    def reset_failures(self, person: Actor) -> None:
        """Forget a person's failed sign-ins."""

    def reset_passphrase(self, person: Actor, new: str) -> None:
        """Give a person a new passphrase."""


def add_person(registry: OpenRegistry, actor: Actor, person: NewPerson) -> EnrolledPerson:
    """Give somebody a role, a passphrase and one-time codes; what they must be given is returned.

    Raises RulesBroken when the actor is no administrator, UsageError for a name that is taken
    or a value that cannot be used.
    """
    person = require_new_person(person, is_demo=registry.is_demo)
    with _office(registry, actor) as office:
        require_administrator(office.connection, actor)
        _require_free_name(office.connection, person.user_name)
        return office.add(person)


def revoke_person(registry: OpenRegistry, actor: Actor, user: str, *, reason: str) -> None:
    """Take a person's right to sign in and their passphrase; what they did stays theirs.

    Asked again for somebody revoked already, it only makes sure that the passphrase opens
    nothing. Raises RulesBroken for oneself, without a reason, or when the actor is no
    administrator.
    """
    reason = require_plain_text(reason, what="reason")
    with _office(registry, actor) as office:
        require_administrator(office.connection, actor)
        person, state = _get_person(office.connection, user)
        _require_revocable(actor, person, reason)
        office.revoke(person, is_active=state is PersonState.ACTIVE, reason=reason)


def enrol_person_again(registry: OpenRegistry, actor: Actor, user: str) -> EnrolledPerson:
    """Give a person who lost their authenticator a new secret and new recovery codes."""
    with _office(registry, actor) as office:
        return office.enrol_again(_require_active(office.connection, actor, user))


def reset_failures(registry: OpenRegistry, actor: Actor, user: str) -> None:
    """Forget a person's failed sign-ins, so that they may try again at once."""
    with _office(registry, actor) as office:
        office.reset_failures(_require_active(office.connection, actor, user))


def reset_passphrase(registry: OpenRegistry, actor: Actor, user: str, *, new: str) -> None:
    """Give a person who forgot their passphrase a new one; their one-time codes stay."""
    with _office(registry, actor) as office:
        person = _require_active(office.connection, actor, user)
        require_passphrase(new, user_name=person.user_name, is_demo=registry.is_demo)
        office.reset_passphrase(person, new)


def change_passphrase(registry: OpenRegistry, actor: Actor, *, old: str, new: str) -> None:
    """Change one's own passphrase; SignInRefused when `old` is not right."""
    require_passphrase(new, user_name=actor.user_name, is_demo=registry.is_demo)
    if registry.server is None:
        from app.services.people.key_slot_office import change_slot

        change_slot(registry, actor, old=old, new=new)
    else:
        from app.services.people.server_office import change_verifier

        change_verifier(registry, actor, old=old, new=new)


def _office(registry: OpenRegistry, actor: Actor) -> AbstractContextManager[Office]:
    if registry.server is None:
        from app.services.people.key_slot_office import KeySlotOffice

        return KeySlotOffice(registry, actor)
    from app.services.people.server_office import ServerOffice

    return ServerOffice(registry, actor)


def _require_active(connection: Connection, actor: Actor, user: str) -> Actor:
    require_administrator(connection, actor)
    person, state = _get_person(connection, user)
    if state is PersonState.REVOKED:
        raise UsageError(
            f"“{person.user_name}” has been revoked.",
            hint="A revoked person stays so; add them under another user name.",
        )
    return person


def _get_person(connection: Connection, user: str) -> tuple[Actor, PersonState]:
    row = connection.execute(
        select(Person.id, Person.user_name, Person.name, Person.role, Person.state).where(
            Person.user_name == fold_user_name(user)
        )
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"There is no person “{user}” in this registry.", hint="`teak people` lists them."
        )
    return Actor(row.id, row.user_name, row.name, Role(row.role)), PersonState(row.state)


def _require_free_name(connection: Connection, user_name: str) -> None:
    taken = connection.execute(select(Person.id).where(Person.user_name == user_name))
    if taken.one_or_none() is not None:
        raise UsageError(
            f"The user name “{user_name}” is taken, or was once.",
            hint="Choose another; a user name stands for one person for ever.",
        )


def _require_revocable(actor: Actor, person: Actor, reason: str) -> None:
    if person.id == actor.id:
        raise refuse(9421, user=actor.user_name)
    if not reason:
        raise refuse(9422)
