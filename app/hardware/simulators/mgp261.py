"""A simulated Vaisala MGP261 methane probe on Modbus RTU, also sold for CO2 and humidity.

Owns its registers (user guide M212504EN): floats with the least significant word first, and
integers in hundredths of the ppmv. It warms up for 30 s, during which values are NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.hardware.channels import Channel
from app.hardware.simulators.modbus_device import (
    DEVICE_IDENTIFICATION,
    ILLEGAL_ADDRESS,
    READ_HOLDING,
    WRITE_MANY,
    Exceptional,
    ModbusResponder,
    float_words,
)
from app.hardware.simulators.surroundings import Surroundings, make_sensors


class Mgp261:
    """The probe: 19200 8N2, address 240."""

    def __init__(
        self, surroundings: Surroundings, *, address: int = 240, warm_up_s: float = 30.0
    ) -> None:
        self.sensors = make_sensors(
            surroundings, Channel.CH4, Channel.CO2, Channel.H2O, Channel.TEMPERATURE
        )
        self.warm_up_s = warm_up_s
        self._responder = ModbusResponder(
            [address],
            read=self._read,
            write=self._write,
            functions=(READ_HOLDING, WRITE_MANY, DEVICE_IDENTIFICATION),
            identification={
                0x00: "Vaisala",
                0x01: "MGP261",
                0x02: "1.4.0",
                0x03: "http://www.vaisala.com/",
                0x04: "MGP261 Methane, Carbon Dioxide and Humidity Probe",
                0x80: "T1230007",
            },
        )

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        return self._responder.receive(data, now_s)

    def emit(self, now_s: float) -> list[bytes]:  # noqa: ARG002 - a probe speaks when asked
        return []

    def _read(self, _function: int, start: int, count: int, now_s: float) -> Sequence[int]:
        registers: dict[int, int] = {}
        values = self._values(now_s)
        for place, value in enumerate(values):
            registers[2 * place], registers[2 * place + 1] = float_words(value)
            hundredth = -32768 if math.isnan(value) else max(-32768, min(32767, round(value / 100)))
            registers[0x0100 + place] = hundredth & 0xFFFF
        registers[0x0800] = registers[0x0801] = 0
        try:
            return [registers[place] for place in range(start, start + count)]
        except KeyError:
            raise Exceptional(ILLEGAL_ADDRESS) from None

    def _values(self, now_s: float) -> list[float]:
        if now_s < self.warm_up_s:
            return [math.nan] * 9
        ch4 = self.sensors[Channel.CH4].value(now_s)
        co2 = self.sensors[Channel.CO2].value(now_s)
        water = self.sensors[Channel.H2O].value(now_s)
        dry = 1.0 - water / 1e6
        warm = self.sensors[Channel.TEMPERATURE].value(now_s)
        # Magnus: the dew point at which the vapour pressure at 1013.25 hPa saturates.
        pressure = max(water, 1.0) / 1e6 * 1013.25
        log = math.log(pressure / 6.112)
        dew = 243.12 * log / (17.62 - log)
        return [ch4, ch4 / dry, co2, co2 / dry, water, water / dry, dew, dew, warm]

    def _write(self, _start: int, _values: Sequence[int], _now_s: float) -> None:
        raise Exceptional(ILLEGAL_ADDRESS)
