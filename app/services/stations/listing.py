"""Stations, sensors and channels as they stand, read in three statements.

Owns reading them; changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, select

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import Project, Sensor, SensorChannel, Station, StationKey
from app.services.registry.context import OpenRegistry
from app.services.stations.values import (
    ChannelDetail,
    SensorDetail,
    SensorState,
    StationDetail,
)


def list_stations(registry: OpenRegistry) -> tuple[StationDetail, ...]:
    """List every station with its sensors and channels, by code."""
    with reading(registry.engine) as connection:
        return read_stations(connection, registry.registry_id)


def get_station(registry: OpenRegistry, code: str, *, origin: str | None = None) -> StationDetail:
    """Give a station by its code, of this registry unless an origin is named; NotFound."""
    wanted = registry.registry_id if origin is None else origin
    for station in list_stations(registry):
        if (station.origin, station.code) == (wanted, code):
            return station
    raise NotFound(f"There is no station “{code}” here.", hint="Register it first.")


def get_sensor(registry: OpenRegistry, sensor_id: int) -> SensorDetail:
    """Give a sensor by its id; NotFound."""
    with reading(registry.engine) as connection:
        return read_sensor(connection, sensor_id)


def read_sensor(connection: Connection, sensor_id: int) -> SensorDetail:
    """Give a sensor within a look of the caller's; NotFound."""
    found = _sensors(connection, sensor_id)
    if not found:
        raise NotFound(f"There is no sensor {sensor_id} in this registry.")
    return found[0]


def read_time_zone(connection: Connection, sensor_id: int) -> str:
    """Give the time zone of a sensor's station."""
    return str(
        connection.execute(
            select(Station.time_zone)
            .join(Sensor, Sensor.station_id == Station.id)
            .where(Sensor.id == sensor_id)
        ).scalar_one()
    )


def read_stations(connection: Connection, own: str) -> tuple[StationDetail, ...]:
    """List every station within a look of the caller's."""
    sensors: dict[int, list[SensorDetail]] = defaultdict(list)
    for sensor in _sensors(connection, None):
        sensors[sensor.station_id].append(sensor)
    keys: dict[int, bytes] = {}
    for row in connection.execute(
        select(StationKey.station_id, StationKey.public_key)
        .where(StationKey.retired_at.is_(None))
        .order_by(StationKey.id)
    ):
        keys[row.station_id] = bytes(row.public_key)
    rows = connection.execute(
        select(*Station.__table__.columns, Project.code.label("project"))
        .outerjoin(Project, Project.id == Station.project_id)
        .order_by(Station.code, Station.origin)
    )
    return tuple(_station(row, keys, tuple(sensors[row.id]), own) for row in rows)


def _sensors(connection: Connection, sensor_id: int | None) -> list[SensorDetail]:
    wanted = select(SensorChannel).with_only_columns(*SensorChannel.__table__.columns)
    sensors = select(*Sensor.__table__.columns, Station.code.label("station")).join(
        Station, Station.id == Sensor.station_id
    )
    if sensor_id is not None:
        wanted = wanted.where(SensorChannel.sensor_id == sensor_id)
        sensors = sensors.where(Sensor.id == sensor_id)
    channels: dict[int, list[ChannelDetail]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(SensorChannel.id)):
        channels[row.sensor_id].append(_channel(row))
    return [
        _sensor(row, tuple(channels[row.id]))
        for row in connection.execute(sensors.order_by(Sensor.code, Sensor.id))
    ]


def _channel(row: Any) -> ChannelDetail:
    return ChannelDetail(
        row.id,
        row.sensor_id,
        row.channel,
        row.unit,
        row.range_low,
        row.range_high,
        row.resolution,
        row.uncertainty,
        json.loads(row.rules) if row.rules else None,
        row.calibration_days,
    )


def _sensor(row: Any, channels: tuple[ChannelDetail, ...]) -> SensorDetail:
    return SensorDetail(
        row.id,
        row.station_id,
        row.station,
        row.code,
        row.sensor_type,
        row.manufacturer,
        row.model_number,
        row.serial_number,
        row.installation_date,
        row.protocol,
        row.port,
        row.address,
        json.loads(row.settings or "{}"),
        row.interval_ms,
        row.accuracy,
        tuple(json.loads(row.certification or "[]")),
        row.connection_type,
        row.power_source,
        SensorState(row.state),
        channels,
    )


def _station(
    row: Any, keys: dict[int, bytes], sensors: tuple[SensorDetail, ...], own: str
) -> StationDetail:
    return StationDetail(
        row.id,
        row.origin,
        row.code,
        row.name,
        row.owner,
        row.project,
        row.latitude,
        row.longitude,
        row.elevation_m,
        row.time_zone,
        SensorState(row.state),
        row.created_at,
        keys.get(row.id, b""),
        row.origin == own,
        sensors,
    )
