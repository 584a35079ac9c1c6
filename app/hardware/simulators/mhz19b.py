"""A simulated Winsen MH-Z19B: 9600 8N1, nine-byte frames that begin with FF.

Owns its commands (datasheet 1.0): read 86, zero 87, span 88, automatic baseline 79, range 99.
While it warms up (180 s) it shows 410 ppm, as such sensors do. Zero means 400 ppm of outdoor air.
"""

from __future__ import annotations

from app.hardware.channels import Channel
from app.hardware.simulators.surroundings import Surroundings, make_sensors

READ, ZERO, SPAN, BASELINE, RANGE = 0x86, 0x87, 0x88, 0x79, 0x99
_OUTDOOR_PPM = 400.0
_WARMING_PPM = 410
_RANGES = (2000, 5000)


def checksum(frame: bytes) -> int:
    """Give the check byte of a frame's first eight bytes: the negative of the sum of seven."""
    return -sum(frame[1:8]) & 0xFF


class MhZ19b:
    """The sensor; `fixed_co2` shows one value whatever the air."""

    def __init__(self, surroundings: Surroundings, *, warm_up_s: float = 180.0) -> None:
        self.sensors = make_sensors(surroundings, Channel.CO2, Channel.TEMPERATURE)
        self.warm_up_s = warm_up_s
        self.fixed_co2: int | None = None
        self.shows_temperature = True
        self.range_ppm = 5000
        self.has_baseline_correction = True
        self._held = bytearray()

    def emit(self, now_s: float) -> list[bytes]:  # noqa: ARG002 - it speaks when asked
        return []

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        self._held += data
        replies = []
        while (start := self._held.find(0xFF)) >= 0 and len(self._held) - start >= 9:
            frame = bytes(self._held[start : start + 9])
            if frame[1] != 0x01 or checksum(frame) != frame[8]:
                del self._held[: start + 1]
                continue
            del self._held[: start + 9]
            reply = self._carry_out(frame, now_s)
            if reply is not None:
                replies.append(reply)
        del self._held[:-9]
        return replies

    def _carry_out(self, frame: bytes, now_s: float) -> bytes | None:
        command, value = frame[2], frame[3] << 8 | frame[4]
        sensor = self.sensors[Channel.CO2]
        match command:
            case 0x86:
                return self._reading(now_s)
            case 0x87:
                sensor.adjust_offset(_OUTDOOR_PPM, now_s)
            case 0x88 if value >= 1000:
                sensor.adjust_gain(float(value), now_s)
            case 0x79:
                self.has_baseline_correction = frame[3] == 0xA0
                return _frame(BASELINE, 1)
            case 0x99:
                wanted = value or frame[6] << 8 | frame[7]
                if wanted in _RANGES:
                    self.range_ppm = wanted
                return _frame(RANGE, int(wanted in _RANGES))
        # Zero and span are carried out without a word, as the datasheet has it.
        return None

    def _reading(self, now_s: float) -> bytes:
        if self.fixed_co2 is not None:
            co2 = self.fixed_co2
        elif now_s < self.warm_up_s:
            co2 = _WARMING_PPM
        else:
            shown = round(self.sensors[Channel.CO2].value(now_s))
            co2 = min(max(shown, 0), self.range_ppm)
        warm = 0
        if self.shows_temperature:
            warm = round(self.sensors[Channel.TEMPERATURE].value(now_s)) + 40
        return _frame(READ, co2 >> 8, co2 & 0xFF, warm)


def _frame(command: int, *values: int) -> bytes:
    body = bytes([0xFF, command, *values]).ljust(8, b"\x00")
    return body + bytes([checksum(body)])
