"""`teak collect` and `teak readings` as processes: killed, unplugged, stopped, handed over."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.readings.chain import chain_from
from app.services.readings.record import RecordKind
from app.services.readings.verification import ReadingsVerdict, verify_readings
from app.services.registry.opening import close_registry, open_demo
from app.services.stations.registering import set_sensor_state
from app.services.stations.values import SensorState
from tests.commands.conftest import TEAK, run_teak
from tests.fixtures.registries import read_people
from tests.fixtures.simulated_stations import bus_of_two, served

_STATIONS = """
period_s = 1
[[station]]
code = "ST-01"
[[station.sensor]]
code = "SEN-CO2-0012"
protocol = "gmp252"
port = "{port}"
interval_s = 0.1
"""


def collecting(registry: Path, stations: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [TEAK, "collect", "--stations", str(stations), "--json", "--status-every", "1"],
        env={**os.environ, "TEAK_REGISTRY": str(registry)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def looked_at(path: Path) -> tuple[ReadingsVerdict, list[str]]:
    registry = open_demo(path)
    assert registry is not None
    try:
        with registry.engine.connect() as connection:
            kinds = [str(kept.kind) for kept in chain_from(connection, 1, 1)]
        return verify_readings(registry), kinds
    finally:
        close_registry(registry)


def wait_for(path: Path, wanted: Callable[[ReadingsVerdict, list[str]], bool]) -> None:
    ends_s = time.monotonic() + 30
    while time.monotonic() < ends_s:
        if wanted(*looked_at(path)):
            return
        time.sleep(0.3)
    raise AssertionError(f"not in time: {looked_at(path)}")


_TWO_ON_A_BUS = """
period_s = 1
[[station]]
code = "ST-01"
[[station.sensor]]
code = "LOW"
protocol = "gmp252"
port = "{port}"
address = "1"
interval_s = 0.1
[[station.sensor]]
code = "HIGH"
protocol = "gmp252"
port = "{port}"
address = "2"
interval_s = 0.1
"""


def test_two_sensors_of_one_bus_are_collected_and_both_gaps_marked(
    demo_registry_path: Path, tmp_path: Path
) -> None:
    stations, link = tmp_path / "stations.toml", tmp_path / "port"
    stations.write_text(_TWO_ON_A_BUS.format(port=link), encoding="utf-8")

    def kinds() -> list[list[str]]:
        registry = open_demo(demo_registry_path)
        assert registry is not None
        try:
            with registry.engine.connect() as connection:
                chains = [chain_from(connection, sensor, 1) for sensor in (1, 2)]
                return [[str(kept.kind) for kept in chain] for chain in chains]
        finally:
            close_registry(registry)

    def wait_for_each(kind: RecordKind, count: int) -> None:
        ends_s = time.monotonic() + 60
        while min(found.count(str(kind)) for found in kinds()) < count:
            assert time.monotonic() < ends_s, kinds()
            time.sleep(0.3)

    with served(bus_of_two(), link=link) as server:
        running = collecting(demo_registry_path, stations)
        wait_for_each(RecordKind.READINGS, 2)
        # What is plugged in is another terminal: the open one is lost, however soon that is.
        server.unplug()
        server.plug_in()
        wait_for_each(RecordKind.GAP, 1)
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 0, err
    assert "Another program" not in err
    assert looked_at(demo_registry_path)[0].ok


@pytest.fixture
def stations(tmp_path: Path) -> Path:
    path = tmp_path / "stations.toml"
    path.write_text(_STATIONS.format(port=tmp_path / "port"), encoding="utf-8")
    return path


def test_it_survives_a_kill_a_pulled_cable_and_ends_with_status_0(
    demo_registry_path: Path, stations: Path, tmp_path: Path
) -> None:
    link = tmp_path / "port"
    with served("gmp252", link=link):
        first = collecting(demo_registry_path, stations)
        wait_for(demo_registry_path, lambda verdict, _: verdict.rows >= 10)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        verdict, _ = looked_at(demo_registry_path)
        assert verdict.ok
        kept = verdict.rows
        second = collecting(demo_registry_path, stations)
        wait_for(demo_registry_path, lambda verdict, _: verdict.rows >= kept + 10)
    # The cable is pulled, and put back.
    time.sleep(0.5)
    with served("gmp252", link=link):
        now = looked_at(demo_registry_path)[0].rows
        wait_for(demo_registry_path, lambda verdict, _: verdict.rows >= now + 10)
        second.send_signal(signal.SIGTERM)
        out, err = second.communicate(timeout=20)
    assert second.returncode == 0, err
    assert '"ok": true' in out
    assert "SEN-CO2-0012" in err
    verdict, kinds = looked_at(demo_registry_path)
    assert verdict.ok
    # One gap for the kill, one for the cable.
    assert kinds.count(str(RecordKind.GAP)) >= 2
    handed = run_teak(
        "readings",
        "export",
        "--station",
        "ST-01",
        "--out",
        tmp_path / "b.zip",
        "--as",
        "technician",
        "--json",
        registry=demo_registry_path,
    )
    key = handed.json["public_key"]
    assert handed.json["rows"] == verdict.rows
    assert run_teak("readings", "verify", tmp_path / "b.zip", "--public-key", key).status == 0
    other = key[:-2] + ("00" if key[-2:] != "00" else "11")
    assert run_teak("readings", "verify", tmp_path / "b.zip", "--public-key", other).status == 1
    checked = run_teak("readings", "check", "--json", registry=demo_registry_path)
    assert checked.json["rows"] == verdict.rows


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "names no station"),
        ("[[station]]\ncode = 'A'", "names no sensor"),
        ("[[station]]\nname = 'A'", "“code” of [[station]] is missing"),
        ("period = 5\n[[station]]\ncode = 'A'", "“period”"),
        ("[[station]]\ncode = 'A'\n[[station.sensor]]\ncode = 'S'\nport = 'x'", "“protocol”"),
        (
            "[[station]]\ncode = 'A'\n[[station.sensor]]\ncode = 'S'\nport = 'x'\nprotocol = 'zz'",
            "zz",
        ),
        ("[", "not TOML"),
    ],
)
def test_a_stations_file_that_cannot_be_followed_is_named(
    demo_registry_path: Path, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "stations.toml"
    path.write_text(content, encoding="utf-8")
    ran = run_teak("collect", "--stations", path, "--duration", "1", registry=demo_registry_path)
    assert ran.status == 2
    assert said in ran.err


def test_a_sensor_recorded_as_removed_is_not_read_and_that_is_said(
    demo_registry_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "stations.toml"
    path.write_text(_TWO_ON_A_BUS.format(port=tmp_path / "port"), encoding="utf-8")
    arguments = ("collect", "--stations", path, "--duration", "0.1")
    assert run_teak(*arguments, registry=demo_registry_path).status == 0
    registry = open_demo(demo_registry_path)
    assert registry is not None
    technician = read_people(registry)["technician"]
    set_sensor_state(registry, technician, 1, SensorState.OFFLINE)
    ran = run_teak(*arguments, registry=demo_registry_path)
    assert (ran.status, "from 1 sensors" in ran.err) == (0, True)
    assert "Sensor “LOW” of station “ST-01” is recorded as removed" in ran.err
    set_sensor_state(registry, technician, 2, SensorState.OFFLINE)
    close_registry(registry)
    ran = run_teak(*arguments, registry=demo_registry_path)
    assert ran.status == 2
    assert "nothing to collect" in ran.err


def test_only_a_technician_collects(demo_registry_path: Path, stations: Path) -> None:
    ran = run_teak(
        "collect", "--stations", stations, "--as", "officer", registry=demo_registry_path
    )
    assert ran.status == 1
    assert "9701" in ran.err


def test_a_logged_file_is_previewed_then_imported(demo_registry_path: Path, tmp_path: Path) -> None:
    from app.services.stations.registering import register_sensor, register_station
    from app.services.stations.values import NewChannel, NewSensor, NewStation

    registry = open_demo(demo_registry_path)
    assert registry is not None
    technician = read_people(registry)["technician"]
    register_station(registry, technician, NewStation("PCD", "PCD"))
    new = NewSensor("S", "pm", (NewChannel("pm2_5", "µg/m³"),), interval_ms=3_600_000)
    register_sensor(registry, technician, "PCD", new)
    close_registry(registry)
    path = tmp_path / "pcd.csv"
    path.write_text(",DATETIMEDATA,PM25\n0,2024-01-01 00:00:00,11.5\n", encoding="utf-8")
    shown = run_teak("import", "readings", path, "--json")
    assert shown.json["rows"] == 1
    arguments = ("import", "readings", path, "--station", "PCD", "--as", "technician", "--json")
    done = run_teak(*arguments, registry=demo_registry_path)
    assert (done.status, done.json["rows"]) == (0, 1)
    again = run_teak(*arguments, registry=demo_registry_path)
    assert again.status == 2
    assert "already" in again.err
