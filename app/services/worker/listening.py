"""Hearing what changed in a networked registry, so that nothing waits for the next look.

Owns one connection that listens. A word may be lost with the connection: whoever listens looks
from time to time all the same.
"""

from __future__ import annotations

import selectors
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from app.models.storage.postgresql import ServerAccess
    from app.models.storage.server_connection import ServerConnection

CHANNEL = "teak_changes"


class Listener:
    """Waits for words of change, and can be woken by another thread or a signal's handler."""

    def __init__(self, access: ServerAccess) -> None:
        self._access = access
        self._connection: ServerConnection | None = None
        self._words: set[str] = set()
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)

    def use(self, access: ServerAccess) -> None:
        """Open the next connection with this."""
        self._access = access

    def wake(self) -> None:
        """End the wait; safe in a signal's handler."""
        with suppress(OSError):
            self._waker.send(b"!")

    def wait(self, seconds: float) -> frozenset[str]:
        """Wait so long at most and give the words heard; errors are the driver's own."""
        connection = self._connection or self._listen()
        # What is in libpq's hands already is no longer in the socket.
        ready = [] if self._words else self._ready(connection.fileno(), seconds)
        if connection.fileno() in ready:
            connection.pgconn.consume_input()
        return self._heard(connection)

    def is_signed_in(self) -> bool:
        """Have the server say, within the connection's deadline, that the session still lasts."""
        connection = self._connection or self._listen()
        row = connection.execute(b"SELECT teak.is_signed_in()").fetchone()
        return row is not None and bool(row[0])

    def pause(self, seconds: float) -> None:
        """Wait without a connection, as long as nobody wakes."""
        self._ready(None, seconds)

    def drop(self) -> None:
        """Forget the connection; the next wait opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def close(self) -> None:
        """Close all that is open."""
        self.drop()
        self._woken.close()
        self._waker.close()

    def _ready(self, connection: int | None, seconds: float) -> list[int]:
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            if connection is not None:
                selector.register(connection, selectors.EVENT_READ)
            ready = [key.fd for key, _ in selector.select(seconds)]
        if self._woken.fileno() in ready:
            self._woken.recv(100)
        return ready

    def _listen(self) -> ServerConnection:
        from app.models.storage.postgresql import closing_unless_set_up
        from app.models.storage.server_connection import Scope

        connection = self._access.connect()
        with closing_unless_set_up(connection):
            connection.start(Scope.ALONE)
            # Words that come with the answer to a statement are the driver's to hand on.
            connection.add_notify_handler(lambda notify: self._words.add(notify.payload))
            connection.execute(b"LISTEN teak_changes")
        self._connection = connection
        return connection

    def _heard(self, connection: ServerConnection) -> frozenset[str]:
        while (told := connection.pgconn.notifies()) is not None:
            self._words.add(told.extra.decode())
        words, self._words = frozenset(self._words), set()
        return words
