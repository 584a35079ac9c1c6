"""Hearing what changed in a networked registry, so that nothing waits for the next look.

Owns one connection that listens. A word may be lost with the connection: whoever listens looks
from time to time all the same.
"""

from __future__ import annotations

import os
import select
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from app.models.storage.postgresql import ServerAccess
    from app.models.storage.server_connection import ServerConnection

CHANNEL = "teak_changes"


class Listener:
    """Waits for words of change, and can be woken by a signal's handler."""

    def __init__(self, access: ServerAccess) -> None:
        self._access = access
        self._connection: ServerConnection | None = None
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)

    def wake(self) -> None:
        """End the wait; safe in a signal's handler."""
        with suppress(BlockingIOError):
            os.write(self._waker, b"!")

    def wait(self, seconds: float) -> frozenset[str]:
        """Wait so long at most and give the words heard; errors are the driver's own."""
        connection = self._connection or self._listen()
        ready, _, _ = select.select([connection.fileno(), self._woken], [], [], seconds)
        if self._woken in ready:
            os.read(self._woken, 100)
        if connection.fileno() not in ready:
            return frozenset()
        connection.pgconn.consume_input()
        return self._heard(connection)

    def pause(self, seconds: float) -> None:
        """Wait without a connection, as long as nobody wakes."""
        select.select([self._woken], [], [], seconds)

    def drop(self) -> None:
        """Forget the connection; the next wait opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def close(self) -> None:
        """Close all that is open."""
        self.drop()
        os.close(self._woken)
        os.close(self._waker)

    def _listen(self) -> ServerConnection:
        from app.models.storage.server_connection import Scope

        connection = self._access.connect()
        connection.start(Scope.ALONE)
        connection.execute(b"LISTEN teak_changes")
        self._connection = connection
        return connection

    def _heard(self, connection: ServerConnection) -> frozenset[str]:
        words = set()
        while (told := connection.pgconn.notifies()) is not None:
            words.add(told.extra.decode())
        return frozenset(words)
