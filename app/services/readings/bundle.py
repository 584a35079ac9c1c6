"""Evidence bundles: a station's records of a span in one file that others can verify.

Owns the form, version 1 (`docs/formats.md`, “Evidence bundle”), and writing it: a ZIP of
`manifest.json`, `manifest.sig`, `public-key.hex`, `records.ndjson`, one record a line, and the
certificates of the station's calibrations.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, func, select

from app.models.errors import NotFound, UsageError
from app.models.storage.unit_of_work import reading
from app.models.tables import Calibration, Document, ReadingRecord, SensorChannel, StationKey
from app.models.tables.base import time_text
from app.services.log.canonical import canonical_bytes
from app.services.readings.chain import KeptRecord, chain_from, find_station_key
from app.services.readings.record import us_of_time
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.listing import read_stations
from app.services.stations.values import SensorDetail, StationDetail

CERTIFICATES = "certificates/"
MANIFEST, SIGNATURE, PUBLIC_KEY, RECORDS = (
    "manifest.json",
    "manifest.sig",
    "public-key.hex",
    "records.ndjson",
)
SIGNED = b"teak-readings-bundle-v1\n"
FORM = "teak-readings"


@dataclass(frozen=True, slots=True)
class ExportedBundle:
    """What was written."""

    path: Path
    records: int
    rows: int
    public_key: bytes
    certificates: int

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line gives it."""
        return {
            "ok": True,
            "file": str(self.path),
            "records": self.records,
            "rows": self.rows,
            "public_key": self.public_key.hex(),
            "certificates": self.certificates,
        }


def export_bundle(
    registry: OpenRegistry,
    actor: Actor,
    path: Path,
    *,
    station: str,
    start: datetime,
    end: datetime,
    told: Callable[[int], None] | None = None,
) -> ExportedBundle:
    """Write a station's records about a span (and all between them) to a file, in little memory.

    The file stands whole or not at all. `told` hears how many records are written. Raises
    NotFound for an unknown station or an empty span, StationKeyAbsent, RulesBroken, UsageError
    when the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        with reading(registry.engine_for(actor)) as connection:
            require_technician(connection, actor, act="hands readings over", act_th="ส่งมอบค่าที่วัด")
            made = _write(connection, registry, actor, partial, station, (start, end), told)
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"“{path}” cannot be written: {error.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)
    return replace(made, path=path)


def record_line(kept: KeptRecord) -> bytes:
    """Write a record as one line of a bundle."""
    content = {
        "header": kept.record.header.decode(),
        "payload": base64.b64encode(kept.record.payload).decode("ascii"),
        "signature": kept.record.signature.hex(),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class _Added:
    """A sensor whose records are in the file, how far, and what the manifest says of it."""

    sensor_id: int
    last_sequence: int
    said: dict[str, Any]


@dataclass
class _Written:
    """What has gone into the file so far."""

    stream: IO[bytes]
    told: Callable[[int], None] | None
    records: int = 0
    rows: int = 0
    size: int = 0

    def __post_init__(self) -> None:
        self.digest = sha256()

    def add(self, kept: KeptRecord) -> None:
        line = record_line(kept)
        self.stream.write(line)
        self.digest.update(line)
        self.size += len(line)
        self.records += 1
        self.rows += kept.row_count
        if self.told is not None and self.records % 500 == 0:
            self.told(self.records)


def _write(
    connection: Connection,
    registry: OpenRegistry,
    actor: Actor,
    path: Path,
    station: str,
    span: tuple[datetime, datetime],
    told: Callable[[int], None] | None,
) -> ExportedBundle:
    detail = _station(connection, registry, station)
    start_us, end_us = us_of_time(span[0]), us_of_time(span[1])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        with bundle.open(RECORDS, "w", force_zip64=True) as stream:
            written = _Written(stream, told)
            sensors = [
                said
                for sensor in detail.sensors
                if (said := _add_sensor(connection, written, sensor, start_us, end_us))
            ]
        if not sensors:
            raise NotFound(
                f"Station “{station}” has no readings in that span.",
                hint="Give another --from and --to.",
            )
        certificates = _add_certificates(connection, bundle, sensors)
        _, key = find_station_key(connection, detail.id)
        public_key = key.public_key().public_bytes_raw()
        manifest = canonical_bytes(
            {
                "version": 1,
                "form": FORM,
                "registry": registry.registry_id,
                "station": describe_station(detail),
                "public_key": public_key.hex(),
                "keys": _keys(connection, detail.id),
                "from": time_text(span[0]),
                "to": time_text(span[1]),
                "created_at": time_text(registry.now()),
                "by": actor.user_name,
                "sensors": [item.said for item in sensors],
                "certificates": certificates,
                "records": written.records,
                "records_bytes": written.size,
                "records_sha256": written.digest.hexdigest(),
            }
        )
        bundle.writestr(MANIFEST, manifest)
        bundle.writestr(SIGNATURE, key.sign(SIGNED + manifest).hex() + "\n")
        bundle.writestr(PUBLIC_KEY, public_key.hex() + "\n")
    return ExportedBundle(path, written.records, written.rows, public_key, len(certificates))


def _station(connection: Connection, registry: OpenRegistry, code: str) -> StationDetail:
    for detail in read_stations(connection, registry.registry_id):
        if detail.collects_here and detail.code == code and detail.sensors:
            return detail
    raise NotFound(f"There is no station “{code}” with a sensor here.")


def _add_sensor(
    connection: Connection, written: _Written, sensor: SensorDetail, start_us: int, end_us: int
) -> _Added | None:
    """Write a sensor's records from the first about the span to the last, without a hole."""
    ends: Any = connection.execute(
        select(func.min(ReadingRecord.sequence), func.max(ReadingRecord.sequence)).where(
            ReadingRecord.sensor_id == sensor.id,
            ReadingRecord.first_us < end_us,
            ReadingRecord.last_us >= start_us,
        )
    ).one()
    first, last = ends
    if first is None:
        return None
    previous, latest, key_id = "", b"", 0
    for kept in chain_from(connection, sensor.id, first):
        if kept.sequence > last:
            break
        previous = previous or str(kept.record.said()["previous"])
        key_id = key_id or kept.key_id
        latest = kept.record.hash
        written.add(kept)
    said = {
        "description": describe_sensor(sensor),
        "first_sequence": first,
        "last_sequence": last,
        "first_key": _public_key(connection, key_id).hex(),
        "previous": previous,
        "last_hash": latest.hex(),
    }
    return _Added(sensor.id, last, said)


def _keys(connection: Connection, station_id: int) -> list[str]:
    """List every key of the station, the earliest first: the manifest vouches for all."""
    keys = connection.execute(
        select(StationKey.public_key)
        .where(StationKey.station_id == station_id)
        .order_by(StationKey.id)
    )
    return [bytes(key).hex() for key in keys.scalars()]


def _public_key(connection: Connection, key_id: int) -> bytes:
    key = select(StationKey.public_key).where(StationKey.id == key_id)
    return bytes(connection.execute(key).scalar_one())


def _add_certificates(
    connection: Connection, bundle: zipfile.ZipFile, sensors: Sequence[_Added]
) -> list[dict[str, Any]]:
    """Write the certificates of the calibrations whose receiver has their records."""
    found = []
    for sensor in sensors:
        rows = connection.execute(
            select(
                Calibration.code,
                Calibration.certificate_number,
                Calibration.certificate_sha256,
                Document.content,
            )
            .join(SensorChannel, SensorChannel.id == Calibration.channel_id)
            .join(Document, Document.sha256 == Calibration.certificate_sha256)
            .where(
                SensorChannel.sensor_id == sensor.sensor_id,
                Calibration.sequence <= sensor.last_sequence,
            )
            .order_by(Calibration.id)
        )
        for row in rows:
            bundle.writestr(f"{CERTIFICATES}{row.certificate_sha256}.pdf", bytes(row.content))
            found.append(
                {
                    "sensor": sensor.said["description"]["sensor_id"],
                    "calibration": row.code,
                    "certificate": row.certificate_number,
                    "sha256": row.certificate_sha256,
                }
            )
    return found


def describe_station(detail: StationDetail) -> dict[str, Any]:
    """Write what a bundle says of its station."""
    return {
        "code": detail.code,
        "name": detail.name,
        "owner": detail.owner,
        "latitude": _text(detail.latitude),
        "longitude": _text(detail.longitude),
        "elevation_m": _text(detail.elevation_m),
        "time_zone": detail.time_zone,
    }


def describe_sensor(sensor: SensorDetail) -> dict[str, Any]:
    """Write what a bundle says of a sensor, in the words of seed 5."""
    return {
        "sensor_id": sensor.code,
        "sensor_type": sensor.sensor_type,
        "manufacturer": sensor.manufacturer,
        "model_number": sensor.model_number,
        "serial_number": sensor.serial_number,
        "installation_date": _text(sensor.installation_date),
        "accuracy": sensor.accuracy,
        "certification": list(sensor.certification),
        "connection_type": sensor.connection_type,
        "power_source": sensor.power_source,
        "interval_ms": sensor.interval_ms,
        "channels": [
            {
                "channel": item.channel,
                "unit": item.unit,
                "range_low": _text(item.range_low),
                "range_high": _text(item.range_high),
                "uncertainty": _text(item.uncertainty),
            }
            for item in sensor.channels
        ],
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
