"""A simulated SDI-12 weather sensor behind a transparent adapter: 1200 7E1, commands end with `!`.

Owns the commands of SDI-12 1.4 that a host uses: `?!`, `a!`, `aI!`, `aAb!`, `aM!`, `aMC!`, `aC!`,
`aCC!`, `aD0!`, `aR0!`, `aRC0!`, `aV!`, the service request when a measurement is ready, and the
CRC. What it does not know it answers with its address alone, as the standard says.
"""

from __future__ import annotations

import string

from app.hardware.channels import Channel
from app.hardware.simulators.surroundings import Surroundings, make_sensors

CHANNELS = (Channel.TEMPERATURE, Channel.HUMIDITY, Channel.PRESSURE)
_DECIMALS = (2, 1, 1)
_ADDRESSES = string.digits + string.ascii_letters
_LARGEST_COMMAND = 32
_PAUSE_S = 0.1


def sdi12_crc(text: str) -> str:
    """Give the three characters of the CRC (SDI-12 1.4, section 4.4.12)."""
    crc = 0
    for byte in text.encode("ascii"):
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return "".join(chr(0x40 | part) for part in (crc >> 12, crc >> 6 & 0x3F, crc & 0x3F))


class Sdi12:
    """The sensor: temperature in °C, humidity in %, pressure in hPa, in that order."""

    def __init__(
        self, surroundings: Surroundings, *, address: str = "0", measuring_s: int = 1
    ) -> None:
        self.sensors = make_sensors(surroundings, *CHANNELS)
        self.address = address
        self.measuring_s = measuring_s
        self._held = ""
        self._heard_s = 0.0
        self._values: list[str] = []
        self._wants_crc = False
        self._ready_s: float | None = None
        self._tells_ready = False

    def emit(self, now_s: float) -> list[bytes]:
        if self._ready_s is None or now_s < self._ready_s:
            return []
        self._ready_s = None
        self._values = self._measure(now_s)
        return [_line(self.address)] if self._tells_ready else []

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        # A pause ends half a command, as the break does that a pseudo-terminal cannot carry.
        if now_s - self._heard_s > _PAUSE_S:
            self._held = ""
        self._heard_s = now_s
        replies = []
        for letter in data.decode("latin-1"):
            if letter == "!":
                reply = self._carry_out(self._held, now_s)
                self._held = ""
                if reply is not None:
                    replies.append(_line(reply))
            elif letter.isalnum() or letter == "?":
                self._held = (self._held + letter)[-_LARGEST_COMMAND:]
        return replies

    def _carry_out(  # noqa: PLR0911 - one answer a command
        self, command: str, now_s: float
    ) -> str | None:
        if command == "?":
            return self.address
        if command[:1] != self.address:
            return None
        # A new command breaks off a measurement that has not told it is ready.
        if self._tells_ready and command[1:2] != "D":
            self._ready_s = None
        wanted = command[1:]
        match wanted[:1]:
            case "":
                return self.address
            case "I":
                return f"{self.address}14TEAK    WTHR01100SN0042"
            case "A" if len(wanted) == 2 and wanted[1] in _ADDRESSES:
                self.address = wanted[1]
                return self.address
            case "M" | "C" | "V":
                return self._begin(wanted, now_s)
            case "D" if wanted[1:].isdigit():
                return self._data(self._values if wanted == "D0" else [], crc=self._wants_crc)
            case "R":
                crc = wanted[1:2] == "C"
                return self._data(
                    self._measure(now_s) if wanted.endswith("0") else [],
                    crc=crc,
                )
        return self.address

    def _begin(self, wanted: str, now_s: float) -> str:
        concurrent = wanted[0] == "C"
        self._wants_crc = wanted[1:2] == "C"
        self._tells_ready = not concurrent and self.measuring_s > 0
        self._values = []
        count = f"{len(CHANNELS):02}" if concurrent else str(len(CHANNELS))
        self._ready_s = now_s + self.measuring_s
        if not self.measuring_s:
            self.emit(now_s)
        return f"{self.address}{self.measuring_s:03}{count}"

    def _measure(self, now_s: float) -> list[str]:
        return [
            f"{self.sensors[channel].value(now_s):+.{decimals}f}"
            for channel, decimals in zip(CHANNELS, _DECIMALS, strict=True)
        ]

    def _data(self, values: list[str], *, crc: bool) -> str:
        text = self.address + "".join(values)
        return text + sdi12_crc(text) if crc else text


def _line(text: str) -> bytes:
    return f"{text}\r\n".encode("ascii")
