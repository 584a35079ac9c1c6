"""From a plugged simulator to the charts: the desk's own lines, console and search."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.composition import _station_access
from app.hardware.ports.opening import LineSettings, open_line
from app.models.codes import Role
from app.services.calibrating.recording import keep_calibration
from app.services.readings.queries import latest_values
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.alarms import NewLimit, Side, list_alarms, set_alarm_limit
from app.services.stations.events import EventKind, NewEvent, record_event
from app.services.stations.listing import get_station
from app.services.stations.registering import register_sensor, register_station
from app.services.stations.values import NewChannel, NewSensor, NewStation
from app.views.presenters.charts.collected import CollectedStations, make_feed
from app.views.presenters.charts.live_memory import LiveMemory
from app.views.presenters.charts.live_source import LineState
from tests.fixtures.benches import bench, finished
from tests.fixtures.simulated_stations import bus_of_two, served


def wait_for(look: Callable[[], bool], within_s: float = 15.0) -> None:
    ends = time.monotonic() + within_s
    while not look():
        assert time.monotonic() < ends, "it did not come in time"
        time.sleep(0.02)


def register(registry: OpenRegistry, technician: Actor, port: str, *, protocol: str = "s8") -> int:
    register_station(registry, technician, NewStation("SEN-0001", "Trang"))
    sensor = NewSensor(
        "A1",
        "co2",
        (NewChannel("co2", "ppm"),),
        protocol=protocol,
        port=port,
        interval_ms=200,
    )
    return register_sensor(registry, technician, "SEN-0001", sensor)


def test_a_plugged_station_is_drawn_collected_and_shown_byte_by_byte(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    with served("s8") as server:
        sensor_id = register(registry, people["technician"], server.port)
        stations = CollectedStations(registry, people["technician"], _station_access())
        stations.start()
        try:
            memory = LiveMemory(stations)
            wait_for(lambda: memory.take() > 0)
            key = str(get_station(registry, "SEN-0001").sensors[0].channels[0].id)
            assert 200 < memory.rings[key].values[0] < 5000
            (line,) = stations.lines()
            assert (line.state, line.frames > 0) == (LineState.READING, True)
            rows = stations.console("SEN-0001", "A1")
            assert any(row.is_sent for row in rows)
            assert any("co2" in row.decoded for row in rows)
        finally:
            stations.stop()
    assert latest_values(registry, sensor_id)[0].channel == "co2"


def test_corrections_limits_and_sensors_set_meanwhile_hold_at_once(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    technician = people["technician"]
    with served("s8") as server, served("s8") as second:
        register(registry, technician, server.port)
        stations = CollectedStations(registry, technician, _station_access())
        stations.start()
        try:
            memory = LiveMemory(stations)
            wait_for(lambda: memory.take() > 0)
            channel_id = get_station(registry, "SEN-0001").sensors[0].channels[0].id
            ring = memory.rings[str(channel_id)]
            assert ring.values[0] == ring.raw[0]
            done = finished(channel_id, bench(), at=datetime(2020, 1, 1, tzinfo=UTC))
            keep_calibration(registry, technician, done)
            limit = NewLimit(channel_id, Side.HIGH, Decimal(2), Decimal(1), "Open the window.")
            set_alarm_limit(registry, technician, limit)
            another = NewSensor("B1", "co2", (), protocol="s8", port=second.port, interval_ms=200)
            register_sensor(registry, technician, "SEN-0001", another)
            assert not list_alarms(registry)
            stations.reload()
            wait_for(lambda: len(list_alarms(registry)) == 1)
            wait_for(lambda: memory.take() > 0 and ring.values[-1] != ring.raw[-1])
            wait_for(lambda: memory.take() >= 0 and len(memory.rings) == 2)
            assert [line.sensor for line in stations.lines()] == ["A1", "B1"]
        finally:
            stations.stop()


def register_on_bus(registry: OpenRegistry, technician: Actor, port: str, address: int) -> int:
    channels = (NewChannel("co2", "ppm"),)
    sensor = NewSensor(
        f"P{address}",
        "co2",
        channels,
        protocol="gmp252",
        port=port,
        address=str(address),
        interval_ms=200,
    )
    return register_sensor(registry, technician, "SEN-0001", sensor)


def test_sensors_of_one_bus_are_read_at_one_port_also_one_that_joins_later(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    technician = people["technician"]
    with served(bus_of_two()) as server:
        register_station(registry, technician, NewStation("SEN-0001", "Trang"))
        first = register_on_bus(registry, technician, server.port, 1)
        stations = CollectedStations(registry, technician, _station_access())
        stations.start()
        try:
            wait_for(lambda: stations.lines()[0].frames >= 3)
            second = register_on_bus(registry, technician, server.port, 2)
            stations.reload()
            wait_for(lambda: [line.frames >= 3 for line in stations.lines()] == [True, True])
            assert {line.message for line in stations.lines()} == {""}
            server.unplug()
            lost = [LineState.LOST, LineState.LOST]
            wait_for(lambda: [line.state for line in stations.lines()] == lost)
        finally:
            stations.stop()
    for sensor_id, co2 in ((first, 600.0), (second, 1500.0)):
        (latest,) = (each for each in latest_values(registry, sensor_id) if each.channel == "co2")
        assert float(latest.value) == pytest.approx(co2, rel=0.2)


@pytest.mark.parametrize("whole_station", [False, True])
def test_a_removed_sensor_frees_its_port_at_once_and_one_put_back_is_read_again(
    registry: OpenRegistry, people: dict[str, Actor], whole_station: bool
) -> None:
    technician = people["technician"]

    def record(kind: EventKind) -> None:
        station = get_station(registry, "SEN-0001")
        of = None if whole_station else sensor_id
        record_event(registry, technician, NewEvent(station.id, kind, registry.now(), of))
        stations.reload()

    with served("s8") as server:
        sensor_id = register(registry, technician, server.port)
        stations = CollectedStations(registry, technician, _station_access())
        stations.start()
        try:
            wait_for(lambda: stations.lines()[0].frames >= 3)
            record(EventKind.REMOVED)
            open_line(server.port, LineSettings()).close()
            assert stations.lines() == ()
            assert verify_readings(registry).rows >= 3, "what had arrived is written"
            record(EventKind.INSTALLED)
            wait_for(lambda: stations.lines()[0].frames >= 3)
        finally:
            stations.stop()
    assert verify_readings(registry).ok


def test_a_sensor_that_cannot_be_read_is_told_and_others_go_on(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    register(registry, people["technician"], "/dev/ttyUSB0", protocol="nothing-known")
    stations = CollectedStations(registry, people["technician"], _station_access())
    stations.start()
    (line,) = stations.lines()
    assert line.state is LineState.STOPPED
    assert "A1" in line.message
    stations.stop()


@pytest.mark.parametrize("model", ["s8", "pms5003"])
def test_the_search_recognises_what_answers(model: str) -> None:
    with served(model) as server:
        answer = _station_access().finder.ask(server.port)
    assert answer.protocol == model
    assert answer.settings


def test_a_port_that_is_not_there_is_an_answer() -> None:
    answer = _station_access().finder.ask("/dev/no-such-port")
    assert answer.protocol == ""
    assert "no-such-port" in answer.message


def test_only_who_may_collect_gets_lines(registry: OpenRegistry, people: dict[str, Actor]) -> None:
    assert make_feed(registry, people["officer"], _station_access()) is None
    assert make_feed(registry, people["technician"], None) is None
    found = make_feed(registry, people["technician"], _station_access())
    assert found is not None
    assert people["technician"].role is Role.TECHNICIAN
