"""Simulated Plantower particle sensors: PMS3003, PMS5003 and its family, PMS5003T. 9600 8N1.

Owns frames, commands and modes: active (a frame a second), passive (a frame when asked), asleep.
The PMS3003 takes no command. After power-up or sleep the fan needs `warm_up_s`, during which
every field is zero, as from the real ones. The mode outlasts a sleep. Told to wake, the sensor
sends one frame by itself and then none until its fan has run up again: a host that wakes it and
waits (pypms: ten seconds) finds its answer to the next command at once, not behind old frames.
"""

from __future__ import annotations

import struct

from app.hardware.channels import Channel
from app.hardware.simulators.device import Metronome
from app.hardware.simulators.surroundings import Surroundings, make_sensors

_START = b"\x42\x4d"
_MODE, _READ, _SLEEP = 0xE1, 0xE2, 0xE4
_COMMANDS = {_MODE, _READ, _SLEEP}
_RUN_UP_S = 12.0


def make_frame(fields: bytes) -> bytes:
    """Give a whole frame: start, length, fields, and the sum of all bytes before it."""
    body = _START + struct.pack(">H", len(fields) + 2) + fields
    return body + struct.pack(">H", sum(body) & 0xFFFF)


class Plantower:
    """A sensor of one of the three kinds: `pms3003`, `pms5003` (7003 too), `pms5003t`."""

    def __init__(self, surroundings: Surroundings, kind: str, *, warm_up_s: float = 10.0) -> None:
        channels = [Channel.PM1, Channel.PM2_5, Channel.PM10]
        if kind == "pms5003t":
            channels += [Channel.TEMPERATURE, Channel.HUMIDITY]
        self.sensors = make_sensors(surroundings, *channels)
        self.kind = kind
        self.warm_up_s = warm_up_s
        self.is_active = True
        self.is_awake = True
        self.fixed_fields: bytes | None = None
        """Fields shown whatever the air: to replay a capture."""
        self._woken_s = self._runs_up_until_s = 0.0
        self._tells_awake = False
        self._output = Metronome(1.0, first_s=1.0)
        self._held = bytearray()

    def emit(self, now_s: float) -> list[bytes]:
        due = self._output.is_due(now_s)
        if not (due and self.is_awake and self.is_active):
            return []
        if self._tells_awake:
            self._tells_awake = False
        elif now_s < self._runs_up_until_s:
            return []
        return [self._frame(now_s)]

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        if self.kind == "pms3003":
            return []
        self._held += data
        replies = []
        while (start := self._held.find(_START)) >= 0 and len(self._held) - start >= 7:
            command = bytes(self._held[start : start + 7])
            if sum(command[:5]) != command[5] << 8 | command[6] or command[2] not in _COMMANDS:
                del self._held[: start + 2]
                continue
            del self._held[: start + 7]
            replies += self._carry_out(command[2], command[4], now_s)
        del self._held[:-7]
        return replies

    def _carry_out(self, command: int, value: int, now_s: float) -> list[bytes]:
        if command == _SLEEP and value:
            if not self.is_awake:
                self.is_awake, self._woken_s = True, now_s
            self._tells_awake, self._runs_up_until_s = True, now_s + _RUN_UP_S
            return []
        if not self.is_awake:
            return []
        if command == _SLEEP:
            self.is_awake = False
        elif command == _MODE:
            self.is_active, self._runs_up_until_s = bool(value), now_s
            self._output.restart(now_s)
        else:
            return [] if self.is_active else [self._frame(now_s)]
        return [make_frame(bytes([command, value]))]

    def _frame(self, now_s: float) -> bytes:
        size = 18 if self.kind == "pms3003" else 26
        if now_s - self._woken_s < self.warm_up_s:
            return make_frame(bytes(size))
        return make_frame(self.fixed_fields or self._fields(now_s, size))

    def _fields(self, now_s: float, size: int) -> bytes:
        mass = [
            _count(self.sensors[channel].value(now_s))
            for channel in (Channel.PM1, Channel.PM2_5, Channel.PM10)
        ]
        mass[1] = max(mass[0], mass[1])
        mass[2] = max(mass[1], mass[2])
        # Below 30 µg/m³ the factory's two kinds of value are the same; above they part.
        cf1 = [value if value < 30 else _count(value * 1.5 - 15) for value in mass]
        fine = mass[1]
        numbers = [fine * 190, fine * 56, fine * 9, fine * 2, fine // 4, fine // 10]
        fields = cf1 + mass
        if self.kind == "pms5003t":
            warm = round(self.sensors[Channel.TEMPERATURE].value(now_s) * 10)
            moist = round(self.sensors[Channel.HUMIDITY].value(now_s) * 10)
            fields += [_count(n) for n in numbers[:4]] + [warm & 0xFFFF, _count(moist), 0x9100]
        elif self.kind == "pms5003":
            fields += [_count(n) for n in numbers] + [0x9700]
        else:
            fields += [0, 0, 0]
        return struct.pack(f">{size // 2}H", *fields)


def _count(value: float) -> int:
    return max(0, min(0xFFFF, round(value)))
