"""What answered a search, registered: read at once, at the line settings it answered with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands.station_sources import make_plan
from app.composition import _station_access
from app.models.errors import UsageError
from app.services.checks.violation import RulesBroken
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.listing import get_station, list_stations
from app.views.presenters.charts.live_source import PortAnswer
from app.views.presenters.found_stations import read_sensor, register_found
from tests.fixtures.simulated_stations import served

TYPED = {
    **dict.fromkeys(("manufacturer", "model", "serial", "latitude", "longitude", "gases"), ""),
    "station": "SEN-0001",
    "name": "Trang",
    "sensor": "A1",
}


def test_a_second_sensor_joins_its_station(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    with served("s8") as server:
        answer = _station_access().finder.ask(server.port)
    technician, other = people["technician"], "/dev/ttyUSB9"
    register_found(registry, technician, TYPED, answer, port=server.port)
    second = TYPED | {"sensor": "B1", "address": "7"}
    register_found(registry, technician, second, replace(answer, path=other), port=other)
    sensors = get_station(registry, "SEN-0001").sensors
    assert [(each.code, each.protocol, each.port, each.address) for each in sensors] == [
        ("A1", "s8", server.port, ""),
        ("B1", "s8", other, "7"),
    ]
    line = make_plan(sensors[0]).line
    assert str(line) == answer.settings


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"station": " "}, "no station"),
        ({"sensor": ""}, "no code"),
        ({"name": ""}, "“SEN-0001” has no name"),
        ({"latitude": "7"}, "no longitude"),
    ],
)
def test_what_is_missing_is_named(
    registry: OpenRegistry, people: dict[str, Actor], changes: dict[str, str], part: str
) -> None:
    answer = PortAnswer("/dev/ttyUSB0", "s8", "", "", "")
    with pytest.raises(UsageError, match=part):
        register_found(registry, people["technician"], TYPED | changes, answer, port="p")


def test_an_analyser_is_told_its_gases() -> None:
    answer = PortAnswer("/dev/ttyUSB0", "thermo", "iSeries 42i", "9600 8N1", "")
    sensor = read_sensor(TYPED | {"gases": "NO, no2 "}, answer, port="p")
    assert sensor.settings == {"gases": ["no", "no2"]}
    with pytest.raises(UsageError, match="gases"):
        read_sensor(TYPED, answer, port="p")


def test_a_port_in_use_is_refused_by_name_before_a_station_is_made(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    answer = PortAnswer("/dev/ttyUSB0", "mhz19b", "", "9600 8N1", "")
    register_found(registry, people["technician"], TYPED, answer, port="usb:1a86:7523:")
    typed = TYPED | {"station": "SEN-0002", "sensor": "B1"}
    with pytest.raises(RulesBroken, match="sensor A1 of station SEN-0001"):
        register_found(registry, people["technician"], typed, answer, port="usb:1a86:7523:")
    assert [each.code for each in list_stations(registry)] == ["SEN-0001"]


@pytest.mark.parametrize(
    ("protocol", "address", "is_read"),
    [
        ("s8", "7", True),
        ("gmp252", "247", True),
        ("gmp252", "300", False),
        ("gmp252", "a", False),
        ("sdi12", "a", True),
        ("sdi12", "ab", False),
        ("mhz19b", "7", False),
    ],
)
def test_an_address_is_one_the_bus_can_have(protocol: str, address: str, *, is_read: bool) -> None:
    answer = PortAnswer("/dev/ttyUSB0", protocol, "", "", "")
    if is_read:
        assert read_sensor(TYPED | {"address": address}, answer, port="p").address == address
        return
    with pytest.raises(UsageError, match="address"):
        read_sensor(TYPED | {"address": address}, answer, port="p")
