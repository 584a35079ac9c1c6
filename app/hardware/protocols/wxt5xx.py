"""Vaisala WXT510, WXT520 and WXT530 weather transmitters: ASCII lines, and their NMEA mode.

Owns the fields of a line, their unit letters, and commands. With a lower-case `r` or `t` the line
carries three letters of CRC. Sources: Vaisala M211840EN (WXT530) and M210906EN (WXT520); of their
printed checksums only those that hold are tested as good.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.crc16 import sdi12_crc
from app.hardware.decoding import Cause, Decoder, Flag, Frame, Reading
from app.hardware.framing import Line, LineDecoder, cause_of_unread
from app.hardware.protocols.nmea import judge_sentence
from app.hardware.values import reading_of_text

_LINE = re.compile(
    rb"(?P<body>(?P<address>[0-9A-Za-z])(?P<form>[Rr])[0-9]?"
    rb"(?:,[A-Z][a-z]=-?[0-9]+(?:\.[0-9]+)?[A-Za-z#])+)(?P<crc>[@-\x7f]{3})?\Z"
)
_LOOKS_LIKE_LINE = re.compile(rb"[0-9A-Za-z][Rr][0-9]?,[ -~]*[A-Z][a-z]?=?[-0-9.]*[A-Za-z#]?\Z")
_LOOKS_CHECKED = re.compile(rb"[0-9A-Za-z](?:r[0-9]?,|tX,)[ -\x7f]*\Z")
_MESSAGE = re.compile(rb"(?P<body>[0-9A-Za-z](?P<form>[Tt])X,[ -~]+)\Z")
_SETTINGS = re.compile(rb"[0-9A-Za-z][Xx][XUWTRSxuwtrs](?:,[A-Za-z]=[ -~]*)*\Z")
_FIELD = re.compile(r",([A-Z][a-z])=(-?[0-9.]+)([A-Za-z#])")

_SPEED = {"M": "m/s", "K": "km/h", "S": "mph", "N": "kn"}
_ANGLE = {"D": "°"}
_TEMPERATURE = {"C": "°C", "F": "°F"}
_PRESSURE = {"H": "hPa", "P": "Pa", "B": "bar", "M": "mmHg", "I": "inHg"}
_AMOUNT = {"M": "mm", "I": "in"}
_INTENSITY = {"M": "mm/h", "I": "in/h"}
_HAIL = {"M": "1/cm²", "I": "1/in²"}
_HAIL_INTENSITY = {"M": "1/cm²h", "I": "1/in²h"}
_HEATER = dict.fromkeys("NVWF", "V")

FIELDS = {
    "Dn": (Channel.WIND_DIRECTION_MIN, _ANGLE),
    "Dm": (Channel.WIND_DIRECTION, _ANGLE),
    "Dx": (Channel.WIND_DIRECTION_MAX, _ANGLE),
    "Sn": (Channel.WIND_SPEED_MIN, _SPEED),
    "Sm": (Channel.WIND_SPEED, _SPEED),
    "Sx": (Channel.WIND_SPEED_MAX, _SPEED),
    "Ta": (Channel.TEMPERATURE, _TEMPERATURE),
    "Tp": (Channel.SENSOR_TEMPERATURE, _TEMPERATURE),
    "Ua": (Channel.HUMIDITY, {"P": "%"}),
    "Pa": (Channel.PRESSURE, _PRESSURE),
    "Rc": (Channel.RAIN_AMOUNT, _AMOUNT),
    "Rd": (Channel.RAIN_DURATION, {"s": "s", "S": "s"}),
    "Ri": (Channel.RAIN_INTENSITY, _INTENSITY),
    "Rp": (Channel.RAIN_INTENSITY_MAX, _INTENSITY),
    "Hc": (Channel.HAIL_AMOUNT, _HAIL),
    "Hd": (Channel.HAIL_DURATION, {"s": "s", "S": "s"}),
    "Hi": (Channel.HAIL_INTENSITY, _HAIL_INTENSITY),
    "Hp": (Channel.HAIL_INTENSITY_MAX, _HAIL_INTENSITY),
    "Th": (Channel.HEATER_TEMPERATURE, _TEMPERATURE),
    "Vh": (Channel.HEATER_VOLTAGE, _HEATER),
    "Vs": (Channel.SUPPLY_VOLTAGE, {"V": "V"}),
    "Vr": (Channel.REFERENCE_VOLTAGE, {"V": "V"}),
}


class Wxt5xxDecoder(LineDecoder):
    """Finds data lines, text messages and NMEA sentences."""

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        text = line.text
        found = _LINE.search(text)
        if found is None:
            return judge_sentence(text) if b"$" in text else (0, _message(text))
        if (found["form"] == b"r") != (found["crc"] is not None):
            return 0, Cause.CHECKSUM if found["form"] == b"r" else Cause.LENGTH
        if found["crc"] is not None and sdi12_crc(found["body"]) != found["crc"]:
            return 0, Cause.CHECKSUM
        return found.start(), _data(found[0], found["body"].decode("ascii"))


def _data(raw: bytes, body: str) -> Frame:
    readings: dict[Channel, Reading] = {}
    details: dict[str, str | int] = {"address": body[0]}
    for name, number, letter in _FIELD.findall(body):
        channel, units = FIELDS.get(name, (None, {}))
        if channel is None or channel in readings:
            details[name] = number + letter
        elif letter == "#":
            reason = "#: the transmitter marks it invalid"
            as_sent = number + letter
            readings[channel] = Reading(channel, None, channel.unit, Flag.BAD, reason, as_sent)
        elif letter not in units:
            reason = f"unit letter {letter} is not known for {name}"
            as_sent = number + letter
            readings[channel] = Reading(channel, None, channel.unit, Flag.BAD, reason, as_sent)
        else:
            readings[channel] = reading_of_text(channel, number, unit=units[letter])
            if name == "Vh":
                details["heating"] = letter
    return Frame(tuple(readings.values()), raw, "measurement", MappingProxyType(details))


def _message(text: bytes) -> Frame | Cause:
    if found := _MESSAGE.match(text):
        said = text
        if found["form"] == b"t":
            said, check = text[:-3], text[-3:]
            if sdi12_crc(said) != check:
                return Cause.CHECKSUM
        details = MappingProxyType({"text": said.decode("ascii")})
        return Frame((), text, "message", details)
    if _SETTINGS.match(text):
        return Frame((), text, "answer", MappingProxyType({"text": text.decode("ascii")}))
    if _LOOKS_CHECKED.match(text):
        return Cause.CHECKSUM
    return Cause.LENGTH if _LOOKS_LIKE_LINE.search(text) else cause_of_unread(text)


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its lines name their values
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its lines."""
    return Wxt5xxDecoder()


def data_request(part: int, address: str = "0", *, checked: bool = True) -> bytes:
    """Ask for data: 0 all, 1 wind, 2 air, 3 rain, 5 supervisor; with a CRC when `checked`."""
    if part not in (0, 1, 2, 3, 5):
        raise ValueError(f"{part} is no group of data: 0, 1, 2, 3 or 5.")
    command = f"{address}{'r' if checked else 'R'}{part}".encode("ascii")
    return command + (sdi12_crc(command) if checked else b"") + b"\r\n"


def all_request(address: str = "0", *, checked: bool = True) -> bytes:
    """Ask for every group of data."""
    command = f"{address}{'r' if checked else 'R'}".encode("ascii")
    return command + (sdi12_crc(command) if checked else b"") + b"\r\n"


def settings_request(address: str = "0") -> bytes:
    """Ask for the communication settings."""
    return f"{address}XU\r\n".encode("ascii")
