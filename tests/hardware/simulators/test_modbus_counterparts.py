"""Other people's Modbus hosts read and write our simulated probes over a real terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

import minimalmodbus
import pytest
from pymodbus.client import ModbusSerialClient
from pymodbus.pdu.mei_message import ReadDeviceInformationResponse

from app.hardware.channels import Channel
from app.hardware.simulators.gmp252 import Gmp252
from app.hardware.simulators.s8 import S8
from tests.fixtures.simulated_stations import make, served, still_air


@pytest.fixture
def probe() -> Gmp252:
    made = Gmp252(still_air(), warm_up_s=0)
    made.core.fixed_co2 = 465.6599731445
    return made


@pytest.fixture
def minimal(probe: Gmp252) -> Iterator[minimalmodbus.Instrument]:
    with served(probe) as station:
        host = minimalmodbus.Instrument(station.port, 240)
        host.serial.baudrate = 19200
        host.serial.timeout = 0.2
        yield host
        host.serial.close()


@pytest.fixture
def client(probe: Gmp252) -> Iterator[ModbusSerialClient]:
    with served(probe) as station:
        host = ModbusSerialClient(station.port, baudrate=19200, stopbits=2, timeout=0.2, retries=0)
        assert host.connect()
        yield host
        host.close()  # type: ignore[no-untyped-call]


def test_minimalmodbus_reads_vaisalas_value(minimal: minimalmodbus.Instrument) -> None:
    value = minimal.read_float(0, byteorder=minimalmodbus.BYTEORDER_LITTLE_SWAP)
    assert value == pytest.approx(465.65997, abs=1e-5)
    assert minimal.read_register(0x0100) == 466
    assert minimal.read_register(0x0101) == 47


def test_minimalmodbus_writes_both_ways(minimal: minimalmodbus.Instrument, probe: Gmp252) -> None:
    order = minimalmodbus.BYTEORDER_LITTLE_SWAP
    minimal.write_float(0x0208, 987.5, byteorder=order)
    assert minimal.read_float(0x0208, byteorder=order) == 987.5
    assert minimal.read_float(0x0200, byteorder=order) == pytest.approx(1013.25)
    minimal.write_register(0x0308, 50, functioncode=6)
    assert minimal.read_register(0x0308) == 50
    assert probe.eeprom_writes == 1


def test_minimalmodbus_is_refused_what_is_not_there(minimal: minimalmodbus.Instrument) -> None:
    with pytest.raises(minimalmodbus.IllegalRequestError):
        minimal.read_register(0x0500)
    with pytest.raises(minimalmodbus.IllegalRequestError):
        minimal.write_register(0x0308, 101, functioncode=6)
    minimal.address = 7
    with pytest.raises(minimalmodbus.NoResponseError):
        minimal.read_register(0)


def test_pymodbus_reads_the_same_registers(client: ModbusSerialClient) -> None:
    answer = client.read_holding_registers(0, count=2, device_id=240)
    value = client.convert_from_registers(
        answer.registers, client.DATATYPE.FLOAT32, word_order="little"
    )
    assert value == pytest.approx(465.65997, abs=1e-5)
    assert client.read_holding_registers(0x0800, count=2, device_id=240).registers == [0, 0]


def test_pymodbus_identifies_the_probe(client: ModbusSerialClient) -> None:
    answer = client.read_device_information(read_code=3, object_id=0, device_id=240)
    assert isinstance(answer, ReadDeviceInformationResponse)
    assert answer.information[0] == b"Vaisala"
    assert answer.information[1] == b"GMP252"
    assert answer.information[0x80] == b"K0710040"


def test_pymodbus_is_told_exception_codes(client: ModbusSerialClient) -> None:
    absent = client.read_holding_registers(0x0500, count=1, device_id=240)
    assert (absent.isError(), absent.exception_code) == (True, 2)
    foreign = client.read_input_registers(0, count=1, device_id=240)
    assert (foreign.isError(), foreign.exception_code) == (True, 1)
    wrong = client.write_registers(0x0208, [0, 0], device_id=240)
    assert (wrong.isError(), wrong.exception_code) == (True, 3)


def test_a_probe_that_is_not_ready_gives_a_quiet_nan() -> None:
    with served(make("gmp252", warm_up_s=60.0)) as station:
        host = minimalmodbus.Instrument(station.port, 240)
        host.serial.timeout = 0.2
        assert math.isnan(host.read_float(0, byteorder=minimalmodbus.BYTEORDER_LITTLE_SWAP))
        assert host.read_register(0x0801) == 256
        host.serial.close()


def test_minimalmodbus_calibrates_the_s8() -> None:
    sensor = S8(still_air(), warm_up_s=0)
    with served(sensor, speed=20.0) as station:
        host = minimalmodbus.Instrument(station.port, 0xFE)
        host.serial.timeout = 0.2
        station.apply_gas(Channel.CO2, 400.0)
        host.write_register(0, 0, functioncode=6)
        host.write_register(1, 0x7C06, functioncode=6)
        for _ in range(50):
            if host.read_register(0) == 0x20:
                break
        assert host.read_register(0) == 0x20
        assert abs(host.read_register(3, functioncode=4) - 400) <= 3
        host.serial.close()
