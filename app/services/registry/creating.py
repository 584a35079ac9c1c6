"""Creating an embedded registry: its file, its key slots, then what every registry begins with.

Owns the order of it all, in one unit of work after the migration. Whatever fails leaves no
file behind. A registry on a server is created by `creating_networked`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.models.storage.key_slots import add_slot
from app.models.storage.key_wrapping import LIGHT, STANDARD, KdfProfile
from app.models.storage.registry_file import RegistryFile, create_registry_file
from app.models.storage.unit_of_work import UnitOfWork
from app.services.log.append import LogWriter
from app.services.people.enrolment import EnrolledPerson
from app.services.people.new_person import NewPerson, require_people
from app.services.registry.context import Clock, OpenRegistry, system_clock
from app.services.registry.first_content import FirstContent, NewRegistry, require_registry
from app.services.registry.settings import LONGEST_IDLE_MINUTES

__all__ = ["CreatedRegistry", "NewRegistry", "create_registry"]


@dataclass(frozen=True, slots=True)
class CreatedRegistry:
    """A new registry, open, with what its people must be given once and for all."""

    registry: OpenRegistry
    public_key_pem: bytes
    people: tuple[EnrolledPerson, ...] = field(repr=False)


def create_registry(
    path: Path,
    *,
    new: NewRegistry,
    people: Sequence[NewPerson],
    clock: Clock = system_clock,
    profile: KdfProfile | None = None,
) -> CreatedRegistry:
    """Create a registry with its first people; it is open when this returns.

    `profile` is the cost of guessing a passphrase: by default the standard one, and a light
    one for a demo. Raises UsageError for people or names that cannot be used, and what
    `create_registry_file` raises; then no file is left.
    """
    new = require_registry(new)
    people = require_people(people, is_demo=new.is_demo)
    content = FirstContent(new, people, clock())

    def prepare(file: RegistryFile) -> None:
        _prepare(file, people, content)

    file = create_registry_file(
        path,
        user=people[0].user_name,
        passphrase=people[0].passphrase,
        profile=profile or (LIGHT if new.is_demo else STANDARD),
        prepare=prepare,
    )
    registry = OpenRegistry(
        engine=file.engine,
        registry_id=str(file.registry_id),
        country=new.country,
        name_en=new.name_en,
        name_th=new.name_th,
        is_demo=new.is_demo,
        idle_lock_minutes=LONGEST_IDLE_MINUTES,
        label=file.path.name,
        clock=clock,
        file=file,
    )
    return CreatedRegistry(registry, content.public_key_pem, tuple(content.enrolled))


def _prepare(file: RegistryFile, people: tuple[NewPerson, ...], content: FirstContent) -> None:
    """Make the tables and write the first rows."""
    # Alembic costs a tenth of a second to import; only those who create wait for it.
    from app.models.storage.migrate import upgrade

    upgrade(file.engine)
    for person in people[1:]:
        add_slot(file.path, file.key, user=person.user_name, passphrase=person.passphrase)
    with UnitOfWork(file.engine) as unit:
        log = LogWriter(unit.connection)
        content.write(unit.connection, log, str(file.registry_id))
        log.flush()
        unit.commit()
