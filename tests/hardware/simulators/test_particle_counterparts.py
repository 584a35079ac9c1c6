"""Other people's hosts of particle sensors read ours: pypms, and Sensirion's own for the SPS30."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from pms.core.reader import SensorReader
from pms.core.sensor import Sensor
from sensirion_driver_adapters.shdlc_adapter.shdlc_channel import ShdlcChannel
from sensirion_shdlc_driver import ShdlcSerialPort
from sensirion_uart_sps30.commands import OutputFormat
from sensirion_uart_sps30.device import Sps30Device

from app.hardware.simulators.plantower import Plantower
from app.hardware.simulators.sps30 import Sps30
from tests.fixtures.simulated_stations import make, served, still_air
from tests.fixtures.station_samples import captured

_PMS = str(Path(sys.executable).parent / "pms")


@pytest.mark.slow
def test_the_pms_command_reads_our_pms5003_into_its_csv(tmp_path: Path) -> None:
    sensor = Plantower(still_air(), "pms5003", warm_up_s=0)
    sensor.fixed_fields = captured("PMSx003")[0][4:-2]
    with served(sensor) as station:
        written = subprocess.run(
            [
                *(_PMS, "-m", "PMSx003", "-s", station.port, "-n", "3", "-i", "0"),
                *("serial", "-f", "csv"),
            ],
            capture_output=True,
            text=True,
            timeout=40,
            check=True,
            cwd=tmp_path,
        )
        assert not sensor.is_awake, "the host puts it to sleep when it leaves"
    # Its progress bar stands on standard output too, before the heading.
    table = written.stdout[written.stdout.index("time") :].replace(", ", ",")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == 3
    for row in rows:
        assert [float(row[name]) for name in ("pm01", "pm25", "pm10")] == [0, 8, 8]
        assert [float(row[name]) for name in ("raw01", "raw25", "raw10")] == [0, 8, 8]
        assert [float(row[name]) for name in ("n0_3", "n0_5")] == [2.1, 0.7]


@pytest.mark.parametrize(("kind", "name"), [("pms3003", "PMS3003"), ("pms5003t", "PMS5003T")])
def test_pypms_reads_our_other_plantowers(kind: str, name: str) -> None:
    sensor = Plantower(still_air(), kind, warm_up_s=0)
    with served(sensor, speed=4.0) as station:
        reader = SensorReader(Sensor[name], station.port, interval=0, samples=2, timeout=1.0)
        reader.pre_heat = 0
        with reader:
            observations = list(reader())
    assert len(observations) == 2
    for observation in observations:
        seen = asdict(observation)
        assert 0 < seen["pm01"] <= seen["pm25"] <= seen["pm10"] < 100
        if kind == "pms5003t":
            assert 20 < seen["temp"] < 40
            assert 30 < seen["rhum"] < 100


def test_pypms_waits_while_our_sensor_warms_up() -> None:
    with served(make("pms3003", warm_up_s=100.0), speed=4.0) as station:
        reader = SensorReader(
            Sensor["PMS3003"], station.port, interval=0, samples=1, timeout=1.0, max_retries=0
        )
        reader.pre_heat = 0
        with pytest.raises(Exception, match="warming up"), reader:
            list(reader())


@pytest.fixture
def host() -> Iterator[tuple[Sps30Device, Sps30]]:
    sensor = Sps30(still_air(), warm_up_s=0)
    with served(sensor) as station, ShdlcSerialPort(station.port, 115200) as port:
        yield Sps30Device(ShdlcChannel(port, shdlc_address=0)), sensor


# The values of PyPMS's capture of a real SPS30, whose frame holds bytes that are stuffed.
_VALUES = (6.9699, 14.1497, 19.9287, 22.8375, 35.0, 48.0, 57.0, 59.0, 59.5, 0.9)


def test_sensirions_own_host_reads_floats(host: tuple[Sps30Device, Sps30]) -> None:
    device, sensor = host
    sensor.fixed_values = _VALUES
    device.wake_up_sequence()
    device.start_measurement(OutputFormat.OUTPUT_FORMAT_FLOAT)
    time.sleep(1.05)
    assert tuple(map(float, map(str, device.read_measurement_values_float()))) == pytest.approx(
        _VALUES, rel=1e-4
    )
    device.stop_measurement()


def test_sensirions_own_host_reads_whole_numbers(host: tuple[Sps30Device, Sps30]) -> None:
    device, sensor = host
    sensor.fixed_values = _VALUES
    device.start_measurement(OutputFormat.OUTPUT_FORMAT_UINT16)
    time.sleep(1.05)
    seen = [int(str(value)) for value in device.read_measurement_values_uint16()]
    assert seen == [7, 14, 20, 23, 35, 48, 57, 59, 60, 900]


def test_sensirions_own_host_asks_and_sets(host: tuple[Sps30Device, Sps30]) -> None:
    device, sensor = host
    assert str(device.read_product_type()) == "00080000"
    assert str(device.read_serial_number()) == "8F6E1A4C03D27B59"
    assert int(str(device.read_auto_cleaning_interval())) == 604_800
    device.write_auto_cleaning_interval(86_400)
    assert int(str(device.read_auto_cleaning_interval())) == 86_400
    device.sleep()
    assert sensor.is_asleep
    device.wake_up_sequence()
    assert not sensor.is_asleep
