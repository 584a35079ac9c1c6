"""What is on a port: first listen, then ask each kind of station its own harmless question.

Owns the list of questions and the order in which line settings are tried; none of the questions
changes anything in a device. The time is bounded, and when nothing is recognised the bytes seen
are told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from app.hardware.errors import HardwareError, PortLost
from app.hardware.ports.opening import ByteLine, LineSettings, open_line
from app.hardware.ports.signatures import guess_protocols
from app.hardware.protocols import make_decoder

LISTEN_S, ANSWER_S = 1.15, 0.3
_LARGEST_SEEN = 256


@dataclass(frozen=True, slots=True)
class Probe:
    """One question; `judge` gives the protocol and what the device said of itself, or None."""

    name: str
    request: bytes
    judge: Callable[[bytes], tuple[str, str] | None]

    def is_answered_by(self, data: bytes) -> bool:
        """Say whether these bytes answer it."""
        return self.judge(data) is not None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What answered: the protocol, how the line is set, and the bytes that show it."""

    protocol: str
    line: LineSettings
    evidence: bytes
    told: str = ""
    """What the device said of itself: its name, its serial number."""
    alike: tuple[str, ...] = ()
    """Other protocols these bytes fit as well."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Bytes that came and were not recognised, after which question, at which settings."""

    line: LineSettings
    after: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Recognition:
    """The outcome: what was found, or everything that was seen instead."""

    path: str
    found: Recognised | None
    seen: tuple[Seen, ...] = ()

    @property
    def message(self) -> str:
        """Say the outcome in a sentence or two."""
        if self.found is not None:
            also = f" (or {', '.join(self.found.alike)})" if self.found.alike else ""
            told = f": {self.found.told}" if self.found.told else ""
            return f"{self.path}: {self.found.protocol}{also} at {self.found.line}{told}."
        if not self.seen:
            return (
                f"Nothing answered on {self.path}. Check the station's power and cable; a device "
                "that neither sends nor answers cannot be recognised."
            )
        bytes_seen = "; ".join(
            f"at {seen.line} after {seen.after}: {seen.data[:24].hex(' ').upper()}"
            for seen in self.seen[:4]
        )
        return (
            f"Something on {self.path} sends bytes that no known station sends ({bytes_seen}). "
            "Choose the model by hand, or check the line settings."
        )


def recognise(
    path: str,
    *,
    budget_s: float = 20.0,
    opener: Callable[[str, LineSettings], ByteLine] = open_line,
    stop: Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Recognition:
    """Find out what is on a port, within `budget_s`.

    Raises PortMissing, PortBusy, PortRefused or PortLost.
    """
    ends_s = clock() + budget_s
    halt = stop or Event()
    seen: list[Seen] = []
    for settings, probes in _GROUPS:
        if clock() >= ends_s or halt.is_set():
            break
        line = opener(path, settings)
        try:
            found = _try_group(line, settings, probes, seen, lambda: ends_s - clock())
        finally:
            line.close()
        if found is not None:
            return Recognition(path, found, tuple(seen))
    return Recognition(path, None, tuple(seen))


def _try_group(
    line: ByteLine,
    settings: LineSettings,
    probes: tuple[Probe, ...],
    seen: list[Seen],
    left_s: Callable[[], float],
) -> Recognised | None:
    """Listen at one setting, then ask what may answer at it."""
    heard = _collect(line, min(LISTEN_S, left_s()), lambda data: bool(guess_protocols(data)))
    guesses = guess_protocols(heard)
    if guesses:
        return Recognised(guesses[0], settings, heard, alike=guesses[1:])
    if heard:
        seen.append(Seen(settings, "listening", heard))
    for probe in probes:
        if left_s() <= 0:
            return None
        line.discard_input()
        _ask(line, probe)
        answer = _collect(line, min(ANSWER_S, left_s()), probe.is_answered_by)
        judged = probe.judge(answer)
        if judged is not None:
            protocol, told = judged
            return Recognised(protocol, settings, answer, told)
        if answer:
            seen.append(Seen(settings, probe.name, answer))
    return None


def _ask(line: ByteLine, probe: Probe) -> None:
    if probe.name.startswith("SDI-12"):
        try:
            line.send_break()
        except PortLost:
            raise
        except HardwareError:
            # An adapter that cannot break makes its own.
            pass
    line.write(probe.request)


def _collect(line: ByteLine, seconds: float, is_enough: Callable[[bytes], bool]) -> bytes:
    collected = bytearray()
    ends_s = time.monotonic() + seconds
    while (left_s := ends_s - time.monotonic()) > 0 and len(collected) < _LARGEST_SEEN:
        data = line.read(left_s)
        collected += data
        if data and is_enough(bytes(collected)):
            break
    return bytes(collected[:_LARGEST_SEEN])


def _with_readings(protocol: str, request: bytes) -> Callable[[bytes], tuple[str, str] | None]:
    def judge(answer: bytes) -> tuple[str, str] | None:
        decoder = make_decoder(protocol, request=request)
        frames = decoder.feed(answer) + decoder.finish()
        return (protocol, "") if any(frame.kind != "exception" for frame in frames) else None

    return judge


def _identification(answer: bytes) -> tuple[str, str] | None:
    """Read the answer to function 43: the model stands in it as text."""
    start = answer.find(b"\xf0\x2b\x0e")
    if start < 0 or b"Vaisala" not in answer:
        return None
    protocol = "mgp261" if b"MGP26" in answer else "gmp252" if b"GMP25" in answer else None
    told = b" ".join(part for part in (b"Vaisala", b"MGP261", b"GMP252") if part in answer)
    return (protocol, told.decode("ascii")) if protocol else None


def _vaisala_text(answer: bytes) -> tuple[str, str] | None:
    text = answer.decode("latin-1")
    told = " ".join(line.strip() for line in text.splitlines()[:3] if line.strip("> "))
    if "GMP343" in text:
        return "gmp343", told
    return ("gmp252-ascii", told) if "GMP25" in text else None


def _wxt(answer: bytes) -> tuple[str, str] | None:
    text = answer.decode("latin-1").strip()
    return ("wxt5xx", text[:60]) if "WXT" in text and text[1:3] == "XU" else None


def _sps30(answer: bytes) -> tuple[str, str] | None:
    decoder = make_decoder("sps30")
    for frame in decoder.feed(answer):
        if frame.details.get("command") == "information":
            return "sps30", str(frame.details.get("data", ""))
    return None


def _thermo(answer: bytes) -> tuple[str, str] | None:
    text = answer.decode("latin-1").strip()
    return ("thermo", text) if "instr name" in text and "nalyzer" in text else None


def _toa5(answer: bytes) -> tuple[str, str] | None:
    start = answer.find(b'"TOA5",')
    if start < 0:
        return None
    return "toa5", answer[start:].split(b"\r\n")[0].decode("latin-1").replace('"', "")


def _sdi12(answer: bytes) -> tuple[str, str] | None:
    text = answer.removeprefix(b"?!").strip(b"\r\n\x00 ")
    return ("sdi12", f"address {text.decode()}") if len(text) == 1 and text.isalnum() else None


_S8 = bytes.fromhex("FE 04 00 00 00 04 E5 C6")
_MHZ19B = bytes.fromhex("FF 01 86 00 00 00 00 00 79")
_PLANTOWER = bytes.fromhex("42 4D E2 00 00 01 71")
_SDS011 = bytes.fromhex("AA B4 04 00 00 00 00 00 00 00 00 00 00 00 00 FF FF 02 AB")
_IDENTIFY = bytes.fromhex("F0 2B 0E 01 00 0D A2")
_SPS30 = bytes.fromhex("7E 00 D0 01 00 2E 7E")

_GROUPS: tuple[tuple[LineSettings, tuple[Probe, ...]], ...] = (
    (
        LineSettings(19200, stop_bits=2),
        (Probe("Modbus identification at 240", _IDENTIFY, _identification),),
    ),
    (
        LineSettings(9600),
        (
            Probe("Senseair read", _S8, _with_readings("s8", _S8)),
            Probe("Winsen read", _MHZ19B, _with_readings("mhz19b", _MHZ19B)),
            Probe("Plantower read", _PLANTOWER, _with_readings("pms5003", _PLANTOWER)),
            Probe("Nova query", _SDS011, _with_readings("sds011", _SDS011)),
            Probe("Thermo name", b"\rinstr name\r", _thermo),
            Probe("Thermo name, 48", b"\xb0instr name\r", _thermo),
            Probe("Thermo name, 42", b"\xaainstr name\r", _thermo),
            Probe("Thermo name, 49", b"\xb1instr name\r", _thermo),
        ),
    ),
    (
        LineSettings(19200),
        (
            Probe("Vaisala ??", b"\r??\r", _vaisala_text),
            Probe("Vaisala ?", b"\r?\r", _vaisala_text),
            Probe("WXT settings", b"0XU\r\n", _wxt),
        ),
    ),
    (
        LineSettings(115200),
        (Probe("Sensirion type", _SPS30, _sps30), Probe("logger header", b"\r", _toa5)),
    ),
    (LineSettings(1200, 7, "E"), (Probe("SDI-12 address", b"?!", _sdi12),)),
    (LineSettings(4800), ()),
)
