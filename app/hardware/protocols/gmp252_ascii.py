"""Vaisala industrial protocol of GMP252 and GMP251 (19200 8N1): lines of text, and what it takes.

Owns reading lines of the form `CO2=   452 ppm`, with a checksum after it if the form asks for one.
Source: Vaisala M211799EN-H and the GMP231 user guide. The CS4 of a form is printed with two hex
digits in the guide and named "modulus 65536": both lengths are taken. CSX is the NMEA exclusive or.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import xor
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Flag, Frame, Reading
from app.hardware.framing import Line, LineDecoder, cause_of_unread
from app.hardware.values import reading_of_text

# Atomic groups: a line of a thousand near misses must not take longer than one that fits.
_ITEM = (
    rb"(?>(?:CO2|Tcomp|T|Pcomp|RHcomp|O2comp)= *(?:[-+]?[0-9.]+|\*+|nan)(?: ?(?:ppm|%|hPa|'?C))?)"
)
_MEASUREMENT = re.compile(
    rb"(?P<items>CO2= *(?:[-+]?[0-9.]+|\*+|nan) ?(?:ppm|%%)(?>(?:[ ,;\t]+%b)*)(?>[ ,;\t]*))"
    rb"(?P<sum>[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})?\Z" % _ITEM
)
_VALUE = re.compile(
    r"(?P<name>[A-Za-z0-9]+)= *(?P<number>[-+0-9.]+|\*+|nan) ?(?P<unit>[a-zA-Z%']*)"
)
_CHANNELS = {"CO2": Channel.CO2, "T": Channel.TEMPERATURE}
_CUT_SHORT = re.compile(rb"CO2= *[-+0-9.]* ?p?p?\Z")
_ANSWER = re.compile(
    rb"(?:OK|line closed|[A-Z][A-Za-z0-9 ]{2,24} : [ -~]{0,80}|(?:GMP|Vaisala)[ -~]{0,100})\Z"
)


class Gmp252AsciiDecoder(LineDecoder):
    """Finds measured values and the answers to commands among lines."""

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        text = line.text
        if text.strip() in (b"", b">"):
            return 0, None
        found = _MEASUREMENT.search(text)
        if found is None:
            if _ANSWER.match(text):
                details = MappingProxyType({"text": text.decode("ascii")})
                return 0, Frame((), text, "answer", details)
            return 0, Cause.LENGTH if _CUT_SHORT.search(text) else cause_of_unread(text)
        sent = found["sum"]
        if sent is not None and sent.upper() not in checksums(found["items"]):
            return 0, Cause.CHECKSUM
        return found.start(), _frame(found[0], found["items"].decode("ascii"))


def _frame(raw: bytes, items: str) -> Frame:
    readings: dict[Channel, Reading] = {}
    details: dict[str, str | int] = {}
    for item in _VALUE.finditer(items):
        channel = _CHANNELS.get(item["name"])
        if channel is None or channel in readings:
            details[item["name"]] = f"{item['number']} {item['unit']}".strip()
        elif item["number"].startswith("*"):
            reason = "stars: the probe has no value that fits its form"
            none = Reading(channel, None, channel.unit, Flag.BAD, reason, item["number"])
            readings[channel] = none
        else:
            unit = {"C": "°C", "'C": "°C", "": None}.get(item["unit"], item["unit"])
            readings[channel] = reading_of_text(channel, item["number"], unit=unit)
    return Frame(tuple(readings.values()), raw, "measurement", MappingProxyType(details))


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its lines name their values
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its lines."""
    return Gmp252AsciiDecoder()


def checksums(text: bytes) -> tuple[bytes, bytes, bytes]:
    """Give what may stand after the text: the sum in four digits or two, or the exclusive or."""
    total = sum(text) & 0xFFFF
    return b"%04X" % total, b"%02X" % (total & 0xFF), b"%02X" % reduce(xor, text, 0)


def _request(command: str) -> bytes:
    return command.encode("ascii") + b"\r"


def clear_request() -> bytes:
    """End whatever half a command the probe may have heard."""
    return b"\r"


def read_request() -> bytes:
    """Ask for one line of values."""
    return _request("send")


def stream_request() -> bytes:
    """Let the probe send by itself, at its interval."""
    return _request("r")


def stop_request() -> bytes:
    """Stop sending by itself."""
    return _request("s")


def interval_request(seconds: int) -> bytes:
    """Set the interval of sending by itself; ValueError outside 0 to 255 s."""
    if not 0 <= seconds <= 255:
        raise ValueError(f"{seconds} s is no output interval: 0 to 255 s.")
    return _request(f"intv {seconds} s")


def default_form_request() -> bytes:
    """Set the form of a line back to `CO2=   452 ppm`."""
    return _request('form 6.0 "CO2=" CO2 " " U3 #r #n')


def checked_form_request() -> bytes:
    """Set the form of a line to the value and its CS4 checksum."""
    return _request('form 6.0 "CO2=" CO2 " " U3 " " CS4 #r #n')


def errors_request() -> bytes:
    """Ask for the errors present."""
    return _request("errs")


def information_request() -> bytes:
    """Ask for serial number, software and settings."""
    return _request("?")
