"""Nova Fitness SDS011 particle sensor (SDS018, SDS021 alike), 9600 8N1.

Owns its frames and requests. Source: Nova, Laser Dust Sensor Control Protocol V1.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Frame
from app.hardware.framing import Broken, StreamDecoder
from app.hardware.values import reading_of_number

_HEAD, _TAIL = 0xAA, 0xAB
_MEASUREMENT, _REPLY = 0xC0, 0xC5
_SIZE = 10
_COMMANDS = {2: "reporting_mode", 5: "device_id", 6: "sleep", 7: "firmware", 8: "working_period"}


class Sds011Decoder(StreamDecoder):
    """Finds frames of ten bytes by head and tail."""

    def _find(self, buffer: bytearray, position: int) -> int:
        found = buffer.find(_HEAD, position)
        return found if found >= 0 else len(buffer)

    def _size(self, buffer: bytearray, position: int) -> int | Broken | None:
        if len(buffer) - position < 2:
            return None
        if buffer[position + 1] not in (_MEASUREMENT, _REPLY):
            return Broken(Cause.GARBAGE, 1)
        return _SIZE

    def _read(self, raw: bytes) -> Frame | Broken:
        if raw[-1] != _TAIL:
            return Broken(Cause.LENGTH, _SIZE)
        if sum(raw[2:8]) & 0xFF != raw[8]:
            return Broken(Cause.CHECKSUM, _SIZE)
        device = raw[6:8].hex()
        if raw[1] == _MEASUREMENT:
            readings = tuple(
                reading_of_number(
                    channel, Decimal(int.from_bytes(raw[at : at + 2], "little")).scaleb(-1)
                )
                for channel, at in ((Channel.PM2_5, 2), (Channel.PM10, 4))
            )
            return Frame(readings, raw, "measurement", MappingProxyType({"device": device}))
        if raw[2] not in _COMMANDS:
            return Broken(Cause.UNKNOWN, _SIZE)
        details = {"command": _COMMANDS[raw[2]], "value": raw[3:6].hex(), "device": device}
        return Frame((), raw, "acknowledgement", MappingProxyType(details))


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its frames need neither request nor names
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its frames."""
    return Sds011Decoder()


def _request(*data: int) -> bytes:
    body = bytes(data).ljust(13, b"\0") + b"\xff\xff"
    return bytes((_HEAD, 0xB4)) + body + bytes((sum(body) & 0xFF, _TAIL))


def active_mode_request() -> bytes:
    """Let the sensor send by itself."""
    return _request(2, 1, 0)


def passive_mode_request() -> bytes:
    """Let the sensor send only when asked."""
    return _request(2, 1, 1)


def read_request() -> bytes:
    """Ask for one frame, in passive mode."""
    return _request(4)


def sleep_request() -> bytes:
    """Stop fan and laser."""
    return _request(6, 1, 0)


def wake_request() -> bytes:
    """Start fan and laser."""
    return _request(6, 1, 1)


def firmware_request() -> bytes:
    """Ask for the firmware's date."""
    return _request(7)


def working_period_request(minutes: int) -> bytes:
    """Measure for 30 s every so many minutes, 0 for always; ValueError beyond 30."""
    if not 0 <= minutes <= 30:
        raise ValueError(f"{minutes} min is no working period: 0 (always) to 30 min.")
    return _request(8, 1, minutes)
