"""What answered a search, registered: read at once, at the line settings it answered with."""

from __future__ import annotations

import pytest

from app.commands.station_sources import make_plan
from app.composition import _station_access
from app.models.errors import UsageError
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.listing import get_station
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
    for code in ("A1", "B1"):
        typed = TYPED | {"sensor": code}
        register_found(registry, people["technician"], typed, answer, port=server.port)
    sensors = get_station(registry, "SEN-0001").sensors
    assert [(each.code, each.protocol, each.port) for each in sensors] == [
        ("A1", "s8", server.port),
        ("B1", "s8", server.port),
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
