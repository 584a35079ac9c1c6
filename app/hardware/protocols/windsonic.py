"""Gill WindSonic and WindObserver anemometers (ASCII, 9600 8N1).

Owns their lines and commands: `<STX>Q,229,002.74,M,00,<ETX>16`, the checksum an exclusive or of
what stands between STX and ETX. Source: Gill WindSonic user manual, pages 28 and 31.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from operator import xor
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Flag, Frame, Reading
from app.hardware.framing import Line, LineDecoder
from app.hardware.values import reading_of_number, reading_of_text, with_flag

_LINE = re.compile(rb"\x02([^\x02\x03]*)\x03([0-9A-Fa-f]{2})\Z")
_UNITS = {"M": "m/s", "N": "kn", "P": "mph", "K": "km/h", "F": "ft/min"}
_GOOD_STATUS = {"00": "", "60": "heating"}
_FAULTS = {
    "01": "axis 1 failed",
    "02": "axis 2 failed",
    "04": "both axes failed",
    "08": "memory error",
    "09": "program memory error",
    "10": "gain at its limit",
    "51": "settings not saved",
}


class WindsonicDecoder(LineDecoder):
    """Finds lines from STX to the checksum."""

    longest = 256

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        start = line.text.rfind(b"\x02")
        if start < 0:
            return 0, Cause.GARBAGE if line.text.strip() else None
        found = _LINE.match(line.text, start)
        if found is None:
            return 0, Cause.LENGTH
        if checksum(found[1]) != found[2].upper():
            return 0, Cause.CHECKSUM
        fields = found[1].decode("latin-1").split(",")
        # Polar and U-V lines alike: node, two numbers, unit, status, nothing.
        if len(fields) != 6 or len(fields[0]) != 1 or fields[5]:
            return 0, Cause.UNKNOWN
        return start, _frame(line.text[start:], fields)


def _frame(raw: bytes, fields: list[str]) -> Frame:
    node, first, second, letter, status, _ = fields
    details: dict[str, str | int] = {"node": node, "status": status}
    readings = (
        _from_components(first, second, letter, details)
        if first.startswith(("+", "-"))
        else (_direction(first), _speed(second, letter))
    )
    if status not in _GOOD_STATUS:
        reason = f"status {status}: {_FAULTS.get(status, 'fault')}"
        readings = tuple(with_flag(reading, Flag.BAD, reason) for reading in readings)
    return Frame(readings, raw, "measurement", MappingProxyType(details))


def _direction(text: str) -> Reading:
    if not text:
        reason = "no direction: the wind is below 0.05 m/s"
        return Reading(Channel.WIND_DIRECTION, None, "°", Flag.BAD, reason)
    return reading_of_text(Channel.WIND_DIRECTION, text)


def _speed(text: str, letter: str) -> Reading:
    if letter not in _UNITS:
        reason = f"unit “{letter}” is not known"
        return Reading(Channel.WIND_SPEED, None, "m/s", Flag.BAD, reason, f"{text} {letter}")
    return reading_of_text(Channel.WIND_SPEED, text, unit=_UNITS[letter])


def _from_components(
    u: str, v: str, letter: str, details: dict[str, str | int]
) -> tuple[Reading, ...]:
    """Give the speed of two components; their directions depend on how the head is turned."""
    details |= {"u": u, "v": v}
    along, across = (_speed(text, letter) for text in (u, v))
    if along.value is None or across.value is None:
        return (along if along.value is None else across,)
    speed = (along.value * along.value + across.value * across.value).sqrt()
    exact = speed.quantize(Decimal("0.000001")) if speed < 10**6 else speed
    reading = reading_of_number(Channel.WIND_SPEED, exact)
    sent = f"{u},{v} {letter}"
    return (Reading(reading.channel, exact, reading.unit, reading.flag, reading.reason, sent),)


def checksum(body: bytes) -> bytes:
    """Give the two digits after ETX for what stands between STX and ETX."""
    return b"%02X" % reduce(xor, body, 0)


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its lines name their values
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its lines."""
    return WindsonicDecoder()


def poll_request(node: str = "Q") -> bytes:
    """Ask one unit for a line, in polled mode."""
    return f"?{node}".encode("ascii")


def enable_poll_request() -> bytes:
    """Listen for polls."""
    return b"!"


def settings_mode_request(node: str = "Q") -> bytes:
    """Enter the settings mode."""
    return f"*{node}\r\n".encode("ascii")


def measuring_mode_request() -> bytes:
    """Leave the settings mode."""
    return b"Q\r\n"
