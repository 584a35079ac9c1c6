"""An open serial port: bytes in, bytes out, for one program alone.

Owns how a port is opened and closed and what its line settings are. Knows no protocol; every
failure is a `HardwareError`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import serial

from app.hardware.ports.failures import DRIVER_ERRORS, translated_opening, translated_use

_WRITE_TIMEOUT_S = 2.0
_WAIT_S = 0.02
_LARGEST_READ = 4096
_BREAK_S = 0.015


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How bytes travel on the line; the default is what most stations use."""

    baud: int = 9600
    data_bits: int = 8
    parity: str = "N"
    stop_bits: int = 1

    def __str__(self) -> str:
        """Give the usual short form: `19200 8N2`."""
        return f"{self.baud} {self.data_bits}{self.parity}{self.stop_bits}"


class ByteLine(Protocol):
    """What a reader needs of a port; tests may stand something else in its place."""

    @property
    def path(self) -> str:
        """The name of the port, for messages."""

    def read(self, timeout_s: float) -> bytes:
        """Give what has arrived, waiting at most so long for the first byte."""

    def write(self, data: bytes) -> None:
        """Send all of it."""

    def send_break(self) -> None:
        """Hold the line low for as long as SDI-12 wakes at."""

    def discard_input(self) -> bytes:
        """Give, and take off the line, what has arrived unread."""

    def close(self) -> None:
        """Let go of the port; never raises."""


class SerialLine:
    """A serial port held exclusively; see `open_line`."""

    def __init__(self, port: serial.Serial, path: str, settings: LineSettings) -> None:
        self._port = port
        self.path = path
        self.settings = settings

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, timeout_s: float) -> bytes:
        """Give what has arrived, at most 4096 bytes; b"" when nothing came in time.

        Raises PortLost.
        """
        ends_s = time.monotonic() + timeout_s
        with translated_use(self.path):
            # The port's own timeout stays as it is: pyserial sets the whole line anew for each
            # other one, and some ports refuse that.
            while True:
                waiting = self._port.in_waiting
                if waiting:
                    return bytes(self._port.read(min(waiting, _LARGEST_READ)))
                if time.monotonic() >= ends_s:
                    return b""
                first = bytes(self._port.read(1))
                if first:
                    rest = min(self._port.in_waiting, _LARGEST_READ - 1)
                    return first + bytes(self._port.read(rest))

    def write(self, data: bytes) -> None:
        """Send all of it. Raises PortLost, or PortRefused when the line takes nothing."""
        with translated_use(self.path):
            self._port.write(data)

    def send_break(self) -> None:
        """Hold the line low for 15 ms, then let it rest for 10 ms. Raises PortLost."""
        with translated_use(self.path):
            self._port.break_condition = True
            time.sleep(_BREAK_S)
            self._port.break_condition = False
            time.sleep(0.01)

    def discard_input(self) -> bytes:
        """Give, and take off the line, what has arrived unread. Raises PortLost."""
        discarded = bytearray()
        with translated_use(self.path):
            while waiting := self._port.in_waiting:
                discarded += self._port.read(min(waiting, _LARGEST_READ))
        return bytes(discarded)

    def close(self) -> None:
        """Let go of the port; a port already lost is let go of too."""
        try:
            self._port.close()
        except DRIVER_ERRORS:
            # The device is gone and the descriptor with it: nothing is left to close.
            return


def open_line(path: str, settings: LineSettings) -> SerialLine:
    """Open a port for this program alone and drop what waited in it from before.

    Raises PortMissing, PortBusy or PortRefused.
    """
    # A pseudo-terminal carries eight bits and no parity, and on Linux refuses to be told otherwise.
    is_pseudo = _is_pseudo_terminal(path)
    with translated_opening(path):
        port = serial.Serial(
            port=path,
            baudrate=settings.baud,
            bytesize=8 if is_pseudo else settings.data_bits,
            parity="N" if is_pseudo else settings.parity,
            stopbits=settings.stop_bits,
            timeout=_WAIT_S,
            write_timeout=_WRITE_TIMEOUT_S,
            exclusive=True,
        )
    return SerialLine(port, path, settings)


def _is_pseudo_terminal(path: str) -> bool:
    """Say whether the path leads to a pseudo-terminal; a port that is not there is none."""
    try:
        return str(Path(path).resolve()).startswith("/dev/pts/")
    except OSError:
        return False
