"""From an empty database to a registry on a server: the frame that creating and copying share.

Owns the order (lock, remnants, roles with the mark, worker's file, tables, rights) and that what
fails leaves nothing, and what is killed only what the next one takes away. What stands in the
tables is the caller's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from app.models.errors import RegistryExists, StorageError, UsageError
from app.models.guards.postgresql_0002.rights import WITHOUT_LARGE_OBJECTS
from app.models.guards.postgresql_0003 import rights
from app.models.server_place import ServerPlace
from app.models.storage.postgresql import (
    PATIENT_DEADLINES,
    ServerAccess,
    open_postgresql,
    scram_verifier,
)
from app.models.storage.server_marks import (
    Unfinished,
    find_unfinished,
    hold_making,
    mark_unfinished,
    remove_unfinished_registry,
)
from app.models.storage.server_roles import (
    OLDEST_SERVER,
    make_roles,
    owner_role,
    person_role,
    roles_exist,
    schema_exists,
)
from app.models.storage.translate import translating
from app.models.storage.unfinished_files import remove_unfinished
from app.models.storage.unit_of_work import UnitOfWork, calling, reading
from app.services.registry.worker_file import (
    WorkerFile,
    find_worker_file,
    write_worker_file,
)

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ground:
    """A registry in the making: tables and rights are there, no row and no person yet.

    Whoever fills it takes the mark away (`mark_finished`) in their last transaction.
    """

    owner: ServerAccess
    as_owner: Engine
    verify: Callable[[str, str], str]
    """Gives what the server keeps of a passphrase: of a user name and their passphrase."""


@contextmanager
def making_on_server(
    place: ServerPlace,
    *,
    owner: ServerAccess,
    mark: Unfinished,
    worker: WorkerFile,
    worker_file: Path,
    told: Told = lambda _sentence: None,
) -> Iterator[Ground]:
    """Make the ground for a registry in the database at `place`, which may hold none.

    What another one that was cut off left there is taken away first. When the block fails,
    nothing is left, neither schema nor role nor worker's file, unless the registry was finished.
    Raises UsageError, RegistryExists, RegistryBusy and the errors of the connection.
    """
    engine = open_postgresql(owner, is_pooled=False, is_pipelined=False)
    _require_version(engine)
    with translating(place.label):
        holding = owner.connect()
    with holding:
        hold_making(holding, place.label)
        _take_remnants_away(engine, place, worker_file, told)
        _require_free(engine, place)
        _require_free_name(worker_file)

        def verify(role: str, passphrase: str) -> str:
            return scram_verifier(holding, role=role, passphrase=passphrase)

        try:
            yield _ground(engine, owner, mark, worker, worker_file, verify)
        except BaseException:
            with suppress(StorageError):
                _take_remnants_away(engine, place, worker_file, lambda _sentence: None)
            raise


def _ground(
    engine: Engine,
    owner: ServerAccess,
    mark: Unfinished,
    worker: WorkerFile,
    worker_file: Path,
    verify: Callable[[str, str], str],
) -> Ground:
    # Alembic costs a tenth of a second to import; only those who create wait for it.
    from app.models.storage.migrate import upgrade

    prefix = mark.prefix
    with UnitOfWork(engine) as unit:
        made = verify(worker.role, worker.password)
        make_roles(unit.connection, prefix=prefix, worker_verifier=made)
        mark_unfinished(unit.connection, mark)
        unit.commit()
    write_worker_file(worker_file, worker)
    as_owner = open_postgresql(owner, role=owner_role(prefix), is_pooled=False, is_pipelined=False)
    upgrade(as_owner)
    give_rights(engine, prefix)
    return Ground(
        owner,
        as_owner,
        lambda user, passphrase: verify(person_role(prefix, user), passphrase),
    )


def _take_remnants_away(engine: Engine, place: ServerPlace, worker_file: Path, told: Told) -> None:
    """Take away what bears the mark, and the worker's file of the same registry."""
    remove_unfinished(worker_file)
    with reading(engine) as connection:
        mark = find_unfinished(connection)
    if mark is None:
        return
    told(f"Taking away what an unfinished {mark.what} left in {place.label}")

    def remove_worker_file() -> None:
        written = find_worker_file(worker_file)
        if written is not None and written.registry_id == mark.registry_id:
            worker_file.unlink(missing_ok=True)

    # The file first: what is cut off here is still known by its mark.
    remove_unfinished_registry(engine, place.label, first=remove_worker_file)


def give_rights(engine: Engine, prefix: str) -> None:
    """Give the registry's roles their rights, as whoever may grant them."""
    with UnitOfWork(engine) as unit:
        # Without parameters a percent sign is one.
        plain = unit.connection.execution_options(no_parameters=True)
        for statement in (*rights(prefix), WITHOUT_LARGE_OBJECTS):
            plain.exec_driver_sql(statement)
        unit.commit()


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


def require_nobody_s(place: ServerPlace) -> None:
    """Refuse an address that names a person: a new registry is not made as anybody."""
    if place.user:
        raise UsageError(
            f"The address names a user, “{place.user}”: a new registry is nobody's own.",
            hint=f"Leave “{place.user}@” out. Who makes it is named by --owner, its people by "
            "--people.",
        )


def _require_version(engine: Engine) -> None:
    with reading(engine) as connection:
        driver: Any = connection.connection.driver_connection
        version = driver.info.server_version // 10000
    if version < OLDEST_SERVER:
        raise UsageError(
            f"The server is PostgreSQL {version}.",
            hint=f"Teak needs version {OLDEST_SERVER} or newer.",
        )


def _require_free(engine: Engine, place: ServerPlace) -> None:
    """Refuse a database that holds a registry, and a prefix that is taken."""
    with reading(engine) as connection:
        if schema_exists(connection):
            raise RegistryExists(
                f'The database "{place.label}" holds a registry already.',
                hint="Create another database for a new one; a registry is never replaced.",
            )
        if roles_exist(connection, place.role_prefix):
            raise RegistryExists(
                f"The server has roles that begin with “{place.role_prefix}_” already.",
                hint="They are another registry's. Choose another beginning: add "
                "?prefix=NAME to the address.",
            )


def _require_free_name(worker_file: Path) -> None:
    if os.path.lexists(worker_file):
        raise RegistryExists(
            f'There is a file "{worker_file}" already.',
            hint="Name another place for the worker's file with --worker-file FILE.",
        )
