"""What answered a search registered: the station, if it is new, and the sensor at its port.

Owns reading the form and the order of both acts; no Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.models.errors import UsageError
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.listing import list_stations
from app.services.stations.ports import BUSES, MODBUS, SDI12, check_port
from app.services.stations.registering import register_sensor, register_station
from app.services.stations.values import NewSensor, NewStation
from app.views.presenters.charts.live_source import PortAnswer
from app.views.presenters.station_forms import read_position

ANALYSERS = "thermo"
"""The protocol that does not say by itself which gases are measured."""
_HIGHEST_MODBUS = 254
"""Modbus itself ends at 247; a Senseair sensor is asked at 254."""


def register_found(
    registry: OpenRegistry,
    actor: Actor,
    values: Mapping[str, str],
    answer: PortAnswer,
    *,
    port: str,
) -> int:
    """Register what answered at a port and give the sensor's id; a new station's code makes it.

    `port` is what to remember: a USB identity or a path. A port of another sensor is refused
    before a station is made; where the sensor is refused otherwise, a new station stays, and the
    same form goes on with it. Raises UsageError, RulesBroken.
    """
    code = values["station"].strip()
    if not code:
        raise UsageError("The sensor has no station.", hint="Choose one, or type a new code.")
    sensor = read_sensor(values, answer, port=port)
    check_port(registry, sensor, other_names=(answer.path,))
    mine = [each.code for each in list_stations(registry) if each.collects_here]
    if code not in mine:
        register_station(registry, actor, read_station(values))
    return register_sensor(registry, actor, code, sensor, port_names=(answer.path,))


def read_station(values: Mapping[str, str]) -> NewStation:
    """Read a station to be registered; without a position it has none yet."""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    if values["latitude"].strip() or values["longitude"].strip():
        latitude, longitude = read_position(values["latitude"], values["longitude"])
    code = values["station"].strip()
    name = values["name"].strip()
    if not name:
        raise UsageError(f"The new station “{code}” has no name.", hint="Say where it stands.")
    return NewStation(code, name, latitude=latitude, longitude=longitude)


def read_sensor(values: Mapping[str, str], answer: PortAnswer, *, port: str) -> NewSensor:
    """Read a sensor to be registered where it answered, by the protocol and line it speaks.

    Its channels are added in the units they come in, when they first arrive.
    """
    code = values["sensor"].strip()
    if not code:
        raise UsageError("The sensor has no code.", hint="Give a short one, such as CO2-A.")
    settings: dict[str, object] = {"line": dict(answer.line)} if answer.line else {}
    if answer.protocol == ANALYSERS:
        gases = [each.strip().lower() for each in values["gases"].split(",") if each.strip()]
        if not gases:
            raise UsageError("The analyser's gases are not named.", hint="Write such as no, no2.")
        settings["gases"] = gases
    return NewSensor(
        code,
        answer.protocol,
        (),
        manufacturer=values["manufacturer"].strip(),
        model_number=values["model"].strip(),
        serial_number=values["serial"].strip(),
        protocol=answer.protocol,
        port=port,
        address=_address(values.get("address", "").strip(), answer.protocol),
        settings=settings,
    )


def _address(given: str, protocol: str) -> str:
    """Read an address on a bus; none is the usual one."""
    if not given:
        return ""
    bus = BUSES.get(protocol)
    if bus == MODBUS and given.isdecimal() and 1 <= int(given) <= _HIGHEST_MODBUS:
        return given
    if bus == SDI12 and len(given) == 1 and given.isascii() and given.isalnum():
        return given
    hints = {
        MODBUS: f"Write a number from 1 to {_HIGHEST_MODBUS}, or nothing for the usual one.",
        SDI12: "Write one digit or letter, or nothing for 0.",
    }
    hint = hints.get(bus or "", "Leave it empty: this protocol has none.")
    raise UsageError(f"“{given}” is no address on this line.", hint=hint)
