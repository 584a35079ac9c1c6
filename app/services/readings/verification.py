"""Verifying the readings of a registry: every chain, signature and payload, in little memory.

Owns what must hold of stored records, of the keys that signed them, and of calibrations, which
are signed there; names the first that does not. A chain cannot show that
its end was cut off: that needs what was handed over before (a bundle's manifest).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from app.models.storage.unit_of_work import reading
from app.models.tables import Sensor, Station, StationKey
from app.models.tables.base import read_time
from app.services.readings.chain import KeptRecord, chain_from
from app.services.readings.kept_as_signed import unsigned_calibration
from app.services.readings.record import CHAIN_START, key_after, us_of_time
from app.services.registry.context import OpenRegistry
from app.services.signing_keys import registry_id


@dataclass(frozen=True, slots=True)
class ReadingsVerdict:
    """Whether all records hold; `first_failure` names the first that does not."""

    ok: bool
    sensors: int
    records: int
    rows: int
    first_failure: str | None

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line gives it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class _Key:
    public_key: bytes
    is_retired: bool
    is_of_here: bool


def verify_readings(
    registry: OpenRegistry, *, told: Callable[[int], None] | None = None
) -> ReadingsVerdict:
    """Verify every record of every sensor; `told` hears how many are done."""
    with reading(registry.engine) as connection:
        return verify_readings_within(connection, told=told)


def verify_readings_within(
    connection: Connection, *, told: Callable[[int], None] | None = None
) -> ReadingsVerdict:
    """Verify within a look of the caller's."""
    records = rows = 0
    sensors = connection.execute(
        select(Sensor.id, Sensor.code, Station.code.label("station"), Station.id.label("at"))
        .join(Station, Station.id == Sensor.station_id)
        .order_by(Station.id, Sensor.id)
    ).all()
    for sensor in sensors:
        keys = _keys(connection, sensor.at)
        expected, previous, signs = 1, CHAIN_START, b""
        for kept in chain_from(connection, sensor.id, 1):
            fault = _fault(kept, sensor, expected, previous, keys[kept.key_id].public_key)
            if not fault and signs and keys[kept.key_id].public_key != signs:
                fault = "it is signed with another key of the station than the chain says"
            if fault:
                failure = _failure(sensor, f"record {kept.sequence}: {fault}")
                return ReadingsVerdict(False, len(sensors), records, rows, failure)
            expected, previous = kept.sequence + 1, kept.record.hash
            signs = key_after(kept.record.said(), keys[kept.key_id].public_key)
            records += 1
            rows += kept.row_count
            if told is not None and records % 1000 == 0:
                told(records)
        fault = _fault_of_end(keys.values(), signs) or unsigned_calibration(connection, sensor.id)
        if fault:
            failure = _failure(sensor, fault)
            return ReadingsVerdict(False, len(sensors), records, rows, failure)
    return ReadingsVerdict(True, len(sensors), records, rows, None)


def _failure(sensor: Any, fault: str) -> str:
    return f"station {sensor.station}, sensor {sensor.code}, {fault}"


def _keys(connection: Connection, station_id: int) -> dict[int, _Key]:
    found = connection.execute(
        select(StationKey.id, StationKey.public_key, StationKey.retired_at, Station.origin)
        .join(Station, Station.id == StationKey.station_id)
        .where(StationKey.station_id == station_id)
    )
    own = registry_id(connection)
    return {
        row.id: _Key(bytes(row.public_key), row.retired_at is not None, row.origin == own)
        for row in found
    }


def _fault_of_end(keys: Iterable[_Key], signs: bytes) -> str:
    """Say so where a key was retired and no record of the chain hands over to the next.

    Of a station elsewhere the record that does may be in a bundle still to come.
    """
    if any(key.public_key == signs and key.is_retired and key.is_of_here for key in keys):
        return "the end: its key was retired, and no record signed by it says so"
    return ""


def _fault(kept: KeptRecord, sensor: Any, expected: int, previous: bytes, public_key: bytes) -> str:
    try:
        said = kept.record.said()
        fault = kept.record.fault(public_key)
    except (ValueError, TypeError, AttributeError):
        return "its header cannot be read"
    if fault:
        return fault
    if kept.sequence != expected or said["sequence"] != expected:
        return f"record {expected} was expected here"
    if said["previous"] != previous.hex():
        return "it does not follow the record before it"
    if (said["sensor"], said["station"], said["kind"]) != (
        sensor.code,
        sensor.station,
        str(kept.kind),
    ):
        return "it was signed for another sensor or as another kind"
    return _fault_of_index(kept, said)


def _fault_of_index(kept: KeptRecord, said: dict[str, Any]) -> str:
    """Compare what the row says beside the header: by it records are found."""
    span = (us_of_time(read_time(said["from"])), us_of_time(read_time(said["to"])))
    rows = said["body"].get("rows", 0)
    if span != (kept.first_us, kept.last_us) or rows != kept.row_count:
        return "its span or count is not the one that was signed"
    return ""
