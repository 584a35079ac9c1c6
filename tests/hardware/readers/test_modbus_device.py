"""Our reader against another's device: pymodbus serves the registers, over joined terminals."""

from __future__ import annotations

import asyncio
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from app.hardware.channels import Channel
from app.hardware.decoding import Flag
from app.hardware.errors import DeviceRefused, NoAnswer, WrongAnswer
from app.hardware.ports.opening import open_line
from app.hardware.readers.clocks import Clocks
from app.hardware.readers.console import Console
from app.hardware.readers.conversation import Conversation, Traffic
from app.hardware.readers.events import GapBegan, Problem
from app.hardware.readers.modbus_host import ModbusHost
from app.hardware.readers.polling import StationPlan, line_settings
from tests.fixtures.simulated_stations import (
    joined_terminals,
    reading,
    served,
    take_event,
    take_samples,
)


def _words(value: float) -> list[int]:
    high, low = struct.unpack(">HH", struct.pack(">f", value))
    return [low, high]


def _registers(co2: float, status: int = 0) -> list[SimData]:
    values = _words(co2) + _words(25.0) + _words(28.5)
    return [
        SimData(0, values=values, datatype=DataType.REGISTERS),
        SimData(0x0800, values=[0, status], datatype=DataType.REGISTERS),
    ]


@contextmanager
def _device(co2: float = 465.65997, *, status: int = 0, unit: int = 240) -> Iterator[str]:
    """Serve a GMP252's registers by pymodbus, and give the other end of its cable."""
    with joined_terminals() as (theirs, ours):
        loop = asyncio.new_event_loop()
        ready = threading.Event()
        server: list[ModbusSerialServer] = []

        async def serve() -> None:
            device = SimDevice(unit, simdata=_registers(co2, status))
            server.append(
                ModbusSerialServer(device, framer=FramerType.RTU, port=theirs, baudrate=19200)
            )
            await server[0].serve_forever(background=True)
            ready.set()

        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(serve(), loop).result(5)
        assert ready.wait(5)
        try:
            yield ours
        finally:
            closing = server[0].shutdown()  # type: ignore[no-untyped-call]
            asyncio.run_coroutine_threadsafe(closing, loop).result(5)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()


@contextmanager
def _host(port: str, unit: int = 240, *, timeout_s: float = 5.0) -> Iterator[ModbusHost]:
    with open_line(port, line_settings(StationPlan("gmp252"))) as line:
        conversation = Conversation(line, clocks=Clocks(), console=Console(), traffic=Traffic())
        yield ModbusHost(conversation, device_id=unit, timeout_s=timeout_s)


def test_the_reader_reads_anothers_device() -> None:
    with _device() as port, reading(port, "gmp252") as reader:
        frame = take_samples(reader, 3)[-1].frame
    values = {read.channel: read for read in frame.readings}
    assert str(values[Channel.CO2].value) == "465.65997"
    assert str(values[Channel.TEMPERATURE].value) == "28.5"
    assert {read.flag for read in frame.readings} == {Flag.GOOD}


def test_a_nan_is_a_reading_without_a_value() -> None:
    with _device(float("nan")) as port, reading(port, "gmp252") as reader:
        (read,) = [
            read for read in take_samples(reader)[0].frame.readings if read.channel is Channel.CO2
        ]
    assert read.value is None
    assert read.flag is Flag.BAD


def test_an_exception_is_told_with_its_reason() -> None:
    with _device() as port, _host(port) as host:
        assert host.read_float(0) == pytest.approx(465.65997, abs=1e-5)
        with pytest.raises(DeviceRefused, match="exception 02: it has no such register"):
            host.read_holding(0x0500, 2)
        host.write_float(0x0000, 500.0)
        assert host.read_float(0) == 500.0


def test_the_reader_says_that_the_device_refuses() -> None:
    with _device() as port:
        # A methane probe's registers are asked of a carbon dioxide probe: exception 02.
        with reading(port, "mgp261") as reader:
            problem = take_event(reader, Problem)
    assert isinstance(problem, Problem)
    assert problem.code == "device-refused"
    assert "label" in problem.hint


def test_a_unit_that_is_not_there_gives_no_reading() -> None:
    # pymodbus answers for a unit it does not serve: exception 04, where a real bus is silent.
    with (
        _device(unit=17) as port,
        _host(port) as host,
        pytest.raises(DeviceRefused, match="exception 04"),
    ):
        host.read_holding(0, 2)
    with _device(unit=17) as port, reading(port, "gmp252") as reader:
        take_event(reader, GapBegan)
        assert reader.counters().frames == 0


class _OtherUnit:
    """Answers as unit 17 whoever was asked."""

    sensors: dict[object, object] = {}  # noqa: RUF012 - none, and never changed

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        return [bytes.fromhex("11 03 04 00 00 43 FA 5A 81")]

    def emit(self, now_s: float) -> list[bytes]:
        return []


def test_the_answer_of_another_unit_is_not_taken_for_ours() -> None:
    with served(_OtherUnit()) as station:  # type: ignore[arg-type]
        with _host(station.port) as host, pytest.raises(WrongAnswer) as told:
            host.read_holding(0, 2)
        with reading(station.port, "gmp252") as reader:
            take_event(reader, GapBegan)
            assert reader.counters().frames == 0
    assert "11 03 04" in told.value.message


def test_the_reader_asks_at_the_address_it_was_given() -> None:
    with _device(unit=17) as port:
        with reading(port, StationPlan("gmp252", interval_s=0.05, address="17")) as reader:
            take_samples(reader, 2)


def test_a_cable_with_nobody_at_its_end() -> None:
    with joined_terminals() as (_, port), _host(port) as host:
        with pytest.raises(NoAnswer, match="did not answer F0 03 00 00 00 02 D1 2A"):
            host.read_holding(0, 2)
