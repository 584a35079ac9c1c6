"""Enrolling the key of a station that another registry collects from, and each later one.

Owns that act. The key is what the station's owner told on another way, never what a file brings
along; the manifest it signed vouches for the station's earlier keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Station, StationKey
from app.services.checks.refusals import refuse
from app.services.measurement_files import find_zone
from app.services.people.administrators import require_administrator
from app.services.readings.bundle_reading import BundleRefused, Manifest, read_manifest
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.keys import retire_station_key
from app.services.stations.registering import Within, add_station, add_station_key
from app.services.stations.values import NewStation


def enrol_station(registry: OpenRegistry, actor: Actor, path: Path, *, public_key: bytes) -> int:
    """Enrol the station of a bundle with the key that its owner told on another way.

    A station that is here already gets the key as its next, and the one before is retired. Only
    an administrator may. Raises RulesBroken, also for a key that is enrolled already, NotABundle,
    BundleRefused when the bundle is signed with another key. Gives the station's id.
    """
    manifest = read_manifest(path)
    fault = manifest.fault(public_key)
    if fault:
        raise BundleRefused(
            f"“{path}”: {fault}.", hint="Ask the station's owner to read the key out to you."
        )
    with UnitOfWork(registry.engine_for(actor)) as unit:
        require_administrator(unit.connection, actor)
        within = Within(unit.connection, registry, actor, registry.now())
        station_id = _find_station(unit.connection, manifest)
        if station_id is None:
            said = manifest.content["station"]
            station_id = add_station(
                within, _new_station(said), origin=manifest.content["registry"]
            )
        _enrol_keys(within, station_id, manifest)
        unit.commit()
    return station_id


def _find_station(connection: Connection, manifest: Manifest) -> int | None:
    return connection.execute(
        select(Station.id).where(
            Station.origin == manifest.content["registry"],
            Station.code == manifest.content["station"]["code"],
        )
    ).scalar()


def _enrol_keys(within: Within, station_id: int, manifest: Manifest) -> None:
    """Admit the key that was told, in use from now on, and those it vouches for, retired."""
    known = {
        bytes(key)
        for key in within.connection.execute(
            select(StationKey.public_key).where(StationKey.station_id == station_id)
        ).scalars()
    }
    if manifest.public_key in known:
        code = manifest.content["station"]["code"]
        raise refuse(9702, what="station with this key", what_th="สถานีที่ใช้กุญแจนี้", given=code)
    retire_station_key(within, station_id, reason="another was enrolled")
    for key in manifest.keys:
        if key not in known and key != manifest.public_key:
            add_station_key(within, station_id, public_key=key, private=None, is_retired=True)
    add_station_key(within, station_id, public_key=manifest.public_key, private=None)


def _new_station(said: Mapping[str, Any]) -> NewStation:
    find_zone(said["time_zone"])
    return NewStation(
        said["code"],
        said["name"],
        said["owner"],
        None,
        _decimal(said["latitude"]),
        _decimal(said["longitude"]),
        _decimal(said["elevation_m"]),
        said["time_zone"],
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
