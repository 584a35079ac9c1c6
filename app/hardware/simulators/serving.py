"""A simulated device on a pseudo-terminal: the port a host opens, and the plug that can be pulled.

Owns the pseudo-terminal, the thread that runs the device, and the device's clock. Knows no
protocol. Where the system has no pseudo-terminals (Windows) it says so.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from app.hardware.channels import Channel
from app.hardware.errors import HardwareError, PortRefused
from app.hardware.simulators.device import Device
from app.hardware.simulators.faults import Fault, FaultyWire

_TICK_S = 0.01
_PULL_S = 2.0
_LARGEST_READ = 4096
_LARGEST_BACKLOG = 1000
UNPLUGGED_AFTER_S, UNPLUGGED_FOR_S = 5.0, 3.0


class NoPseudoTerminals(HardwareError):
    """The system has no pseudo-terminals."""

    code = "no-pseudo-terminals"


class StationServer:
    """Runs a device behind a pseudo-terminal; use it in a `with`, or start and stop it.

    `link` names a symbolic link that always leads to the port, also after it was pulled and
    plugged in again: what a stable name in `/dev/serial/by-id` is for a real adapter.
    """

    def __init__(
        self,
        device: Device,
        *,
        fault: Fault = Fault.NONE,
        fault_after_s: float | None = None,
        seed: int = 1,
        link: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        tap: Callable[[bool, bytes], None] | None = None,
    ) -> None:
        self.device = device
        self.fault = fault
        self._fault_after_s = _usual_delay(fault) if fault_after_s is None else fault_after_s
        self._wire = FaultyWire(fault, seed=seed)
        self._link = link
        self._clock = clock
        self._tap = tap
        self._began_s = clock()
        self._host_end, self._device_end = -1, -1
        self._path = ""
        self._pending: deque[tuple[float, bytes]] = deque()
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._wants_pull, self._pulled = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="station", daemon=True)
        self.lost_bytes = 0
        """Bytes nobody was there to read; a serial line keeps none either."""

    @property
    def port(self) -> str:
        """The port to open: the link where there is one, else the pseudo-terminal."""
        return str(self._link) if self._link is not None else self._path

    @property
    def is_plugged_in(self) -> bool:
        """Whether the port is there."""
        return self._device_end >= 0

    def now_s(self) -> float:
        """Give the seconds since the device got power."""
        return self._clock() - self._began_s

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make the port and run the device. Raises NoPseudoTerminals or PortRefused."""
        self.plug_in()
        self._thread.start()

    def stop(self) -> None:
        """End the device and take the port away."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self.unplug()

    def plug_in(self) -> None:
        """Make the port, a new one each time."""
        try:
            import pty
            import tty
        except ImportError:
            raise NoPseudoTerminals(
                "This system has no pseudo-terminals to put a simulated station on.",
                hint="Simulated stations run on Linux and macOS.",
            ) from None
        with self._lock:
            if self.is_plugged_in:
                return
            try:
                self._device_end, self._host_end = pty.openpty()
                tty.setraw(self._host_end)
                os.set_blocking(self._device_end, False)
                self._path = os.ttyname(self._host_end)
                self._lay_link()
            except OSError as error:
                self._close_ends()
                raise PortRefused(
                    f"No port could be made for the simulated station: {error.strerror}.",
                    hint="Look whether the link's folder can be written.",
                ) from error

    def unplug(self) -> None:
        """Take the port away under the host's hands; gone when this returns."""
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            # A terminal that another thread waits on stays open: let that thread close it.
            self._pulled.clear()
            self._wants_pull.set()
            self._pulled.wait(_PULL_S)
        else:
            self._close_ends()

    def _close_ends(self) -> None:
        with self._lock:
            if self._link is not None:
                self._link.unlink(missing_ok=True)
            for end in (self._device_end, self._host_end):
                if end >= 0:
                    os.close(end)
            self._device_end = self._host_end = -1
            self._pending.clear()

    def apply_gas(self, channel: Channel, value: float | None) -> None:
        """Lead a gas to the station, or with None the air again. Raises KeyError."""
        with self._lock:
            sensor = self.device.sensors[channel]
            sensor.surroundings.apply(channel, value, self.now_s())

    def _lay_link(self) -> None:
        if self._link is None:
            return
        beside = self._link.with_name(self._link.name + ".new")
        beside.unlink(missing_ok=True)
        beside.symlink_to(self._path)
        beside.replace(self._link)

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._wants_pull.is_set():
                self._wants_pull.clear()
                self._close_ends()
                self._pulled.set()
            if self.fault is Fault.UNPLUG:
                self._pull_or_push()
            received = self._receive()
            with self._lock:
                now_s = self.now_s()
                frames = self.device.receive(received, now_s) if received else []
                frames += self.device.emit(now_s)
                self._queue(frames)
                self._send_due()

    def _pull_or_push(self) -> None:
        """Pull the plug for three seconds, again and again."""
        phase = self.now_s() % (self._fault_after_s + UNPLUGGED_FOR_S)
        if phase < self._fault_after_s:
            self.plug_in()
        else:
            self.unplug()

    def _receive(self) -> bytes:
        end = self._device_end
        if end < 0:
            self._stop.wait(_TICK_S)
            return b""
        # A port pulled meanwhile by another thread is no fault: there is nothing to read.
        with contextlib.suppress(OSError, ValueError):
            readable, _, _ = select.select([end], [], [], _TICK_S)
            if readable:
                with self._lock:
                    if end != self._device_end:
                        return b""
                    data = os.read(end, _LARGEST_READ)
                if self._tap is not None:
                    self._tap(True, data)
                return data
        return b""

    def _queue(self, frames: list[bytes]) -> None:
        due_s = self._pending[-1][0] if self._pending else self._clock()
        for frame in frames:
            good = self.now_s() < self._fault_after_s
            for delay_s, piece in [(0.0, frame)] if good else self._wire.carry(frame):
                due_s = max(due_s, self._clock()) + delay_s
                if len(self._pending) < _LARGEST_BACKLOG:
                    self._pending.append((due_s, piece))
                else:
                    self.lost_bytes += len(piece)

    def _send_due(self) -> None:
        while self._pending and self._pending[0][0] <= self._clock():
            _, piece = self._pending.popleft()
            self._send(piece)

    def _send(self, piece: bytes) -> None:
        if self._device_end < 0:
            self.lost_bytes += len(piece)
            return
        try:
            written = os.write(self._device_end, piece)
        except OSError:
            # Full, because nobody reads: what a line cannot carry is gone.
            written = 0
        self.lost_bytes += len(piece) - written
        if self._tap is not None and written:
            self._tap(False, piece[:written])


def _usual_delay(fault: Fault) -> float:
    return UNPLUGGED_AFTER_S if fault is Fault.UNPLUG else 0.0


def serve(
    device: Device, *, fault: Fault = Fault.NONE, seed: int = 1, link: Path | None = None
) -> StationServer:
    """Give a server for a device, ready for a `with`."""
    return StationServer(device, fault=fault, seed=seed, link=link)
