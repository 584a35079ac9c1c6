"""Vaisala GMP252 and GMP251 carbon dioxide probes over Modbus RTU (19200 8N2, address 240).

Owns their registers, status words and requests. Sources: Vaisala M211897EN (GMP252 user guide,
appendix Modbus reference) and M211799EN (GMP251).
"""

from __future__ import annotations

import struct
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
    write_float_request,
)

ADDRESS = 240
_UNAVAILABLE = frozenset({0, -0x8000})

ERRORS = {
    0x1: "program memory damaged",
    0x2: "parameter memory damaged",
    0x10: "supply voltage low",
    0x20: "internal 30 V failed",
    0x40: "received signal low",
    0x80: "internal 8 V failed",
    0x100: "received signal cut",
    0x1000: "out of range",
    0x2000: "heater failed",
    0x4000: "infrared source temperature wrong",
    0x8000: "interferometer slope wrong",
    0x10000: "internal 2.5 V failed",
    0x20000: "internal 1.7 V failed",
    0x40000: "infrared source current low",
}

SETTINGS = (
    "address",
    "speed",
    "parity",
    "stop_bits",
    "pressure_on",
    "temperature_mode",
    "humidity_on",
    "oxygen_on",
    "filtering",
)
"""The settings from register 0300 on, in their order."""


def marks_of_status(details: Details) -> list[Mark]:
    """Say what the probe's status words mean for the readings beside them."""
    marks: list[Mark] = []
    device, co2, error = (
        int(details.get(name, 0)) for name in ("device_status", "co2_status", "error_code")
    )
    if device & 1:
        marks.append((Flag.BAD, "critical error of the probe"))
    if device & 2:
        marks.append((Flag.BAD, "error of the probe"))
    if device & 4:
        marks.append((Flag.SUSPICIOUS, "warning of the probe"))
    if co2 & 0x100:
        marks.append((Flag.BAD, "measurement not ready"))
    if co2 & ~0x100:
        marks.append((Flag.BAD, "CO2 reading not reliable"))
    marks += [(Flag.BAD, reason) for bit, reason in ERRORS.items() if error & bit]
    return marks


def _registers() -> dict[tuple[int, int], Register]:
    tenth, float32, unsigned = Decimal(10), Format.FLOAT, Format.UNSIGNED
    by_address = {
        0x0000: Register(float32, Channel.CO2),
        0x0002: Register(float32, name="compensation_temperature"),
        0x0004: Register(float32, Channel.TEMPERATURE),
        0x0100: Register(Format.SIGNED, Channel.CO2, no_value=_UNAVAILABLE),
        0x0101: Register(Format.SIGNED, Channel.CO2, scale=tenth, no_value=_UNAVAILABLE),
        0x0800: Register(unsigned, name="device_status"),
        0x0801: Register(unsigned, name="co2_status"),
        0x0803: Register(Format.LONG, name="error_code"),
    }
    for base, when in ((0x0200, "power_up"), (0x0208, "volatile")):
        for step, name in enumerate(("pressure", "temperature", "humidity", "oxygen")):
            by_address[base + 2 * step] = Register(float32, name=f"{when}_{name}")
    for step, name in enumerate(SETTINGS):
        by_address[0x0300 + step] = Register(unsigned, name=name)
    return {(READ_HOLDING, address): register for address, register in by_address.items()}


STATION = RegisterMap(_registers(), marks_of_status, ADDRESS)


def make_decoder(
    *, request: bytes | None = None, channels: Sequence[Channel | None] = ()
) -> Decoder:
    """Make a decoder of the replies to one request, or of named values."""
    return ModbusDecoder(STATION, request=request, channels=channels)


def co2_request(address: int = ADDRESS) -> bytes:
    """Ask for the concentration in ppm."""
    return read_request(address=address, function=READ_HOLDING, start=0x0000, count=2)


def measurement_request(address: int = ADDRESS) -> bytes:
    """Ask for concentration, compensation temperature and measured temperature at once."""
    return read_request(address=address, function=READ_HOLDING, start=0x0000, count=6)


def temperature_request(address: int = ADDRESS) -> bytes:
    """Ask for the measured temperature in °C."""
    return read_request(address=address, function=READ_HOLDING, start=0x0004, count=2)


def status_request(address: int = ADDRESS) -> bytes:
    """Ask for device status and CO2 status."""
    return read_request(address=address, function=READ_HOLDING, start=0x0800, count=2)


def compensation_request(name: str, value: Decimal, address: int = ADDRESS) -> bytes:
    """Set a volatile compensation value: pressure (hPa), temperature (°C), humidity, oxygen (%).

    The volatile registers, since the permanent ones wear out after 30 000 writes. Raises
    ValueError outside the range of the manual.
    """
    names = ("pressure", "temperature", "humidity", "oxygen")
    least, most = {"pressure": (500, 1500), "temperature": (-40, 80)}.get(name, (0, 100))
    if name not in names or not least <= value <= most:
        raise ValueError(f"{name} {value} cannot be set: it must be from {least} to {most}.")
    register = 0x0208 + 2 * names.index(name)
    bits = struct.pack(">f", float(value))
    return write_float_request(address=address, register=register, bits=bits)
