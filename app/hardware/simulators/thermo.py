"""Simulated Thermo analysers: 48 (CO), 42 (NO, NO2, NOx), 49 (O3), commands in plain words.

Owns their serial commands after the manuals' appendix on C-Link: measurements, background and
coefficient, calibration at zero and at span, remote mode, units' names, the two reply endings.
Shown = (seen − background) × coefficient.
"""

from __future__ import annotations

from app.hardware.channels import Channel
from app.hardware.simulators.device import LineBuffer
from app.hardware.simulators.surroundings import Sensor, Surroundings, make_sensors

GASES = {"48": (Channel.CO,), "42": (Channel.NO, Channel.NO2, Channel.NOX), "49": (Channel.O3,)}
_NAMES = {"48": "CO Analyzer", "42": "NO-NO2-NOx Analyzer", "49": "O3 Analyzer"}
_DECIMALS = {"ppm": 3, "ppb": 2}
_WRONG_SETTINGS = "can't, wrong settings"


class Thermo:
    """One analyser of a series. With id 0 the byte before a command may be left out."""

    def __init__(
        self,
        surroundings: Surroundings,
        series: str = "48",
        *,
        instrument_id: int = 0,
        warm_up_s: float = 30.0,
    ) -> None:
        self.series = series
        self.instrument_id = instrument_id
        self.warm_up_s = warm_up_s
        self.sensors = make_sensors(
            surroundings, *(gas for gas in GASES[series] if gas is not Channel.NOX)
        )
        self.mode = "remote"
        self.gas_mode = "sample"
        self.span_concentration = {
            gas.value: 10.0 if gas is Channel.CO else 100.0 for gas in GASES[series]
        }
        self.ends_with_sum = False
        self._lines = LineBuffer()

    def emit(self, now_s: float) -> list[bytes]:  # noqa: ARG002 - it speaks when asked
        return []

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        replies = []
        for line in self._lines.take(data):
            command = self._addressed(line)
            if command:
                replies.append(self._ended(f"{command} {self._carry_out(command, now_s)}"))
        return replies

    def _addressed(self, line: str) -> str:
        """Give the command when it is for this instrument, else an empty text."""
        if line and ord(line[0]) >= 128:
            return line[1:].strip().lower() if ord(line[0]) == 128 + self.instrument_id else ""
        return line.strip().lower() if self.instrument_id == 0 else ""

    def _ended(self, text: str) -> bytes:
        body = text.encode("latin-1", "replace")
        if not self.ends_with_sum:
            return body + b"\r"
        return body + f"\nsum {sum(body) & 0xFFFF:04x}\r".encode("ascii")

    def _carry_out(self, command: str, now_s: float) -> str:
        words = command.split()
        if words[0] == "set":
            if self.mode != "remote" and words[1:2] != ["mode"]:
                return _WRONG_SETTINGS
            return self._set(words[1:], now_s)
        answer = self._measured(words, now_s)
        if answer is not None:
            return answer
        known = {
            "mode": self.mode,
            "gas mode": self.gas_mode,
            "gas unit": self._unit(GASES[self.series][0]),
            "instrument id": str(self.instrument_id),
            "instr name": _NAMES[self.series],
            "program no": f"iSeries {self.series}i 01.06.09",
            "flags": "0" * 8 if now_s >= self.warm_up_s else "0" * 7 + "1",
            "internal temp": "033.2 deg c, actual 033.2",
            "pres": "752.1 mm hg, actual 752.1",
            "flow": "1.017 l/m",
            "format": f"{int(self.ends_with_sum):02}",
            "sp conc": f"{self.span_concentration[GASES[self.series][0]]:.3f} "
            f"{self._unit(GASES[self.series][0])}",
        }
        return known.get(command, "bad cmd")

    def _unit(self, gas: Channel) -> str:
        return gas.unit

    def _measured(self, words: list[str], now_s: float) -> str | None:
        gas = next((gas for gas in GASES[self.series] if gas.value == words[0]), None)
        if gas is None:
            return None
        unit = self._unit(gas)
        if len(words) == 1:
            return f"{self._shown(gas, now_s):.{_DECIMALS[unit]}f} {unit}"
        sensor = self.sensors.get(gas)
        if words[1:] == ["bkg"] and sensor is not None:
            return f"{sensor.correction_offset:.3f} {unit}"
        if words[1:] == ["coef"] and sensor is not None:
            return f"{1.0 / sensor.correction_gain:.3f}"
        return None

    def _shown(self, gas: Channel, now_s: float) -> float:
        if gas is Channel.NOX:
            return sum(sensor.value(now_s) for sensor in self.sensors.values())
        return self.sensors[gas].value(now_s)

    def _set(self, words: list[str], now_s: float) -> str:
        match words:
            case ["mode", "remote" | "local" as mode]:
                self.mode = mode
            case ["sample" | "zero" | "span" as mode]:
                self.gas_mode = mode
            case ["format", "00" | "01" as ending]:
                self.ends_with_sum = ending == "01"
            case ["instrument", "id", number] if number.isdigit() and int(number) <= 127:
                self.instrument_id = int(number)
            case ["sp", "conc", value]:
                return self._set_span(GASES[self.series][0].value, value)
            case ["sp", "conc", gas, value] if gas in self.span_concentration:
                return self._set_span(gas, value)
            case ["cal", gas, "bkg" | "coef" as what] if self._sensor(gas) is not None:
                return self._calibrate(gas, what, now_s)
            case [gas, "bkg" | "coef" as what, value] if self._sensor(gas) is not None:
                return self._set_factor(gas, what, value)
            case _:
                return "bad data"
        return "ok"

    def _sensor(self, gas: str) -> Sensor | None:
        return next((sensor for channel, sensor in self.sensors.items() if channel == gas), None)

    def _set_span(self, gas: str, value: str) -> str:
        number = _number(value)
        if number is None:
            return "bad data"
        if number <= 0:
            return "too low"
        self.span_concentration[gas] = number
        return "ok"

    def _calibrate(self, gas: str, what: str, now_s: float) -> str:
        sensor = self._sensor(gas)
        if sensor is None:
            return "bad data"
        if what == "bkg":
            sensor.adjust_offset(0.0, now_s)
            return "ok"
        before = sensor.correction_gain
        sensor.adjust_gain(self.span_concentration[gas], now_s)
        coefficient = 1.0 / sensor.correction_gain if sensor.correction_gain else 0.0
        if not 0.5 <= coefficient <= 2.0:
            sensor.correction_gain = before
            return "too high" if coefficient > 2.0 else "too low"
        return "ok"

    def _set_factor(self, gas: str, what: str, value: str) -> str:
        sensor, number = self._sensor(gas), _number(value)
        if sensor is None or number is None:
            return "bad data"
        if what == "bkg":
            sensor.correction_offset = number
            return "ok"
        if not 0.5 <= number <= 2.0:
            return "too high" if number > 2.0 else "too low"
        sensor.correction_gain = 1.0 / number
        return "ok"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
