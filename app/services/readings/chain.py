"""The chain of a sensor in the registry: appended to at its end, read from anywhere.

Owns reading and writing rows of `reading_record`. What stands in them is not judged here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select, text

from app.models.errors import NotFound, TeakError
from app.models.storage.prepared import Prepared
from app.models.tables import ReadingRecord, Sensor, Station, StationKey
from app.services.readings.record import (
    CHAIN_START,
    RecordContent,
    RecordKind,
    RecordPlace,
    SignedRecord,
    key_after,
    sign_record,
)
from app.services.registry.context import Actor

LONGEST_RECORD_US = 86_400_000_000
"""No record of readings is about more than a day: by this a search by time knows where to begin."""

_AT_A_TIME = 200
_INSERT = Prepared(insert(ReadingRecord))
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('teak reading', :sensor_id))")
"""The lock that the database's own guard takes for each record of a sensor."""
_MAY_SIGN = text("SELECT has_column_privilege('teak.station_key', 'private_key', 'SELECT')")


class StationKeyAbsent(TeakError):
    """Here nobody holds the private key of the station."""

    code = "station-key-absent"


@dataclass(frozen=True, slots=True)
class SensorKey:
    """A sensor, its station, and the key that signs for it."""

    sensor_id: int
    sensor: str
    station_id: int
    station: str
    origin: str
    key_id: int
    private_key: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record and its place in the registry."""

    sensor_id: int
    sequence: int
    kind: RecordKind
    first_us: int
    last_us: int
    row_count: int
    record: SignedRecord
    key_id: int = 0


def find_sensor_key(connection: Connection, sensor_id: int) -> SensorKey:
    """Give a sensor and the key in use; raises NotFound, or StationKeyAbsent for one elsewhere."""
    row = connection.execute(
        select(Sensor.code, Station.id, Station.code.label("station"), Station.origin)
        .join(Station, Station.id == Sensor.station_id)
        .where(Sensor.id == sensor_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no sensor {sensor_id} in this registry.")
    key_id, private = find_station_key(connection, row.id)
    return SensorKey(sensor_id, row.code, row.id, row.station, row.origin, key_id, private)


def find_station_key(connection: Connection, station_id: int) -> tuple[int, Ed25519PrivateKey]:
    """Give the key of a station that is in use, with its id; StationKeyAbsent for one elsewhere."""
    _require_right_to_sign(connection)
    key = connection.execute(
        select(StationKey.id, StationKey.private_key).where(
            StationKey.station_id == station_id,
            StationKey.retired_at.is_(None),
            StationKey.private_key.is_not(None),
        )
    ).one_or_none()
    if key is None:
        code = connection.execute(select(Station.code).where(Station.id == station_id)).scalar()
        raise StationKeyAbsent(
            f"The key of station “{code}” is not kept here.",
            hint="Its readings come as bundles of the registry that collects from it.",
        )
    return int(key.id), Ed25519PrivateKey.from_private_bytes(bytes(key.private_key))


def _require_right_to_sign(connection: Connection) -> None:
    """Say in words what a server refuses: only technicians sign for its stations."""
    if connection.dialect.name != "postgresql" or connection.execute(_MAY_SIGN).scalar_one():
        return
    raise StationKeyAbsent(
        "On a server only technicians sign what a station measures.",
        hint="Have a technician do it.",
    )


class ChainWriter:
    """Appends records of one sensor within one unit of work, with the key that is in use now.

    On a server others who append to the same sensor wait until this unit of work is over. Raises
    NotFound for an unknown sensor, StationKeyAbsent.
    """

    def __init__(self, connection: Connection, sensor_id: int, actor: Actor) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(_ALONE, {"sensor_id": sensor_id})
        self._connection = connection
        self._key = find_sensor_key(connection, sensor_id)
        self._actor = actor
        self.sequence, self._previous = tail_of(connection, sensor_id)

    def append(
        self, content: RecordContent, *, recorded_at: datetime, import_id: int | None = None
    ) -> KeptRecord:
        """Sign a record and write it at the end of the chain."""
        key = self._key
        place = RecordPlace(key.origin, key.station, key.sensor, self.sequence + 1, self._previous)
        record = sign_record(
            place,
            content,
            recorded_at=recorded_at,
            by=self._actor.user_name,
            key=key.private_key,
        )
        kept = KeptRecord(
            key.sensor_id,
            place.sequence,
            content.kind,
            content.first_us,
            content.last_us,
            content.row_count,
            record,
        )
        write_record(
            self._connection,
            kept,
            key_id=key.key_id,
            recorded_by=self._actor.id,
            import_id=import_id,
        )
        self.sequence, self._previous = place.sequence, record.hash
        return kept


def write_record(
    connection: Connection,
    kept: KeptRecord,
    *,
    key_id: int,
    recorded_by: int,
    import_id: int | None,
) -> None:
    """Write a record as it is; the database refuses one that does not follow the last."""
    _INSERT.run(
        connection,
        {
            "sensor_id": kept.sensor_id,
            "sequence": kept.sequence,
            "kind": str(kept.kind),
            "first_us": kept.first_us,
            "last_us": kept.last_us,
            "row_count": kept.row_count,
            "header": kept.record.header,
            "payload": kept.record.payload,
            "hash": kept.record.hash,
            "signature": kept.record.signature,
            "key_id": key_id,
            "recorded_by": recorded_by,
            "import_id": import_id,
        },
    )


def tail_of(connection: Connection, sensor_id: int) -> tuple[int, bytes]:
    """Give the last sequence number of a sensor and its hash; (0, 32 zero bytes) for none."""
    return _tail(connection, sensor_id) or (0, CHAIN_START)


def last_record(connection: Connection, sensor_id: int, kind: RecordKind) -> KeptRecord | None:
    """Find the latest record of a kind by what it is about; reads one row."""
    row = connection.execute(
        _KEPT.where(ReadingRecord.sensor_id == sensor_id, ReadingRecord.kind == str(kind))
        .order_by(ReadingRecord.first_us.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _kept(row)


def records_between(
    connection: Connection,
    sensor_id: int,
    *,
    kind: RecordKind,
    start_us: int,
    end_us: int,
    most: int | None = None,
) -> list[KeptRecord]:
    """List the records of a kind that are about some of a span (its end not included)."""
    statement = _KEPT.where(*_about(sensor_id, kind, start_us, end_us)).order_by(
        ReadingRecord.first_us, ReadingRecord.sequence
    )
    rows = connection.execute(statement if most is None else statement.limit(most))
    return [_kept(row) for row in rows]


def count_between(
    connection: Connection, sensor_id: int, *, start_us: int, end_us: int, most: int
) -> int:
    """Count the records of readings about a span, as far as `most`; reads the index alone."""
    found = connection.execute(
        select(ReadingRecord.first_us)
        .where(*_about(sensor_id, RecordKind.READINGS, start_us, end_us))
        .limit(most)
    )
    return len(found.all())


def next_key(connection: Connection, sensor_id: int) -> bytes | None:
    """Give the public key that signs what follows the last record; None for an empty chain."""
    row = connection.execute(
        select(ReadingRecord.kind, ReadingRecord.header, StationKey.public_key)
        .join(StationKey, StationKey.id == ReadingRecord.key_id)
        .where(ReadingRecord.sensor_id == sensor_id)
        .order_by(ReadingRecord.sequence.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    said = json.loads(bytes(row.header)) if row.kind == RecordKind.KEY else {}
    return key_after(said, bytes(row.public_key))


def chain_from(connection: Connection, sensor_id: int, sequence: int) -> Iterator[KeptRecord]:
    """Give the records of a sensor from a place on, one by one, a few read at a time."""
    following = sequence
    while True:
        rows = connection.execute(
            _KEPT.where(ReadingRecord.sensor_id == sensor_id, ReadingRecord.sequence >= following)
            .order_by(ReadingRecord.sequence)
            .limit(_AT_A_TIME)
        ).all()
        for row in rows:
            yield _kept(row)
        if len(rows) < _AT_A_TIME:
            return
        following = rows[-1].sequence + 1


_KEPT = select(
    ReadingRecord.sensor_id,
    ReadingRecord.sequence,
    ReadingRecord.kind,
    ReadingRecord.first_us,
    ReadingRecord.last_us,
    ReadingRecord.row_count,
    ReadingRecord.header,
    ReadingRecord.payload,
    ReadingRecord.signature,
    ReadingRecord.key_id,
)


def _about(sensor_id: int, kind: RecordKind, start_us: int, end_us: int) -> tuple[Any, ...]:
    about = (
        ReadingRecord.sensor_id == sensor_id,
        ReadingRecord.kind == str(kind),
        ReadingRecord.first_us < end_us,
        ReadingRecord.last_us >= start_us,
    )
    if kind is not RecordKind.READINGS:
        return about
    return (*about, ReadingRecord.first_us >= start_us - LONGEST_RECORD_US)


def _tail(connection: Connection, sensor_id: int) -> tuple[int, bytes] | None:
    row = connection.execute(
        select(ReadingRecord.sequence, ReadingRecord.hash)
        .where(ReadingRecord.sensor_id == sensor_id)
        .order_by(ReadingRecord.sequence.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (int(row[0]), bytes(row[1]))


def _kept(row: Any) -> KeptRecord:
    record = SignedRecord(bytes(row.header), bytes(row.payload), bytes(row.signature))
    return KeptRecord(
        row.sensor_id,
        row.sequence,
        RecordKind(row.kind),
        row.first_us,
        row.last_us,
        row.row_count,
        record,
        row.key_id,
    )
