"""Sensirion SPS30 particle sensor over UART: SHDLC with byte stuffing (115200 8N1).

Owns its frames, states and requests. Source: Sensirion SPS30 data sheet as told by PyPMS,
docs/sensors/Sensirion.md.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Flag, Frame, Reading
from app.hardware.framing import Broken, StreamDecoder
from app.hardware.values import reading_of_float32, reading_of_number, with_flag

_EDGE, _ESCAPE = 0x7E, 0x7D
_STUFFED = {0x7E: b"\x7d\x5e", 0x7D: b"\x7d\x5d", 0x11: b"\x7d\x31", 0x13: b"\x7d\x33"}
_UNSTUFFED = {pair[1]: octet for octet, pair in _STUFFED.items()}
_LONGEST = 2 + 2 * (5 + 255)

CHANNELS = (
    Channel.PM1,
    Channel.PM2_5,
    Channel.PM4,
    Channel.PM10,
    Channel.NUMBER_0_5,
    Channel.NUMBER_1,
    Channel.NUMBER_2_5,
    Channel.NUMBER_4,
    Channel.NUMBER_10,
    Channel.PARTICLE_SIZE,
)
COMMANDS = {
    0x00: "start",
    0x01: "stop",
    0x03: "read",
    0x10: "sleep",
    0x11: "wake",
    0x56: "clean",
    0x80: "cleaning_interval",
    0xD0: "information",
    0xD1: "version",
    0xD2: "status",
    0xD3: "reset",
}
STATES = {
    0x01: "wrong length of data",
    0x02: "unknown command",
    0x03: "no right to this command",
    0x04: "parameter out of range",
    0x28: "internal function failed",
    0x43: "not allowed in this state",
}
STATUS_BITS = {
    21: (Flag.SUSPICIOUS, "fan speed out of range"),
    5: (Flag.BAD, "laser failed"),
    4: (Flag.BAD, "fan failed"),
}


class Sps30Decoder(StreamDecoder):
    """Finds frames between two edges; what the host asked is not taken for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: list[tuple[Flag, str]] = []
        """What the last answer to the status command says of the readings that follow."""

    def _find(self, buffer: bytearray, position: int) -> int:
        found = buffer.find(_EDGE, position)
        return found if found >= 0 else len(buffer)

    def _size(self, buffer: bytearray, position: int) -> int | Broken | None:
        end = buffer.find(_EDGE, position + 1, position + _LONGEST)
        if end < 0:
            too_long = len(buffer) - position >= _LONGEST
            return Broken(Cause.LENGTH, 1) if too_long else None
        # Two edges in a row: the first closes what was broken, the second opens a frame.
        return end + 1 - position if end > position + 1 else Broken(Cause.GARBAGE, 1)

    def _read(self, raw: bytes) -> Frame | Broken:
        content, size = unstuffed(raw[1:-1]), len(raw)
        # A host's request is a byte shorter than an answer: it has no state.
        if len(content) < 4 or len(content) not in (content[3] + 5, content[2] + 4):
            return Broken(Cause.LENGTH, size)
        if checksum(content[:-1]) != content[-1]:
            return Broken(Cause.CHECKSUM, size)
        if _is_request(content) or content[1] not in COMMANDS:
            return Broken(Cause.UNKNOWN, size)
        return self._answer(raw, content)

    def _answer(self, raw: bytes, content: bytes) -> Frame:
        command, state, data = content[1], content[2], content[4:-1]
        details: dict[str, str | int] = {"command": COMMANDS[command], "state": state & 0x7F}
        if state & 0x7F:
            details["message"] = STATES.get(state & 0x7F, "unknown state")
            return Frame((), raw, "refusal", MappingProxyType(details))
        if command == 0x03 and data:
            if len(data) not in (40, 20):
                details["data"] = data.hex()
                return Frame((), raw, "answer", MappingProxyType(details))
            return Frame(self._readings(data), raw, "measurement", MappingProxyType(details))
        if command == 0x03:
            return Frame((), raw, "no new data", MappingProxyType(details))
        if command == 0xD2 and len(data) >= 4:
            status = int.from_bytes(data[:4], "big")
            self._marks = [mark for bit, mark in STATUS_BITS.items() if status >> bit & 1]
            details["status"] = status
        elif data:
            text = data.rstrip(b"\0")
            is_text = command == 0xD0 and text.isascii() and text.decode().isprintable()
            details["data"] = text.decode() if is_text else data.hex()
        return Frame((), raw, "answer", MappingProxyType(details))

    def _readings(self, data: bytes) -> tuple[Reading, ...]:
        if len(data) == 40:
            readings = [
                reading_of_float32(channel, data[4 * place : 4 * place + 4])
                for place, channel in enumerate(CHANNELS)
            ]
        else:
            # The whole-number format gives the typical size in nanometres.
            readings = [
                reading_of_number(channel, Decimal(word).scaleb(-3 if place == 9 else 0))
                for place, (channel, word) in enumerate(
                    zip(CHANNELS, struct.unpack(">10H", data), strict=True)
                )
            ]
        for flag, reason in self._marks:
            readings = [with_flag(reading, flag, reason) for reading in readings]
        return tuple(readings)


def _is_request(content: bytes) -> bool:
    """Tell a host's request: no refusal carries data, so what reads as one is a request."""
    as_answer, as_request = (len(content) == n for n in (content[3] + 5, content[2] + 4))
    return as_request and (not as_answer or (content[2] != 0 and content[3] != 0))


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its frames need neither request nor names
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its answers."""
    return Sps30Decoder()


def checksum(content: bytes) -> int:
    """Give the byte before the closing edge, from what stands after the opening edge."""
    return 0xFF - (sum(content) & 0xFF)


def unstuffed(content: bytes) -> bytes:
    """Take the stuffing out; nothing when an escape is followed by what it cannot be."""
    if _ESCAPE not in content:
        return content
    first, *others = content.split(b"\x7d")
    if any(not other or other[0] not in _UNSTUFFED for other in others):
        return b""
    return first + b"".join(bytes((_UNSTUFFED[other[0]],)) + other[1:] for other in others)


def stuffed(content: bytes) -> bytes:
    """Escape the four bytes that a frame's inside must not hold."""
    return b"".join(_STUFFED.get(octet, bytes((octet,))) for octet in content)


def _request(command: int, *data: int) -> bytes:
    content = bytes((0, command, len(data), *data))
    return b"\x7e" + stuffed(content + bytes((checksum(content),))) + b"\x7e"


def start_request(*, whole_numbers: bool = False) -> bytes:
    """Start measuring, in 32-bit floats or in 16-bit whole numbers."""
    return _request(0x00, 0x01, 0x05 if whole_numbers else 0x03)


def stop_request() -> bytes:
    """Stop measuring."""
    return _request(0x01)


def read_request() -> bytes:
    """Ask for the newest values."""
    return _request(0x03)


def sleep_request() -> bytes:
    """Put the sensor to sleep, when it is not measuring."""
    return _request(0x10)


def wake_request() -> bytes:
    """Wake the sensor: a byte that starts its clock, then the command."""
    return b"\xff" + _request(0x11)


def clean_request() -> bytes:
    """Blow the fan clean, while measuring."""
    return _request(0x56)


def cleaning_interval_request() -> bytes:
    """Ask for the interval of the automatic cleaning in seconds."""
    return _request(0x80, 0x00)


def type_request() -> bytes:
    """Ask for the product type."""
    return _request(0xD0, 0x00)


def serial_number_request() -> bytes:
    """Ask for the serial number."""
    return _request(0xD0, 0x03)


def version_request() -> bytes:
    """Ask for firmware and hardware version."""
    return _request(0xD1)


def status_request() -> bytes:
    """Ask for the status register, and leave it as it is."""
    return _request(0xD2, 0x00)


def reset_request() -> bytes:
    """Restart the sensor."""
    return _request(0xD3)
