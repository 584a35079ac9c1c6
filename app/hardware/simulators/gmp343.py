"""A simulated Vaisala GMP343 on its serial line: 19200 8N1, ASCII commands, a `>` prompt.

Owns the commands a working field driver uses (see docs/stations.md for its source): form, send,
average, smooth, median, heat, linear, compensation switches, range, param, errs, r and s.
"""

from __future__ import annotations

from app.hardware.channels import Channel
from app.hardware.simulators.device import LineBuffer, Metronome
from app.hardware.simulators.surroundings import Surroundings, make_sensors

_BANNER = "GMP343 - Version STD 2.00\r\nCopyright: Vaisala Oyj 2003 - 2013\r\n"
_SWITCHES = {"heat", "linear", "tc", "rhc", "pc", "oc", "echo"}
_NUMBERS = {
    "average": (0, 60),
    "smooth": (0, 255),
    "median": (0, 13),
    "range": (1, 6),
    "rh": (0, 100),
    "p": (700, 1300),
    "o": (0, 100),
    "addr": (0, 99),
}
DRIVER_FORM = 'CO2RAWUC CO2RAW CO2 T "(R C C+F T)"'


class Gmp343:
    """The probe; it says who it is, measures after a minute's warm-up, and answers commands."""

    def __init__(self, surroundings: Surroundings, *, warm_up_s: float = 60.0) -> None:
        self.sensors = make_sensors(surroundings, Channel.CO2, Channel.TEMPERATURE)
        self.warm_up_s = warm_up_s
        self.form = 'CO2 " ppm"'
        self._lines = LineBuffer()
        self._switches = dict.fromkeys(_SWITCHES, True)
        self._numbers = {"average": 10.0, "smooth": 0.0, "median": 0.0, "range": 1.0}
        self._numbers |= {"rh": 50.0, "p": 1013.0, "o": 20.95, "addr": 0.0}
        self._runs = False
        self._greeted = False
        self._output = Metronome(2.0)

    def emit(self, now_s: float) -> list[bytes]:
        frames = []
        if not self._greeted:
            self._greeted = True
            frames.append(_BANNER.encode("ascii"))
        if self._output.is_due(now_s) and self._runs and now_s >= self.warm_up_s:
            frames.append(self._measurement(now_s))
        return frames

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        replies = []
        for line in self._lines.take(data):
            echoed = f"{line}\r\n" if self._switches["echo"] else ""
            replies.append(echoed.encode("latin-1") + self._carry_out(line, now_s) + b">")
        return replies

    def _carry_out(self, line: str, now_s: float) -> bytes:  # noqa: PLR0911 - one answer a command
        words = line.strip().split()
        if not words:
            return b""
        name, values = words[0].lower(), words[1:]
        if name in _SWITCHES or name in _NUMBERS:
            return self._set(name, values)
        match name:
            case "form":
                if values:
                    self.form = line.strip()[4:].strip()
                return _line(f"FORM     : {self.form}") if not values else _line("OK")
            case "send":
                return self._measurement(now_s)
            case "r" | "s":
                self._runs = name == "r"
                return b""
            case "errs":
                return _line("OK: No errors detected.")
            case "param" | "?":
                return b"".join(map(_line, self._parameters()))
            case "reset":
                self._runs = False
                return _BANNER.encode("ascii")
        return _line(f"Unknown command: {line.strip()}")

    def _set(self, name: str, values: list[str]) -> bytes:
        if name in _SWITCHES:
            if values and values[0].lower() not in ("on", "off"):
                return _line("? ON or OFF")
            if values:
                self._switches[name] = values[0].lower() == "on"
            return _line(f"{name.upper():9}: {'ON' if self._switches[name] else 'OFF'}")
        if values:
            lowest, highest = _NUMBERS[name]
            try:
                wanted = float(values[0])
            except ValueError:
                return _line("? a number")
            if not lowest <= wanted <= highest:
                return _line(f"? {lowest} ... {highest}")
            self._numbers[name] = wanted
        return _line(f"{name.upper():9}: {self._numbers[name]:g}")

    def _parameters(self) -> list[str]:
        switches = [
            f"{name.upper():9}: {'ON' if on else 'OFF'}" for name, on in self._switches.items()
        ]
        numbers = [f"{name.upper():9}: {value:g}" for name, value in self._numbers.items()]
        return ["GMP343 / STD 2.00", "SNUM     : L1234567", *sorted(switches), *sorted(numbers)]

    def _measurement(self, now_s: float) -> bytes:
        shown = max(0.0, self.sensors[Channel.CO2].value(now_s))
        seen = max(0.0, self.sensors[Channel.CO2].uncorrected(now_s))
        warm = self.sensors[Channel.TEMPERATURE].value(now_s)
        values = {"CO2": shown, "CO2RAW": seen, "CO2RAWUC": seen * 1.013, "T": warm}
        made = ""
        for place, part in enumerate(self.form.split('"')):
            if place % 2:
                made += part
                continue
            for token in part.split():
                made += f"{values[token.upper()]:.1f} " if token.upper() in values else ""
        return _line(made.replace("  ", " ").strip())


def _line(text: str) -> bytes:
    return f"{text}\r\n".encode("latin-1", "replace")
