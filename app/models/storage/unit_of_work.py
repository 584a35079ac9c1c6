"""One business act's scope in the database, and one consistent look at it.

Owns beginning, committing and rolling back. Must not retry: a caller who may repeat an act
does so, a bounded number of times. Works over the embedded registry and over PostgreSQL; what a
statement costs there in round trips, `app.models.storage.postgresql` tells.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.models.errors import SessionEnded, TeakError
from app.models.storage.sqlcipher import ALONE, READING
from app.models.storage.translate import translate, translating

_IS_OVER = text("SELECT session_user LIKE '%.%' AND NOT teak.is_signed_in()")
"""Roles of persons are named `prefix.user`, no other role of a registry has a full stop."""


class UnitOfWork:
    """A write: committed by saying so, rolled back otherwise, never shared by threads.

    `with UnitOfWork(engine) as unit: unit.connection.execute(...); unit.commit()`. Driver
    errors that leave the block, or the commit, are translated.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._place = place_of(engine)
        self._connection: Connection | None = None
        self._thread = 0
        self._committed = False

    def __enter__(self) -> Self:
        if self._connection is not None or self._committed:
            raise RuntimeError("a unit of work is used once; make a new one")
        with translating(self._place):
            connection = self._engine.connect()
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
        self._connection = connection
        self._thread = threading.get_ident()
        return self

    @property
    def connection(self) -> Connection:
        """The connection inside its transaction; for the thread that opened the unit alone."""
        if self._connection is None:
            raise RuntimeError("the unit of work is not open; enter it with `with`")
        if self._thread != threading.get_ident():
            raise RuntimeError("a unit of work is never shared between threads")
        if self._committed:
            raise RuntimeError("the unit of work is committed already; make a new one")
        return self._connection

    def commits_with_write(self) -> None:
        """Say that one call of the database is the last of this unit: it brings COMMIT along.

        `commit` is still to be called: a unit that came to write nothing ends with it, and so
        does one in a registry file.
        """
        if self.connection.dialect.name == "postgresql":
            driver: Any = self.connection.connection.driver_connection
            driver.commits_with_write = True

    def commit(self) -> None:
        """Make the work lasting; when this returns, it survives a crash."""
        connection = self.connection
        with translating(self._place):
            connection.commit()
        self._committed = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        connection, self._connection = self._connection, None
        known = error
        if error is not None:
            known = translate(error, place=self._place)
            if known is error and connection is not None and not self._committed:
                known = _instead(error, connection)
        if connection is not None:
            _abandon(connection)
        self._committed = True
        if error is None or known is None:
            return
        if known is not error:
            raise known from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one consistent state of the registry and keeps nothing.

    What others commit after its first read stays unseen. Driver errors that leave it are
    translated.
    """
    with translating(place_of(engine)):
        connection = engine.connect()
        try:
            yield _begin_reading(connection)
        except Exception as error:
            other = _instead(error, connection)
            if other is error:
                raise
            raise other from error
        finally:
            _abandon(connection)


@contextmanager
def calling(engine: Engine) -> Iterator[Connection]:
    """Yield a connection to a server whose every statement is a transaction of its own.

    For an act that one function of the database carries out: it costs one round trip, and when
    it returns, it is lasting. Driver errors that leave it are translated.
    """
    with translating(place_of(engine)):
        connection = engine.connect()
        try:
            yield connection.execution_options(**{ALONE: True})
        finally:
            _abandon(connection)


def place_of(engine: Engine) -> str | None:
    """Name where the registry is, for messages: its file, or database and host."""
    url = engine.url
    if engine.dialect.name == "sqlite" or url.host is None or url.host.startswith("/"):
        return url.database
    return f"{url.database} @ {url.host}"


def _begin_reading(connection: Connection) -> Connection:
    connection = connection.execution_options(**{READING: True})
    connection.begin()
    if connection.dialect.name == "sqlite":
        # A transaction begun without the write lock takes its snapshot at the first read.
        connection.exec_driver_sql("SELECT 1 FROM sqlite_schema LIMIT 1")
    return connection


def _instead(error: BaseException, connection: Connection) -> BaseException:
    """Give SessionEnded for what only went wrong because the person's session is over.

    A server then shows them nothing, and what surely exists is not found. Asked only after
    something went wrong that is no failure of the environment.
    """
    if connection.dialect.name != "postgresql" or isinstance(error, (TeakError, DBAPIError)):
        return error
    with suppress(SQLAlchemyError):
        if connection.execute(_IS_OVER).scalar():
            return SessionEnded()
    return error


def _abandon(connection: Connection) -> None:
    """Roll back and give the connection back; a failure here must not hide the first one."""
    with suppress(SQLAlchemyError):
        connection.rollback()
    with suppress(SQLAlchemyError):
        connection.close()
