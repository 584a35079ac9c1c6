"""NMEA 0183 weather sentences: wind, temperature, humidity, pressure, of any maker.

Owns MWV, MWD, MDA, MTA, MMB, MHU and XDR. Sources: NMEA 0183 as told by gpsd (MDA), Vaisala (MWV,
XDR of the WXT) and Lambrecht (MTA, MMB, MHU; 999.9 is its error code).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import xor
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Flag, Frame, Reading
from app.hardware.framing import Line, LineDecoder, cause_of_unread
from app.hardware.values import reading_of_text, with_flag

_SENTENCE = re.compile(
    rb"\$(?P<body>[A-Z][A-Z0-9]{1,3}(?P<kind>[A-Z]{3}),[ -#%-)+-~]*)"
    rb"\*(?P<sum>[0-9A-Fa-f]{2})\s*\Z"
)
_OTHER_SENTENCE = re.compile(rb"\$([ -#%-)+-~]+)\*([0-9A-Fa-f]{2})\s*\Z")
_SPEED = {"M": "m/s", "N": "kn", "K": "km/h", "S": "mph"}
_TEMPERATURE = {"C": "°C", "F": "°F"}
_PRESSURE = {"H": "hPa", "B": "bar", "P": "Pa", "M": "mmHg", "I": "inHg"}
_ERROR_CODES = ("999.9", "999.90", "0999.9", "9999.9")

Found = Iterator[Reading | tuple[str, str]]
"""Readings, and names with texts for what is no channel."""


class NmeaDecoder(LineDecoder):
    """Finds sentences from `$` to the checksum."""

    longest = 256

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        if b"$" not in line.text:
            return 0, Cause.GARBAGE if line.text.strip() else None
        return judge_sentence(line.text)


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its sentences name their values
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its sentences."""
    return NmeaDecoder()


def checksum(body: bytes) -> bytes:
    """Give the two digits after `*` for what stands between `$` and `*`."""
    return b"%02X" % reduce(xor, body, 0)


def judge_sentence(text: bytes) -> tuple[int, Frame | Cause | None]:
    """Judge the last sentence in a line, as `LineDecoder` wants it."""
    start = text.rfind(b"$")
    found = _SENTENCE.match(text, start)
    if found is None:
        other = _OTHER_SENTENCE.match(text, start)
        if other and checksum(other[1]) == other[2].upper():
            return 0, Cause.UNKNOWN
        if other:
            return 0, Cause.CHECKSUM
        return 0, Cause.LENGTH if cause_of_unread(text) is Cause.UNKNOWN else Cause.GARBAGE
    if checksum(found["body"]) != found["sum"].upper():
        return 0, Cause.CHECKSUM
    read = _SENTENCES.get(found["kind"].decode("ascii"))
    if read is None:
        return 0, Cause.UNKNOWN
    talker, *fields = found["body"].decode("ascii").split(",")
    readings: dict[Channel, Reading] = {}
    details: dict[str, str | int] = {"sentence": talker}
    for item in read(fields + [""] * (20 - len(fields))):
        if isinstance(item, tuple):
            details[item[0]] = item[1]
        elif item.channel in readings:
            details[f"{item.channel}_again"] = item.as_sent or str(item.value)
        else:
            readings[item.channel] = item
    frame = Frame(tuple(readings.values()), text[start:], details=MappingProxyType(details))
    return start, frame


def _number(
    channel: Channel, text: str, letter: str = "", units: dict[str, str] | None = None
) -> Reading:
    """Read a field with its unit letter; an empty one, or an error code, is a bad reading."""
    if units and letter not in units:
        reason = f"unit “{letter}” is not known" if letter else "the unit is missing"
        return Reading(channel, None, channel.unit, Flag.BAD, reason, f"{text} {letter}".strip())
    # 999.9 hPa is weather; every other channel here ends below it.
    codes = () if channel is Channel.PRESSURE else _ERROR_CODES
    return reading_of_text(
        channel, text, unit=units[letter] if units else None, also_no_value=codes
    )


def _given(
    channel: Channel, text: str, letter: str = "", units: dict[str, str] | None = None
) -> Found:
    """Read a field of a sentence that leaves out what its station has no sensor for."""
    if text:
        yield _number(channel, text, letter, units)


def _mwv(fields: list[str]) -> Found:
    angle, reference, speed, unit, status = fields[:5]
    for reading in (
        _number(Channel.WIND_DIRECTION, angle),
        _number(Channel.WIND_SPEED, speed, unit, _SPEED),
    ):
        marked = reading
        if status != "A":
            marked = with_flag(reading, Flag.BAD, f"status {status or 'missing'}: not valid")
        yield marked
    yield "reference", reference


def _mwd(fields: list[str]) -> Found:
    true, _, magnetic, _, knots, _, metres = fields[:7]
    yield _number(Channel.WIND_DIRECTION, true or magnetic)
    if metres or not knots:
        yield _number(Channel.WIND_SPEED, metres)
    else:
        yield _number(Channel.WIND_SPEED, knots, "N", _SPEED)
    yield "reference", "true" if true else "magnetic"


def _mda(fields: list[str]) -> Found:
    yield from _pressure(fields[0], fields[1], fields[2], fields[3])
    yield from _given(Channel.TEMPERATURE, fields[4], fields[5], _TEMPERATURE)
    yield from _given(Channel.HUMIDITY, fields[8])
    yield from _given(Channel.DEW_POINT, fields[10], fields[11], _TEMPERATURE)
    yield from _given(Channel.WIND_DIRECTION, fields[12] or fields[14])
    if fields[18]:
        yield _number(Channel.WIND_SPEED, fields[18], fields[19], _SPEED)
    else:
        yield from _given(Channel.WIND_SPEED, fields[16], fields[17], _SPEED)
    if fields[6]:
        yield "water_temperature", fields[6]


def _pressure(inches: str, inch_unit: str, bars: str, bar_unit: str) -> Found:
    if bars:
        yield _number(Channel.PRESSURE, bars, bar_unit, _PRESSURE)
    else:
        yield from _given(Channel.PRESSURE, inches, inch_unit, _PRESSURE)


def _mta(fields: list[str]) -> Found:
    yield _number(Channel.TEMPERATURE, fields[0], fields[1], _TEMPERATURE)


def _mmb(fields: list[str]) -> Found:
    if not (fields[0] or fields[2]):
        yield _number(Channel.PRESSURE, "")
    yield from _pressure(*fields[:4])


def _mhu(fields: list[str]) -> Found:
    yield _number(Channel.HUMIDITY, fields[0])
    yield from _given(Channel.DEW_POINT, fields[2], fields[3], _TEMPERATURE)
    if fields[1]:
        yield "absolute_humidity", fields[1]


_TRANSDUCERS: dict[tuple[str, str], tuple[Channel, dict[str, str] | None]] = {
    ("A", "0"): (Channel.WIND_DIRECTION_MIN, {"D": "°"}),
    ("A", "1"): (Channel.WIND_DIRECTION, {"D": "°"}),
    ("A", "2"): (Channel.WIND_DIRECTION_MAX, {"D": "°"}),
    ("S", "0"): (Channel.WIND_SPEED_MIN, _SPEED),
    ("S", "1"): (Channel.WIND_SPEED, _SPEED),
    ("S", "2"): (Channel.WIND_SPEED_MAX, _SPEED),
    ("C", "0"): (Channel.TEMPERATURE, _TEMPERATURE),
    ("C", "1"): (Channel.SENSOR_TEMPERATURE, _TEMPERATURE),
    ("C", "2"): (Channel.HEATER_TEMPERATURE, _TEMPERATURE),
    ("H", "0"): (Channel.HUMIDITY, {"P": "%"}),
    ("P", "0"): (Channel.PRESSURE, _PRESSURE),
    ("V", "0"): (Channel.RAIN_AMOUNT, {"M": "mm", "I": "in"}),
    ("Z", "0"): (Channel.RAIN_DURATION, {"S": "s"}),
    ("R", "0"): (Channel.RAIN_INTENSITY, {"M": "mm/h", "I": "in/h"}),
    ("U", "0"): (Channel.HEATER_VOLTAGE, dict.fromkeys("NVWF", "V")),
    ("U", "1"): (Channel.SUPPLY_VOLTAGE, {"V": "V"}),
    ("U", "2"): (Channel.REFERENCE_VOLTAGE, {"V": "V"}),
}
"""The WXT's transducers by type and number; others give temperature, humidity, pressure by type."""


def _xdr(fields: list[str]) -> Found:
    for place in range(0, len(fields) - 3, 4):
        kind, value, unit, number = fields[place : place + 4]
        if not kind:
            continue
        known = _TRANSDUCERS.get((kind, number))
        if known is None and kind in ("C", "H", "P") and not number.isdigit():
            known = _TRANSDUCERS[kind, "0"]
        if known is None or unit == "#":
            yield f"{kind}_{number}", f"{value} {unit}"
        if known is not None and unit == "#":
            reason = "#: the transmitter marks it invalid"
            yield Reading(known[0], None, known[0].unit, Flag.BAD, reason, f"{value} #")
        elif known is not None:
            yield _number(known[0], value, unit, known[1])


_SENTENCES: dict[str, Callable[[list[str]], Found]] = {
    "MWV": _mwv,
    "MWD": _mwd,
    "MDA": _mda,
    "MTA": _mta,
    "MMB": _mmb,
    "MHU": _mhu,
    "XDR": _xdr,
}


def sentence(body: str) -> bytes:
    """Frame what stands between `$` and `*`, for simulators."""
    text = body.encode("ascii")
    return b"$" + text + b"*" + checksum(text) + b"\r\n"
