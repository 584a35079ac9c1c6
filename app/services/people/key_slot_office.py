"""People of a registry file: their rows and their key slots, changed together.

Owns keeping database, key slots and log in step: the slot changes last inside the unit of work,
and a slot begun is taken back when the work fails. What an act needs, `administration` has
checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, update

from app.models.codes import PersonState
from app.models.storage.key_slots import add_slot, has_slot, remove_slot, set_passphrase
from app.models.storage.sign_in_counts import clear_failures
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Person
from app.services.log.append import append_entry
from app.services.people.enrolment import EnrolledPerson, add_person_row, enrol_again
from app.services.people.key_slot_access import file_of, require_passphrase_of
from app.services.people.new_person import NewPerson
from app.services.registry.context import Actor, OpenRegistry


class KeySlotOffice:
    """One act for a person of a registry file, within one unit of work."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self._registry = registry
        self._actor = actor
        self._file = file_of(registry)
        self._unit = UnitOfWork(registry.engine)

    def __enter__(self) -> Self:
        self._unit.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._unit.__exit__(kind, error, traceback)

    @property
    def connection(self) -> Connection:
        """The unit of work's connection."""
        return self._unit.connection

    def add(self, person: NewPerson) -> EnrolledPerson:
        """Add the row, log it, and add the key slot."""
        _, enrolled = add_person_row(
            self.connection,
            person,
            registry_name=self._registry.name_en,
            now=self._registry.now(),
        )
        self._log("person-added", {"user": person.user_name, "role": str(person.role)})
        path = self._file.path
        # A slot of a name the registry does not know is left over from an add that crashed.
        if has_slot(path, user=person.user_name):
            remove_slot(path, user=person.user_name)
        add_slot(path, self._file.key, user=person.user_name, passphrase=person.passphrase)
        with self._taking_back_slot(person.user_name):
            self._unit.commit()
        return enrolled

    def revoke(self, person: Actor, *, is_active: bool, reason: str) -> None:
        """Revoke the person, then take their slot away."""
        if is_active:
            self.connection.execute(
                update(Person).where(Person.id == person.id).values(state=str(PersonState.REVOKED))
            )
            self._log("person-revoked", {"user": person.user_name, "reason": reason})
            self._unit.commit()
        # The registry refuses the person from here on, so the slot may go in its own time.
        if has_slot(self._file.path, user=person.user_name):
            remove_slot(self._file.path, user=person.user_name)

    def enrol_again(self, person: Actor) -> EnrolledPerson:
        """Give a new secret and new recovery codes."""
        self._log("person-enrolled-again", {"user": person.user_name})
        enrolled = enrol_again(self.connection, person, registry_name=self._registry.name_en)
        self._unit.commit()
        return enrolled

    def reset_failures(self, person: Actor) -> None:
        """Forget the failures counted beside the slots."""
        self._log("sign-in-failures-reset", {"user": person.user_name})
        clear_failures(self._file.path, user=person.user_name)
        self._unit.commit()

    def reset_passphrase(self, person: Actor, new: str) -> None:
        """Make the person's slot anew."""
        self._log("passphrase-reset", {"user": person.user_name})
        set_passphrase(self._file.path, self._file.key, user=person.user_name, passphrase=new)
        self._unit.commit()

    def _log(self, kind: str, body: dict[str, Any]) -> None:
        append_entry(
            self.connection,
            kind,
            at=self._registry.now(),
            persons={"done": self._actor.user_name},
            body=body,
        )

    @contextmanager
    def _taking_back_slot(self, user: str) -> Iterator[None]:
        try:
            yield
        except BaseException:
            remove_slot(self._file.path, user=user)
            raise


def change_slot(registry: OpenRegistry, actor: Actor, *, old: str, new: str) -> None:
    """Change one's own passphrase; SignInRefused, and counted, when `old` is not right."""
    file = file_of(registry)
    require_passphrase_of(registry, user=actor.user_name, passphrase=old)
    with UnitOfWork(registry.engine) as unit:
        append_entry(
            unit.connection,
            "passphrase-changed",
            at=registry.now(),
            persons={"done": actor.user_name},
            body={"user": actor.user_name},
        )
        set_passphrase(file.path, file.key, user=actor.user_name, passphrase=new)
        unit.commit()
