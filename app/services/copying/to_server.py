"""Copying a registry into a new database on a server.

Owns the roles of its people, the worker's file, sequences, and the guards: off for the owner
alone while rows come in, on again before the one transaction commits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from app.models.server_place import ServerPlace
from app.models.storage.postgresql import (
    ServerAccess,
    open_postgresql,
    scram_verifier,
)
from app.models.storage.server_roles import (
    drop_roles,
    make_person_role,
    make_roles,
    owner_role,
    person_role,
    worker_role,
)
from app.models.storage.unit_of_work import UnitOfWork
from app.services.copying.copying import copy_registry
from app.services.copying.rows import Place, Progress, copied_tables
from app.services.copying.sides import (
    Copied,
    MovedRegistry,
    Source,
    read_source,
    require_passphrases,
)
from app.services.registry.creating_networked import (
    at_database,
    give_rights,
    require_free_place,
)
from app.services.registry.worker_file import WorkerFile, new_worker_file, write_worker_file

_SEQUENCES = text(
    "SELECT sequencename FROM pg_sequences WHERE schemaname = 'teak' AND sequencename = ANY(:names)"
)


def copy_to_server(
    source: Source,
    place: ServerPlace,
    *,
    owner: ServerAccess,
    worker_file: Path,
    passphrases: Mapping[str, str],
    progress: Progress | None = None,
) -> Copied:
    """Copy a registry into the database at `place`, which must be there and hold none.

    Raises UsageError, RegistryExists, CannotCopy and the errors of the connection; then nothing
    is left, neither schema nor role nor worker's file.
    """
    moved = read_source(source)
    require_passphrases(moved, passphrases)
    owner = at_database(owner, place)
    engine = open_postgresql(owner, is_pooled=False, is_pipelined=False)
    require_free_place(engine, place)
    prefix = place.role_prefix
    worker = new_worker_file(registry_id=moved.registry_id, role=worker_role(prefix))
    write_worker_file(worker_file, worker)
    try:
        return _make(source, owner, prefix, worker, moved, passphrases, progress)
    except BaseException:
        worker_file.unlink(missing_ok=True)
        with UnitOfWork(engine) as unit:
            drop_roles(unit.connection, prefix)
            unit.commit()
        raise


def _make(
    source: Source,
    owner: ServerAccess,
    prefix: str,
    worker: WorkerFile,
    moved: MovedRegistry,
    passphrases: Mapping[str, str],
    progress: Progress | None,
) -> Copied:
    # Alembic costs a tenth of a second to import; only those who create wait for it.
    from app.models.storage.migrate import upgrade

    engine = open_postgresql(owner, is_pooled=False, is_pipelined=False)
    as_owner = open_postgresql(owner, role=owner_role(prefix), is_pooled=False, is_pipelined=False)
    with owner.connect() as verifying:
        with UnitOfWork(engine) as unit:
            made = scram_verifier(verifying, role=worker.role, passphrase=worker.password)
            make_roles(unit.connection, prefix=prefix, worker_verifier=made)
            unit.commit()
        upgrade(as_owner)
        give_rights(engine, prefix)
        with UnitOfWork(as_owner) as unit:
            copied = copy_registry(
                source,
                unit.connection,
                moved=moved,
                place=Place(prefix, worker.secret),
                without_guards=_without_guards,
                progress=progress,
            )
            _set_sequences(unit.connection)
            for person in moved.people:
                role = person_role(prefix, person.user_name)
                passphrase = passphrases[person.user_name]
                make_person_role(
                    unit.connection,
                    prefix=prefix,
                    user_name=person.user_name,
                    group=person.role,
                    verifier=scram_verifier(verifying, role=role, passphrase=passphrase),
                )
            unit.commit()
    return copied


@contextmanager
def _without_guards(connection: Connection) -> Iterator[None]:
    tables = [table.name for table in copied_tables(connection)]
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE teak.{table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE teak.{table} ENABLE TRIGGER USER")


def _set_sequences(connection: Connection) -> None:
    """Let new rows be numbered after those that came along."""
    names = [f"{table.name}_id_seq" for table in copied_tables(connection) if "id" in table.columns]
    for name in connection.execute(_SEQUENCES, {"names": names}).scalars().all():
        table = name.removesuffix("_id_seq")
        connection.exec_driver_sql(
            f"SELECT setval('teak.{name}', max(id)) FROM teak.{table} HAVING max(id) IS NOT NULL"  # noqa: S608 - names of our own tables
        )
