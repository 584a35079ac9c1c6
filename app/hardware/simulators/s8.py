"""A simulated Senseair S8: Modbus RTU, 9600 8N1, also at the any-sensor address FE.

Owns its registers and calibration (Senseair TDE2067): clear HR1, write the special command to
HR2, wait for a measurement, read the acknowledgement in HR1 (documents count registers from one:
wire addresses 0000 and 0001). A new measurement comes every two seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.hardware.channels import Channel
from app.hardware.simulators.modbus_device import (
    ILLEGAL_ADDRESS,
    ILLEGAL_VALUE,
    READ_HOLDING,
    READ_INPUT,
    WRITE_MANY,
    WRITE_ONE,
    Exceptional,
    ModbusResponder,
)
from app.hardware.simulators.surroundings import Surroundings, make_sensors

BACKGROUND, ZERO = 0x7C06, 0x7C07
_DONE = {BACKGROUND: 0x0020, ZERO: 0x0040}
_REFERENCE = {BACKGROUND: 400.0, ZERO: 0.0}
_OUT_OF_RANGE = 0x20
_PERIOD_S = 2.0
_ACKNOWLEDGEMENT, _COMMAND, _ABC_HOURS = 0x0000, 0x0001, 0x001F


class S8:
    """The sensor; `fixed_co2` shows one value whatever the air, for frames known to the byte."""

    def __init__(
        self, surroundings: Surroundings, *, address: int = 0x68, warm_up_s: float = 4.0
    ) -> None:
        self.sensors = make_sensors(surroundings, Channel.CO2)
        self.fixed_co2: int | None = None
        self.warm_up_s = warm_up_s
        self.output_status = 0
        self._holding = {_ACKNOWLEDGEMENT: 0, _COMMAND: 0, _ABC_HOURS: 180}
        self._pending: tuple[int, float] | None = None
        self._responder = ModbusResponder(
            [address, 0xFE],
            read=self._read,
            write=self._write,
            functions=(READ_HOLDING, READ_INPUT, WRITE_ONE, WRITE_MANY),
            identification={},
        )

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        self.emit(now_s)
        return self._responder.receive(data, now_s)

    def emit(self, now_s: float) -> list[bytes]:
        """Measure; a calibration asked for is carried out by the next measurement."""
        if self._pending is not None and now_s >= self._pending[1]:
            command, _ = self._pending
            self._pending = None
            self.sensors[Channel.CO2].adjust_offset(_REFERENCE[command], now_s)
            self._holding[_ACKNOWLEDGEMENT] |= _DONE[command]
        return []

    def _read(self, function: int, start: int, count: int, now_s: float) -> Sequence[int]:
        registers = self._holding if function == READ_HOLDING else self._inputs(now_s)
        try:
            return [registers[place] for place in range(start, start + count)]
        except KeyError:
            raise Exceptional(ILLEGAL_ADDRESS) from None

    def _inputs(self, now_s: float) -> dict[int, int]:
        co2 = self._co2(now_s)
        return {
            0x0000: _OUT_OF_RANGE if co2 > 10_000 else 0,
            0x0001: 0,
            0x0002: self.output_status,
            0x0003: max(-32768, min(32767, co2)) & 0xFFFF,
            0x0015: max(0, min(0x3FFF, co2 * 0x3FFF // 2000)),
            0x0019: 0x0001,
            0x001A: 0x0E08,
            0x001B: 0x0047,
            0x001C: 0x0190,
            0x001D: 0x0182,
            0x001E: 0x9A37,
        }

    def _co2(self, now_s: float) -> int:
        if now_s < self.warm_up_s:
            return 0
        if self.fixed_co2 is not None:
            return self.fixed_co2
        measured_s = now_s - now_s % _PERIOD_S
        return round(self.sensors[Channel.CO2].value(measured_s))

    def _write(self, start: int, values: Sequence[int], now_s: float) -> None:
        places = range(start, start + len(values))
        if any(place not in self._holding for place in places):
            raise Exceptional(ILLEGAL_ADDRESS)
        for place, value in zip(places, values, strict=True):
            if place == _ABC_HOURS and not (value == 0 or 4 <= value <= 4800):
                raise Exceptional(ILLEGAL_VALUE)
            if place == _COMMAND and value not in (0, BACKGROUND, ZERO):
                raise Exceptional(ILLEGAL_VALUE)
            self._holding[place] = value
            if place == _COMMAND and value:
                self._pending = (value, now_s + _PERIOD_S)
