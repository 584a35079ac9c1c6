"""Taking a bundle of readings in: verified, then imported once however often it is sent.

Owns enrolling the key of a station that another registry collects from, and writing its records
as they are. A record that is there already is passed over; another record at the same place is
refused and named. Its sensors come with the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from app.models.errors import NotFound, TeakError, UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import ReadingImport, ReadingRecord, Sensor, Station, StationKey
from app.models.tables.base import inserted_id, read_time
from app.services.averaging.averages import AveragingRule
from app.services.measurement_files import find_zone
from app.services.people.administrators import require_administrator
from app.services.readings.bundle_reading import (
    Manifest,
    file_digest,
    read_manifest,
    read_records,
    verify_bundle,
)
from app.services.readings.chain import KeptRecord, tail_of, write_record
from app.services.readings.record import RecordKind, SignedRecord, us_of_time
from app.services.readings.rollups import rebuild_rollups
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.listing import read_sensor
from app.services.stations.registering import (
    Within,
    add_sensor,
    add_station,
    add_station_key,
)
from app.services.stations.values import (
    ConnectionType,
    NewChannel,
    NewSensor,
    NewStation,
    PowerSource,
)

FORM = "bundle"


class BundleRefused(TeakError):
    """The bundle does not verify, or does not continue what is here."""

    code = "bundle-refused"


@dataclass(frozen=True, slots=True)
class ImportedBundle:
    """What an import of a bundle did."""

    records: int
    already_there: int
    rows: int

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line gives it."""
        return {
            "ok": True,
            "records": self.records,
            "already_there": self.already_there,
            "rows": self.rows,
        }


@dataclass(frozen=True, slots=True)
class _Place:
    station_id: int
    key_id: int
    public_key: bytes
    time_zone: str


@dataclass
class _Counts:
    records: int = 0
    already_there: int = 0
    rows: int = 0


def enrol_station(registry: OpenRegistry, actor: Actor, path: Path, *, public_key: bytes) -> int:
    """Enrol the station of a bundle with the key that its owner told on another way.

    Only an administrator may. Raises RulesBroken, NotABundle, BundleRefused when the bundle is
    signed with another key. Gives the station's id.
    """
    manifest = read_manifest(path)
    fault = manifest.fault(public_key)
    if fault:
        raise BundleRefused(
            f"“{path}”: {fault}.", hint="Ask the station's owner to read the key out to you."
        )
    said = manifest.content["station"]
    with UnitOfWork(registry.engine_for(actor)) as unit:
        require_administrator(unit.connection, actor)
        within = Within(unit.connection, registry, actor, registry.now())
        new = NewStation(
            said["code"],
            said["name"],
            said["owner"],
            None,
            _decimal(said["latitude"]),
            _decimal(said["longitude"]),
            _decimal(said["elevation_m"]),
            said["time_zone"],
        )
        find_zone(new.time_zone)
        made = add_station(within, new, origin=manifest.content["registry"])
        add_station_key(within, made, public_key=public_key, private=None)
        unit.commit()
    return made


def import_bundle(
    registry: OpenRegistry,
    actor: Actor,
    path: Path,
    *,
    told: Callable[[int], None] | None = None,
) -> ImportedBundle:
    """Verify a bundle with the enrolled key and write its records, all or none.

    Raises NotFound for a station nobody enrolled, BundleRefused naming the first fault, NotABundle,
    RulesBroken.
    """
    digest = file_digest(path)
    manifest = read_manifest(path)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(unit.connection, actor, act="takes readings over", act_th="รับมอบค่าที่วัด")
        place = _enrolled(unit.connection, manifest)
        verdict = verify_bundle(path, place.public_key, told=told)
        if not verdict.ok:
            raise BundleRefused(
                f"“{path}” does not verify: {verdict.faults[0]}.",
                hint="Have it exported and sent again.",
            )
        sensors = _sensors(within, place, manifest)
        counts = _write_all(within, place, path, digest, sensors)
        unit.commit()
    return ImportedBundle(counts.records, counts.already_there, counts.rows)


def _enrolled(connection: Connection, manifest: Manifest) -> _Place:
    said = manifest.content
    row = connection.execute(
        select(Station.id, Station.time_zone, StationKey.id.label("key_id"), StationKey.public_key)
        .join(StationKey, StationKey.station_id == Station.id)
        .where(
            Station.origin == said["registry"],
            Station.code == said["station"]["code"],
            StationKey.public_key == manifest.public_key,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(
            f"Nobody enrolled station “{said['station']['code']}” of registry "
            f"{said['registry']} with the key {said['public_key']}.",
            hint="An administrator enrols it: `teak readings enrol BUNDLE --public-key KEY`.",
        )
    return _Place(row.id, row.key_id, bytes(row.public_key), row.time_zone)


def _sensors(within: Within, place: _Place, manifest: Manifest) -> dict[str, int]:
    """Give the sensors of the bundle by code; one that is new is registered."""
    known = {
        row.code: int(row.id)
        for row in within.connection.execute(
            select(Sensor.id, Sensor.code).where(Sensor.station_id == place.station_id)
        )
    }
    for item in manifest.content["sensors"]:
        said = item["description"]
        if said["sensor_id"] not in known:
            known[said["sensor_id"]] = add_sensor(within, place.station_id, _new_sensor(said))
    return known


def _new_sensor(said: Mapping[str, Any]) -> NewSensor:
    installed = said["installation_date"]
    return NewSensor(
        said["sensor_id"],
        said["sensor_type"],
        tuple(
            NewChannel(
                item["channel"],
                item["unit"],
                _decimal(item["range_low"]),
                _decimal(item["range_high"]),
                uncertainty=_decimal(item["uncertainty"]),
            )
            for item in said["channels"]
        ),
        said["manufacturer"],
        said["model_number"],
        said["serial_number"],
        None if installed is None else date.fromisoformat(installed),
        interval_ms=said["interval_ms"],
        accuracy=said["accuracy"],
        certification=tuple(said["certification"]),
        connection_type=ConnectionType(said["connection_type"]),
        power_source=PowerSource(said["power_source"]),
    )


def _write_all(
    within: Within, place: _Place, path: Path, digest: str, sensors: Mapping[str, int]
) -> _Counts:
    counts = _Counts()
    tails = {code: tail_of(within.connection, sensor_id) for code, sensor_id in sensors.items()}
    spans: dict[int, tuple[int, int]] = {}
    import_id: int | None = None
    for _, record in read_records(path):
        kept = _kept(record, sensors)
        code = str(record.said()["sensor"])
        sequence, latest = tails[code]
        if kept.sequence <= sequence:
            _require_same(within.connection, kept, path)
            counts.already_there += 1
            continue
        if kept.sequence != sequence + 1 or record.said()["previous"] != latest.hex():
            raise BundleRefused(
                f"“{path}” begins with record {kept.sequence} of sensor {code}; here the last is "
                f"{sequence}.",
                hint="Have the records between exported and import them first.",
            )
        if import_id is None:
            import_id = _import_row(within, path, digest)
        write_record(
            within.connection,
            kept,
            key_id=place.key_id,
            recorded_by=within.actor.id,
            import_id=import_id,
        )
        tails[code] = (kept.sequence, record.hash)
        first, last = spans.get(kept.sensor_id, (kept.first_us, kept.last_us))
        spans[kept.sensor_id] = (min(first, kept.first_us), max(last, kept.last_us))
        counts.records += 1
        counts.rows += kept.row_count
    rule = AveragingRule(zone=find_zone(place.time_zone))
    for sensor_id, (first, last) in spans.items():
        sensor = read_sensor(within.connection, sensor_id)
        rebuild_rollups(within.connection, sensor, rule, start_us=first, end_us=last + 1)
    return counts


def _import_row(within: Within, path: Path, digest: str) -> int:
    """Record the import before its records, which name it."""
    found = within.connection.execute(
        select(ReadingImport.id).where(ReadingImport.sha256 == digest, ReadingImport.subject == "")
    ).scalar()
    if found is not None:
        return int(found)
    made = inserted_id(
        within.connection.execute(
            insert(ReadingImport),
            {
                "sha256": digest,
                "subject": "",
                "form": FORM,
                "file_name": path.name,
                "settings": "{}",
                "row_count": 0,
                "refused_count": 0,
                "imported_at": within.now,
                "imported_by": within.actor.id,
            },
        )
    )
    within.log("readings-imported", {"sha256": digest, "form": FORM})
    return made


def _require_same(connection: Connection, kept: KeptRecord, path: Path) -> None:
    there = connection.execute(
        select(ReadingRecord.hash).where(
            ReadingRecord.sensor_id == kept.sensor_id, ReadingRecord.sequence == kept.sequence
        )
    ).scalar_one()
    if bytes(there) != kept.record.hash:
        raise BundleRefused(
            f"“{path}” holds another record {kept.sequence} of its sensor than the one here.",
            hint="Two chains were signed with one key: keep both files and ask an auditor.",
        )


def _kept(record: SignedRecord, sensors: Mapping[str, int]) -> KeptRecord:
    said = record.said()
    try:
        kind = RecordKind(said["kind"])
        first, last = (us_of_time(_time(said[name])) for name in ("from", "to"))
        rows = int(said["body"].get("rows", 0))
        return KeptRecord(
            sensors[said["sensor"]], int(said["sequence"]), kind, first, last, rows, record
        )
    except (KeyError, ValueError) as error:
        raise UsageError(f"A record of the bundle cannot be read: {error}.") from None


def _time(text: str) -> datetime:
    return read_time(text).astimezone(UTC)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
