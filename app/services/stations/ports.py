"""Whether a port is free for a sensor: one reader a port, unless both sit on one bus.

Owns that refusal and what is a bus. What is plugged in now is the hardware's to say.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from app.models.storage.unit_of_work import reading
from app.models.tables import Sensor, Station
from app.services.checks.refusals import refuse
from app.services.registry.context import OpenRegistry
from app.services.stations.values import NewSensor, SensorState

MODBUS, SDI12 = "Modbus", "SDI-12"
BUSES: Mapping[str, str] = {"gmp252": MODBUS, "mgp261": MODBUS, "s8": MODBUS, "sdi12": SDI12}
"""Protocols on which devices of different addresses share a line."""
USUAL_ADDRESSES: Mapping[str, str] = {"gmp252": "240", "mgp261": "240", "s8": "254", "sdi12": "0"}
"""What a reader asks when the sensor names no address."""
_ANYBODY = "254"
"""A Senseair sensor answers at 254 whatever its own address is, so that it cannot share a line."""


def require_free_port(
    connection: Connection, origin: str, new: NewSensor, *, other_names: tuple[str, ...] = ()
) -> None:
    """Refuse a port that another sensor of this registry is read at; RulesBroken names it.

    `other_names` are further names of the same port: its path beside its USB identity. Sensors
    that are offline, or whose station is, hold no port.
    """
    names = {name.strip() for name in (new.port, *other_names) if name.strip()}
    if not names:
        return
    rows = connection.execute(
        select(
            Sensor.code, Sensor.port, Sensor.protocol, Sensor.address, Station.code.label("station")
        )
        .join(Station, Station.id == Sensor.station_id)
        .where(
            Station.origin == origin,
            Station.state != str(SensorState.OFFLINE),
            Sensor.state != str(SensorState.OFFLINE),
            Sensor.port.in_(names),
        )
        .order_by(Station.code, Sensor.code)
    ).all()
    for row in rows:
        if not share_a_bus((new.protocol, new.address), (row.protocol, row.address)):
            is_bus = new.protocol in BUSES and BUSES.get(row.protocol) == BUSES[new.protocol]
            raise refuse(
                9710,
                port=row.port,
                sensor=row.code,
                station=row.station,
                bus="; on this bus, give it an address of its own" if is_bus else "",
                bus_th=" หรือกำหนดแอดเดรสบนบัสให้ต่างกัน" if is_bus else "",
            )


def check_port(
    registry: OpenRegistry, new: NewSensor, *, other_names: tuple[str, ...] = ()
) -> None:
    """Refuse a port that another sensor is read at, before anything is registered."""
    with reading(registry.engine) as connection:
        require_free_port(connection, registry.registry_id, new, other_names=other_names)


def share_a_bus(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two devices, each by protocol and address, may share a line."""
    if one[0] not in BUSES or BUSES[one[0]] != BUSES.get(other[0]):
        return False
    addresses = [_address(*each) for each in (one, other)]
    return addresses[0] != addresses[1] and _ANYBODY not in addresses


def _address(protocol: str, address: str) -> str:
    given = address.strip() or USUAL_ADDRESSES[protocol]
    # A Modbus address is a number however it is written, an SDI-12 address one character.
    return str(int(given)) if BUSES[protocol] == MODBUS and given.isdecimal() else given
