"""A simulated Sensirion SPS30 on its UART: SHDLC with byte stuffing, 115200 8N1.

Owns commands, states and answers (datasheet 1.0): idle, measuring as floats or integers, asleep.
A new measurement comes every second; asked again before that, the answer is empty. Wrong frames
are answered by silence, wrong commands by the state byte.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from app.hardware.channels import Channel
from app.hardware.simulators.surroundings import Surroundings, make_sensors

_EDGE, _ESCAPE = 0x7E, 0x7D
_STUFFED = {0x7E: 0x5E, 0x7D: 0x5D, 0x11: 0x31, 0x13: 0x33}
_PLAIN = {stuffed: plain for plain, stuffed in _STUFFED.items()}
OK, WRONG_LENGTH, UNKNOWN_COMMAND, WRONG_PARAMETER, NOT_NOW = 0x00, 0x01, 0x02, 0x04, 0x43
_FLOAT, _INTEGER = 0x03, 0x05
# The datasheet says 0.1 s; the maker's own host takes 0.15 s and wakes the real one.
_WAKE_WINDOW_S = 0.25
_PULSE = 0xFF
_LARGEST_FRAME = 600


class Refused(Exception):
    """The device answers with this state and no data."""

    def __init__(self, state: int) -> None:
        super().__init__(f"state {state:02X}")
        self.state = state


def stuff(content: bytes) -> bytes:
    """Give a frame between its two edges, with the bytes that may not stand there replaced."""
    inner = bytearray()
    for byte in content:
        inner += bytes([_ESCAPE, _STUFFED[byte]]) if byte in _STUFFED else bytes([byte])
    return bytes([_EDGE]) + bytes(inner) + bytes([_EDGE])


class Sps30:
    """The sensor; the fan needs `warm_up_s` after a start until values mean something."""

    def __init__(self, surroundings: Surroundings, *, warm_up_s: float = 8.0) -> None:
        self.sensors = make_sensors(
            surroundings, Channel.PM1, Channel.PM2_5, Channel.PM4, Channel.PM10
        )
        self.warm_up_s = warm_up_s
        self.fixed_values: tuple[float, ...] | None = None
        self.output_format: int | None = None
        self.is_asleep = False
        self.cleaning_interval_s = 604_800
        self.status_register = 0
        self._started_s = 0.0
        self._read_s = -1.0
        self._pulse_s = -1.0
        self._held: bytearray | None = None

    def emit(self, now_s: float) -> list[bytes]:  # noqa: ARG002 - it speaks when asked
        return []

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        replies = []
        for byte in data:
            if byte == _EDGE:
                if self._held:
                    reply = self._take(bytes(self._held), now_s)
                    replies += [reply] if reply else []
                    self._held = None
                else:
                    self._held = bytearray()
            elif self._held is not None and len(self._held) < _LARGEST_FRAME:
                self._held.append(byte)
            elif byte == 0xFF:
                self._pulse_s = now_s
        return replies

    def _take(self, stuffed: bytes, now_s: float) -> bytes | None:
        frame = _unstuff(stuffed)
        if frame is None or len(frame) < 4 or sum(frame) & 0xFF != 0xFF or frame[0] != 0:
            return None
        command, length, data = frame[1], frame[2], frame[3:-1]
        if command == _PULSE:
            # The maker's host sends the waking pulse as a frame and wants no answer.
            self._pulse_s = now_s
            return None
        if self.is_asleep:
            awake = command == 0x11 and now_s - self._pulse_s <= _WAKE_WINDOW_S
            self._pulse_s = now_s
            if not awake:
                return None
        try:
            if length != len(data):
                raise Refused(WRONG_LENGTH)
            answer, state = self._carry_out(command, data, now_s), OK
        except Refused as refusal:
            answer, state = b"", refusal.state
        content = bytes([0, command, state, len(answer)]) + answer
        return stuff(content + bytes([0xFF - (sum(content) & 0xFF)]))

    def _carry_out(self, command: int, data: bytes, now_s: float) -> bytes:
        commands: dict[int, Callable[[bytes, float], bytes]] = {
            0x00: self._start,
            0x01: self._stop,
            0x03: self._read,
            0x10: self._sleep,
            0x11: self._wake,
            0x56: self._clean,
            0x80: self._cleaning,
            0xD0: self._information,
            0xD1: lambda _data, _now_s: bytes([2, 3, 0, 7, 0, 2, 0]),
            0xD2: self._status,
            0xD3: self._reset,
        }
        if command not in commands:
            raise Refused(UNKNOWN_COMMAND)
        return commands[command](data, now_s)

    def _start(self, data: bytes, now_s: float) -> bytes:
        if len(data) != 2:
            raise Refused(WRONG_LENGTH)
        if data[0] != 0x01 or data[1] not in (_FLOAT, _INTEGER):
            raise Refused(WRONG_PARAMETER)
        if self.output_format is not None:
            raise Refused(NOT_NOW)
        self.output_format, self._started_s, self._read_s = data[1], now_s, -1.0
        return b""

    def _stop(self, _data: bytes, _now_s: float) -> bytes:
        self.output_format = None
        return b""

    def _read(self, _data: bytes, now_s: float) -> bytes:
        if self.output_format is None:
            raise Refused(NOT_NOW)
        measured = int(now_s - self._started_s)
        if measured < 1 or measured == self._read_s:
            return b""
        self._read_s = measured
        values = self.fixed_values or self._values(now_s)
        if self.output_format == _FLOAT:
            return struct.pack(">10f", *values)
        whole = [round(value) for value in values[:9]] + [round(values[9] * 1000)]
        return struct.pack(">10H", *(max(0, min(0xFFFF, value)) for value in whole))

    def _values(self, now_s: float) -> tuple[float, ...]:
        spun = min(1.0, (now_s - self._started_s) / self.warm_up_s) if self.warm_up_s else 1.0
        mass: list[float] = []
        for channel in (Channel.PM1, Channel.PM2_5, Channel.PM4, Channel.PM10):
            value = max(0.0, self.sensors[channel].value(now_s)) * spun
            mass.append(max([value, *mass[-1:]]))
        numbers = [mass[0] * factor for factor in (5.8, 6.9, 7.1, 7.15, 7.16)]
        return (*mass, *numbers, 0.52)

    def _sleep(self, _data: bytes, _now_s: float) -> bytes:
        if self.output_format is not None:
            raise Refused(NOT_NOW)
        self.is_asleep = True
        return b""

    def _wake(self, _data: bytes, _now_s: float) -> bytes:
        self.is_asleep = False
        return b""

    def _clean(self, _data: bytes, _now_s: float) -> bytes:
        if self.output_format is None:
            raise Refused(NOT_NOW)
        return b""

    def _cleaning(self, data: bytes, _now_s: float) -> bytes:
        if len(data) == 5:
            (self.cleaning_interval_s,) = struct.unpack(">I", data[1:])
            return b""
        if len(data) != 1:
            raise Refused(WRONG_LENGTH)
        return struct.pack(">I", self.cleaning_interval_s)

    def _information(self, data: bytes, _now_s: float) -> bytes:
        known = {0x00: b"00080000\x00", 0x03: b"8F6E1A4C03D27B59\x00"}
        if data[:1] not in (b"\x00", b"\x03"):
            raise Refused(WRONG_PARAMETER)
        return known[data[0]]

    def _status(self, data: bytes, _now_s: float) -> bytes:
        if len(data) != 1:
            raise Refused(WRONG_LENGTH)
        answer = struct.pack(">IB", self.status_register, 0)
        if data[0]:
            self.status_register = 0
        return answer

    def _reset(self, _data: bytes, _now_s: float) -> bytes:
        self.output_format, self.is_asleep = None, False
        return b""


def _unstuff(stuffed: bytes) -> bytes | None:
    plain = bytearray()
    escaped = False
    for byte in stuffed:
        if escaped:
            if byte not in _PLAIN:
                return None
            plain.append(_PLAIN[byte])
            escaped = False
        elif byte == _ESCAPE:
            escaped = True
        else:
            plain.append(byte)
    return None if escaped else bytes(plain)
