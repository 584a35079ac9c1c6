"""One connection to PostgreSQL that never waits for ever and wastes no round trip.

Owns three habits of the driver's connection. Each wait for the server has a deadline of our own:
a silent peer blocks a driver for ever, whatever keepalives say, so the connection is shut and
the call fails. BEGIN travels with the first statement of its transaction (pipeline mode), and
nothing is sent for a transaction that ran no statement. The end of a transaction that only read
travels without being waited for; its answer is taken in with the next statement, or at once where
there is none. Must not know what is stored.
"""

from __future__ import annotations

import contextlib
import selectors
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum
from typing import Any, Self, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout
from psycopg.pq import ConnStatus, PipelineStatus, TransactionStatus

_RV = TypeVar("_RV")
_POLL_S = 0.1


class Scope(Enum):
    """What a transaction is for: it decides how it begins and ends."""

    WRITING = b"BEGIN"
    READING = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    ALONE = b""
    """Each statement is a transaction of its own: one round trip, committed by the server."""


class DeadlinePassed(psycopg.OperationalError):
    """The server did not answer in time; the connection is shut."""


class ServerConnection(psycopg.Connection[Any]):
    """A psycopg connection with deadlines, that begins and ends transactions without waiting.

    It is opened with `autocommit`: the driver then leaves BEGIN to us.
    """

    deadline_s: float | None = None
    scope = Scope.WRITING
    is_pipelined = True
    demo_clock: Callable[[], datetime] | None = None
    """The clock of a demo registry, which its server believes; a real one believes its own."""

    read_ahead: list[Any]
    """What was read before it was asked for, in this transaction: see `prepared.read_together`."""

    commits_with_write = False
    """Whether the one write of this transaction is its last statement."""

    _commits_next = False
    _demo_now = ""
    _ending: psycopg.Pipeline | None = None

    def wait(self, gen: PQGen[_RV], interval: float = _POLL_S, timeout: float | None = None) -> _RV:
        """Wait for the server, at most until the deadline; then shut the connection."""
        try:
            return super().wait(gen, interval, self.deadline_s if timeout is None else timeout)
        except _WaitTimeout:
            self.pgconn.finish()
            raise DeadlinePassed(f"the server did not answer within {self.deadline_s} s") from None

    def start(self, scope: Scope) -> None:
        """Say what the next transaction is for; nothing is sent."""
        self.scope = scope
        self.read_ahead = []
        self.commits_with_write = self._commits_next = False

    def begin_write(self) -> None:
        """Say that the next statement is the write: COMMIT goes with it where that was agreed."""
        self._commits_next = (
            self.commits_with_write and self.is_pipelined and self.scope is Scope.WRITING
        )

    def pipelined(self) -> contextlib.AbstractContextManager[object]:
        """Enter pipeline mode, unless it is on: entering twice would wait for the first part."""
        if self.pgconn.pipeline_status != PipelineStatus.OFF:
            return contextlib.nullcontext()
        return self.pipeline()

    def rollback(self) -> None:
        """Roll back; after mere reading without waiting for the answer."""
        if self._ending is not None:
            return
        if self.scope is Scope.READING and self._may_end_without_waiting():
            self._end_without_waiting()
        else:
            super().rollback()

    def commit(self) -> None:
        """Commit, and wait until it is lasting."""
        if self._ending is None:
            super().commit()

    def settle(self) -> None:
        """Take in the answer of a transaction that was ended without waiting."""
        ending, self._ending = self._ending, None
        if ending is not None and self.pgconn.status == ConnStatus.OK:
            with self._leaving(ending):
                pass

    def close(self) -> None:
        """Close at once; an answer that nobody waits for is lost with the connection."""
        self._ending = None
        super().close()

    def is_alive(self) -> bool:
        """Tell, without a round trip, whether the server has not hung up meanwhile."""
        try:
            # What the server says before it hangs up is read first, then the end itself.
            while _is_readable(self.pgconn.socket):
                self.pgconn.consume_input()
        except (psycopg.Error, OSError):
            return False
        return self.pgconn.status == ConnStatus.OK

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Send what was not waited for, and BEGIN, together with the statement in the block."""
        ending, self._ending = self._ending, None
        ahead = self._ahead(is_ending=ending is not None)
        commits, self._commits_next = self._commits_next, False
        if not self.is_pipelined:
            for command in ahead:
                self.wait(self._exec_command(command))
        if ending is None and not commits and (not ahead or not self.is_pipelined):
            yield
            return
        try:
            with self.pipeline() if ending is None else self._leaving(ending):
                for command in ahead:
                    self.wait(self._exec_command(command))
                yield
                if commits:
                    self.wait(self._exec_command(b"COMMIT"))
        except psycopg.errors.PipelineAborted as aborted:
            # What came after the failure says only that there was one; the failure says why.
            raise _first_failure(aborted) from None

    def _ahead(self, *, is_ending: bool) -> list[bytes]:
        """Say what goes before the next statement: BEGIN, and a demo registry's own time."""
        if not is_ending and self.pgconn.pipeline_status != PipelineStatus.OFF:
            return []
        is_idle = is_ending or self.pgconn.transaction_status == TransactionStatus.IDLE
        begins = is_idle and self.scope is not Scope.ALONE
        ahead = [self.scope.value] if begins else []
        if self.demo_clock is not None:
            moment = self.demo_clock().isoformat()
            if begins or self.scope is Scope.ALONE or moment != self._demo_now:
                ahead.append(f"SET teak.demo_now = '{moment}'".encode("ascii"))
                self._demo_now = moment
        return ahead

    def _may_end_without_waiting(self) -> bool:
        return (
            self.is_pipelined
            and self.pgconn.status == ConnStatus.OK
            and self.pgconn.transaction_status == TransactionStatus.INTRANS
            and self.pgconn.pipeline_status == PipelineStatus.OFF
        )

    def _end_without_waiting(self) -> None:
        ending = self._ending = self._pipeline = psycopg.Pipeline(self)
        ending.__enter__()
        # COMMIT, not ROLLBACK: the same to a reader, and prepared statements stay.
        self.wait(self._exec_command(b"COMMIT"))
        ending._enqueue_sync()  # noqa: SLF001 - `sync` would wait for the answer
        self.wait(ending._communicate_gen())  # noqa: SLF001

    @contextlib.contextmanager
    def _leaving(self, entered: psycopg.Pipeline) -> Iterator[None]:
        """Leave a pipeline that was entered before, as a `with` statement would."""
        try:
            with contextlib.ExitStack() as stack:
                stack.push(entered)
                yield
        finally:
            self._pipeline = None


class ServerCursor(psycopg.Cursor[Any]):
    """A cursor whose first statement of a transaction brings BEGIN along."""

    def execute(self, *arguments: Any, **options: Any) -> Self:
        """Run a statement."""
        with _own(self).together():
            super().execute(*arguments, **options)
        return self

    def executemany(self, *arguments: Any, **options: Any) -> None:
        """Run a statement once for each of many parameters, in one pipeline."""
        with _own(self).together():
            super().executemany(*arguments, **options)


def _first_failure(aborted: psycopg.errors.PipelineAborted) -> BaseException:
    earlier = aborted.__context__
    while isinstance(earlier, psycopg.errors.PipelineAborted):
        earlier = earlier.__context__
    return earlier if isinstance(earlier, psycopg.Error) else aborted


def _is_readable(socket: int) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(socket, selectors.EVENT_READ)
        return bool(selector.select(0))


def _own(cursor: ServerCursor) -> ServerConnection:
    connection = cursor.connection
    if not isinstance(connection, ServerConnection):
        raise TypeError("this cursor is for connections of its own kind")
    return connection
