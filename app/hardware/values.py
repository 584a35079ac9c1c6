"""From what a device sent for one value to a reading, marked where the device means "no value".

Owns the exact decimals, the codes that stand for nothing, and the conversion to the channel's
unit. Nothing is rounded away: what is converted keeps the text as sent.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from decimal import Decimal, localcontext

from app.hardware.channels import Channel
from app.hardware.decoding import Flag, Reading

NO_VALUE = {Decimal(-200): "−200", Decimal(-9999): "−9999"}
"""Codes that data loggers and analysers write where nothing was measured."""
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z", re.ASCII)

_SEVERITY = {Flag.GOOD: 0, Flag.SUSPICIOUS: 1, Flag.BAD: 2}
_CONVERSIONS: dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]] = {
    # (sent, ours): (subtract, multiply by, divide by)
    ("km/h", "m/s"): (Decimal(0), Decimal(10), Decimal(36)),
    ("mph", "m/s"): (Decimal(0), Decimal("0.44704"), Decimal(1)),
    ("kn", "m/s"): (Decimal(0), Decimal(1852), Decimal(3600)),
    ("ft/min", "m/s"): (Decimal(0), Decimal("0.3048"), Decimal(60)),
    ("°F", "°C"): (Decimal(32), Decimal(5), Decimal(9)),
    ("K", "°C"): (Decimal("273.15"), Decimal(1), Decimal(1)),
    ("Pa", "hPa"): (Decimal(0), Decimal("0.01"), Decimal(1)),
    ("kPa", "hPa"): (Decimal(0), Decimal(10), Decimal(1)),
    ("bar", "hPa"): (Decimal(0), Decimal(1000), Decimal(1)),
    # Conventional millimetre and inch of mercury, NIST SP 811 appendix B.
    ("mmHg", "hPa"): (Decimal(0), Decimal("1.333224"), Decimal(1)),
    ("inHg", "hPa"): (Decimal(0), Decimal("33.86389"), Decimal(1)),
    ("in", "mm"): (Decimal(0), Decimal("25.4"), Decimal(1)),
    ("in/h", "mm/h"): (Decimal(0), Decimal("25.4"), Decimal(1)),
    ("1/in²", "1/cm²"): (Decimal(0), Decimal(1), Decimal("6.4516")),
    ("1/in²h", "1/cm²h"): (Decimal(0), Decimal(1), Decimal("6.4516")),
    ("ppm", "ppb"): (Decimal(0), Decimal(1000), Decimal(1)),
    ("ppb", "ppm"): (Decimal(0), Decimal("0.001"), Decimal(1)),
    ("ppt", "ppb"): (Decimal(0), Decimal("0.001"), Decimal(1)),
    ("%", "ppm"): (Decimal(0), Decimal(10000), Decimal(1)),
    ("mg/m³", "µg/m³"): (Decimal(0), Decimal(1000), Decimal(1)),
}


def reading_of_text(
    channel: Channel, text: str, *, unit: str | None = None, also_no_value: Iterable[str] = ()
) -> Reading:
    """Read a number as the device wrote it, in its unit (None: the channel's own).

    Text that is no number is a bad reading without a value; a code for "no value", here or among
    `also_no_value`, is a bad reading that keeps the code.
    """
    text = text.strip()
    if not NUMBER.match(text):
        shown = f"“{text}” is no number" if text else "the device sent no value"
        return Reading(channel, None, channel.unit, Flag.BAD, shown, text)
    value = Decimal(text)
    if text in also_no_value:
        reason = f"{text} is this device's code for no value"
        return Reading(channel, value, unit or channel.unit, Flag.BAD, reason)
    return reading_of_number(channel, value, unit=unit, as_sent=text)


def reading_of_number(
    channel: Channel, value: Decimal, *, unit: str | None = None, as_sent: str = ""
) -> Reading:
    """Read an exact number in the device's unit, and give it in the channel's."""
    if value in NO_VALUE:
        reason = f"{NO_VALUE[value]} stands for no value"
        return Reading(channel, value, unit or channel.unit, Flag.BAD, reason)
    if unit is None or unit == channel.unit:
        return Reading(channel, value, channel.unit)
    steps = _CONVERSIONS.get((unit, channel.unit))
    if steps is None:
        reason = f"in {unit}, which is not {channel.unit} without knowing more"
        return Reading(channel, value, unit, Flag.SUSPICIOUS, reason)
    as_sent = f"{as_sent or value} {unit}"
    return Reading(channel, _converted(value, steps), channel.unit, Flag.GOOD, "", as_sent)


def reading_of_float32(
    channel: Channel, bits: bytes, *, unit: str | None = None, scale: Decimal | None = None
) -> Reading:
    """Read four big-endian bytes of an IEEE 754 float; not-a-number and infinity are bad."""
    value = decimal_of_float32(bits)
    if value is None:
        reason = "not a number: the device has no measurement"
        return Reading(channel, None, channel.unit, Flag.BAD, reason, bits.hex())
    return reading_of_number(channel, value if scale is None else value * scale, unit=unit)


def decimal_of_float32(bits: bytes) -> Decimal | None:
    """Give the shortest decimal that reads back as the same 32 bits; None for NaN or infinity."""
    (number,) = struct.unpack(">f", bits)
    if number - number != 0:
        return None
    for digits in (6, 7, 8):
        text = f"{number:.{digits}g}"
        try:
            if struct.pack(">f", float(text)) == bits:
                return Decimal(text)
        except OverflowError:
            # The largest floats, rounded to few digits, exceed the range.
            continue
    return Decimal(f"{number:.9g}")


def with_flag(reading: Reading, flag: Flag, reason: str) -> Reading:
    """Mark a reading at least as doubtful as said, and add the reason."""
    worse = flag if _SEVERITY[flag] > _SEVERITY[reading.flag] else reading.flag
    reasons = f"{reading.reason}; {reason}" if reading.reason else reason
    return Reading(reading.channel, reading.value, reading.unit, worse, reasons, reading.as_sent)


def _converted(value: Decimal, steps: tuple[Decimal, Decimal, Decimal]) -> Decimal:
    subtract, multiply, divide = steps
    with localcontext() as context:
        context.prec = 40
        exact = (value - subtract) * multiply
        if divide == 1:
            return exact
        # No unit of a sensor resolves better than a millionth.
        return (exact / divide).quantize(Decimal("0.000001")) if abs(exact) < 10**30 else exact
