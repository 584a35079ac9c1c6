"""The mark of a registry on a server that is not finished, from its first statement to its last.

Owns the mark (a comment on the schema, set in the transaction that makes it, taken away in the
one that finishes the registry), the lock of whoever is making it, and taking an unfinished one
away. A finished registry bears no mark and is never taken away here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Engine, text

from app.models.errors import RegistryBusy, RegistryExists, UnfinishedRegistry
from app.models.storage.postgresql import SCHEMA
from app.models.storage.server_connection import Scope, ServerConnection
from app.models.storage.server_roles import drop_roles
from app.models.storage.unit_of_work import UnitOfWork

MARK = "obj_description(to_regnamespace('teak'), 'pg_namespace')"
"""SQL for the mark: null for a finished registry. Whoever can connect may read it."""

_MAKING = "hashtextextended('teak is making a registry', 0)"
_FORM = re.compile(
    r"Teak: unfinished (?P<what>[a-z]+) of registry (?P<registry_id>[0-9a-f-]{36}), "
    r"roles (?P<prefix>[a-z0-9_]+)"
)
_FIND = text(f"SELECT {MARK}")
_FIRST_ROW = text(f"SELECT is_demo FROM {SCHEMA}.registry")
_TABLE = text(f"SELECT to_regclass('{SCHEMA}.registry') IS NOT NULL")

_NOTICED_SOON = (
    "SET tcp_keepalives_idle = 20",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
"""The server lets go of the lock of a machine that was switched off within a minute."""


class Making(StrEnum):
    """What was going on: a copy, a creation, or a demonstration being filled."""

    COPY = "copy"
    CREATION = "creation"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What the mark says: what is being made, which registry, and how its roles begin."""

    what: Making
    registry_id: str
    prefix: str

    def __str__(self) -> str:
        return f"Teak: unfinished {self.what} of registry {self.registry_id}, roles {self.prefix}"


def read_mark(comment: object) -> Unfinished | None:
    """Read the schema's comment; None where it is no mark."""
    found = _FORM.fullmatch(comment) if isinstance(comment, str) else None
    if found is None or found["what"] not in list(Making):
        return None
    return Unfinished(Making(found["what"]), found["registry_id"], found["prefix"])


def find_unfinished(connection: Connection) -> Unfinished | None:
    """Give the mark of this database's registry; None where it is finished, or there is none."""
    return read_mark(connection.execute(_FIND).scalar())


def require_finished(connection: Connection, label: str) -> None:
    """Raise UnfinishedRegistry for a registry that bears the mark."""
    mark = find_unfinished(connection)
    if mark is not None:
        raise unfinished(label, mark)


def unfinished(label: str, mark: Unfinished) -> UnfinishedRegistry:
    """Make the error for a registry that bears the mark."""
    what, again = {
        Making.COPY: ("copied here", "teak copy"),
        Making.CREATION: ("created", "teak create"),
        Making.DEMONSTRATION: ("filled", "teak create … --demo"),
    }[mark.what]
    return UnfinishedRegistry(
        f'The registry "{label}" is not finished: it is being {what}, or that was cut off.',
        hint=f"Wait until it is done. If it was cut off, run the same `{again}` again: it takes "
        "what is left away and begins anew.",
    )


def mark_unfinished(connection: Connection, mark: Unfinished) -> None:
    """Mark the schema, in the transaction that makes it."""
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS '{mark}'")


def mark_finished(connection: Connection) -> None:
    """Take the mark away, in the transaction that finishes the registry."""
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS NULL")


def hold_making(connection: ServerConnection, label: str) -> None:
    """Keep others from making a registry in this database as long as the connection stands.

    Raises RegistryBusy while somebody else does.
    """
    connection.start(Scope.ALONE)
    for statement in _NOTICED_SOON:
        connection.execute(statement.encode())
    row = connection.execute(f"SELECT pg_try_advisory_lock({_MAKING})".encode()).fetchone()
    if row is None or not row[0]:
        raise RegistryBusy(
            f'Another Teak is making a registry in "{label}" at this moment.',
            hint="Wait until it has finished; one that was cut off lets go within a minute or so.",
        )


def remove_unfinished_registry(engine: Engine, label: str, *, first: Callable[[], None]) -> None:
    """Take away the schema and roles of a registry that was cut off, if there is one.

    `first` is called once it is certain. Only for whoever has the lock of `hold_making`. Raises
    RegistryExists for a registry that has its first row: whatever its mark says, it stays.
    """
    with UnitOfWork(engine) as unit:
        mark = find_unfinished(unit.connection)
        if mark is None:
            return
        if _has_first_row(unit.connection, mark):
            raise RegistryExists(
                f'The database "{label}" holds a registry whose schema is marked as unfinished.',
                hint="It is not taken away. If it is in use, remove the comment on its schema: "
                f"COMMENT ON SCHEMA {SCHEMA} IS NULL.",
            )
        first()
        drop_roles(unit.connection, mark.prefix)
        unit.commit()


def _has_first_row(connection: Connection, mark: Unfinished) -> bool:
    """Tell whether there is a registry's own row; a demonstration has it before it is filled."""
    if not connection.execute(_TABLE).scalar_one():
        return False
    is_demo = connection.execute(_FIRST_ROW).scalar()
    is_being_filled = mark.what is Making.DEMONSTRATION and bool(is_demo)
    return is_demo is not None and not is_being_filled
