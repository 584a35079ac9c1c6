"""Creating a registry on a PostgreSQL server: roles, schema, first rows, people, worker's file.

Owns what a new registry begins with, and migrating one; the frame is `making_networked`. It is
done by somebody who may make roles and a schema (`owner`). Passphrases stay here: the server gets
verifiers.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from app.models.server_place import ServerPlace, part_password, read_server_place
from app.models.storage.postgresql import PATIENT_DEADLINES, ServerAccess, open_postgresql
from app.models.storage.server_marks import Making, Unfinished, mark_finished, require_finished
from app.models.storage.server_roles import make_person_role, owner_role, worker_role
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.people.new_person import NewPerson, require_people
from app.services.registry.context import Clock, OpenRegistry, system_clock
from app.services.registry.creating import CreatedRegistry
from app.services.registry.entry_writer import FirstEntryQueue
from app.services.registry.first_content import FirstContent, NewRegistry, require_registry
from app.services.registry.making_networked import (
    Ground,
    Told,
    at_database,
    give_rights,
    making_on_server,
    require_nobody_s,
)
from app.services.registry.settings import LONGEST_IDLE_MINUTES
from app.services.registry.worker_file import WorkerFile, new_worker_file

OwnerAccess: TypeAlias = ServerAccess
"""The access of somebody who may make roles and schemas on the server."""


def create_networked_registry(
    place: ServerPlace,
    *,
    owner: ServerAccess,
    new: NewRegistry,
    people: Sequence[NewPerson],
    worker_file: Path,
    clock: Clock = system_clock,
    fill: Callable[[ServerPlace, WorkerFile], None] | None = None,
    told: Told = lambda _sentence: None,
) -> CreatedRegistry:
    """Create a registry in the database at `place`, which holds none; it is made when missing.

    `owner` is somebody who may make roles and a schema, by way of a database of theirs; `fill`
    puts a demonstration's scene in before anybody may open it. What is returned is open with
    the owner's access: for reading what was made, not for acts. What one that was cut off left
    at the place is taken away. Raises UsageError for an address, people or names that cannot be
    used, RegistryExists, RegistryBusy, and the storage errors of the connection; then nothing is
    left.
    """
    require_nobody_s(place)
    new = require_registry(new)
    people = require_people(people, is_demo=new.is_demo)
    prefix, registry_id = place.role_prefix, str(uuid.uuid4())
    worker = new_worker_file(registry_id=registry_id, role=worker_role(prefix))
    content = FirstContent(new, people, clock(), role_prefix=prefix, secret=worker.secret)
    what = Making.CREATION if fill is None else Making.DEMONSTRATION
    making = making_on_server(
        place,
        owner=at_database(owner, place),
        mark=Unfinished(what, registry_id, prefix),
        worker=worker,
        worker_file=worker_file,
        told=told,
    )
    with making as ground:
        owner = ground.owner
        _write(ground, prefix, registry_id, content, people, is_all=fill is None)
        if fill is not None:
            fill(place, worker)
            with UnitOfWork(ground.as_owner) as unit:
                mark_finished(unit.connection)
                unit.commit()
    registry = OpenRegistry(
        engine=open_postgresql(owner, role=owner_role(prefix)),
        registry_id=registry_id,
        country=new.country,
        name_en=new.name_en,
        name_th=new.name_th,
        is_demo=new.is_demo,
        idle_lock_minutes=LONGEST_IDLE_MINUTES,
        label=place.label,
        clock=clock,
        server=owner,
    )
    return CreatedRegistry(registry, content.public_key_pem, tuple(content.enrolled))


def migrate_networked_registry(place: ServerPlace, *, owner: ServerAccess) -> tuple[str, str]:
    """Run the migrations a registry lacks and give its roles their rights anew.

    Gives the revision before and after. Raises NewerRegistry and the errors of the connection.
    """
    from app.models.storage.migrate import current_revision, upgrade

    owner = at_database(owner, place)
    prefix = place.role_prefix
    as_owner = open_postgresql(owner, role=owner_role(prefix), is_pooled=False, is_pipelined=False)
    with reading(as_owner) as connection:
        require_finished(connection, place.label)
    before = current_revision(as_owner)
    upgrade(as_owner)
    give_rights(open_postgresql(owner, is_pooled=False, is_pipelined=False), prefix)
    return str(before), str(current_revision(as_owner))


def owner_access(text: str, *, passphrase: str = "") -> ServerAccess:
    """Read the address of somebody who may make roles; its password stays out of all messages.

    Without one, libpq looks into the file and the variable of its own (`~/.pgpass`).
    """
    address, password = part_password(text)
    return ServerAccess(
        read_server_place(address),
        password or passphrase,
        deadlines=PATIENT_DEADLINES,
        requires_scram=False,
    )


def _write(
    ground: Ground,
    prefix: str,
    registry_id: str,
    content: FirstContent,
    people: tuple[NewPerson, ...],
    *,
    is_all: bool,
) -> None:
    """Write the first rows and make the people's roles; it is finished with them if that is all."""
    with UnitOfWork(ground.as_owner) as unit:
        log = FirstEntryQueue(unit.connection)
        content.write(unit.connection, log, registry_id)
        log.flush()
        for person in people:
            make_person_role(
                unit.connection,
                prefix=prefix,
                user_name=person.user_name,
                group=str(person.role),
                verifier=ground.verify(person.user_name, person.passphrase),
            )
        if is_all:
            mark_finished(unit.connection)
        unit.commit()
