"""A simulated Modbus RTU device: framing, functions and exceptions; the registers are a model's.

Owns the bytes of the serial line after the Modbus specification (V1.1b3) and keeps its own CRC:
what our decoders compute must agree with it, not come from it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

READ_HOLDING, READ_INPUT, WRITE_ONE, WRITE_MANY, DEVICE_IDENTIFICATION = 3, 4, 6, 16, 43
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
_SILENCE_S = 0.05
_LARGEST_FRAME = 256


class Exceptional(Exception):
    """The device answers with this exception code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Modbus exception {code:02}")
        self.code = code


def crc16(data: bytes) -> bytes:
    """Give the CRC of Modbus RTU, low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


def with_crc(body: bytes) -> bytes:
    """Give the whole frame."""
    return body + crc16(body)


def float_words(value: float) -> tuple[int, int]:
    """Give a 32-bit float as two registers, the least significant word first, as Vaisala does."""
    high, low = struct.unpack(">HH", struct.pack(">f", value))
    return low, high


def words_float(low: int, high: int) -> float:
    """Give the float that two registers hold, the least significant word first."""
    (value,) = struct.unpack(">f", struct.pack(">HH", high, low))
    return float(value)


class ModbusResponder:
    """Answers requests to one address; says nothing to others, to broadcasts, to broken frames.

    `read(function, address, count, now)` and `write(address, values, now)` are the model's; they
    raise `Exceptional`. `identification` are the objects of function 43, by number.
    """

    def __init__(
        self,
        addresses: Sequence[int],
        *,
        read: Callable[[int, int, int, float], Sequence[int]],
        write: Callable[[int, Sequence[int], float], None],
        identification: dict[int, str],
        functions: Sequence[int],
    ) -> None:
        self.addresses = set(addresses)
        self._read = read
        self._write = write
        self._identification = identification
        self._functions = set(functions)
        self._held = bytearray()
        self._last_s = 0.0

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        """Take bytes; a silence before them ends whatever frame was begun."""
        if now_s - self._last_s > _SILENCE_S:
            self._held.clear()
        self._last_s = now_s
        self._held += data
        replies = []
        while (length := self._request_length()) is not None and len(self._held) >= length:
            frame = bytes(self._held[:length])
            del self._held[:length]
            if crc16(frame[:-2]) != frame[-2:]:
                self._held.clear()
                break
            if frame[0] in self.addresses:
                replies.append(with_crc(self._answer(frame[0], frame[1:-2], now_s)))
            elif frame[0] == 0:
                self._answer(0, frame[1:-2], now_s)
        if len(self._held) > _LARGEST_FRAME:
            self._held.clear()
        return replies

    def _request_length(self) -> int | None:
        if len(self._held) < 7:
            return None
        function = self._held[1]
        if function == WRITE_MANY:
            return 9 + self._held[6]
        return 7 if function == DEVICE_IDENTIFICATION else 8

    def _answer(self, address: int, request: bytes, now_s: float) -> bytes:
        function = request[0]
        try:
            if function not in self._functions:
                raise Exceptional(ILLEGAL_FUNCTION)
            return bytes([address]) + self._carry_out(function, request[1:], now_s)
        except Exceptional as refusal:
            return bytes([address, function | 0x80, refusal.code])

    def _carry_out(self, function: int, body: bytes, now_s: float) -> bytes:
        if function in (READ_HOLDING, READ_INPUT):
            start, count = struct.unpack(">HH", body)
            if not 1 <= count <= 125:
                raise Exceptional(ILLEGAL_VALUE)
            values = self._read(function, start, count, now_s)
            return struct.pack(f">BB{count}H", function, 2 * count, *values)
        if function == WRITE_ONE:
            start, value = struct.unpack(">HH", body)
            self._write(start, [value], now_s)
            return bytes([function]) + body
        if function == WRITE_MANY:
            start, count, size = struct.unpack(">HHB", body[:5])
            if size != 2 * count or len(body) != 5 + size:
                raise Exceptional(ILLEGAL_VALUE)
            self._write(start, struct.unpack(f">{count}H", body[5:]), now_s)
            return bytes([function]) + body[:4]
        return self._identify(body)

    def _identify(self, body: bytes) -> bytes:
        kind, category, first = body
        if kind != 0x0E:
            raise Exceptional(ILLEGAL_FUNCTION)
        last = {1: 0x02, 2: 0x7F, 3: 0xFF}.get(category)
        if category == 4:
            numbers = [first] if first in self._identification else []
        elif last is not None:
            numbers = [n for n in sorted(self._identification) if first <= n <= last]
        else:
            raise Exceptional(ILLEGAL_VALUE)
        if not numbers:
            raise Exceptional(ILLEGAL_ADDRESS)
        objects = b"".join(
            bytes([number, len(self._identification[number])])
            + self._identification[number].encode("ascii")
            for number in numbers
        )
        # 0x83: extended identification, by stream and one by one; nothing more follows.
        return bytes([DEVICE_IDENTIFICATION, 0x0E, category, 0x83, 0, 0, len(numbers)]) + objects
