"""A simulated Nova SDS011: 9600 8N1, ten-byte frames from AA to AB.

Owns its modes (Nova's control protocol 1.3): active or on request, asleep, the working period,
and the device id. Commands are 19 bytes, AA B4 … AB.
"""

from __future__ import annotations

import struct

from app.hardware.channels import Channel
from app.hardware.simulators.device import Metronome
from app.hardware.simulators.surroundings import Surroundings, make_sensors

_REPORTING, _QUERY, _ID, _SLEEP, _FIRMWARE, _PERIOD = 2, 4, 5, 6, 7, 8
_ANYONE = 0xFFFF


class Sds011:
    """The sensor; `identity` is its two id bytes as one number."""

    def __init__(self, surroundings: Surroundings, *, identity: int = 0xA160) -> None:
        self.sensors = make_sensors(surroundings, Channel.PM2_5, Channel.PM10)
        self.identity = identity
        self.is_active = True
        self.is_awake = True
        self.period_min = 0
        self._output = Metronome(1.0, first_s=1.0)
        self._held = bytearray()

    def emit(self, now_s: float) -> list[bytes]:
        due = self._output.is_due(now_s)
        if not (due and self.is_awake and self.is_active):
            return []
        # With a working period it measures 30 s and rests until the period is over.
        if self.period_min and now_s % (self.period_min * 60.0) > 30.0:
            return []
        return [self._measurement(now_s)]

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        self._held += data
        replies = []
        while (start := self._held.find(b"\xaa\xb4")) >= 0 and len(self._held) - start >= 19:
            frame = bytes(self._held[start : start + 19])
            if sum(frame[2:17]) & 0xFF != frame[17] or frame[18] != 0xAB:
                del self._held[: start + 2]
                continue
            del self._held[: start + 19]
            if struct.unpack(">H", frame[15:17])[0] in (self.identity, _ANYONE):
                replies += self._carry_out(frame, now_s)
        del self._held[:-19]
        return replies

    def _carry_out(  # noqa: PLR0911 - one answer a command
        self, frame: bytes, now_s: float
    ) -> list[bytes]:
        command, writes, value = frame[2], frame[3], frame[4]
        if not self.is_awake and command != _SLEEP:
            return []
        match command:
            case 2:
                self.is_active = value == 0 if writes else self.is_active
                return [self._reply(command, writes, int(not self.is_active), 0)]
            case 4:
                return [self._measurement(now_s)]
            case 5:
                self.identity = frame[13] << 8 | frame[14]
                return [self._reply(command, 0, 0, 0)]
            case 6:
                self.is_awake = value == 1 if writes else self.is_awake
                return [self._reply(command, writes, int(self.is_awake), 0)]
            case 7:
                return [self._reply(command, 18, 11, 16)]
            case 8:
                self.period_min = min(value, 30) if writes else self.period_min
                return [self._reply(command, writes, self.period_min, 0)]
        return []

    def _measurement(self, now_s: float) -> bytes:
        fine = max(0.0, self.sensors[Channel.PM2_5].value(now_s))
        coarse = max(fine, self.sensors[Channel.PM10].value(now_s))
        tenths = [min(9999, round(value * 10)) for value in (fine, coarse)]
        return self._frame(0xC0, struct.pack("<HH", *tenths))

    def _reply(self, *values: int) -> bytes:
        return self._frame(0xC5, bytes(values))

    def _frame(self, kind: int, values: bytes) -> bytes:
        content = values + struct.pack(">H", self.identity)
        return bytes([0xAA, kind]) + content + bytes([sum(content) & 0xFF, 0xAB])
