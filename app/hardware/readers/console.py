"""The raw console: every byte sent and received, beside the frames they became.

Owns the bounded memory of recent lines and their form; decodes nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.hardware.decoding import Frame

_SHOWN = bytes(range(0x20, 0x7F))


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """Bytes that went one way at one time, and the frames that were whole with them."""

    at: datetime
    is_sent: bool
    data: bytes
    frames: tuple[Frame, ...] = ()

    @property
    def hex(self) -> str:
        """The bytes in hex: `42 4D 00 1C`."""
        return self.data.hex(" ").upper()

    @property
    def text(self) -> str:
        """The bytes as ASCII, a dot for what cannot be shown."""
        return "".join(chr(byte) if byte in _SHOWN else "." for byte in self.data)

    @property
    def decoded(self) -> str:
        """What the frames say: `co2 412 ppm, temperature 28.4 °C`; their kind without readings."""
        told = []
        for frame in self.frames:
            values = [
                f"{reading.channel.value} {'–' if reading.value is None else reading.value}"
                f" {reading.unit}"
                for reading in frame.readings
            ]
            told.append(", ".join(values) or frame.kind)
        return "; ".join(told)


class Console:
    """Remembers the last lines; `follow` hands over each new one on the reader's thread."""

    def __init__(self, *, lines: int = 500, size: int = 65_536) -> None:
        self._lines: deque[ConsoleLine] = deque()
        self._largest_count, self._largest_size = lines, size
        self._size = 0
        self._followers: list[Callable[[ConsoleLine], None]] = []
        self._lock = threading.Lock()

    def note(self, line: ConsoleLine) -> None:
        """Add a line."""
        with self._lock:
            self._lines.append(line)
            self._size += len(line.data)
            while len(self._lines) > self._largest_count or self._size > self._largest_size:
                self._size -= len(self._lines.popleft().data)
            followers = tuple(self._followers)
        for told in followers:
            told(line)

    def lines(self) -> list[ConsoleLine]:
        """Give what is remembered, oldest first."""
        with self._lock:
            return list(self._lines)

    def follow(self, told: Callable[[ConsoleLine], None]) -> Callable[[], None]:
        """Hand over each new line from now on; calling what is given back ends that."""
        with self._lock:
            self._followers.append(told)

        def end() -> None:
            with self._lock:
                if told in self._followers:
                    self._followers.remove(told)

        return end
