"""Brings a registry's schema to the revision this program knows, by Alembic, in process.

Owns running migrations and telling revisions apart. The migrations themselves stand in
`app/models/migrations`; no configuration file is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine

from app.models import migrations
from app.models.errors import NewerRegistry
from app.models.storage.sqlcipher import READING
from app.models.storage.translate import translating

MIGRATIONS = Path(migrations.__path__[0])


def upgrade(engine: Engine, *, scripts: Path = MIGRATIONS, revision: str = "head") -> None:
    """Run every migration up to `revision`, each in one transaction of its own.

    A migration that fails is rolled back whole; those before it stand. Raises NewerRegistry
    when the registry's own revision is unknown here, and the errors of `translate`.
    """
    require_known_revision(engine, scripts=scripts)
    with translating(engine.url.database), engine.connect() as plain:
        # Functions are written with "%" in them, and nothing here takes parameters from outside.
        connection = plain.execution_options(no_parameters=True)
        config = _config(scripts)
        config.attributes["connection"] = connection
        config.attributes["on_version_apply"] = _check_foreign_keys
        _enforce_foreign_keys(connection, on=False)
        try:
            command.upgrade(config, revision)
        finally:
            connection.rollback()
            _enforce_foreign_keys(connection, on=True)


def current_revision(engine: Engine) -> str | None:
    """Return the revision the registry is at, or None before its first migration."""
    with translating(engine.url.database), engine.connect() as plain:
        connection = plain.execution_options(**{READING: True})
        return MigrationContext.configure(connection).get_current_revision()


def head_revision(*, scripts: Path = MIGRATIONS) -> str | None:
    """Return the newest revision this program knows, or None when there is no migration."""
    return ScriptDirectory.from_config(_config(scripts)).get_current_head()


def require_known_revision(engine: Engine, *, scripts: Path = MIGRATIONS) -> None:
    """Raise NewerRegistry when the registry stands at a revision unknown to this program."""
    revision = current_revision(engine)
    if revision is None:
        return
    try:
        ScriptDirectory.from_config(_config(scripts)).get_revision(revision)
    except CommandError as error:
        raise NewerRegistry(
            f'The registry "{engine.url.database}" is at schema revision {revision}, which '
            "this version of Teak does not know.",
            hint="Open it with the version of Teak that wrote it, or a newer one.",
        ) from error


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _enforce_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch enforcement while tables are rebuilt (SQLite's own advice for ALTER TABLE).

    The setting has no effect inside a transaction, so it goes to the driver directly.
    """
    if connection.dialect.name != "sqlite":
        return
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection was lost before its migration")
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _check_foreign_keys(*, ctx: MigrationContext, **_: Any) -> None:
    """Refuse, inside the migration's own transaction, a migration that breaks a reference."""
    connection = ctx.connection
    if connection is None or connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        names = ", ".join(sorted({str(row[0]) for row in broken}))
        raise RuntimeError(f"the migration leaves broken references in: {names}")
