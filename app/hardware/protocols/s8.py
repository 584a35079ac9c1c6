"""Senseair S8 carbon dioxide sensor over Modbus RTU (9600 8N1, any-address 254).

Owns its registers, status bits and requests. Source: Senseair TDE2067 as told by the cycbox S8
guide; the byte examples with a CRC that holds are in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.hardware.channels import Channel
from app.hardware.decoding import Decoder, Flag
from app.hardware.modbus import (
    READ_HOLDING,
    READ_INPUT,
    Details,
    Format,
    Mark,
    ModbusDecoder,
    Register,
    RegisterMap,
    read_request,
    write_request,
)

ADDRESS = 0xFE
BACKGROUND_DONE, NITROGEN_DONE = 0x0020, 0x0040
"""Bits of the acknowledgement register that say a calibration was carried out."""

_METER_STATUS = {
    0x01: (Flag.BAD, "fatal error"),
    0x02: (Flag.SUSPICIOUS, "offset regulation error"),
    0x04: (Flag.BAD, "algorithm error"),
    0x08: (Flag.SUSPICIOUS, "output error"),
    0x10: (Flag.BAD, "self-diagnostics error"),
    0x20: (Flag.BAD, "out of range"),
    0x40: (Flag.BAD, "memory error"),
}


def marks_of_status(details: Details) -> list[Mark]:
    """Say what the meter status means for the reading beside it."""
    status = int(details.get("meter_status", 0))
    return [mark for bit, mark in _METER_STATUS.items() if status & bit]


def _named(name: str) -> Register:
    return Register(Format.UNSIGNED, name=name)


STATION = RegisterMap(
    {
        (READ_INPUT, 0x0000): _named("meter_status"),
        (READ_INPUT, 0x0001): _named("alarm_status"),
        (READ_INPUT, 0x0002): _named("output_status"),
        (READ_INPUT, 0x0003): Register(Format.SIGNED, Channel.CO2),
        (READ_INPUT, 0x0015): _named("pwm_output"),
        (READ_INPUT, 0x0019): _named("type_id_high"),
        (READ_INPUT, 0x001A): _named("type_id_low"),
        (READ_INPUT, 0x001B): _named("map_version"),
        (READ_INPUT, 0x001C): _named("firmware_version"),
        (READ_INPUT, 0x001D): _named("sensor_id_high"),
        (READ_INPUT, 0x001E): _named("sensor_id_low"),
        (READ_HOLDING, 0x0000): _named("acknowledgement"),
        (READ_HOLDING, 0x0001): _named("special_command"),
        (READ_HOLDING, 0x001F): _named("abc_period_h"),
    },
    marks_of_status,
    ADDRESS,
)


def make_decoder(
    *, request: bytes | None = None, channels: Sequence[Channel | None] = ()
) -> Decoder:
    """Make a decoder of the replies to one request, or of named values."""
    return ModbusDecoder(STATION, request=request, channels=channels)


def measurement_request(address: int = ADDRESS) -> bytes:
    """Ask for meter, alarm and output status and the concentration."""
    return read_request(address=address, function=READ_INPUT, start=0x0000, count=4)


def co2_request(address: int = ADDRESS) -> bytes:
    """Ask for the concentration alone."""
    return read_request(address=address, function=READ_INPUT, start=0x0003, count=1)


def clear_acknowledgement_request(address: int = ADDRESS) -> bytes:
    """Clear the acknowledgement register, the first step of a calibration."""
    return write_request(address=address, register=0x0000, value=0)


def background_calibration_request(address: int = ADDRESS) -> bytes:
    """Calibrate in fresh air of 400 ppm; then wait one measurement period."""
    return write_request(address=address, register=0x0001, value=0x7C06)


def zero_calibration_request(address: int = ADDRESS) -> bytes:
    """Calibrate in nitrogen; then wait one measurement period."""
    return write_request(address=address, register=0x0001, value=0x7C07)


def acknowledgement_request(address: int = ADDRESS) -> bytes:
    """Ask which calibration was carried out."""
    return read_request(address=address, function=READ_HOLDING, start=0x0000, count=1)


def abc_period_request(hours: int, address: int = ADDRESS) -> bytes:
    """Set the period of the automatic baseline correction in hours; 0 switches it off.

    Raises ValueError for a period the sensor does not take.
    """
    if hours != 0 and not 4 <= hours <= 4800:
        raise ValueError(f"{hours} h is no period of baseline correction: 0, or 4 to 4800 h.")
    return write_request(address=address, register=0x001F, value=hours)
