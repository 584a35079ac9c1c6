"""Winsen MH-Z19B carbon dioxide sensor (9600 8N1).

Owns its frames and requests. Source: Winsen MH-Z19B data sheet, page 7; the temperature in byte 4
(minus 40) is undocumented, so it is a detail and no reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Frame
from app.hardware.framing import Broken, StreamDecoder
from app.hardware.values import reading_of_number

_START, _READ, _SIZE = 0xFF, 0x86, 9
_REQUEST = 0x01
_ACKNOWLEDGED = {0x79: "baseline_correction", 0x87: "zero", 0x88: "span", 0x99: "range"}


class Mhz19bDecoder(StreamDecoder):
    """Finds frames of nine bytes that begin with FF."""

    def _find(self, buffer: bytearray, position: int) -> int:
        found = buffer.find(_START, position)
        return found if found >= 0 else len(buffer)

    def _size(self, buffer: bytearray, position: int) -> int | Broken | None:
        if len(buffer) - position < 2:
            return None
        command = buffer[position + 1]
        if command not in (_READ, _REQUEST) and command not in _ACKNOWLEDGED:
            return Broken(Cause.GARBAGE, 1)
        return _SIZE

    def _read(self, raw: bytes) -> Frame | Broken:
        command = raw[1]
        if checksum(raw[1:8]) != raw[8]:
            return Broken(Cause.CHECKSUM, _SIZE)
        if command == _READ:
            reading = reading_of_number(Channel.CO2, Decimal(raw[2] << 8 | raw[3]))
            details: dict[str, str | int] = {
                "temperature_undocumented": raw[4] - 40,
                "rest": raw[5:8].hex(),
            }
            return Frame((reading,), raw, "measurement", MappingProxyType(details))
        if command == _REQUEST:
            return Broken(Cause.UNKNOWN, _SIZE)
        details = {"command": _ACKNOWLEDGED[command], "value": raw[2]}
        return Frame((), raw, "acknowledgement", MappingProxyType(details))


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its frames need neither request nor names
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its frames."""
    return Mhz19bDecoder()


def checksum(seven: bytes) -> int:
    """Give the last byte of a frame from the seven between it and the start."""
    return -sum(seven) & 0xFF


def _request(command: int, *data: int) -> bytes:
    body = bytes((_REQUEST, command, *data)).ljust(7, b"\0")
    return bytes((_START,)) + body + bytes((checksum(body),))


def read_request() -> bytes:
    """Ask for the concentration."""
    return _request(_READ)


def zero_calibration_request() -> bytes:
    """Take the present air as 400 ppm, after 20 minutes in it."""
    return _request(0x87)


def span_calibration_request(ppm: int) -> bytes:
    """Take the present gas as this many ppm; ValueError outside 1000 to 5000."""
    if not 1000 <= ppm <= 5000:
        raise ValueError(f"{ppm} ppm is no span point: 1000 to 5000 ppm.")
    return _request(0x88, ppm >> 8, ppm & 0xFF)


def baseline_correction_request(*, on: bool) -> bytes:
    """Switch the automatic baseline correction."""
    return _request(0x79, 0xA0 if on else 0)


def range_request(ppm: int) -> bytes:
    """Set the range, in bytes 6 and 7 as field reports have it, not as the data sheet prints."""
    if ppm not in (2000, 5000, 10000):
        raise ValueError(f"{ppm} ppm is no range: 2000, 5000 or 10000 ppm.")
    return _request(0x99, 0, 0, 0, ppm >> 8, ppm & 0xFF)
