"""Creating a registry on a PostgreSQL server: roles, schema, first rows, people, worker's file.

Owns the order of it all. It is done by somebody who may make roles and a schema (`owner`); what
fails leaves no schema and no role behind. Passphrases stay here: the server gets verifiers.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Engine, text

from app.models.errors import RegistryExists, UsageError
from app.models.guards.postgresql_0002.rights import WITHOUT_LARGE_OBJECTS
from app.models.guards.postgresql_0003 import rights
from app.models.server_place import ServerPlace, part_password, read_server_place
from app.models.storage.postgresql import (
    PATIENT_DEADLINES,
    ServerAccess,
    open_postgresql,
    scram_verifier,
)
from app.models.storage.server_connection import ServerConnection
from app.models.storage.server_roles import (
    OLDEST_SERVER,
    drop_roles,
    make_person_role,
    make_roles,
    owner_role,
    person_role,
    roles_exist,
    schema_exists,
    worker_role,
)
from app.models.storage.unit_of_work import UnitOfWork, calling, reading
from app.services.people.new_person import NewPerson, require_people
from app.services.registry.context import Clock, OpenRegistry, system_clock
from app.services.registry.creating import CreatedRegistry
from app.services.registry.entry_writer import FirstEntryQueue
from app.services.registry.first_content import FirstContent, NewRegistry, require_registry
from app.services.registry.settings import LONGEST_IDLE_MINUTES
from app.services.registry.worker_file import WorkerFile, new_worker_file, write_worker_file

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
) -> CreatedRegistry:
    """Create a registry in the database at `place`, which holds none; it is made when missing.

    `owner` is somebody who may make roles and a schema, by way of a database of theirs. What is
    returned is open with the owner's access: for reading what was made, not for acts.
    Raises UsageError for people or names that cannot be used, RegistryExists, and the storage
    errors of the connection; then nothing is left.
    """
    new = require_registry(new)
    people = require_people(people, is_demo=new.is_demo)
    owner = at_database(owner, place)
    engine = open_postgresql(owner, is_pooled=False, is_pipelined=False)
    require_free_place(engine, place)
    prefix, registry_id = place.role_prefix, str(uuid.uuid4())
    worker = new_worker_file(registry_id=registry_id, role=worker_role(prefix))
    content = FirstContent(new, people, clock(), role_prefix=prefix, secret=worker.secret)
    write_worker_file(worker_file, worker)
    try:
        _make(engine, owner, prefix, worker, content, people)
    except BaseException:
        worker_file.unlink(missing_ok=True)
        with UnitOfWork(engine) as unit:
            drop_roles(unit.connection, prefix)
            unit.commit()
        raise
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


def at_database(owner: ServerAccess, place: ServerPlace) -> ServerAccess:
    """Give the owner's access to the registry's own database, made now where it is missing."""
    there = replace(owner, place=replace(owner.place, database=place.database))
    there.deadlines = PATIENT_DEADLINES
    if owner.place.database == place.database:
        return there
    with calling(open_postgresql(owner, is_pooled=False)) as connection:
        names = {"name": place.database}
        found = connection.execute(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), names
        ).first()
        if found is None:
            quoted = connection.execute(text("SELECT quote_ident(:name)"), names).scalar_one()
            connection.exec_driver_sql(
                f"CREATE DATABASE {quoted} ENCODING 'UTF8' TEMPLATE template0"
            )
    return there


def require_free_place(engine: Engine, place: ServerPlace) -> None:
    """Refuse a database that holds a registry, a prefix that is taken, and an older server."""
    with reading(engine) as connection:
        driver: Any = connection.connection.driver_connection
        version = driver.info.server_version // 10000
        if version < OLDEST_SERVER:
            raise UsageError(
                f"The server is PostgreSQL {version}.",
                hint=f"Teak needs version {OLDEST_SERVER} or newer.",
            )
        if schema_exists(connection):
            raise RegistryExists(
                f'The database "{place.label}" holds a registry already, or one that was cut off '
                "while it was created or copied.",
                hint="Create another database for a new one; of one that was cut off, drop the "
                "database and its roles first.",
            )
        if roles_exist(connection, place.role_prefix):
            raise RegistryExists(
                f"The server has roles that begin with “{place.role_prefix}_” already.",
                hint="They are another registry's. Choose another beginning: add "
                "?prefix=NAME to the address.",
            )


def _make(
    engine: Engine,
    owner: ServerAccess,
    prefix: str,
    worker: WorkerFile,
    content: FirstContent,
    people: tuple[NewPerson, ...],
) -> None:
    # Alembic costs a tenth of a second to import; only those who create wait for it.
    from app.models.storage.migrate import upgrade

    with owner.connect() as verifying:
        verify = _verifier(verifying)
        with UnitOfWork(engine) as unit:
            made = verify(worker.role, worker.password)
            make_roles(unit.connection, prefix=prefix, worker_verifier=made)
            unit.commit()
        as_owner = open_postgresql(
            owner, role=owner_role(prefix), is_pooled=False, is_pipelined=False
        )
        upgrade(as_owner)
        give_rights(engine, prefix)
        with UnitOfWork(as_owner) as unit:
            log = FirstEntryQueue(unit.connection)
            content.write(unit.connection, log, worker.registry_id)
            log.flush()
            for person in people:
                make_person_role(
                    unit.connection,
                    prefix=prefix,
                    user_name=person.user_name,
                    group=str(person.role),
                    verifier=verify(person_role(prefix, person.user_name), person.passphrase),
                )
            unit.commit()


def _verifier(connection: ServerConnection) -> Callable[[str, str], str]:
    def verify(role: str, passphrase: str) -> str:
        return scram_verifier(connection, role=role, passphrase=passphrase)

    return verify


def give_rights(engine: Engine, prefix: str) -> None:
    """Give the registry's roles their rights, as whoever may grant them."""
    with UnitOfWork(engine) as unit:
        # Without parameters a percent sign is one.
        plain = unit.connection.execution_options(no_parameters=True)
        for statement in (*rights(prefix), WITHOUT_LARGE_OBJECTS):
            plain.exec_driver_sql(statement)
        unit.commit()
