"""Opening and closing a registry.

Owns turning an open registry file into the context that every service takes first. Who may
act in it is `app.services.people.sign_in`; an older schema is not brought up to date here.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select, text

from app.models.errors import DamagedRegistry, StorageError, WrongPassphrase
from app.models.server_place import ServerPlace
from app.models.storage.key_slots import read_key_slots
from app.models.storage.key_wrapping import LIGHT
from app.models.storage.registry_file import RegistryFile, open_registry_file, real_path
from app.models.storage.unit_of_work import reading
from app.models.tables import RegistryRow
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry.context import Clock, OpenRegistry, system_clock

SCHEMA_REVISION = "0003"
"""The newest schema revision this program knows. Written here because asking Alembic for it
takes longer than opening a registry; a test holds the two together."""

_REVISION = text("SELECT version_num FROM alembic_version")


class OlderRegistry(StorageError):
    """The registry's schema is of an earlier version of Teak."""

    code = "older-version"


def open_registry(
    path: Path,
    *,
    passphrase: str,
    user: str | None = None,
    clock: Clock = system_clock,
) -> OpenRegistry:
    """Open a registry with the passphrase of `user`, or of anyone when no user is named.

    With a user a wrong passphrase is counted as a failed sign-in; without one it is nobody's.
    Raises what `open_registry_file` raises, NewerRegistry, and OlderRegistry for one that
    must be migrated first.
    """
    file = open_registry_file(
        path, passphrase=passphrase, user=user, now=None if user is None else clock()
    )
    return registry_of_file(file, clock=clock)


def open_demo(place: Path | ServerPlace, *, clock: Clock = system_clock) -> OpenRegistry | None:
    """Open a demo registry, whose passphrase everybody knows; None for a real one.

    On a server it is open as the person whom the address names, else as the auditor, who may
    only read. For a real registry file this counts as nobody's failure. Raises what
    `open_registry` raises for a file that cannot be used at all, and the storage errors of a
    connection that cannot be made.
    """
    if isinstance(place, ServerPlace):
        from app.services.people.networked_sign_in import open_demo_on_server

        return open_demo_on_server(place, clock=clock)
    return _open_demo_file(place, clock)


def _open_demo_file(path: Path, clock: Clock) -> OpenRegistry | None:
    if _is_costly_to_guess(path):
        return None
    try:
        file = open_registry_file(path, passphrase=DEMO_PASSPHRASE)
    except WrongPassphrase:
        return None
    registry = registry_of_file(file, clock=clock)
    if registry.is_demo:
        return registry
    close_registry(registry)
    return None


def close_registry(registry: OpenRegistry) -> None:
    """Close every connection; with the last one the write-ahead log goes as well."""
    for colleague in registry.colleagues.values():
        colleague.engine.dispose()
    registry.engine.dispose()


def registry_of_file(file: RegistryFile, *, clock: Clock) -> OpenRegistry:
    """Make the context of a file just opened; the file is closed when that fails."""
    try:
        with reading(file.engine) as connection:
            revision = connection.execute(_REVISION).scalar()
            if revision == SCHEMA_REVISION:
                return _read_registry(connection, file, clock)
        raise _other_revision(file, str(revision))
    except BaseException:
        file.engine.dispose()
        raise


def _read_registry(connection: Connection, file: RegistryFile, clock: Clock) -> OpenRegistry:
    row = connection.execute(select(*RegistryRow.__table__.columns)).one_or_none()
    if row is None or row.registry_id != str(file.registry_id):
        raise DamagedRegistry(
            f'The registry "{file.path}" does not say which registry it is.',
            hint="Keep a copy of the file as it is, and restore the latest backup.",
        )
    return OpenRegistry(
        engine=file.engine,
        registry_id=row.registry_id,
        country=row.country,
        name_en=row.name_en,
        name_th=row.name_th,
        is_demo=bool(row.is_demo),
        idle_lock_minutes=row.idle_lock_minutes,
        label=file.path.name,
        clock=clock,
        file=file,
    )


def _other_revision(file: RegistryFile, revision: str) -> StorageError:
    from app.models.storage.migrate import require_known_revision

    require_known_revision(file.engine)
    return OlderRegistry(
        f'The registry "{file.path}" is at schema revision {revision}; this version of Teak '
        f"works with {SCHEMA_REVISION}.",
        hint="Make a backup, then run `teak migrate` on it.",
    )


def _is_costly_to_guess(path: Path) -> bool:
    """Tell whether the slots are a real registry's: each guess at one costs a good while."""
    try:
        return read_key_slots(real_path(path)).new_slots != LIGHT
    except StorageError:
        # Opening will say what is wrong in words of its own.
        return False
