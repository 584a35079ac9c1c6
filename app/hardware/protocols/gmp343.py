"""Vaisala GMP343 carbon dioxide probe (ASCII, 19200 8N1).

Owns its lines and commands, in the form that `form_request` sets: CO2 raw and uncorrected, CO2
raw, CO2, temperature, then `(R C C+F T)`. Source: the commands and replies that the public driver
of tum-esm/ACROPOLIS-edge uses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

from app.hardware.channels import Channel
from app.hardware.decoding import Cause, Decoder, Frame
from app.hardware.framing import Line, LineDecoder, cause_of_unread
from app.hardware.values import reading_of_text

_NUMBER = rb"(-?\d{1,6}\.\d{1,6})"
_MEASUREMENT = re.compile(
    rb"(?<![\d.])%b[ \t]+%b[ \t]+%b[ \t]+%b[ \t]+\(R C C\+F T\)[ \t]*\Z" % ((_NUMBER,) * 4)
)
_CUT_SHORT = re.compile(rb"[ >\t]*-?\d[-\d. \t]*(?:\([RCFT+ ]*)?\Z")
_ANSWER = re.compile(
    rb"(?:GMP343 - Version|Copyright: Vaisala|OK\b|[A-Za-z][A-Za-z0-9 ()]{0,30}[:=] ?)[ -~]*\Z"
)
_REFUSAL = re.compile(rb"[ -~]*(?:\?|Unknown)[ -~]*\Z")
_PROMPT = re.compile(rb"[> \t]*")


class Gmp343Decoder(LineDecoder):
    """Finds measured values and the answers to commands among lines."""

    def _judge(self, line: Line) -> tuple[int, Frame | Cause | None]:
        text = line.text
        found = _MEASUREMENT.search(text)
        if found is not None:
            uncorrected, raw, co2, temperature = (part.decode("ascii") for part in found.groups())
            readings = (
                reading_of_text(Channel.CO2, co2),
                reading_of_text(Channel.TEMPERATURE, temperature),
            )
            details = MappingProxyType({"co2_raw_uncorrected": uncorrected, "co2_raw": raw})
            before = text[: found.start()]
            lead = b"" if _PROMPT.fullmatch(before) else before
            return len(lead), Frame(readings, text[len(lead) :], "measurement", details)
        return 0, _answer(text)


def _answer(text: bytes) -> Frame | Cause | None:
    said = text.lstrip(b"> \t")
    if not said:
        return None
    if _CUT_SHORT.match(text):
        return Cause.LENGTH
    for form, kind in ((_ANSWER, "answer"), (_REFUSAL, "refusal")):
        if form.match(said):
            return Frame((), text, kind, MappingProxyType({"text": said.decode("ascii")}))
    return cause_of_unread(text)


def make_decoder(
    *,
    request: bytes | None = None,  # noqa: ARG001 - its lines name their values
    channels: Sequence[Channel | None] = (),  # noqa: ARG001
) -> Decoder:
    """Make a decoder of its lines."""
    return Gmp343Decoder()


def _request(command: str) -> bytes:
    return command.encode("ascii") + b"\r\n"


def form_request() -> bytes:
    """Set the form of a line to the one read here."""
    return _request('form CO2RAWUC CO2RAW CO2 T "(R C C+F T)"')


def quiet_request() -> bytes:
    """Stop the probe from repeating what it is told."""
    return _request("echo off")


def read_request() -> bytes:
    """Ask for one line of values."""
    return _request("send")


def settings_request() -> bytes:
    """Ask for the settings."""
    return _request("param")


def errors_request() -> bytes:
    """Ask for the errors present."""
    return _request("errs")


def pressure_request(pressure_hpa: Decimal) -> bytes:
    """Set the pressure to compensate for; ValueError outside 700 to 1300 hPa."""
    if not 700 <= pressure_hpa <= 1300:
        raise ValueError(f"{pressure_hpa} hPa cannot be set: 700 to 1300 hPa.")
    return _request(f"p {pressure_hpa}")


def humidity_request(humidity_percent: Decimal) -> bytes:
    """Set the humidity to compensate for; ValueError outside 0 to 100 %."""
    if not 0 <= humidity_percent <= 100:
        raise ValueError(f"{humidity_percent} % cannot be set: 0 to 100 %.")
    return _request(f"rh {humidity_percent}")
