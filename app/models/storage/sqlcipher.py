"""Connections to an encrypted registry file: SQLCipher through `sqlcipher3`, for SQLAlchemy.

Owns how a connection is opened and set up, how its transactions begin, and the numbers by
which a file is known as a registry and its format version. Must not know what is stored,
nor open the file by any other way: a process that closes a file of its own drops every lock
SQLite holds on it, so even the first bytes are read through the driver.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlcipher3 import dbapi2

from app.models.errors import DamagedRegistry, RegistryMissing
from app.models.storage.database_key import DatabaseKey, new_database_key, new_salt
from app.models.storage.translate import translate, translating

APPLICATION_ID = 0x5445414B  # "TEAK"
FORMAT_VERSION = 1
PAGE_SIZE = 4096
READING = "teak_reading"
"""Execution option of a connection that only reads: its transactions begin without the
write lock."""

ALONE = "teak_alone"
"""Execution option of a connection to a server whose statements are transactions of their own."""

BUSY_TIMEOUT_S = 5.0
_ASK_EVERY_S = 0.001
_CACHED_STATEMENTS = 512
"""More than the desk has: in a full cache the driver drops its newest statement for the next new
one, so that each is then planned anew at every run."""

_POOL_SIZE = 4
_POOL_OVERFLOW = 12


@dataclass(frozen=True)
class DatabaseMaterial:
    """What a new file was made with: `key` opens it, `salt` is its first 16 bytes."""

    key: DatabaseKey = field(repr=False)
    salt: bytes


def create_database(path: Path) -> DatabaseMaterial:
    """Create an empty encrypted registry file with a random key; the path must be free.

    The file is readable by its owner alone. Raises FileExistsError when something stands at
    the path, and the storage errors of `translate`; a file begun is left to the caller.
    """
    material = DatabaseMaterial(key=new_database_key(), salt=new_salt())
    with translating(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        connection = connect(path, material.key, salt=material.salt)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        finally:
            connection.close()
    return material


def open_engine(
    path: Path,
    key: bytes,
    *,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
) -> Engine:
    """Make an engine whose connections are encrypted, durable and safe to share by a pool.

    `key` is the raw 32-byte database key, so a new connection costs no key derivation. A
    transaction begins with the write lock (BEGIN IMMEDIATE) unless the connection carries
    the execution option `READING`. No file is touched before the first connection.
    """
    secret = DatabaseKey(key)

    def open_connection() -> Any:
        return _working_connection(path, secret, busy_timeout_s)

    def remember_patience(_driver: Any, record: ConnectionPoolEntry) -> None:
        record.info["patience_s"] = busy_timeout_s

    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        module=dbapi2,
        creator=open_connection,
        poolclass=QueuePool,
        pool_size=_POOL_SIZE,
        max_overflow=_POOL_OVERFLOW,
    )
    place = _Place(path)
    event.listen(engine, "connect", place.remember)
    event.listen(engine, "connect", remember_patience)
    event.listen(engine, "begin", place.require)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "commit", place.require)
    event.listen(engine, "handle_error", _discard_connection_after_damage)
    return engine


def connect(
    path: Path,
    key: DatabaseKey | None,
    *,
    salt: bytes = b"",
    frozen: bool = False,
    busy_timeout_s: float = BUSY_TIMEOUT_S,
) -> Any:
    """Open one bare driver connection with the key set and nothing else.

    `salt` overrides the one in the file. `frozen` reads the file as it lies, without locks
    and without its write-ahead log, and leaves nothing behind.
    """
    mode = "immutable=1" if frozen else "mode=rw"
    connection = dbapi2.connect(
        f"file:{quote(os.fsencode(path.absolute()))}?{mode}",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_CACHED_STATEMENTS,
    )
    try:
        connection.enable_load_extension(False)
        connection.execute("PRAGMA cipher_log_level = NONE")
        if key is not None:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
    except BaseException:
        connection.close()
        raise
    return connection


def read_first_bytes(path: Path) -> bytes:
    """Read the file's first 16 bytes through the driver (why: see the module's text)."""
    with translating(path):
        connection = connect(path, DatabaseKey(bytes(32)), frozen=True)
        try:
            row = connection.execute("PRAGMA cipher_salt").fetchone()
        finally:
            connection.close()
    return bytes.fromhex(row[0])


def _working_connection(path: Path, key: DatabaseKey, busy_timeout_s: float) -> Any:
    connection = connect(path, key, busy_timeout_s=busy_timeout_s)
    try:
        for setting in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "secure_delete = ON",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


class _Place:
    """Sees to it that a connection's file is still the one at its path.

    A file that was deleted or replaced goes on living for those who have it open, and all they
    write dies with it: nothing may be begun or committed there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def remember(self, _driver: Any, record: ConnectionPoolEntry) -> None:
        record.info["file"] = self._file()

    def require(self, connection: Connection) -> None:
        """Raise RegistryMissing when something else, or nothing, stands at the path."""
        if connection.info.get("file") != self._file():
            raise RegistryMissing(
                f'The file "{self._path}" was moved, replaced or deleted while it was open.',
                hint="Put it back, or close the desk and open it anew; nothing was changed.",
            )

    def _file(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    driver: Any = connection.connection.driver_connection
    try:
        if reading:
            driver.execute("BEGIN")
        else:
            _take_write_lock(driver, connection.info["patience_s"])
    except dbapi2.Error as error:
        discard_after_damage(connection, error)
        raise


def _take_write_lock(driver: Any, patience_s: float) -> None:
    """Begin with the write lock, asking for it a thousand times a second.

    SQLite itself soon asks only ten times a second. Beside a program that writes on and on, as
    an import does, the lock is never free just then, and a desk would be told for ever that the
    registry is busy.
    """
    until = time.monotonic() + patience_s
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except dbapi2.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(_ASK_EVERY_S)
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(patience_s * 1000)}")


def discard_after_damage(connection: Connection, error: Exception) -> None:
    """Drop a connection once a page failed: the cipher then refuses every later page on it."""
    if isinstance(translate(error), DamagedRegistry):
        connection.invalidate(error)


def _discard_connection_after_damage(context: ExceptionContext) -> None:
    """Drop pooled connections once a page failed: the cipher then refuses every later page."""
    error = context.original_exception
    if isinstance(translate(error), DamagedRegistry):
        context.is_disconnect = True
