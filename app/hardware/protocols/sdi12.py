"""SDI-12 version 1.4 through an adapter: data replies, other replies, and commands.

Owns the letters on the wire; the break and 1200 baud 7E1 are the adapter's. Replies do not name
their values: a decoder needs the channels. Source: SDI-12 1.4 (10 January 2019), 4.4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.crc16 import sdi12_crc
from app.hardware.decoding import Cause, Decoder, Flag, Frame, Reading
from app.hardware.framing import Line, LineDecoder, cause_of_unread
from app.hardware.values import reading_of_text, with_flag

_VALUE = rb"[+-](?=[\d.])\d{0,9}(?:\.\d{0,9})?"
_DATA = re.compile(rb"(?P<body>[0-9A-Za-z](?:%b)+)(?P<crc>[@-\x7f]{3})?\Z" % _VALUE)
_DATA_OF_BROKEN_CHECK = re.compile(rb"[0-9A-Za-z](?:%b)+[ -\x7f]{1,4}\Z" % _VALUE)
_ECHO = re.compile(rb"\A[0-9A-Za-z?][A-Z0-9a-z]{0,6}!")
_PROMISE = re.compile(rb"([0-9A-Za-z])(\d{3})(\d{1,2})\Z")
_IDENTITY = re.compile(rb"([0-9A-Za-z])1[0-9]([ -~]{8})([ -~]{6})([ -~]{3})([ -~]{0,13})\Z")
_ALONE = re.compile(rb"[0-9A-Za-z]\Z")
_ONE_VALUE = re.compile(_VALUE)


class Sdi12Decoder(LineDecoder):
    """Finds data replies, whose values are the channels in turn, and other replies."""

    def __init__(self, *, channels: Sequence[Channel | None], needs_check: bool) -> None:
        super().__init__()
        self._channels = tuple(channels)
        self._needs_check = needs_check

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        echo = _ECHO.match(line.text)
        text = line.text[echo.end() :] if echo else line.text
        if not text:
            return 0, None
        found = _DATA.search(text)
        if found is None:
            return 0, _other(line.text, text)
        if found["crc"] is None and self._needs_check:
            return 0, Cause.CHECKSUM
        if found["crc"] is not None and sdi12_crc(found["body"]) != found["crc"]:
            return 0, Cause.CHECKSUM
        before = found.start()
        if before and found["crc"] is None and text[before - 1 : before].isalnum():
            # Without a check, the end of a broken reply would pass for another sensor's.
            return 0, Cause.LENGTH
        raw = line.text if before == 0 else text[before:]
        frame = self._data(raw, found["body"], found["crc"] is not None or line.is_ended)
        return len(line.text) - len(raw), frame

    def _data(self, raw: bytes, body: bytes, is_whole: bool) -> Frame:
        readings: dict[Channel, Reading] = {}
        details: dict[str, str | int] = {"address": body[:1].decode("ascii")}
        for place, value in enumerate(_ONE_VALUE.findall(body[1:])):
            text = value.decode("ascii")
            named = self._channels[place] if place < len(self._channels) else None
            if named is None or named in readings:
                details[f"value_{place + 1}"] = text
            else:
                readings[named] = reading_of_text(named, text)
        if readings and not is_whole:
            # Without a line end or a check the last digits may be missing.
            channel, last = next(reversed(readings.items()))
            readings[channel] = with_flag(last, Flag.SUSPICIOUS, "the line has no end")
        return Frame(tuple(readings.values()), raw, "measurement", MappingProxyType(details))


def _other(raw: bytes, text: bytes) -> Frame | Cause:
    details: dict[str, str | int]
    if promise := _PROMISE.match(text):
        details = {
            "address": promise[1].decode(),
            "wait_s": int(promise[2]),
            "values": int(promise[3]),
        }
        return Frame((), raw, "acknowledgement", MappingProxyType(details))
    if identity := _IDENTITY.match(text):
        names = ("address", "vendor", "model", "version", "serial")
        details = dict(
            zip(names, (part.decode().strip() for part in identity.groups()), strict=True)
        )
        return Frame((), raw, "identity", MappingProxyType(details))
    if _ALONE.match(text):
        return Frame((), raw, "ready", MappingProxyType({"address": text.decode()}))
    return Cause.CHECKSUM if _DATA_OF_BROKEN_CHECK.search(text) else cause_of_unread(text)


def make_decoder(
    *, request: bytes | None = None, channels: Sequence[Channel | None] = ()
) -> Decoder:
    """Make a decoder of replies; a request with a C (`aMC!`, `aCC!`, `aRC0!`) makes the CRC due."""
    asked = (request or b"").strip().rstrip(b"!")
    return Sdi12Decoder(channels=channels, needs_check=asked[1:].startswith((b"MC", b"CC", b"RC")))


def _request(address: str, command: str) -> bytes:
    if len(address) != 1 or not (address.isascii() and address.isalnum()):
        raise ValueError(f"“{address}” is no SDI-12 address: one of 0–9, A–Z, a–z.")
    return f"{address}{command}!".encode("ascii")


def address_request() -> bytes:
    """Ask the only sensor on the bus for its address."""
    return b"?!"


def identity_request(address: str) -> bytes:
    """Ask a sensor who it is."""
    return _request(address, "I")


def measure_request(address: str, *, checked: bool = True) -> bytes:
    """Start a measurement; the data asked for after it carry a CRC when `checked`."""
    return _request(address, "MC" if checked else "M")


def data_request(address: str, part: int = 0) -> bytes:
    """Ask for the values of a measurement, parts 0 to 9."""
    if not 0 <= part <= 9:
        raise ValueError(f"{part} is no part of the data: 0 to 9.")
    return _request(address, f"D{part}")


def continuous_request(address: str, part: int = 0, *, checked: bool = True) -> bytes:
    """Ask a sensor that always measures for its values."""
    if not 0 <= part <= 9:
        raise ValueError(f"{part} is no part of the data: 0 to 9.")
    return _request(address, f"{'RC' if checked else 'R'}{part}")


def change_address_request(address: str, *, to: str) -> bytes:
    """Give a sensor another address."""
    _request(to, "")
    return _request(address, f"A{to}")
