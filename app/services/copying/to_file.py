"""Copying a registry into a new encrypted file.

Owns the key slots of its people and the guards of the file: dropped while rows come in, made
again from their own statements before the one transaction commits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, text

from app.models.storage.key_slots import add_slot
from app.models.storage.key_wrapping import LIGHT, STANDARD, KdfProfile
from app.models.storage.registry_file import RegistryFile, create_registry_file
from app.models.storage.unit_of_work import UnitOfWork
from app.services.copying.copying import copy_registry
from app.services.copying.rows import Place, Progress
from app.services.copying.sides import Copied, Source, read_source, require_passphrases

_TRIGGERS = text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")


def copy_to_file(
    source: Source,
    path: Path,
    *,
    passphrases: Mapping[str, str],
    progress: Progress | None = None,
    profile: KdfProfile | None = None,
) -> Copied:
    """Copy a registry into a new file; `passphrases` are its people's, by user name.

    One-time secrets, the registry's id and its signing keys come along. Raises UsageError,
    CannotCopy, and what `create_registry_file` raises; then no file is left.
    """
    moved = read_source(source)
    require_passphrases(moved, passphrases)
    copied: list[Copied] = []

    def prepare(file: RegistryFile) -> None:
        # Alembic costs a tenth of a second to import; only those who create wait for it.
        from app.models.storage.migrate import upgrade

        upgrade(file.engine)
        for person in moved.people[1:]:
            passphrase = passphrases[person.user_name]
            add_slot(file.path, file.key, user=person.user_name, passphrase=passphrase)
        with UnitOfWork(file.engine) as unit:
            done = copy_registry(
                source,
                unit.connection,
                moved=moved,
                place=Place(),
                without_guards=_without_guards,
                progress=progress,
            )
            unit.commit()
        copied.append(done)

    first = moved.people[0].user_name
    file = create_registry_file(
        path,
        user=first,
        passphrase=passphrases[first],
        profile=profile or (LIGHT if moved.is_demo else STANDARD),
        prepare=prepare,
        registry_id=UUID(moved.registry_id),
    )
    file.engine.dispose()
    return copied[0]


@contextmanager
def _without_guards(connection: Connection) -> Iterator[None]:
    guards = connection.execute(_TRIGGERS).all()
    for guard in guards:
        connection.exec_driver_sql(f"DROP TRIGGER {guard.name}")
    yield
    for guard in guards:
        connection.exec_driver_sql(guard.sql)
