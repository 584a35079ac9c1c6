"""A simulated Vaisala GMP252 on its service port: the Vaisala industrial protocol in ASCII.

Owns the commands, the output form and the modes run, stop and poll (M211799EN, serial commands).
The steps of `cco2` follow the published model of the GMP231; the words of its arguments are not
published where we could read them, so `-lo`, `-hi`, `-save`, `-cancel` and `-reset` are ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from app.hardware.simulators.device import LineBuffer, Metronome
from app.hardware.simulators.gmp252 import SERIAL_NUMBER, AdjustmentRefused, ProbeCore
from app.hardware.simulators.surroundings import Surroundings

DEFAULT_FORM = '6.0 "CO2=" CO2 " " U3 #r #n'
_UNIT_SECONDS = {"S": 1.0, "MIN": 60.0, "H": 3600.0}
_HELP = "? ?? ADDR ADATE ATEXT CCO2 CLOSE ENV ERRS FORM HELP INTV OPEN PASS R RESET S SEND SMODE \
SNUM SYSTEM TIME VERS"


class Gmp252Ascii:
    """The probe on its service port: 19200 8N1."""

    def __init__(self, surroundings: Surroundings, *, warm_up_s: float = 12.0) -> None:
        self.core = ProbeCore(surroundings, warm_up_s=warm_up_s)
        self.sensors = self.core.sensors
        self.form = DEFAULT_FORM
        self.address = 240
        self.start_mode = "RUN"
        self._lines = LineBuffer()
        self._runs = True
        self._is_open = True
        self._advanced = False
        self._output = Metronome(1.0, first_s=1.0)
        self._interval = (1, "S")

    def emit(self, now_s: float) -> list[bytes]:
        due = self._output.is_due(now_s)
        return [self._measurement(now_s)] if due and self._runs else []

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        replies = []
        for line in self._lines.take(data):
            words = line.split()
            if words:
                reply = self._carry_out(words, line, now_s)
                if reply is not None:
                    replies.append(reply)
        return replies

    def _carry_out(self, words: list[str], line: str, now_s: float) -> bytes | None:
        command = words[0].lower()
        if not self._is_open and command not in ("open", "??", "send"):
            return None
        known: dict[str, Callable[[], bytes | None]] = {
            "form": lambda: self._set_form(line.strip()[4:].strip()),
            "cco2": lambda: self._adjust(words[1:], now_s),
            "send": lambda: self._send(words[1:], now_s),
            "intv": lambda: self._set_interval(words[1:], now_s),
            "addr": lambda: self._set_address(words[1:]),
            "smode": lambda: self._set_mode(words[1:]),
            "pass": lambda: self._unlock(words[1:]),
            "open": lambda: self._open(words[1:]),
        }
        if command in known:
            return known[command]()
        return self._tell(command, now_s)

    def _tell(self, command: str, now_s: float) -> bytes | None:
        match command:
            case "r" | "s":
                self._runs = command == "r"
                return None
            case "close":
                self._is_open = self._runs = False
                return _line("line closed")
            case "?" | "??":
                return b"".join(map(_line, self._about()))
            case "reset":
                self.core.adjustment.cancel()
                self._runs = self.start_mode == "RUN"
                return b"".join(map(_line, self._about()[:1]))
        answers = {
            "errs": "No errors detected.",
            "snum": f"Serial number       : {SERIAL_NUMBER}",
            "vers": "GMP252 1.2.3",
            "system": "Device Name         : GMP252",
            "time": f"Uptime              : {int(now_s)} s",
            "adate": "Adjustment date     : 2025-11-03",
            "atext": "Adjustment text     : Vaisala/HEL",
            "env": "Pressure (hPa) : 1013.25",
            "help": _HELP,
        }
        return _line(answers.get(command, f"Unknown command: {command}"))

    def _about(self) -> list[str]:
        return [
            "GMP252 1.2.3",
            f"Serial number       : {SERIAL_NUMBER}",
            f"Serial mode         : {self.start_mode}",
            f"Output interval     : {self._interval[0]} {self._interval[1]}",
            f"Address             : {self.address}",
        ]

    def _measurement(self, now_s: float) -> bytes:
        return render_form(self.form, self.core, self.address, now_s)

    def _send(self, words: list[str], now_s: float) -> bytes | None:
        if words and words[0] != str(self.address):
            return None
        if not self._is_open and not words:
            return None
        return self._measurement(now_s)

    def _set_form(self, form: str) -> bytes:
        if not form:
            return _line(self.form)
        if form == "/":
            self.form = DEFAULT_FORM
            return _line("OK")
        if len(form) > 150 or form.count('"') % 2:
            return _line("Invalid form")
        self.form = form
        return _line("OK")

    def _set_interval(self, words: list[str], now_s: float) -> bytes:
        if words:
            unit = words[1].upper() if len(words) > 1 else self._interval[1]
            if not words[0].isdigit() or int(words[0]) > 255 or unit not in _UNIT_SECONDS:
                return _line("Invalid parameter")
            self._interval = (int(words[0]), unit)
            # 0: as fast as the probe measures
            self._output.restart(now_s, max(0.5, int(words[0]) * _UNIT_SECONDS[unit]))
        return _line(f"Output interval     : {self._interval[0]} {self._interval[1]}")

    def _set_address(self, words: list[str]) -> bytes:
        if words:
            if not words[0].isdigit() or int(words[0]) > 254:
                return _line("Invalid parameter")
            self.address = int(words[0])
        return _line(f"Address : {self.address}")

    def _set_mode(self, words: list[str]) -> bytes:
        if words:
            if words[0].upper() not in ("RUN", "STOP", "POLL"):
                return _line("Invalid parameter")
            self.start_mode = words[0].upper()
        return _line(f"Serial mode         : {self.start_mode}")

    def _unlock(self, words: list[str]) -> bytes | None:
        self._advanced = words == ["1300"]
        return None if self._advanced else _line("Invalid password")

    def _open(self, words: list[str]) -> bytes | None:
        if words and words[0] != str(self.address):
            return None
        self._is_open = True
        return _line(f"GMP252 {self.address} line opened for operator commands")

    def _adjust(self, words: list[str], now_s: float) -> bytes:
        if not self._advanced:
            return _line("Unknown command: cco2")
        adjustment = self.core.adjustment
        try:
            match words:
                case []:
                    pass
                case ["-lo", value]:
                    adjustment.start(points=1)
                    adjustment.record(_number(value), now_s)
                case ["-hi", value]:
                    first = adjustment.points[:1]
                    adjustment.start(points=2)
                    adjustment.points = first
                    if not first:
                        raise AdjustmentRefused(2, "Sequence error")
                    adjustment.record(_number(value), now_s)
                case ["-save"]:
                    adjustment.save()
                case ["-cancel"]:
                    adjustment.cancel()
                case ["-reset"]:
                    adjustment.cancel()
                    adjustment.sensor.forget_adjustment()
                case _:
                    raise AdjustmentRefused(1, "Function not supported")
        except AdjustmentRefused as refusal:
            return _line(f"ERROR {refusal.code}: {refusal.reason}")
        sensor = adjustment.sensor
        return _line(
            f"OK Offset: {sensor.correction_offset:.2f} Gain: {sensor.correction_gain:.5f}"
        )


def render_form(form: str, core: ProbeCore, address: int, now_s: float) -> bytes:
    """Give one measurement in an output form: numbers, texts, units, control codes, checksums."""
    made = bytearray()
    digits = "6.0"
    values = {
        "CO2": core.co2(now_s),
        "CO2%": core.co2(now_s) / 10_000.0,
        "TCOMP": core.temperature(now_s),
        "PCOMP": 1013.25,
        "O2COMP": 0.0,
        "RHCOMP": 0.0,
    }
    for token in _form_tokens(form):
        name = token.upper()
        if token.startswith('"'):
            made += token[1:-1].encode("latin-1", "replace")
        elif name in values:
            made += _padded(values[name], digits).encode("ascii")
        elif token[0].isdigit():
            digits = token
        else:
            made += _modifier(name, bytes(made), address, now_s)
    return bytes(made)


def _modifier(name: str, made: bytes, address: int, now_s: float) -> bytes:
    if name == "CS4":
        return f"{sum(made) & 0xFF:02X}".encode("ascii")
    if name == "CSX":
        checksum = 0
        for byte in made:
            checksum ^= byte
        return f"{checksum:02X}".encode("ascii")
    if name.startswith("#") and name[1:].isdigit():
        return bytes([int(name[1:]) & 0xFF])
    if name.startswith("U") and name[1:].isdigit():
        return "ppm".ljust(int(name[1:]))[: int(name[1:])].encode("ascii")
    plain = {
        "#R": "\r",
        "#N": "\n",
        "#T": "\t",
        "ADDR": str(address),
        "SN": SERIAL_NUMBER,
        "TIME": f"{int(now_s) // 3600:5d}:{int(now_s) // 60 % 60:02d}:{int(now_s) % 60:02d}",
    }
    return plain.get(name, "").encode("ascii")


def _padded(value: float, digits: str) -> str:
    before, _, after = digits.partition(".")
    width = int(before or 0) + (int(after) + 1 if after and int(after) else 0)
    if math.isnan(value):
        return "*" * max(width, 1)
    return f"{value:{width}.{int(after or 0)}f}"


def _form_tokens(form: str) -> list[str]:
    tokens: list[str] = []
    parts = form.split('"')
    for place, part in enumerate(parts):
        if place % 2:
            tokens.append(f'"{part}"')
        else:
            tokens.extend(part.split())
    return tokens


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _line(text: str) -> bytes:
    return f"{text}\r\n".encode("latin-1", "replace")
