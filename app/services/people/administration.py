"""What an administrator does for people: add, revoke, enrol again, set a passphrase.

Owns keeping database, key slots and log in step: the slot changes last inside the unit of
work, and a slot begun is taken back when the work fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, select, update

from app.models.codes import PersonState, Role
from app.models.errors import NotFound, UsageError
from app.models.plain_text import require_plain_text
from app.models.storage.key_slots import add_slot, has_slot, remove_slot, set_passphrase
from app.models.storage.sign_in_counts import clear_failures
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Person
from app.services.checks.refusals import refuse
from app.services.log.append import append_entry
from app.services.people.administrators import require_administrator
from app.services.people.enrolment import EnrolledPerson, add_person_row, enrol_again
from app.services.people.key_slot_access import file_of, require_passphrase_of
from app.services.people.new_person import (
    NewPerson,
    fold_user_name,
    require_new_person,
    require_passphrase,
)
from app.services.registry.context import Actor, OpenRegistry


def add_person(registry: OpenRegistry, actor: Actor, person: NewPerson) -> EnrolledPerson:
    """Give somebody a role, a key slot and one-time codes; what they must be given is returned.

    Raises RulesBroken when the actor is no administrator, UsageError for a name that is taken
    or a value that cannot be used.
    """
    person = require_new_person(person, is_demo=registry.is_demo)
    file = file_of(registry)
    with UnitOfWork(registry.engine) as unit:
        require_administrator(unit.connection, actor)
        _require_free_name(unit.connection, person.user_name)
        _, enrolled = add_person_row(
            unit.connection, person, registry_name=registry.name_en, now=registry.now()
        )
        body = {"user": person.user_name, "role": str(person.role)}
        _log(unit.connection, registry, actor, "person-added", body)
        # A slot of a name the registry does not know is left over from an add that crashed.
        if has_slot(file.path, user=person.user_name):
            remove_slot(file.path, user=person.user_name)
        add_slot(file.path, file.key, user=person.user_name, passphrase=person.passphrase)
        with _taking_back_slot(registry, person.user_name):
            unit.commit()
    return enrolled


def revoke_person(registry: OpenRegistry, actor: Actor, user: str, *, reason: str) -> None:
    """Take a person's right to sign in and their key slot; what they did stays theirs.

    Asked again for somebody revoked already, it only makes sure that the slot is gone. Raises
    RulesBroken for oneself, without a reason, or when the actor is no administrator.
    """
    path = file_of(registry).path
    reason = require_plain_text(reason, what="reason")
    with UnitOfWork(registry.engine) as unit:
        require_administrator(unit.connection, actor)
        person, state = _get_person(unit.connection, user)
        _require_revocable(actor, person, reason)
        if state is PersonState.ACTIVE:
            unit.connection.execute(
                update(Person).where(Person.id == person.id).values(state=str(PersonState.REVOKED))
            )
            body = {"user": person.user_name, "reason": reason}
            _log(unit.connection, registry, actor, "person-revoked", body)
            unit.commit()
    # The registry refuses the person from here on, so the slot may go in its own time.
    if has_slot(path, user=person.user_name):
        remove_slot(path, user=person.user_name)


def enrol_person_again(registry: OpenRegistry, actor: Actor, user: str) -> EnrolledPerson:
    """Give a person who lost their authenticator a new secret and new recovery codes."""
    with _administering(registry, actor, user, "person-enrolled-again") as (unit, person):
        enrolled = enrol_again(unit.connection, person, registry_name=registry.name_en)
        unit.commit()
    return enrolled


def reset_failures(registry: OpenRegistry, actor: Actor, user: str) -> None:
    """Forget a person's failed sign-ins, so that they may try again at once."""
    path = file_of(registry).path
    with _administering(registry, actor, user, "sign-in-failures-reset") as (unit, person):
        clear_failures(path, user=person.user_name)
        unit.commit()


def reset_passphrase(registry: OpenRegistry, actor: Actor, user: str, *, new: str) -> None:
    """Give a person who forgot their passphrase a new one; their one-time codes stay."""
    file = file_of(registry)
    with _administering(registry, actor, user, "passphrase-reset") as (unit, person):
        require_passphrase(new, user_name=person.user_name, is_demo=registry.is_demo)
        set_passphrase(file.path, file.key, user=person.user_name, passphrase=new)
        unit.commit()


def change_passphrase(registry: OpenRegistry, actor: Actor, *, old: str, new: str) -> None:
    """Change one's own passphrase; SignInRefused, and counted, when `old` is not right."""
    file = file_of(registry)
    require_passphrase(new, user_name=actor.user_name, is_demo=registry.is_demo)
    require_passphrase_of(registry, user=actor.user_name, passphrase=old)
    with UnitOfWork(registry.engine) as unit:
        body = {"user": actor.user_name}
        _log(unit.connection, registry, actor, "passphrase-changed", body)
        set_passphrase(file.path, file.key, user=actor.user_name, passphrase=new)
        unit.commit()


@contextmanager
def _administering(
    registry: OpenRegistry, actor: Actor, user: str, kind: str
) -> Iterator[tuple[UnitOfWork, Actor]]:
    """Begin an administrator's act for an active person, logged; the caller commits it."""
    with UnitOfWork(registry.engine) as unit:
        require_administrator(unit.connection, actor)
        person, state = _get_person(unit.connection, user)
        if state is PersonState.REVOKED:
            raise UsageError(
                f"“{person.user_name}” has been revoked.",
                hint="A revoked person stays so; add them under another user name.",
            )
        _log(unit.connection, registry, actor, kind, {"user": person.user_name})
        yield unit, person


@contextmanager
def _taking_back_slot(registry: OpenRegistry, user: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        remove_slot(file_of(registry).path, user=user)
        raise


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


def _log(
    connection: Connection, registry: OpenRegistry, actor: Actor, kind: str, body: dict[str, Any]
) -> None:
    append_entry(connection, kind, at=registry.now(), persons={"done": actor.user_name}, body=body)
