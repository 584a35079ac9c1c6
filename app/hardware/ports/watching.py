"""Hot-plug: says when a serial port appears or goes.

Owns one polling thread; opens no port and holds no rule about what a new port is.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.hardware.ports.failures import DRIVER_ERRORS
from app.hardware.ports.listing import PortInfo, PortLister, list_ports

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PortsChanged:
    """What was plugged in and what was pulled since the last look."""

    plugged: tuple[PortInfo, ...]
    pulled: tuple[PortInfo, ...]


def find_changes(before: list[PortInfo], after: list[PortInfo]) -> PortsChanged | None:
    """Compare two lists of ports; None when they are the same."""
    plugged = tuple(port for port in after if port not in before)
    pulled = tuple(port for port in before if port not in after)
    return PortsChanged(plugged, pulled) if plugged or pulled else None


class PortWatcher:
    """Looks at the list of ports every so often and tells what changed.

    `told` is called on the watcher's own thread; at the start with what is already there.
    """

    def __init__(
        self,
        told: Callable[[PortsChanged], None],
        *,
        lister: PortLister = list_ports,
        interval_s: float = 1.0,
    ) -> None:
        self._told = told
        self._lister = lister
        self._interval_s = interval_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="port-watcher", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; returns when the thread has."""
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        known: list[PortInfo] = []
        while not self._stop.is_set():
            try:
                now = list(self._lister())
            except DRIVER_ERRORS as error:
                # A device that leaves while it is being listed; the next look will tell.
                _log.warning("ports could not be listed: %s", error)
            else:
                changes = find_changes(known, now)
                known = now
                if changes is not None:
                    self._told(changes)
            self._stop.wait(self._interval_s)
