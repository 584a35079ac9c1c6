"""Copying a registry into a new database on a server.

Owns the roles of its people, sequences, and the guards: off for the owner alone while rows come
in, on again before the one transaction commits. The frame is `making_networked`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from app.models.server_place import ServerPlace
from app.models.storage.postgresql import ServerAccess
from app.models.storage.server_marks import Making, Unfinished, mark_finished
from app.models.storage.server_roles import make_person_role, worker_role
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
from app.services.registry.making_networked import (
    Ground,
    Told,
    at_database,
    making_on_server,
    require_nobody_s,
)
from app.services.registry.worker_file import new_worker_file

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
    told: Told = lambda _sentence: None,
) -> Copied:
    """Copy a registry into the database at `place`, which holds none; it is made when missing.

    What a copy that was cut off left there is taken away. Raises UsageError, RegistryExists,
    RegistryBusy, CannotCopy and the errors of the connection; then nothing is left, neither
    schema nor role nor worker's file.
    """
    require_nobody_s(place)
    moved = read_source(source)
    require_passphrases(moved, passphrases)
    prefix = place.role_prefix
    worker = new_worker_file(registry_id=moved.registry_id, role=worker_role(prefix))
    making = making_on_server(
        place,
        owner=at_database(owner, place),
        mark=Unfinished(Making.COPY, moved.registry_id, prefix),
        worker=worker,
        worker_file=worker_file,
        told=told,
    )
    with making as ground:
        # First of all: by their roles people may come and be told that it is not finished.
        with UnitOfWork(ground.as_owner) as unit:
            _make_people(unit.connection, ground, prefix, moved, passphrases)
            unit.commit()
        with UnitOfWork(ground.as_owner) as unit:
            copied = copy_registry(
                source,
                unit.connection,
                moved=moved,
                place=Place(prefix, worker.secret),
                without_guards=_without_guards,
                progress=progress,
            )
            _set_sequences(unit.connection)
            mark_finished(unit.connection)
            unit.commit()
    return copied


def _make_people(
    connection: Connection,
    ground: Ground,
    prefix: str,
    moved: MovedRegistry,
    passphrases: Mapping[str, str],
) -> None:
    for person in moved.people:
        make_person_role(
            connection,
            prefix=prefix,
            user_name=person.user_name,
            group=person.role,
            verifier=ground.verify(person.user_name, passphrases[person.user_name]),
        )


@contextmanager
def _without_guards(connection: Connection) -> Iterator[None]:
    tables = [table.name for table in copied_tables(connection)]
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE teak.{table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE teak.{table} ENABLE TRIGGER USER")


def _set_sequences(connection: Connection) -> None:
    """Let new rows be numbered after those that came along, and people's codes be counted."""
    names = [f"{table.name}_id_seq" for table in copied_tables(connection) if "id" in table.columns]
    for name in connection.execute(_SEQUENCES, {"names": names}).scalars().all():
        table = name.removesuffix("_id_seq")
        connection.exec_driver_sql(
            f"SELECT setval('teak.{name}', max(id)) FROM teak.{table} HAVING max(id) IS NOT NULL"  # noqa: S608 - names of our own tables
        )
    # The guard that makes them was off while people came along.
    connection.exec_driver_sql("SELECT teak.make_tries(id) FROM teak.person")
