"""A port is one sensor's, unless both sit on a bus at addresses of their own."""

from __future__ import annotations

import pytest

from app.hardware.protocols import gmp252, mgp261, s8
from app.services.checks.violation import RulesBroken
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.events import EventKind, NewEvent, record_event
from app.services.stations.listing import get_station
from app.services.stations.ports import USUAL_ADDRESSES
from app.services.stations.registering import register_sensor, register_station
from app.services.stations.values import NewSensor, NewStation, SensorState

PORT = "usb:0403:6001:A50285BI"


@pytest.fixture
def technician(registry: OpenRegistry, people: dict[str, Actor]) -> Actor:
    for code in ("SEN-0001", "SEN-0002"):
        register_station(registry, people["technician"], NewStation(code, code))
    return people["technician"]


def sensor(code: str, protocol: str, *, address: str = "", port: str = PORT) -> NewSensor:
    return NewSensor(code, protocol, (), protocol=protocol, port=port, address=address)


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        (("mhz19b", ""), ("mhz19b", ""), True),
        (("mhz19b", ""), ("gmp252", "1"), True),
        (("gmp252", ""), ("gmp252", ""), True),
        (("gmp252", ""), ("gmp252", "240"), True),
        (("gmp252", "0240"), ("mgp261", ""), True),
        (("gmp252", "1"), ("gmp252", "2"), False),
        (("gmp252", ""), ("s8", "5"), False),
        (("gmp252", "1"), ("s8", ""), True),
        (("sdi12", "0"), ("sdi12", ""), True),
        (("sdi12", "0"), ("sdi12", "a"), False),
        (("sdi12", "1"), ("gmp252", "2"), True),
        (("gmp252-ascii", "1"), ("gmp252-ascii", "2"), True),
    ],
)
def test_two_sensors_of_one_port(
    registry: OpenRegistry,
    technician: Actor,
    first: tuple[str, str],
    second: tuple[str, str],
    *,
    is_refused: bool,
) -> None:
    register_sensor(registry, technician, "SEN-0001", sensor("A", first[0], address=first[1]))
    new = sensor("B", second[0], address=second[1])
    if not is_refused:
        assert register_sensor(registry, technician, "SEN-0002", new)
        return
    with pytest.raises(RulesBroken) as refused:
        register_sensor(registry, technician, "SEN-0002", new)
    (violation,) = refused.value.violations
    assert violation.code == 9710
    assert f"Port {PORT} is read for sensor A of station SEN-0001" in violation.message
    assert "A" in violation.message_th
    on_bus = "sdi12" in (first[0], second[0]) or "gmp252" in (first[0], second[0])
    same = first[0] != "mhz19b" and ("sdi12" in first) == ("sdi12" in second)
    assert ("address of its own" in violation.message) is (
        on_bus and same and first[0] != "gmp252-ascii"
    )
    assert not get_station(registry, "SEN-0002").sensors


@pytest.mark.both_engines
def test_a_removed_sensor_frees_its_port_and_other_names_of_a_port_count(
    registry: OpenRegistry, technician: Actor
) -> None:
    first = register_sensor(
        registry, technician, "SEN-0001", sensor("A", "mhz19b", port="/dev/ttyUSB0")
    )
    new = sensor("B", "mhz19b")
    with pytest.raises(RulesBroken, match="9710"):
        register_sensor(registry, technician, "SEN-0002", new, port_names=("/dev/ttyUSB0",))
    assert register_sensor(registry, technician, "SEN-0001", sensor("C", "mhz19b", port=""))
    assert register_sensor(registry, technician, "SEN-0001", sensor("D", "mhz19b", port=""))
    place = get_station(registry, "SEN-0001").id
    removed = NewEvent(place, EventKind.REMOVED, registry.now(), sensor_id=first)
    record_event(registry, technician, removed)
    states = {each.code: each.state for each in get_station(registry, "SEN-0001").sensors}
    assert (states["A"], states["C"]) == (SensorState.OFFLINE, SensorState.ACTIVE)
    assert register_sensor(registry, technician, "SEN-0002", new, port_names=("/dev/ttyUSB0",))


def test_the_usual_addresses_are_those_that_the_readers_ask() -> None:
    asked = {"gmp252": gmp252.ADDRESS, "mgp261": mgp261.ADDRESS, "s8": s8.ADDRESS}
    assert {key: str(value) for key, value in asked.items()} | {"sdi12": "0"} == USUAL_ADDRESSES
