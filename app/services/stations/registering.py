"""Registering stations, their sensors and channels, and changing what may change of them.

Owns these acts; each stands in the log. A station registered here gets a key of its own, which
signs what its sensors measure.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select, update

from app.models.errors import NotFound, UsageError
from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Project, Sensor, SensorChannel, Station, StationKey
from app.models.tables.base import inserted_id
from app.services.checks.refusals import refuse
from app.services.log.append import append_entry
from app.services.measurement_files import find_zone
from app.services.quality.rule_files import read_rules
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.ports import require_free_port
from app.services.stations.values import NewChannel, NewSensor, NewStation, SensorState

_ACT, _ACT_TH = "registers stations and sensors", "ลงทะเบียนสถานีและเซนเซอร์"


@dataclass(frozen=True, slots=True)
class Within:
    """An act on stations inside a unit of work."""

    connection: Connection
    registry: OpenRegistry
    actor: Actor
    now: datetime

    def log(self, kind: str, body: dict[str, Any]) -> None:
        """Put the act into the registry's log."""
        persons = {"done": self.actor.user_name}
        append_entry(self.connection, kind, at=self.now, persons=persons, body=body)


def register_station(registry: OpenRegistry, actor: Actor, new: NewStation) -> int:
    """Register a station of this registry and make its key; gives its id.

    Raises RulesBroken for somebody else's act or a code that is taken, UsageError for a time
    zone or position that cannot be, NotFound for an unknown project.
    """
    require_position(new.latitude, new.longitude)
    find_zone(new.time_zone)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(unit.connection, actor, act=_ACT, act_th=_ACT_TH)
        made = add_station(within, new, origin=registry.registry_id)
        key = Ed25519PrivateKey.generate()
        add_station_key(within, made, public_key=key.public_key().public_bytes_raw(), private=key)
        unit.commit()
    return made


def register_sensor(
    registry: OpenRegistry,
    actor: Actor,
    station: str,
    new: NewSensor,
    *,
    port_names: tuple[str, ...] = (),
) -> int:
    """Register a sensor of a station, with its channels; gives its id.

    Channels it turns out to have are added when they first arrive. `port_names` are further names
    of its port.

    Raises RulesBroken for somebody else's act, a code that is taken, a port that another sensor
    is read at or channels that cannot be, BadRules for quality rules that cannot be read,
    NotFound for an unknown station.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(unit.connection, actor, act=_ACT, act_th=_ACT_TH)
        station_id = find_station(unit.connection, registry.registry_id, station)
        require_free_port(unit.connection, registry.registry_id, new, other_names=port_names)
        made = add_sensor(within, station_id, new)
        unit.commit()
    return made


def set_channel_rules(
    registry: OpenRegistry, actor: Actor, channel_id: int, rules: dict[str, Any] | None
) -> None:
    """Adopt quality rules for a channel, as a rule file's table; None: what Teak proposes.

    Readings judged before keep their flags. Raises RulesBroken, BadRules.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(unit.connection, actor, act="sets quality rules", act_th="กำหนดกฎคุณภาพ")
        name = unit.connection.execute(
            select(SensorChannel.channel).where(SensorChannel.id == channel_id)
        ).scalar()
        if name is None:
            raise NotFound(f"There is no channel {channel_id}.")
        text = _rules_text(str(name), rules)
        unit.connection.execute(
            update(SensorChannel).where(SensorChannel.id == channel_id).values(rules=text)
        )
        within.log("channel-rules-set", {"channel": channel_id, "rules": text})
        unit.commit()


def set_sensor_state(
    registry: OpenRegistry, actor: Actor, sensor_id: int, state: SensorState
) -> None:
    """Say that a sensor is active, in maintenance or offline; raises RulesBroken, NotFound."""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(
            unit.connection, actor, act="sets a sensor's state", act_th="กำหนดสถานะเซนเซอร์"
        )
        changed = unit.connection.execute(
            update(Sensor).where(Sensor.id == sensor_id).values(state=str(state))
        )
        if changed.rowcount != 1:
            raise NotFound(f"There is no sensor {sensor_id}.")
        within.log("sensor-state-set", {"sensor": sensor_id, "state": str(state)})
        unit.commit()


def add_station(within: Within, new: NewStation, *, origin: str) -> int:
    """Write a station inside a unit of work of the caller's."""
    code = require_plain_text(new.code, what="station code", longest=40)
    taken = select(Station.id).where(Station.origin == origin, Station.code == code)
    if within.connection.execute(taken).one_or_none() is not None:
        raise refuse(9702, what="station", what_th="สถานี", given=code)
    made = inserted_id(
        within.connection.execute(
            insert(Station),
            {
                "origin": origin,
                "code": code,
                "name": require_plain_text(new.name, what="station name", longest=LONGEST_NAME),
                "owner": new.owner,
                "project_id": _project_id(within.connection, new.project),
                "latitude": new.latitude,
                "longitude": new.longitude,
                "elevation_m": new.elevation_m,
                "time_zone": new.time_zone,
                "state": str(SensorState.ACTIVE),
                "created_at": within.now,
                "created_by": within.actor.id,
            },
        )
    )
    within.log("station-registered", {"station": code, "origin": origin})
    return made


def add_station_key(
    within: Within,
    station_id: int,
    *,
    public_key: bytes,
    private: Ed25519PrivateKey | None,
    is_retired: bool = False,
) -> int:
    """Write a station's key; without its private half it is one of another registry's.

    `is_retired`: one from before, by which earlier records verify.
    """
    made = inserted_id(
        within.connection.execute(
            insert(StationKey),
            {
                "station_id": station_id,
                "public_key": public_key,
                "private_key": None if private is None else private.private_bytes_raw(),
                "added_at": within.now,
                "added_by": within.actor.id,
                "retired_at": within.now if is_retired else None,
            },
        )
    )
    within.log("station-key-added", {"station": station_id, "public_key": public_key.hex()})
    return made


def add_sensor(within: Within, station_id: int, new: NewSensor) -> int:
    """Write a sensor with its channels inside a unit of work of the caller's."""
    code = require_plain_text(new.code, what="sensor code", longest=40)
    names = [item.channel for item in new.channels]
    if len(set(names)) < len(names) or not all(item.unit for item in new.channels):
        raise refuse(9703, sensor=code)
    if new.interval_ms <= 0:
        raise UsageError(f"A sensor reads every {new.interval_ms} ms?", hint="Give 1 or more.")
    taken = select(Sensor.id).where(Sensor.station_id == station_id, Sensor.code == code)
    if within.connection.execute(taken).one_or_none() is not None:
        raise refuse(9702, what="sensor", what_th="เซนเซอร์", given=code)
    made = inserted_id(
        within.connection.execute(insert(Sensor), _sensor_row(within, station_id, code, new))
    )
    rows = [_channel_row(made, item) for item in new.channels]
    if rows:
        within.connection.execute(insert(SensorChannel), rows)
    within.log(
        "sensor-registered", {"station": station_id, "sensor": code, "channels": list(names)}
    )
    return made


def add_channel(within: Within, sensor_id: int, new: NewChannel) -> int:
    """Write one more channel of a sensor inside a unit of work of the caller's."""
    made = inserted_id(
        within.connection.execute(insert(SensorChannel), _channel_row(sensor_id, new))
    )
    within.log("sensor-channel-added", {"sensor": sensor_id, "channel": new.channel})
    return made


def _sensor_row(within: Within, station_id: int, code: str, new: NewSensor) -> dict[str, Any]:
    return {
        "station_id": station_id,
        "code": code,
        "sensor_type": new.sensor_type,
        "manufacturer": new.manufacturer,
        "model_number": new.model_number,
        "serial_number": new.serial_number,
        "installation_date": new.installation_date,
        "protocol": new.protocol,
        "port": new.port,
        "address": new.address,
        "settings": json.dumps(new.settings, ensure_ascii=False, sort_keys=True),
        "interval_ms": new.interval_ms,
        "accuracy": new.accuracy,
        "certification": json.dumps(list(new.certification), ensure_ascii=False),
        "connection_type": str(new.connection_type),
        "power_source": str(new.power_source),
        "state": str(SensorState.ACTIVE),
        "created_at": within.now,
        "created_by": within.actor.id,
    }


def _channel_row(sensor_id: int, new: NewChannel) -> dict[str, Any]:
    return {
        "sensor_id": sensor_id,
        "channel": new.channel,
        "unit": new.unit,
        "range_low": new.range_low,
        "range_high": new.range_high,
        "resolution": new.resolution,
        "uncertainty": new.uncertainty,
        "rules": _rules_text(new.channel, new.rules),
        "calibration_days": new.calibration_days,
    }


def _rules_text(channel: str, rules: dict[str, Any] | None) -> str:
    if rules is None:
        return ""
    read_rules({channel: rules})
    return json.dumps(rules, ensure_ascii=False, sort_keys=True)


def require_position(latitude: Decimal | None, longitude: Decimal | None) -> None:
    """Refuse degrees that are nowhere on Earth; UsageError."""
    for value, most, what in ((latitude, 90, "latitude"), (longitude, 180, "longitude")):
        if value is not None and not -most <= value <= most:
            raise UsageError(
                f"A {what} of {value} is nowhere.", hint=f"Give degrees from -{most} to {most}."
            )


def find_station(connection: Connection, origin: str, code: str) -> int:
    """Give the id of a station of a registry by its code; NotFound."""
    found = connection.execute(
        select(Station.id).where(Station.origin == origin, Station.code == code)
    ).scalar()
    if found is None:
        raise NotFound(f"There is no station “{code}” here.", hint="Register it first.")
    return int(found)


def _project_id(connection: Connection, code: str | None) -> int | None:
    if code is None:
        return None
    found = connection.execute(select(Project.id).where(Project.code == code)).scalar()
    if found is None:
        raise NotFound(f"There is no project “{code}” in this registry.")
    return int(found)
