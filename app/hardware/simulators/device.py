"""The shape of a simulated device: bytes in, bytes out, and the seconds since it got power.

Owns that shape and the table of what may be given to one; knows no port, no thread and no clock.
A device is a plain state machine: who runs it says what time it is.
"""

from __future__ import annotations

from typing import Protocol

from app.hardware.channels import Channel
from app.hardware.simulators.surroundings import Sensor


class Device(Protocol):
    """A simulated station. Times are seconds since power came on and never run backwards."""

    @property
    def sensors(self) -> dict[Channel, Sensor]:
        """Its sensors by channel: their true error can be set, and gas applied to them."""

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        """Take bytes from the line and give the frames it answers with at once."""

    def emit(self, now_s: float) -> list[bytes]:
        """Give the frames it sends by itself that are due by now."""


class Metronome:
    """Says when the next of evenly spaced frames is due; misses none and floods with none."""

    def __init__(self, interval_s: float, *, first_s: float = 0.0) -> None:
        self.interval_s = interval_s
        self._next_s = first_s

    def is_due(self, now_s: float) -> bool:
        """Say whether a frame is due now; what was missed by more than one is let go."""
        if now_s < self._next_s:
            return False
        missed = int((now_s - self._next_s) / self.interval_s)
        self._next_s += (missed + 1) * self.interval_s
        return True

    def restart(self, now_s: float, interval_s: float | None = None) -> None:
        """Begin to count anew: the next frame is one interval from now."""
        if interval_s is not None:
            self.interval_s = interval_s
        self._next_s = now_s + self.interval_s


class LineBuffer:
    """Collects bytes into lines ended by a carriage return or a line feed; bounded."""

    def __init__(self, largest: int = 256) -> None:
        self._held = bytearray()
        self._largest = largest

    def take(self, data: bytes) -> list[str]:
        """Give the lines completed by these bytes, empty ones too, without their ends."""
        lines = []
        for byte in data:
            if byte in b"\r\n":
                if byte == 0x0D or self._held:
                    lines.append(self._held.decode("latin-1"))
                self._held.clear()
            elif byte == 0x1B:
                self._held.clear()
            elif len(self._held) < self._largest:
                self._held.append(byte)
        return lines
