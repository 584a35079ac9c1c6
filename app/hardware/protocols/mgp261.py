"""Vaisala MGP261 and MGP262 methane probes over Modbus RTU (19200 8N2, address 240).

Owns their registers, status words and requests. Source: Vaisala M212504EN-C (MGP260 user guide),
Modbus registers. Its status tables number the bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.hardware.channels import Channel
from app.hardware.decoding import Decoder, Flag
from app.hardware.modbus import (
    READ_HOLDING,
    Details,
    Format,
    Mark,
    ModbusDecoder,
    Register,
    RegisterMap,
    read_request,
)

ADDRESS = 240
MEASUREMENTS = (
    Channel.CH4,
    Channel.CH4_DRY,
    Channel.CO2,
    Channel.CO2_DRY,
    Channel.H2O,
    Channel.H2O_DRY,
    Channel.DEW_POINT,
)
_CHANNEL_STATUS = ("ch4", "ch4_dry", "co2", "co2_dry", "h2o", "dew_frost_point", "temperature")
_STATUS_BITS = {
    0: "not supported",
    1: "not reliable",
    2: "under range",
    3: "over range",
    4: "noisy",
    5: "value locked",
    6: "calibration expired",
    7: "sensor failure",
    8: "not ready",
}
_DEVICE_BITS = {
    0: (Flag.BAD, "critical failure of the probe"),
    1: (Flag.BAD, "error of the probe"),
    2: (Flag.SUSPICIOUS, "warning of the probe"),
}
_DOUBTFUL_ONLY = frozenset({4, 6})
"""Noisy, or calibration expired: a reading all the same."""


def marks_of_status(details: Details) -> list[Mark]:
    """Say what the probe's status words mean for the readings beside them."""
    device = int(details.get("device_status", 0))
    marks = [mark for bit, mark in _DEVICE_BITS.items() if device >> bit & 1]
    for name in _CHANNEL_STATUS:
        status = int(details.get(f"{name}_status", 0))
        marks += [
            (Flag.SUSPICIOUS if bit in _DOUBTFUL_ONLY else Flag.BAD, f"{name} {reason}")
            for bit, reason in _STATUS_BITS.items()
            if status >> bit & 1
        ]
    return marks


def _registers() -> dict[tuple[int, int], Register]:
    by_address: dict[int, Register] = {}
    none = frozenset({0})
    for step, channel in enumerate(MEASUREMENTS):
        by_address[2 * step] = Register(Format.FLOAT, channel)
        scale = Decimal("0.1") if channel is Channel.DEW_POINT else Decimal(100)
        by_address[0x0100 + step] = Register(Format.SIGNED, channel, scale=scale, no_value=none)
    by_address[0x000E] = Register(Format.FLOAT, name="dew_frost_point")
    by_address[0x0010] = Register(Format.FLOAT, Channel.SENSOR_TEMPERATURE)
    by_address[0x0200] = Register(Format.LONG, name="error_code")
    by_address[0x0204] = Register(Format.FLOAT, name="compensation_pressure")
    by_address[0x0206] = Register(Format.FLOAT, name="compensation_temperature")
    for step, name in enumerate(_CHANNEL_STATUS):
        by_address[0x0208 + step] = Register(Format.UNSIGNED, name=f"{name}_status")
    by_address[0x020F] = Register(Format.UNSIGNED, name="device_status")
    return {(READ_HOLDING, address): register for address, register in by_address.items()}


STATION = RegisterMap(_registers(), marks_of_status, ADDRESS)


def make_decoder(
    *, request: bytes | None = None, channels: Sequence[Channel | None] = ()
) -> Decoder:
    """Make a decoder of the replies to one request, or of named values."""
    return ModbusDecoder(STATION, request=request, channels=channels)


def measurement_request(address: int = ADDRESS) -> bytes:
    """Ask for all measured values, from methane to the sensor's temperature."""
    return read_request(address=address, function=READ_HOLDING, start=0x0000, count=18)


def status_request(address: int = ADDRESS) -> bytes:
    """Ask for the status of each measurement and of the device."""
    return read_request(address=address, function=READ_HOLDING, start=0x0208, count=8)
