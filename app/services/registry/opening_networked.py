"""Opening a registry on a server: one connection, what it tells of the registry, its version.

Owns turning server access into the context that every service takes first. Who signs in, and
how, is `app.services.people.networked_sign_in`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, select, text

from app.models.errors import NewerRegistry, NotARegistry, StorageError
from app.models.server_place import ServerPlace
from app.models.storage.postgresql import PATIENT_DEADLINES, ServerAccess, open_postgresql
from app.models.storage.server_marks import require_finished
from app.models.storage.server_roles import owner_role
from app.models.storage.unit_of_work import reading
from app.models.tables import RegistryRow
from app.services.registry.context import Clock, OpenRegistry, system_clock
from app.services.registry.opening import SCHEMA_REVISION, OlderRegistry

_REVISION = text("SELECT version_num FROM alembic_version")


def read_registry(access: ServerAccess, *, clock: Clock, is_making: bool = False) -> OpenRegistry:
    """Open a registry with access that needs no signing in: its owner's, or its worker's.

    With `is_making` it may be one that is still being filled. Raises UnfinishedRegistry,
    NewerRegistry, OlderRegistry and the errors of the connection.
    """
    engine = open_postgresql(access)
    try:
        with reading(engine) as connection:
            if not is_making:
                require_finished(connection, access.place.label)
            revision = _revision(connection, access)
            row = connection.execute(select(*RegistryRow.__table__.columns)).one()
        return registry_of(engine, access, row._asdict(), revision=revision, clock=clock)
    except BaseException:
        engine.dispose()
        raise


def open_as_owner(place: ServerPlace, owner: ServerAccess) -> Engine:
    """Make an engine for the registry's own role, which sees and may do everything there.

    For those who copy or migrate a registry whole; nothing is sent before the first connection.
    """
    there = replace(
        owner, place=replace(owner.place, database=place.database), deadlines=PATIENT_DEADLINES
    )
    return open_postgresql(there, role=owner_role(place.role_prefix), is_pooled=False)


def registry_of(
    engine: Engine,
    access: ServerAccess,
    row: Mapping[str, Any],
    *,
    revision: str,
    clock: Clock,
) -> OpenRegistry:
    """Make the context; raises OlderRegistry or NewerRegistry for another schema.

    The clock of a demo registry is told to its server, unless it is the system's own.
    """
    require_revision(revision, access)
    if row["is_demo"] and clock is not system_clock:
        access.demo_clock = clock
        engine.dispose()
    return OpenRegistry(
        engine=engine,
        registry_id=row["registry_id"],
        country=row["country"],
        name_en=row["name_en"],
        name_th=row["name_th"],
        is_demo=bool(row["is_demo"]),
        idle_lock_minutes=row["idle_lock_minutes"],
        label=access.place.label,
        clock=clock,
        server=access,
    )


def require_revision(revision: str, access: ServerAccess) -> None:
    """Raise OlderRegistry or NewerRegistry unless the schema is the one this program knows."""
    if revision == SCHEMA_REVISION:
        return
    said = f'The registry "{access.place.label}" is at schema revision {revision}; '
    if revision > SCHEMA_REVISION:
        raise NewerRegistry(
            said + "this version of Teak does not know it.",
            hint="Open it with the version of Teak that wrote it, or a newer one.",
        )
    raise OlderRegistry(
        said + f"this version of Teak works with {SCHEMA_REVISION}.",
        hint="Ask the server's administrator to run `teak migrate` on it.",
    )


def not_a_registry(access: ServerAccess) -> StorageError:
    """Make the error for a database that holds no registry."""
    return NotARegistry(
        f'The database "{access.place.label}" holds no registry.',
        hint="Check the address; `teak create` makes a registry.",
    )


def _revision(connection: Connection, access: ServerAccess) -> str:
    revision = connection.execute(_REVISION).scalar()
    if revision is None:
        raise not_a_registry(access)
    return str(revision)
