"""A simulated Vaisala GMP252 on Modbus RTU, and what both its interfaces share.

Owns the probe's register map and its start-up (user guide M211897EN, appendix A): the first 12 s
the reading is not ready, until 30 s not reliable. Adjustment after the published model of
Vaisala's GMP231 (M211501EN, Adjust command): start, record one or two points, save or cancel,
with the GMP252's limit of 1000 ppm + 25 % of the uncorrected reading. By Modbus the probe takes
compensation only: an adjustment needs its ASCII interface.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.hardware.channels import Channel
from app.hardware.simulators.modbus_device import (
    DEVICE_IDENTIFICATION,
    ILLEGAL_ADDRESS,
    ILLEGAL_VALUE,
    READ_HOLDING,
    WRITE_MANY,
    WRITE_ONE,
    Exceptional,
    ModbusResponder,
    float_words,
    words_float,
)
from app.hardware.simulators.surroundings import Sensor, Surroundings, make_sensors

NOT_READY, NOT_RELIABLE = 256, 2
SERIAL_NUMBER = "K0710040"

# Wire address of a 32-bit float: (lowest, highest, value at power-up).
_POWER_UP_FLOATS = {
    0x0200: (500.0, 1100.0, 1013.25),
    0x0202: (-40.0, 80.0, 25.0),
    0x0204: (0.0, 100.0, 0.0),
    0x0206: (0.0, 100.0, 0.0),
}
_VOLATILE_BASE = 0x0208
# Wire address of a 16-bit setting: (lowest, highest, default).
_SETTINGS = {
    0x0300: (1, 247, 240),
    0x0301: (0, 5, 2),
    0x0302: (0, 2, 0),
    0x0303: (1, 2, 2),
    0x0304: (0, 1, 1),
    0x0305: (0, 2, 2),
    0x0306: (0, 1, 0),
    0x0307: (0, 1, 0),
    0x0308: (0, 100, 100),
}


class AdjustmentRefused(Exception):
    """The probe refuses a step of an adjustment; the code is that of the published model."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass
class Adjustment:
    """The probe's user adjustment as a state machine: nothing counts until it is saved."""

    sensor: Sensor
    points_wanted: int = 0
    points: list[tuple[float, float]] = field(default_factory=list)

    def start(self, *, points: int) -> None:
        """Begin an adjustment at one or two points."""
        if points not in (1, 2):
            raise AdjustmentRefused(1, "Function not supported")
        self.points_wanted = points
        self.points = []

    def record(self, reference: float, now_s: float) -> None:
        """Take the reading now as that of a gas of this value."""
        if not self.points_wanted or len(self.points) >= self.points_wanted:
            raise AdjustmentRefused(2, "Sequence error")
        if not math.isfinite(reference) or reference < 0:
            raise AdjustmentRefused(5, "Reference invalid")
        seen = self.sensor.settled(now_s)
        if abs(seen - reference) > 1000.0 + 0.25 * abs(seen):
            raise AdjustmentRefused(3, "Difference too large")
        if self.points and abs(self.points[0][1] - reference) < 100.0:
            raise AdjustmentRefused(4, "Points too close")
        self.points.append((seen, reference))

    def save(self) -> None:
        """End the adjustment; the new values are used from now on."""
        if not self.points_wanted or len(self.points) < self.points_wanted:
            raise AdjustmentRefused(2, "Sequence error")
        if self.points_wanted == 1:
            seen, reference = self.points[0]
            self.sensor.correction_gain = 1.0
            self.sensor.correction_offset = seen - reference
        else:
            low, high = sorted(self.points, key=lambda point: point[1])
            self.sensor.adjust_two_points(low, high)
        self.cancel()

    def cancel(self) -> None:
        """Leave the adjustment; what was saved before stays."""
        self.points_wanted, self.points = 0, []


class ProbeCore:
    """What the probe is behind either interface: its sensors, start-up and adjustment."""

    def __init__(self, surroundings: Surroundings, *, warm_up_s: float = 12.0) -> None:
        self.sensors = make_sensors(surroundings, Channel.CO2, Channel.TEMPERATURE)
        self.adjustment = Adjustment(self.sensors[Channel.CO2])
        self.warm_up_s = warm_up_s
        self.fixed_co2: float | None = None
        """A value shown whatever the air: for frames that must be the same to the byte."""

    def co2_status(self, now_s: float) -> int:
        """Give the CO2 status register: 0 OK, 256 not ready, 2 not reliable."""
        if now_s < self.warm_up_s:
            return NOT_READY
        return NOT_RELIABLE if now_s < 2.5 * self.warm_up_s else 0

    def co2(self, now_s: float) -> float:
        """Give the CO2 shown, in ppm; NaN while it is not ready."""
        if now_s < self.warm_up_s:
            return math.nan
        if self.fixed_co2 is not None:
            return self.fixed_co2
        return max(0.0, self.sensors[Channel.CO2].value(now_s))

    def temperature(self, now_s: float) -> float:
        """Give the temperature shown, in °C."""
        return self.sensors[Channel.TEMPERATURE].value(now_s)


class Gmp252:
    """The probe on Modbus RTU: 19200 8N2, address 240 until it is changed and restarted."""

    def __init__(
        self, surroundings: Surroundings, *, address: int = 240, warm_up_s: float = 12.0
    ) -> None:
        self.core = ProbeCore(surroundings, warm_up_s=warm_up_s)
        self.sensors = self.core.sensors
        self.eeprom_writes = 0
        self._floats = {place: usual for place, (_, _, usual) in _POWER_UP_FLOATS.items()}
        for place, (_, _, usual) in _POWER_UP_FLOATS.items():
            self._floats[place + 8] = usual
        self._settings = {place: usual for place, (_, _, usual) in _SETTINGS.items()}
        self._settings[0x0300] = address
        self._responder = ModbusResponder(
            [address],
            read=self._read,
            write=self._write,
            functions=(READ_HOLDING, WRITE_ONE, WRITE_MANY, DEVICE_IDENTIFICATION),
            identification={
                0x00: "Vaisala",
                0x01: "GMP252",
                0x02: "1.2.3",
                0x03: "http://www.vaisala.com/",
                0x04: "GMP252 Carbon Dioxide Probe",
                0x80: SERIAL_NUMBER,
                0x81: "2025-11-03",
                0x82: "Vaisala/HEL",
            },
        )

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        return self._responder.receive(data, now_s)

    def emit(self, now_s: float) -> list[bytes]:  # noqa: ARG002 - a probe speaks when asked
        return []

    def _read(self, _function: int, start: int, count: int, now_s: float) -> Sequence[int]:
        registers = self._registers(now_s)
        try:
            return [registers[place] for place in range(start, start + count)]
        except KeyError:
            raise Exceptional(ILLEGAL_ADDRESS) from None

    def _registers(self, now_s: float) -> dict[int, int]:
        co2 = self.core.co2(now_s)
        floats = {
            0x0000: co2,
            0x0002: self._compensation_temperature(now_s),
            0x0004: self.core.temperature(now_s),
            **self._floats,
        }
        registers = dict(self._settings)
        for place, value in floats.items():
            registers[place], registers[place + 1] = float_words(value)
        ready = not math.isnan(co2)
        registers[0x0100] = min(round(co2), 32767) if ready else 0
        registers[0x0101] = min(round(co2 / 10), 32767) if ready else 0
        registers[0x0800] = 0
        registers[0x0801] = self.core.co2_status(now_s)
        registers[0x0803] = registers[0x0804] = 0
        return registers

    def _compensation_temperature(self, now_s: float) -> float:
        if self._settings[0x0305] == 2:
            return self.core.temperature(now_s)
        return self._floats[_VOLATILE_BASE + 2]

    def _write(self, start: int, values: Sequence[int], _now_s: float) -> None:
        if start in self._floats and len(values) == 2:
            self._write_float(start, words_float(values[0], values[1]))
            return
        for place, value in enumerate(values, start):
            if place not in _SETTINGS:
                raise Exceptional(ILLEGAL_ADDRESS)
            lowest, highest, _ = _SETTINGS[place]
            if not lowest <= value <= highest:
                raise Exceptional(ILLEGAL_VALUE)
        for place, value in enumerate(values, start):
            self._settings[place] = value
            self.eeprom_writes += 1

    def _write_float(self, place: int, value: float) -> None:
        power_up = place if place in _POWER_UP_FLOATS else place - 8
        lowest, highest, _ = _POWER_UP_FLOATS[power_up]
        if not lowest <= value <= highest:
            raise Exceptional(ILLEGAL_VALUE)
        self._floats[place] = value
        if place == power_up:
            self.eeprom_writes += 1
