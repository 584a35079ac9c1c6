from __future__ import annotations

import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hardware.channels import Channel
from app.hardware.decoding import Flag
from app.hardware.values import (
    decimal_of_float32,
    reading_of_float32,
    reading_of_number,
    reading_of_text,
    with_flag,
)


@given(st.binary(min_size=4, max_size=4))
def test_a_float_becomes_the_decimal_of_the_same_bits(bits: bytes) -> None:
    value = decimal_of_float32(bits)
    (number,) = struct.unpack(">f", bits)
    if value is None:
        assert number - number != 0
    else:
        assert struct.pack(">f", float(value)) == bits
        assert len(value.as_tuple().digits) <= 9


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("43e8d47a", "465.65997"), ("3e99999a", "0.3"), ("00000001", "1.40130E-45"),
        ("7f7fffff", "3.4028235E+38"), ("80000000", "-0"), ("447a0000", "1000"),
    ],
)  # fmt: skip
def test_floats_are_written_short(bits: str, text: str) -> None:
    value = decimal_of_float32(bytes.fromhex(bits))
    assert value is not None
    assert value == Decimal(text)


@pytest.mark.parametrize("bits", ["7fc00000", "7f800000", "ff800000", "7f800001"])
def test_no_number_is_a_bad_reading(bits: str) -> None:
    reading = reading_of_float32(Channel.CO2, bytes.fromhex(bits))
    assert (reading.value, reading.flag, reading.as_sent) == (None, Flag.BAD, bits)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_text_keeps_its_digits(number: Decimal) -> None:
    text = f"{number:f}"
    reading = reading_of_text(Channel.CO2, text)
    assert str(reading.value) == str(Decimal(text))


@given(st.text(max_size=12))
def test_any_text_is_a_reading(text: str) -> None:
    reading = reading_of_text(Channel.CO2, text, unit="%")
    assert (reading.value is None) <= (reading.flag is Flag.BAD)


@pytest.mark.parametrize("code", [-200, -9999])
def test_codes_for_no_value_are_kept(code: int) -> None:
    reading = reading_of_number(Channel.O3, Decimal(code), unit="ppm")
    assert (reading.value, reading.flag, reading.unit) == (Decimal(code), Flag.BAD, "ppm")


@pytest.mark.parametrize(
    ("channel", "unit", "sent", "value"),
    [
        (Channel.WIND_SPEED, "kn", "10", "5.144444"),
        (Channel.WIND_SPEED, "mph", "10", "4.47040"),
        (Channel.TEMPERATURE, "°F", "-40", "-40"),
        (Channel.TEMPERATURE, "K", "273.15", "0.00"),
        (Channel.PRESSURE, "kPa", "101.325", "1013.25"),
        (Channel.PRESSURE, "mmHg", "760", "1013.25024"),
        (Channel.O3, "ppm", "0.045", "45"),
        (Channel.CO, "ppb", "450", "0.45"),
        (Channel.PM10, "mg/m³", "0.012", "12"),
    ],
)
def test_units_are_converted_and_the_text_is_kept(
    channel: Channel, unit: str, sent: str, value: str
) -> None:
    reading = reading_of_text(channel, sent, unit=unit)
    assert reading.value == Decimal(value)
    assert (reading.unit, reading.as_sent, reading.flag) == (
        channel.unit, f"{sent} {unit}", Flag.GOOD,
    )  # fmt: skip


def test_a_flag_never_gets_better() -> None:
    bad = with_flag(reading_of_number(Channel.CO2, Decimal(1)), Flag.BAD, "first")
    still = with_flag(bad, Flag.SUSPICIOUS, "second")
    assert (still.flag, still.reason) == (Flag.BAD, "first; second")
