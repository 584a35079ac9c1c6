"""What all Plantower particle sensors share: the frame, its sum, and the commands (9600 8N1).

Owns framing and requests; which word of a frame is which channel is each model's file's. Source:
Plantower data sheets as told by PyPMS, docs/sensors/Plantower.md.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Flag, Frame
from app.hardware.framing import Broken, StreamDecoder
from app.hardware.values import reading_of_number, with_flag

_HEADER = b"BM"
_KNOWN_LENGTHS = frozenset({0x14, 0x1C, 0x24})
"""What follows header and length, in bytes, for the models known: 3003, 5003 and 5003T, 5003ST."""
_ACKNOWLEDGEMENT_LENGTH = 4
_COMMANDS = {0xE1: "mode", 0xE4: "sleep"}

MASSES = (
    Channel.PM1_CF1,
    Channel.PM2_5_CF1,
    Channel.PM10_CF1,
    Channel.PM1,
    Channel.PM2_5,
    Channel.PM10,
)


class PlantowerDecoder(StreamDecoder):
    """Finds the frames of one model: `length` bytes of words for these channels, then others."""

    def __init__(
        self, *, length: int, channels: Sequence[Channel], tenths: frozenset[Channel] = frozenset()
    ) -> None:
        super().__init__()
        self._length = length
        self._channels = tuple(channels)
        self._tenths = tenths
        signed = "".join("h" if channel is Channel.TEMPERATURE else "H" for channel in channels)
        self._words = struct.Struct(f">{signed}")

    def _find(self, buffer: bytearray, position: int) -> int:
        found = buffer.find(_HEADER, position)
        if found >= 0:
            return found
        return len(buffer) - 1 if buffer[position:].endswith(b"B") else len(buffer)

    def _size(self, buffer: bytearray, position: int) -> int | Broken | None:
        if len(buffer) - position < 4:
            return None
        length = buffer[position + 2] << 8 | buffer[position + 3]
        if length not in (self._length, _ACKNOWLEDGEMENT_LENGTH) and length not in _KNOWN_LENGTHS:
            return Broken(Cause.LENGTH, 4)
        return length + 4

    def _read(self, raw: bytes) -> Frame | Broken:
        if sum(raw[:-2]) != raw[-2] << 8 | raw[-1]:
            return Broken(Cause.CHECKSUM, len(raw))
        length = len(raw) - 4
        if length == self._length:
            return self._measurement(raw)
        if length == _ACKNOWLEDGEMENT_LENGTH and raw[4] in _COMMANDS:
            details: dict[str, str | int] = {"command": _COMMANDS[raw[4]], "value": raw[5]}
            return Frame((), raw, "acknowledgement", MappingProxyType(details))
        return Broken(Cause.UNKNOWN, len(raw))

    def _measurement(self, raw: bytes) -> Frame:
        words = self._words.unpack_from(raw, 4)
        readings = tuple(
            reading_of_number(
                channel, Decimal(word).scaleb(-1) if channel in self._tenths else Decimal(word)
            )
            for channel, word in zip(self._channels, words, strict=True)
        )
        if not any(words):
            # PyPMS and others saw frames of zeros until the first measurement.
            reason = "all values are zero: the sensor is warming up"
            readings = tuple(with_flag(reading, Flag.SUSPICIOUS, reason) for reading in readings)
        rest = raw[4 + self._words.size : -2]
        return Frame(readings, raw, "measurement", MappingProxyType({"reserved": rest.hex()}))


def _request(command: int, value: int) -> bytes:
    body = bytes((0x42, 0x4D, command, 0, value))
    return body + sum(body).to_bytes(2, "big")


def passive_mode_request() -> bytes:
    """Let the sensor send only when asked."""
    return _request(0xE1, 0)


def active_mode_request() -> bytes:
    """Let the sensor send by itself."""
    return _request(0xE1, 1)


def read_request() -> bytes:
    """Ask for one frame, in passive mode."""
    return _request(0xE2, 0)


def sleep_request() -> bytes:
    """Stop fan and laser."""
    return _request(0xE4, 0)


def wake_request() -> bytes:
    """Start fan and laser; readings are steady after 30 s."""
    return _request(0xE4, 1)
