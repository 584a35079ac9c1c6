"""Thermo 42, 48 and 49 series gas analysers (C and i series) by their C-Link protocol (9600 8N1).

Owns the replies to commands, logged records, and requests. A reply ends with CR; with `format 01`
its sum stands before that, after a line feed. Source: instruction manuals of models 48C, 42i, 48i
and 49i, appendix B. Flags are given as sent: their bits differ from model to model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Flag, Frame, Reading
from app.hardware.framing import Line, LineDecoder, cause_of_unread
from app.hardware.values import reading_of_text, with_flag

GASES = {
    "co": Channel.CO,
    "no": Channel.NO,
    "no2": Channel.NO2,
    "nox": Channel.NOX,
    "o3": Channel.O3,
    "so2": Channel.SO2,
}
_UNITS = {"ppb": "ppb", "ppm": "ppm", "ug/m3": "µg/m³", "mg/m3": "mg/m³"}
_NUMBER = r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d{1,2})?"
_CONCENTRATION = re.compile(rf"(?<![a-z0-9 ])({'|'.join(GASES)}) +({_NUMBER}) +(pp[bm]|[um]g/m3)\Z")
_CUT_SHORT = re.compile(rf"({'|'.join(GASES)})(?: +[-+0-9.eE]*(?: +[pum][pg/m3]*)?)?\Z")
_RECORD = re.compile(
    r"(?:lr\d\d |sr\d\d |erec )?(\d\d:\d\d \d\d-\d\d-\d\d) +flags +([0-9A-Fa-f]{8}) "
)
_PAIR = re.compile(rf" ([a-zA-Z][a-zA-Z0-9 ]*?) +({_NUMBER})(?= |\Z)")
_ANSWER = re.compile(
    r"(?:set [a-z0-9][ -~]* ok"
    r"|(?:flags|mode|gas mode|range|range mode|range (?:co|no|no2|nox|o3)|avg time|gas unit|format"
    r"|program no|instr name|instrument id|host name|date|time|pres|temp comp|pres comp|lrec|srec"
    r"|flow|flow [ab]|lamp temp|bench temp|internal temp|react temp|cooler temp|conv temp"
    r"|(?:co|no|no2|nox|o3|high|low|hi|lo)[a-z0-9 ]* (?:bkg|coef|gas|range)"
    r"|(?:high|low|hi|lo) ?(?:co|no|no2|nox|o3)) [ -~]+)\Z"
)
_REFUSAL = re.compile(
    r"(?:\A|\Aset [a-z0-9][ -~]* |\A[a-z0-9 ]+ )"
    r"(?:bad cmd|bad data|too high|too low|can't, wrong settings)\Z"
)
_SUM = re.compile(rb"[\n\x80] {0,3}sum ([0-9A-Fa-f]{4})\s*\Z")
_LOOKS_SUMMED = re.compile(rb"[\n\x80] {0,3}sum ")


class ThermoDecoder(LineDecoder):
    """Finds replies, each with its sum if it has one."""

    # A line feed before a sum is within the reply, so the next bytes tell what it is.
    _line_end = re.compile(rb"\r|\n(?= {0,3}(?:[^ s]|s[^u]|su[^m]|sum[^ ])| {4})", re.DOTALL)
    _line_end_at_last = re.compile(rb"\r|\n(?! {0,3}sum )")

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        raw = line.text
        summed = _SUM.search(raw)
        message = raw[: summed.start()] if summed else raw
        start = _start(message)
        message = message[start:]
        if summed and sum(message) & 0xFFFF != int(summed[1], 16):
            return 0, Cause.CHECKSUM
        if not summed and _LOOKS_SUMMED.search(raw):
            return 0, Cause.LENGTH
        text = message.rstrip(b" *\x80\xff").decode("latin-1")
        if not text:
            return 0, None
        garbage, frame = _reply(text, raw[start:])
        return start + garbage, frame


def _start(message: bytes) -> int:
    """Find where a reply begins: after the last byte that is no text, such as the instrument's."""
    for place in range(len(message) - 1, -1, -1):
        if not 0x20 <= message[place] <= 0x7E and message[place:].rstrip(b"*\x80\xff"):
            return place + 1
    return 0


def _reply(text: str, raw: bytes) -> tuple[int, Frame | Cause]:
    if found := _CONCENTRATION.search(text):
        reading = reading_of_text(GASES[found[1]], found[2], unit=_UNITS[found[3]])
        return found.start(), Frame((reading,), raw[found.start() :])
    if found := _RECORD.match(text):
        return 0, _record(found[1], found[2], text[found.end() - 1 :], raw)
    if _REFUSAL.search(text):
        return 0, Frame((), raw, "refusal", MappingProxyType({"text": text}))
    if _ANSWER.match(text):
        name, _, value = text.rpartition(" ")
        details = MappingProxyType({"text": text, "command": name, "value": value})
        return 0, Frame((), raw, "answer", details)
    return 0, Cause.LENGTH if _CUT_SHORT.match(text) else cause_of_unread(raw)


def _record(time: str, flags: str, pairs: str, raw: bytes) -> Frame:
    """Read a logged record: names and numbers, whose unit only the analyser's settings tell."""
    readings: dict[Channel, Reading] = {}
    details: dict[str, str | int] = {"time": time, "flags": flags}
    for name, number in _PAIR.findall(pairs):
        channel = GASES.get(name)
        if channel is None or channel in readings:
            details[name] = number
        else:
            reason = f"the record names no unit: taken as {channel.unit}"
            reading = reading_of_text(channel, number)
            readings[channel] = with_flag(reading, Flag.SUSPICIOUS, reason)
    return Frame(tuple(readings.values()), raw, "measurement", MappingProxyType(details))


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its replies name their values
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its replies."""
    return ThermoDecoder()


def _request(command: str, instrument: int) -> bytes:
    if not 0 <= instrument <= 127:
        raise ValueError(f"{instrument} is no instrument number: 0 to 127.")
    prefix = bytes((128 + instrument,)) if instrument else b""
    return prefix + command.encode("ascii") + b"\r"


def concentration_request(gas: str, instrument: int = 0) -> bytes:
    """Ask for a concentration: co, no, no2, nox, o3 or so2."""
    if gas not in GASES:
        raise ValueError(f"“{gas}” is no gas of these analysers: {', '.join(GASES)}.")
    return _request(gas, instrument)


def remote_request(instrument: int = 0) -> bytes:
    """Take the analyser from its keys to the line, before anything is set."""
    return _request("set mode remote", instrument)


def checked_format_request(instrument: int = 0) -> bytes:
    """Let every reply carry its sum."""
    return _request("set format 01", instrument)


def flags_request(instrument: int = 0) -> bytes:
    """Ask for status and alarms."""
    return _request("flags", instrument)


def background_request(gas: str, instrument: int = 0) -> bytes:
    """Calibrate the background on zero gas."""
    return _request(f"set cal {gas} bkg", instrument)


def coefficient_request(gas: str, instrument: int = 0) -> bytes:
    """Calibrate the coefficient on the span gas set."""
    return _request(f"set cal {gas} coef", instrument)


def gas_mode_request(mode: str, instrument: int = 0) -> bytes:
    """Let in sample, zero or span gas."""
    if mode not in ("sample", "zero", "span"):
        raise ValueError(f"“{mode}” is no gas mode: sample, zero or span.")
    return _request(f"set {mode}", instrument)


def reply(text: str, *, summed: bool = False) -> bytes:
    """Frame a reply, for simulators."""
    message = text.encode("ascii")
    return message + (b"\nsum %04x" % (sum(message) & 0xFFFF) if summed else b"") + b"\r"
