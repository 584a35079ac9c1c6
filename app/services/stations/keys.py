"""Changing the key of a station: the one in use is retired, another signs from then on.

Owns that act, which stands in the log and, signed with the key that goes, in the chain of every
sensor: up to there its records verify by the old key, from there by the new one.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from app.models.errors import UsageError
from app.models.plain_text import require_plain_text
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Sensor, StationKey
from app.services.readings.chain import ChainWriter, find_station_key
from app.services.readings.record import RecordContent, RecordKind, us_of_time
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.registering import Within, add_station_key, find_station

_LONGEST_REASON = 500


def change_station_key(registry: OpenRegistry, actor: Actor, station: str, *, reason: str) -> bytes:
    """Retire the key of a station of this registry and make another; gives its public half.

    Whoever the station's bundles go to enrols the new key. A collector at work goes on with it.
    Raises RulesBroken, NotFound, StationKeyAbsent, UsageError for no reason or one that cannot be
    kept.
    """
    why = require_plain_text(reason, what="reason", longest=_LONGEST_REASON)
    if not why:
        raise UsageError(
            "A station's key is not changed without a reason.",
            hint="Say why: who verifies the readings later reads it.",
        )
    key = Ed25519PrivateKey.generate()
    public_key = key.public_key().public_bytes_raw()
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(
            unit.connection, actor, act="changes a station's key", act_th="เปลี่ยนกุญแจของสถานี"
        )
        station_id = find_station(unit.connection, registry.registry_id, station)
        _end_chains(within, station_id, {"public_key": public_key.hex(), "reason": why})
        retire_station_key(within, station_id, reason=why)
        add_station_key(within, station_id, public_key=public_key, private=key)
        unit.commit()
    return public_key


def retire_station_key(within: Within, station_id: int, *, reason: str) -> None:
    """Retire the key of a station that is in use, inside a unit of work of the caller's."""
    row = within.connection.execute(
        select(StationKey.id, StationKey.public_key).where(
            StationKey.station_id == station_id, StationKey.retired_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return
    within.connection.execute(
        update(StationKey).where(StationKey.id == row.id).values(retired_at=within.now)
    )
    body = {"station": station_id, "public_key": bytes(row.public_key).hex(), "reason": reason}
    within.log("station-key-retired", body)


def _end_chains(within: Within, station_id: int, body: dict[str, str]) -> None:
    """Sign the change into the chain of each sensor that has one, with the key that goes."""
    find_station_key(within.connection, station_id)
    at = us_of_time(within.now)
    sensors = within.connection.execute(
        select(Sensor.id).where(Sensor.station_id == station_id).order_by(Sensor.id)
    )
    for sensor_id in sensors.scalars().all():
        chain = ChainWriter(within.connection, sensor_id, within.actor)
        if chain.sequence:
            content = RecordContent(RecordKind.KEY, at, at, body)
            chain.append(content, recorded_at=within.now)
