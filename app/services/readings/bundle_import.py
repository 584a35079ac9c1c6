"""Taking a bundle of readings in: verified, then imported once however often it is sent.

Owns writing its records as they are. A record that is there already is passed over; another
record at the same place, or one signed with a key whose time in the chain is over, is refused and
named. Its sensors come with the bundle, its calibrations by `bundle_calibrations`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from app.models.errors import NotFound, UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import ReadingImport, ReadingRecord, Sensor, Station, StationKey
from app.models.tables.base import inserted_id, read_time
from app.services.averaging.averages import AveragingRule
from app.services.measurement_files import find_zone
from app.services.readings.bundle_calibrations import take_calibration, take_certificates
from app.services.readings.bundle_reading import (
    BundleRefused,
    Manifest,
    file_digest,
    read_manifest,
    read_records,
    verify_bundle,
)
from app.services.readings.chain import KeptRecord, next_key, tail_of, write_record
from app.services.readings.record import RecordKind, SignedRecord, key_after, us_of_time
from app.services.readings.rollups import rebuild_rollups
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.listing import read_sensor
from app.services.stations.registering import Within, add_channel, add_sensor
from app.services.stations.values import (
    ConnectionType,
    NewChannel,
    NewSensor,
    PowerSource,
)

FORM = "bundle"
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class ImportedBundle:
    """What an import of a bundle did."""

    records: int
    already_there: int
    rows: int
    calibrations: int
    certificates: int

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line gives it."""
        return {
            "ok": True,
            "records": self.records,
            "already_there": self.already_there,
            "rows": self.rows,
            "calibrations": self.calibrations,
            "certificates": self.certificates,
        }


@dataclass(frozen=True, slots=True)
class _Place:
    station_id: int
    time_zone: str
    keys: Mapping[bytes, int]


@dataclass
class _Counts:
    records: int = 0
    already_there: int = 0
    rows: int = 0
    calibrations: int = 0


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
        verdict = verify_bundle(path, manifest.public_key, told=told)
        if not verdict.ok:
            raise BundleRefused(
                f"“{path}” does not verify: {verdict.faults[0]}.",
                hint="Have it exported and sent again.",
            )
        sensors = _sensors(within, place, manifest)
        counts = _Writer(within, place, path, digest, sensors).write()
        certificates = take_certificates(within, path, manifest, sensors)
        unit.commit()
    return ImportedBundle(
        counts.records, counts.already_there, counts.rows, counts.calibrations, certificates
    )


def _enrolled(connection: Connection, manifest: Manifest) -> _Place:
    """Find the station and its keys: the one that signed the manifest was enrolled."""
    said = manifest.content
    rows = connection.execute(
        select(Station.id, Station.time_zone, StationKey.id.label("key_id"), StationKey.public_key)
        .join(StationKey, StationKey.station_id == Station.id)
        .where(
            Station.origin == said["registry"],
            Station.code == said["station"]["code"],
        )
    ).all()
    keys = {bytes(row.public_key): int(row.key_id) for row in rows}
    if manifest.public_key not in keys:
        raise NotFound(
            f"Nobody enrolled station “{said['station']['code']}” of registry "
            f"{said['registry']} with the key {said['public_key']}.",
            hint="An administrator enrols it: `teak readings enrol BUNDLE --public-key KEY`.",
        )
    return _Place(rows[0].id, rows[0].time_zone, keys)


def _sensors(within: Within, place: _Place, manifest: Manifest) -> dict[str, int]:
    """Give the sensors of the bundle by code; what is new of them is registered."""
    known = {
        row.code: int(row.id)
        for row in within.connection.execute(
            select(Sensor.id, Sensor.code).where(Sensor.station_id == place.station_id)
        )
    }
    for item in manifest.content["sensors"]:
        said = item["description"]
        new = _new_sensor(said)
        if new.code not in known:
            known[new.code] = add_sensor(within, place.station_id, new)
            continue
        there = read_sensor(within.connection, known[new.code])
        for channel in new.channels:
            if there.channel(channel.channel) is None:
                add_channel(within, there.id, channel)
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


class _Writer:
    """Writes the records of one bundle, in their order, within one unit of work."""

    def __init__(
        self, within: Within, place: _Place, path: Path, digest: str, sensors: Mapping[str, int]
    ) -> None:
        self._within = within
        self._place = place
        self._path = path
        self._digest = digest
        self._sensors = sensors
        self._counts = _Counts()
        self._chains = {
            sensor_id: _Chain(within.connection, sensor_id) for sensor_id in sensors.values()
        }
        self._import_id: int | None = None

    def write(self) -> _Counts:
        """Write what is not there yet, and the roll-ups of it."""
        for _, record in read_records(self._path):
            self._take(_kept(record, self._sensors))
        rule = AveragingRule(zone=find_zone(self._place.time_zone))
        for sensor_id, chain in self._chains.items():
            if chain.span is not None:
                first, last = chain.span
                sensor = read_sensor(self._within.connection, sensor_id)
                rebuild_rollups(
                    self._within.connection, sensor, rule, start_us=first, end_us=last + 1
                )
        return self._counts

    def _take(self, kept: KeptRecord) -> None:
        chain = self._chains[kept.sensor_id]
        if kept.sequence <= chain.there:
            self._require_same(chain, kept)
            self._counts.already_there += 1
        else:
            self._require_next(chain, kept)
            self._append(chain, kept)
        if kept.kind is RecordKind.CALIBRATION:
            import_id = chain.import_of(kept.sequence) or self._import_row()
            taken = take_calibration(self._within, kept, import_id=import_id)
            self._counts.calibrations += taken

    def _append(self, chain: _Chain, kept: KeptRecord) -> None:
        write_record(
            self._within.connection,
            kept,
            key_id=self._place.keys[chain.key],
            recorded_by=self._within.actor.id,
            import_id=self._import_row(),
        )
        chain.add(kept)
        self._counts.records += 1
        self._counts.rows += kept.row_count

    def _require_next(self, chain: _Chain, kept: KeptRecord) -> None:
        said, code = kept.record.said(), kept.record.said()["sensor"]
        if kept.sequence != chain.sequence + 1 or said["previous"] != chain.latest.hex():
            raise BundleRefused(
                f"“{self._path}” begins with record {kept.sequence} of sensor {code}; here the "
                f"last is {chain.sequence}.",
                hint="Have the records between exported and import them first.",
            )
        signed = (key for key in self._place.keys if not kept.record.fault(key))
        key = chain.key or next(signed, b"")
        if key not in self._place.keys:
            raise BundleRefused(
                f"“{self._path}”: record {kept.sequence} of sensor {code} is signed with a key "
                "that nobody enrolled.",
                hint="An administrator enrols the station's newest key with its newest bundle.",
            )
        fault = kept.record.fault(key)
        if fault:
            raise BundleRefused(
                f"“{self._path}”: record {kept.sequence} of sensor {code} is not signed with the "
                "key that signs there.",
                hint="The station's key was changed before it: keep the file and ask an auditor.",
            )
        chain.key = key

    def _require_same(self, chain: _Chain, kept: KeptRecord) -> None:
        if chain.hash_of(kept.sequence) != kept.record.hash:
            raise BundleRefused(
                f"“{self._path}” holds another record {kept.sequence} of its sensor than the one "
                "here.",
                hint="Two chains were signed with one key: keep both files and ask an auditor.",
            )

    def _import_row(self) -> int:
        """Record the import before its records, which name it."""
        if self._import_id is None:
            self._import_id = _import_row(self._within, self._path, self._digest)
        return self._import_id


class _Chain:
    """Where the chain of a sensor stands here, and what is known of its records.

    `there` is the last record from before, `sequence` the last by now; `key` signs what follows.
    """

    def __init__(self, connection: Connection, sensor_id: int) -> None:
        self._connection = connection
        self._sensor_id = sensor_id
        self.sequence, self.latest = tail_of(connection, sensor_id)
        self.there = self.sequence
        self.key = next_key(connection, sensor_id) or b""
        self.span: tuple[int, int] | None = None
        self._known: dict[int, tuple[bytes, int | None]] = {}

    def add(self, kept: KeptRecord) -> None:
        """Go on with a record that was written; the span is of what is new."""
        self.sequence, self.latest = kept.sequence, kept.record.hash
        self.key = key_after(kept.record.said(), self.key)
        first, last = self.span or (kept.first_us, kept.last_us)
        self.span = (min(first, kept.first_us), max(last, kept.last_us))

    def hash_of(self, sequence: int) -> bytes:
        """Give the hash of a record from before."""
        return self._look_up(sequence)[0]

    def import_of(self, sequence: int) -> int | None:
        """Give the import that brought a record from before; None for a new one."""
        return self._look_up(sequence)[1] if sequence <= self.there else None

    def _look_up(self, sequence: int) -> tuple[bytes, int | None]:
        if sequence not in self._known:
            rows = self._connection.execute(
                select(ReadingRecord.sequence, ReadingRecord.hash, ReadingRecord.import_id)
                .where(
                    ReadingRecord.sensor_id == self._sensor_id, ReadingRecord.sequence >= sequence
                )
                .order_by(ReadingRecord.sequence)
                .limit(_AT_A_TIME)
            )
            self._known = {row.sequence: (bytes(row.hash), row.import_id) for row in rows}
        return self._known[sequence]


def _import_row(within: Within, path: Path, digest: str) -> int:
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
