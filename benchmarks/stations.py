"""Readings stored, shown and verified: one station at 1 Hz × 9 channels on SQLCipher.

Ingest is measured with all it does (quality tests, calibration, chain, signature, roll-ups,
storage) against bare inserts of the same numbers into the same kind of file, one row a reading
in one transaction a minute. A year's chart is measured against adding up the same year's
five-minute rows; verification against hashing the same bytes once. `full` stores a whole month.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from pathlib import Path

from sqlalchemy import func, insert, select

from app.models.codes import Role
from app.models.storage.sqlcipher import create_database, open_engine
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Person, ReadingRecord, ReadingRollup
from app.services.readings.arriving import Arrived, ArrivedValue
from app.services.readings.ingest import SensorIngest
from app.services.readings.queries import series_within
from app.services.readings.record import us_of_time
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.creating import create_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry
from app.services.stations.registering import register_sensor, register_station
from app.services.stations.values import NewChannel, NewSensor, NewStation
from benchmarks.measuring import Aim, Ratio, Scale, interleave, seconds

_SECONDS = {"tiny": 11_400, "small": 21_600, "full": 30 * 86_400}
_RACED = {"tiny": 120, "small": 1_800, "full": 7_200}
_UNITS = {
    "pm1": "µg/m³",
    "pm2_5": "µg/m³",
    "pm10": "µg/m³",
    "pm1_cf1": "µg/m³",
    "pm2_5_cf1": "µg/m³",
    "pm10_cf1": "µg/m³",
    "temperature": "°C",
    "humidity": "%",
    "pressure": "hPa",
}
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_YEAR_US = 365 * 86_400 * 1_000_000
_MOST_BYTES = 16
"""What a reading may cost in the records, whatever the air does."""


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Race ingest, then store the long stretch and measure what is asked of it."""
    yield _ingest(scale, folder)
    registry, technician = _registry(folder / "long.teak")
    sensor_id = _sensor(registry, technician)
    count = _SECONDS[scale.name]
    ingest = SensorIngest(registry, technician, sensor_id)
    took_s = seconds(lambda: _take(ingest, count))
    yield _size(registry, count, took_s, folder / "long.teak")
    yield _year(scale, registry, count)
    yield _verification(scale, registry)
    close_registry(registry)


def _ingest(scale: Scale, folder: Path) -> Ratio:
    count = _RACED[scale.name]
    registry, technician = _registry(folder / "race.teak")
    made = create_database(folder / "bare.teak")
    bare = open_engine(folder / "bare.teak", made.key)
    with UnitOfWork(bare) as unit:
        unit.connection.exec_driver_sql(
            "CREATE TABLE reading (channel INTEGER, at INTEGER, value REAL)"
        )
        unit.commit()
    numbers = iter(range(1_000))

    def ours() -> None:
        sensor_id = _sensor(registry, technician, next(numbers))
        _take(SensorIngest(registry, technician, sensor_id), count)

    def theirs() -> None:
        frames = _frames(count)
        while minute := list(islice(frames, 60)):
            with UnitOfWork(bare) as unit:
                unit.connection.exec_driver_sql(
                    "INSERT INTO reading VALUES (?, ?, ?)",
                    [
                        (place, us_of_time(item.at), float(value.value or 0))
                        for item in minute
                        for place, value in enumerate(item.values)
                    ],
                )
                unit.commit()

    pair = interleave(ours, theirs, min(scale.repeats, 5))
    close_registry(registry)
    bare.dispose()
    rate = sorted(count / own for own in pair.ours)[len(pair.ours) // 2]
    return Ratio(
        "speed of ingest (judged, calibrated, chained, signed, rolled up) / bare inserts",
        pair.speeds(),
        f"{count:,} frames of 9 channels, {rate:,.0f} frames a second ({rate * 9:,.0f} readings)",
        Aim(least=0.1),
    )


def _size(registry: OpenRegistry, count: int, took_s: float, path: Path) -> Ratio:
    with reading(registry.engine) as connection:
        stored, records = connection.execute(
            select(
                func.sum(
                    func.length(ReadingRecord.header) + func.length(ReadingRecord.payload) + 128
                ),
                func.count(),
            )
        ).one()
        rollups = connection.execute(select(func.count()).select_from(ReadingRollup)).scalar_one()
    each = int(stored) / (count * len(_UNITS))
    return Ratio(
        f"bytes a reading costs in its record / {_MOST_BYTES} bytes",
        (each / _MOST_BYTES,),
        f"{count * 9:,} readings in {took_s:,.0f} s: {each:.2f} bytes each, {records:,} records, "
        f"{rollups:,} roll-ups; the file has {path.stat().st_size / 1e6:,.1f} MB",
        Aim(most=1),
    )


def _year(scale: Scale, registry: OpenRegistry, count: int) -> Ratio:
    """Measure a year's chart: its hours are put in beside those of the stretch."""
    with UnitOfWork(registry.engine) as unit:
        channel_id = unit.connection.execute(
            select(func.min(ReadingRollup.channel_id))
        ).scalar_one()
        unit.connection.execute(insert(ReadingRollup), list(_rollups(channel_id, 3600)))
        unit.connection.execute(insert(ReadingRollup), list(_rollups(channel_id, 300)))
        unit.commit()
    end = us_of_time(_BEGIN + timedelta(seconds=count))
    start = end - _YEAR_US
    with reading(registry.engine) as connection:
        pair = interleave(
            lambda: series_within(connection, channel_id, start_us=start, end_us=end),
            lambda: connection.exec_driver_sql(
                "SELECT count(*), sum(mean) FROM reading_rollup WHERE channel_id = ? "
                "AND period_s = 300",
                (channel_id,),
            ).one(),
            scale.repeats,
        )
        series = series_within(connection, channel_id, start_us=start, end_us=end)
    shown_s = sorted(pair.ours)[len(pair.ours) // 2]
    return Ratio(
        "time of a year's chart / adding up the year's five-minute rows",
        pair.costs(),
        f"{series.rows_read:,} rows read at level {series.level}, {shown_s * 1000:,.0f} ms",
        Aim(most=20),
    )


def _verification(scale: Scale, registry: OpenRegistry) -> Ratio:
    def hashing() -> None:
        with reading(registry.engine) as connection:
            for row in connection.execute(select(ReadingRecord.header, ReadingRecord.payload)):
                sha256(row.header).update(row.payload)

    pair = interleave(lambda: verify_readings(registry), hashing, min(scale.repeats, 3))
    verdict = verify_readings(registry)
    took_s = sorted(pair.ours)[len(pair.ours) // 2]
    year_s = took_s / max(1, verdict.records) * 365 * 24 * 60
    return Ratio(
        "time of verifying every record / reading and hashing the same bytes",
        pair.costs(),
        f"{verdict.records:,} records in {took_s:,.2f} s; a year of one sensor at 1 Hz "
        f"(525,600 records) at that pace: {year_s:,.0f} s",
        Aim(most=20),
    )


def _rollups(channel_id: int, period_s: int) -> Iterator[dict[str, object]]:
    start = us_of_time(_BEGIN) - _YEAR_US
    for place in range(365 * 86_400 // period_s):
        begins = start + place * period_s * 1_000_000
        yield {
            "channel_id": channel_id,
            "period_s": period_s,
            "start_us": begins,
            "end_us": begins + period_s * 1_000_000,
            "mean": 20.0 + place % 24,
            "minimum": 10.0,
            "maximum": 50.0,
            "raw_mean": 20.0,
            "calms": 0,
            "used": 12,
            "expected": 12,
            "good": 3600,
            "suspicious": 0,
            "bad": 0,
            "missing": 0,
        }


def _registry(path: Path) -> tuple[OpenRegistry, Actor]:
    registry = create_registry(path, new=DEMO_REGISTRY, people=DEMO_PEOPLE).registry
    with reading(registry.engine) as connection:
        row = connection.execute(
            select(Person.id, Person.user_name, Person.name).where(Person.role == "technician")
        ).first()
    assert row is not None
    return registry, Actor(row.id, row.user_name, row.name, Role.TECHNICIAN)


def _sensor(registry: OpenRegistry, technician: Actor, number: int = 0) -> int:
    code = f"ST-{number}"
    register_station(registry, technician, NewStation(code, code))
    channels = tuple(NewChannel(name, unit) for name, unit in _UNITS.items())
    return register_sensor(registry, technician, code, NewSensor("SEN-1", "pm", channels))


def _take(ingest: SensorIngest, count: int) -> None:
    for item in _frames(count):
        ingest.take(item, watched=False)
    ingest.close()


def _frames(count: int) -> Iterator[Arrived]:
    """Make frames as a particle sensor with weather gives them: 32 bytes, slowly changing air."""
    drawn = random.Random(1)
    at = [8.0, 12.0, 20.0, 9.0, 13.0, 22.0, 28.0, 70.0, 1010.0]
    for second in range(count):
        # Air comes back to where it was: a month does not wander off.
        at = [
            value + drawn.gauss(0, 0.05) - 0.001 * (value - middle)
            for value, middle in zip(at, (8, 12, 20, 9, 13, 22, 28, 70, 1010), strict=True)
        ]
        values = tuple(
            ArrivedValue(name, Decimal(f"{value:.{0 if unit == 'µg/m³' else 1}f}"), unit)
            for (name, unit), value in zip(_UNITS.items(), at, strict=True)
        )
        raw = b"BM\x00\x1c" + b"".join(int(v * 10).to_bytes(2, "big", signed=True) for v in at)
        moment = _BEGIN + timedelta(seconds=second, microseconds=drawn.randrange(3_000))
        yield Arrived(moment, values, raw + bytes(10))
