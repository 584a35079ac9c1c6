"""The database roles of a networked registry: made when it is created, renewed by migration.

Owns their names and what they may do to each other; what they may do with tables and functions
stands beside those (`app.models.guards.postgresql_0002`). All begin with the registry's prefix:
`<prefix>_owner` owns everything, `<prefix>_roles` makes roles, `<prefix>_person` is everybody,
a group for each role of people, `<prefix>_worker` signs, and `<prefix>.<user>` is a person.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from app.models.guards.postgresql_0002.identity import GROUPS
from app.models.storage.postgresql import SCHEMA

OLDEST_SERVER = 15


def person_role(prefix: str, user_name: str) -> str:
    """Name the role of a person; no group can be named so, for a prefix holds no point."""
    return f"{prefix}.{user_name}"


def worker_role(prefix: str) -> str:
    """Name the role of the registry's worker."""
    return f"{prefix}_worker"


def owner_role(prefix: str) -> str:
    """Name the role that owns the registry's schema; nobody signs in as it."""
    return f"{prefix}_owner"


def roles_exist(connection: Connection, prefix: str) -> bool:
    """Tell whether roles of this prefix are there, of whatever database of the server."""
    found = connection.execute(
        text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": owner_role(prefix)}
    )
    return found.first() is not None


def schema_exists(connection: Connection) -> bool:
    """Tell whether this database holds a registry already."""
    found = connection.execute(
        text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": SCHEMA}
    )
    return found.first() is not None


def make_roles(connection: Connection, *, prefix: str, worker_verifier: str) -> None:
    """Make the registry's roles, its schema, and close the database to everybody else."""
    owner, roles, person = (f"{prefix}_{kind}" for kind in ("owner", "roles", "person"))
    for name in (owner, person, *(f"{prefix}_{group}" for group in GROUPS)):
        _run(connection, f'CREATE ROLE "{name}" NOLOGIN')
    _run(connection, f'CREATE ROLE "{roles}" NOLOGIN NOINHERIT CREATEROLE')
    _run(
        connection,
        f'CREATE ROLE "{worker_role(prefix)}" LOGIN NOCREATEDB NOCREATEROLE CONNECTION LIMIT 8 '
        f"PASSWORD '{worker_verifier}'",
    )
    for group in GROUPS:
        _run(connection, f'GRANT "{person}" TO "{prefix}_{group}"')
        _run(connection, f'GRANT "{prefix}_{group}" TO "{roles}" WITH ADMIN OPTION')
    if not _is_superuser(connection):
        _run(connection, f'GRANT "{owner}", "{roles}" TO CURRENT_USER')
    _run(connection, f'CREATE SCHEMA {SCHEMA} AUTHORIZATION "{owner}"')
    close_database(connection, prefix=prefix)


def close_database(connection: Connection, *, prefix: str) -> None:
    """Let only the registry's people and worker connect, and nobody make temporary tables."""
    database = connection.execute(text("SELECT quote_ident(current_database())")).scalar_one()
    _run(connection, f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    _run(
        connection,
        f'GRANT CONNECT ON DATABASE {database} TO "{prefix}_person", "{worker_role(prefix)}"',
    )
    _run(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")


def make_person_role(
    connection: Connection, *, prefix: str, user_name: str, group: str, verifier: str
) -> None:
    """Make a person's role; `verifier` is what SCRAM keeps of their passphrase."""
    connection.execute(
        text(f"SELECT {SCHEMA}.make_role(:role, :prefix, :kind, :verifier)"),
        {
            "role": person_role(prefix, user_name),
            "prefix": prefix,
            "kind": group,
            "verifier": verifier,
        },
    )


def drop_roles(connection: Connection, prefix: str) -> None:
    """Take the schema and every role of a registry away, after a creation that failed."""
    _run(connection, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    names = connection.execute(
        text(
            "SELECT quote_ident(rolname) FROM pg_roles "
            "WHERE starts_with(rolname, :person) OR rolname = ANY(:names) ORDER BY rolname DESC"
        ),
        {
            "person": f"{prefix}.",
            "names": [
                f"{prefix}_{kind}" for kind in ("owner", "roles", "person", "worker", *GROUPS)
            ],
        },
    ).scalars()
    for name in list(names):
        _run(connection, f"DROP OWNED BY {name}")
        _run(connection, f"DROP ROLE {name}")


def _is_superuser(connection: Connection) -> bool:
    return bool(
        connection.execute(
            text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        ).scalar_one()
    )


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)
