"""One open port for the readers of several devices on one bus: opened once, used in turn.

Owns who is on which open port, the one thread that touches it, and the order of turns: first
come, first served, so that a device that is silent delays the others by its own turn at most.
Knows no protocol; which devices may share a line is decided where they are registered.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

from app.hardware.errors import (
    HardwareError,
    LineSettingsDiffer,
    PortLost,
    PortRefused,
    ReaderStopped,
)
from app.hardware.ports.opening import ByteLine, LineSettings, open_line

T = TypeVar("T")
_LOOK_S = 0.1


class SharedPorts:
    """The ports that are open for devices on a bus; `open` is an opener for readers."""

    def __init__(self, opener: Callable[[str, LineSettings], ByteLine] = open_line) -> None:
        self._opener = opener
        self._owners: dict[str, _PortOwner] = {}
        self._lock = threading.Lock()

    def open(self, path: str, settings: LineSettings) -> PortShare:
        """Open a port, or give a share of it when it is open here already.

        Raises PortMissing, PortBusy, PortRefused; LineSettingsDiffer when it is open otherwise.
        """
        # One port under two names, its own and one that follows the adapter, is one port.
        name = os.path.realpath(path)
        with self._lock:
            owner = self._owners.get(name)
            if owner is None or owner.failure is not None:
                owner = _PortOwner(self._opener(path, settings), settings)
                self._owners[name] = owner
            elif owner.settings != settings:
                raise LineSettingsDiffer(
                    f"{path} is read at {owner.settings} for another sensor, so that it cannot be "
                    f"read at {settings} too.",
                    hint="Set all sensors of this bus to the same line settings.",
                    values={"settings": str(settings), "others": str(owner.settings)},
                )
            owner.shares += 1
            return PortShare(owner, path, self._leave)

    def _leave(self, owner: _PortOwner) -> None:
        with self._lock:
            owner.shares -= 1
            if owner.shares:
                return
            for name, each in list(self._owners.items()):
                if each is owner:
                    del self._owners[name]
            # Waited for under the lock: whoever opens next finds the port free.
            owner.end()


class PortShare:
    """One reader's share of an open port: a line to be used within `in_turn` alone."""

    def __init__(self, owner: _PortOwner, path: str, leave: Callable[[_PortOwner], None]) -> None:
        self.path = path
        self._owner = owner
        self._leave: Callable[[_PortOwner], None] | None = leave

    @property
    def has_others(self) -> bool:
        """Whether somebody else reads a device on this port now."""
        return self._owner.shares > 1

    def in_turn(self, act: Callable[[], T], *, stop: threading.Event) -> T:
        """Do something on the port's own thread when it is this share's turn.

        Raises what it raises; PortLost once anybody has found the port lost, ReaderStopped when
        `stop` is set before the turn came.
        """
        result = self._owner.submit(act)
        while not wait((result,), _LOOK_S).done:
            if stop.is_set() and result.cancel():
                raise ReaderStopped(f"{self.path} is no longer read.")
        return result.result()

    def read(self, timeout_s: float) -> bytes:
        """Give what has arrived, waiting at most so long for the first byte."""
        return self._owner.line.read(timeout_s)

    def write(self, data: bytes) -> None:
        """Send all of it."""
        self._owner.line.write(data)

    def send_break(self) -> None:
        """Hold the line low for as long as SDI-12 wakes at."""
        self._owner.line.send_break()

    def discard_input(self) -> bytes:
        """Give, and take off the line, what has arrived unread."""
        return self._owner.line.discard_input()

    def close(self) -> None:
        """Give the share back; the last one frees the port, and returns when it is free."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave(self._owner)


class _PortOwner:
    """The thread that alone touches an open port. `shares` is the hub's, under its lock."""

    def __init__(self, line: ByteLine, settings: LineSettings) -> None:
        self.line = line
        self.settings = settings
        self.shares = 0
        self.failure: HardwareError | None = None
        self._turns: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._run, name=f"port {line.path}", daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[], T]) -> Future[T]:
        """Put something at the end of the queue of turns."""
        result: Future[T] = Future()
        self._turns.put((act, result))
        return result

    def end(self) -> None:
        """Close the port after the turns that wait; returns when it is closed."""
        self._turns.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (turn := self._turns.get()) is not None:
            act, result = turn
            if result.set_running_or_notify_cancel():
                self._carry_out(act, result)
        self.line.close()

    def _carry_out(self, act: Callable[[], Any], result: Future[Any]) -> None:
        try:
            if self.failure is not None:
                # Its own exception for each: one that is raised twice tells of two places.
                raise type(self.failure)(
                    self.failure.message, hint=self.failure.hint, values=self.failure.values
                )
            result.set_result(act())
        except (PortLost, PortRefused) as error:
            if self.failure is None:
                self.failure = error
                # At once: while it is held, the returning adapter gets another name.
                self.line.close()
            result.set_exception(error)
        except BaseException as error:  # noqa: BLE001 - raised where the turn was asked for
            result.set_exception(error)
