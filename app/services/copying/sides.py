"""What a registry is copied from and to: an open engine, and what opens its signing keys.

Owns reading whose registry a source is, and who of its people needs a passphrase anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, func, select

from app.models.codes import PersonState
from app.models.errors import TeakError, UsageError
from app.models.storage.server_marks import require_finished
from app.models.storage.unit_of_work import place_of, reading
from app.models.tables import LogQueue, Person, RegistryRow


class CannotCopy(TeakError):
    """The registry cannot be copied as it is; nothing was written."""

    code = "cannot-copy"


@dataclass(frozen=True, slots=True)
class Source:
    """A registry to copy from. `secret` opens the signing keys of a networked one."""

    engine: Engine
    secret: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: log entries and rows of all tables, each compared with its source."""

    entries: int
    rows: int
    root: str


@dataclass(frozen=True, slots=True)
class MovedPerson:
    """Somebody who signs in to the copy: user name and role."""

    user_name: str
    role: str


@dataclass(frozen=True, slots=True)
class MovedRegistry:
    """Whose registry a source is, and who of its people may sign in."""

    registry_id: str
    country: str
    is_demo: bool
    people: tuple[MovedPerson, ...]


def read_source(source: Source) -> MovedRegistry:
    """Read whose registry it is; CannotCopy while entries wait to be sealed.

    Raises UnfinishedRegistry for one on a server that is no whole registry yet.
    """
    with reading(source.engine) as connection:
        if connection.dialect.name == "postgresql":
            require_finished(connection, place_of(source.engine) or "")
        require_sealed(connection)
        row = connection.execute(
            select(RegistryRow.registry_id, RegistryRow.country, RegistryRow.is_demo)
        ).one()
        people = connection.execute(
            select(Person.user_name, Person.role)
            .where(Person.state == str(PersonState.ACTIVE))
            .order_by(Person.id)
        )
        return MovedRegistry(
            row.registry_id,
            row.country,
            bool(row.is_demo),
            tuple(MovedPerson(person.user_name, person.role) for person in people),
        )


def require_sealed(connection: Connection) -> None:
    """Refuse a source whose queue is not empty: a copy's log must be whole."""
    waiting = connection.execute(select(func.count(LogQueue.id))).scalar_one()
    if waiting:
        raise CannotCopy(
            f"{waiting:,} entries of the log wait to be sealed.",
            hint="Run `teak work --once` on the source, then copy it.",
        )


def require_passphrases(moved: MovedRegistry, passphrases: Mapping[str, str]) -> None:
    """Refuse when somebody who may sign in has no passphrase: UsageError names them."""
    for person in moved.people:
        if not passphrases.get(person.user_name):
            raise UsageError(
                f"No passphrase was given for {person.user_name}.",
                hint="Passphrases cannot be copied: give everybody a new one for the copy.",
            )
