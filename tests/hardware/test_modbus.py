"""Our Modbus framing against pymodbus, another implementation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadHoldingRegistersResponse,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from app.hardware.channels import Channel
from app.hardware.crc16 import modbus_crc
from app.hardware.modbus import (
    ModbusDecoder,
    read_request,
    write_float_request,
    write_request,
)
from app.hardware.protocols.gmp252 import STATION

WORDS = st.integers(0, 0xFFFF)


def theirs() -> FramerRTU:
    return FramerRTU(DecodePDU(True))


@given(st.binary(max_size=64))
def test_the_checksum_is_pymodbuss(data: bytes) -> None:
    assert int.from_bytes(modbus_crc(data), "big") == FramerRTU.compute_CRC(data)


@given(st.integers(1, 247), WORDS, st.integers(1, 125))
def test_requests_to_read_are_pymodbuss(address: int, start: int, count: int) -> None:
    for function, message in (
        (3, ReadHoldingRegistersRequest(address=start, count=count, dev_id=address)),
        (4, ReadInputRegistersRequest(address=start, count=count, dev_id=address)),
    ):
        ours = read_request(address=address, function=function, start=start, count=count)
        assert ours == theirs().buildFrame(message)


@given(st.integers(1, 247), WORDS, WORDS, st.floats(width=32, allow_nan=False))
def test_requests_to_write_are_pymodbuss(
    address: int, register: int, value: int, number: float
) -> None:
    import struct

    one = WriteSingleRegisterRequest(address=register, registers=[value], dev_id=address)
    assert write_request(address=address, register=register, value=value) == theirs().buildFrame(
        one
    )
    bits = struct.pack(">f", number)
    high, low = struct.unpack(">2H", bits)
    many = WriteMultipleRegistersRequest(address=register, registers=[low, high], dev_id=address)
    ours = write_float_request(address=address, register=register, bits=bits)
    assert ours == theirs().buildFrame(many)


@given(st.lists(WORDS, min_size=2, max_size=2), st.binary(max_size=40))
def test_replies_that_pymodbus_builds_are_read(words: list[int], noise: bytes) -> None:
    reply = theirs().buildFrame(ReadHoldingRegistersResponse(registers=words, dev_id=240))
    request = read_request(address=240, function=3, start=0, count=2)
    decoder = ModbusDecoder(STATION, request=request)
    frames = decoder.feed(noise + reply) + decoder.feed(reply)
    assert [frame.raw for frame in frames][-2:] == [reply, reply]


def test_a_register_half_read_is_told_as_it_is() -> None:
    readings, details = STATION.read(function=3, start=0, words=[0xD47A])
    assert (readings, details) == ((), {"register_0000": 0xD47A})
    readings, details = STATION.read(function=3, start=0x0700, words=[1, 2])
    assert details == {"register_0700": 1, "register_0701": 2}


def test_registers_can_be_read_without_a_frame() -> None:
    readings, _ = STATION.read(function=3, start=0, words=[0xD47A, 0x43E8])
    assert [(reading.channel, reading.value) for reading in readings] == [
        (Channel.CO2, Decimal("465.65997"))
    ]


@pytest.mark.parametrize("count", [2, 4])
def test_named_values_are_floats_or_whole_numbers_by_their_size(count: int) -> None:
    words = [400, 25] if count == 2 else [0, 0x43C8, 0, 0x41C8]
    readings, _ = STATION.read_named([Channel.CO2, Channel.TEMPERATURE], words)
    assert [reading.value for reading in readings] == [Decimal(400), Decimal(25)]
