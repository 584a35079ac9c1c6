"""What charts are given, what the roll-ups say, and how few rows are read for it."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import event, insert

from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import ReadingRollup
from app.services.averaging.averages import AveragingRule
from app.services.averaging.periods import Period
from app.services.measurement_files import find_zone
from app.services.quality.flags import Flag
from app.services.readings.ingest import IngestSettings
from app.services.readings.marking import Marking, mark_readings, recalibrate
from app.services.readings.queries import (
    MOST_ROLLUPS,
    calendar,
    day_periods,
    latest_values,
    read_series,
    span_statistics,
)
from app.services.readings.record import us_of_time
from app.services.readings.rollup_rows import read_rollups
from app.services.readings.rollups import rebuild_rollups
from app.services.registry.context import Actor, OpenRegistry
from tests.fixtures.stations import BEGIN, FieldStation, frame, make_station, steady_frames

AT = us_of_time(BEGIN)
HOUR_US = 3_600_000_000


@pytest.fixture
def station(registry: OpenRegistry, people: dict[str, Actor]) -> FieldStation:
    return make_station(registry, people["technician"], interval_ms=10_000)


def filled(station: FieldStation, frames: int = 900) -> FieldStation:
    ingest = station.ingest(IngestSettings(period_s=600))
    for item in steady_frames(frames, step_s=10):
        ingest.take(item, watched=False)
    ingest.close()
    return station


@pytest.mark.both_engines
def test_a_short_span_shows_every_reading_and_its_flag(station: FieldStation) -> None:
    filled(station)
    series = read_series(
        station.registry, station.channel_id("co2"), start_us=AT, end_us=AT + HOUR_US
    )
    assert series.level == "raw"
    assert series.times_us.size == 360
    assert set(series.flags.tolist()) <= {int(flag) for flag in Flag}
    assert series.rows_read <= 8
    assert math.isclose(float(series.value.mean()), 420, abs_tol=0.5)
    (latest, _) = sorted(
        latest_values(station.registry, station.sensor.id), key=lambda v: v.channel
    )
    assert latest.at_us == AT + 8990 * 1_000_000
    assert isinstance(latest.raw, Decimal)


@pytest.mark.both_engines
def test_rollups_made_on_the_way_are_those_made_anew(station: FieldStation) -> None:
    filled(station)
    ids = [item.id for item in station.sensor.channels]
    rule = AveragingRule(zone=find_zone("Asia/Bangkok"))
    span = {"start_us": AT - 48 * HOUR_US, "end_us": AT + 48 * HOUR_US}
    with UnitOfWork(station.registry.engine_for(station.technician)) as unit:
        before = [read_rollups(unit.connection, ids, period, **span) for period in Period]
        rebuild_rollups(
            unit.connection, station.sensor, rule, start_us=AT, end_us=AT + 8991 * 1_000_000
        )
        after = [read_rollups(unit.connection, ids, period, **span) for period in Period]
    assert before == after
    five, hours, days = (found[ids[0]] for found in before)
    assert len(five) == 30
    assert [item.used for item in hours] == [12, 12, 6]
    # Half an hour is no hour: below 75 % there is no mean, yet its extremes are told.
    assert hours[2].mean is None
    assert hours[2].maximum is not None
    assert len(days) == 1
    assert days[0].mean is None


@pytest.mark.both_engines
def test_a_restart_within_a_period_rolls_up_what_was_there_before(station: FieldStation) -> None:
    frames = list(steady_frames(30, step_s=10))
    for part in (frames[:12], frames[12:]):
        ingest = station.ingest(IngestSettings(period_s=60))
        for item in part:
            ingest.take(item)
        ingest.close()
    with reading(station.registry.engine) as connection:
        (rolled,) = read_rollups(
            connection,
            [station.channel_id("co2")],
            Period.FIVE_MINUTES,
            start_us=AT,
            end_us=AT + HOUR_US,
        ).values()
    assert [item.used for item in rolled] == [30]


def test_wind_is_averaged_as_a_vector(registry: OpenRegistry, people: dict[str, Actor]) -> None:
    station = make_station(
        registry,
        people["technician"],
        channels=("wind_speed", "wind_direction"),
        interval_ms=10_000,
    )
    ingest = station.ingest()
    for number in range(31):
        direction = 350 if number % 2 else 10
        ingest.take(frame(number * 10, wind_speed=3, wind_direction=direction))
    ingest.close()
    with reading(registry.engine) as connection:
        found = read_rollups(
            connection,
            [station.channel_id("wind_direction")],
            Period.FIVE_MINUTES,
            start_us=AT,
            end_us=AT + 1,
        )
    (rolled,) = found[station.channel_id("wind_direction")]
    assert rolled.mean is not None
    assert min(rolled.mean, 360 - rolled.mean) < 1e-6
    assert rolled.speed == pytest.approx(3)


def test_a_year_is_shown_from_hours_and_reads_no_more_rows_than_stated(
    station: FieldStation,
) -> None:
    """A year of records is stood in for by their roll-ups: the query must not touch a record."""
    filled(station)
    channel_id = station.channel_id("co2")
    year_ago = AT - 365 * 24 * HOUR_US
    rows = [
        {
            "channel_id": channel_id,
            "period_s": 3600,
            "start_us": year_ago + hour * HOUR_US,
            "end_us": year_ago + (hour + 1) * HOUR_US,
            "mean": 400.0 + hour % 24,
            "calms": 0,
            "used": 12,
            "expected": 12,
            "good": 360,
            "suspicious": 0,
            "bad": 0,
            "missing": 0,
        }
        for hour in range(365 * 24)
    ]
    with UnitOfWork(station.registry.engine) as unit:
        unit.connection.execute(insert(ReadingRollup), rows)
        # So many records that a chart may not read them.
        unit.commit()
    ingest = station.ingest(IngestSettings(period_s=10))
    for item in steady_frames(400, step_s=10, start=BEGIN + timedelta(hours=3)):
        ingest.take(item, watched=False)
    ingest.close()
    statements: list[str] = []
    event.listen(
        station.registry.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_: statements.append(statement),
    )
    series = read_series(station.registry, channel_id, start_us=year_ago, end_us=AT + 24 * HOUR_US)
    assert series.level == "3600"
    assert 365 * 24 <= series.rows_read <= MOST_ROLLUPS
    assert all("payload" not in statement for statement in statements)
    ten_years = read_series(
        station.registry,
        channel_id,
        start_us=AT - 10 * 365 * 24 * HOUR_US,
        end_us=AT + HOUR_US * 48,
    )
    assert ten_years.level == "86400"
    assert ten_years.rows_read <= MOST_ROLLUPS


@pytest.mark.both_engines
def test_later_flags_and_corrections_change_what_is_shown_and_not_what_is_stored(
    station: FieldStation,
) -> None:
    from tests.services.stations.test_calibrations import record_two_points

    filled(station, 360)
    channel_id = station.channel_id("co2")
    span = {"start_us": AT, "end_us": AT + HOUR_US}
    before = read_series(station.registry, channel_id, **span)
    marking = Marking(
        ("co2",), BEGIN, BEGIN + timedelta(minutes=10), Flag.SUSPECT, "Found out of tolerance."
    )
    mark_readings(station.registry, station.technician, station.sensor.id, marking)
    code = record_two_points(station, at=BEGIN + timedelta(hours=1))
    recalibrate(
        station.registry,
        station.technician,
        station.sensor.id,
        code,
        start=BEGIN,
        end=BEGIN + timedelta(minutes=20),
    )
    after = read_series(station.registry, channel_id, **span)
    assert after.raw.tolist() == before.raw.tolist()
    assert set(after.flags[:60].tolist()) == {int(Flag.SUSPECT)}
    assert after.flags[100:].tolist() == before.flags[100:].tolist()
    assert not np.allclose(after.value[:100], before.value[:100])
    assert after.value[200:].tolist() == before.value[200:].tolist()
    with reading(station.registry.engine) as connection:
        (first, *_) = read_rollups(connection, [channel_id], Period.FIVE_MINUTES, **span)[
            channel_id
        ]
    assert first.suspicious == 30
    assert first.mean == pytest.approx(float(after.value[:30].mean()))


@pytest.mark.both_engines
def test_statistics_calendar_and_day(station: FieldStation) -> None:
    filled(station)
    channel_id = station.channel_id("co2")
    found = span_statistics(station.registry, channel_id, start_us=AT, end_us=AT + HOUR_US)
    assert found.count == 360
    assert found.minimum >= 419.5
    assert found.maximum <= 420.5
    assert found.good + found.suspicious + found.bad + found.missing == 360
    days = calendar(station.registry, channel_id, first=date(2026, 11, 19), last=date(2026, 11, 21))
    assert [day.rollup is not None for day in days] == [False, True, False]
    hours = day_periods(station.registry, channel_id, date(2026, 11, 20))
    assert [datetime.fromtimestamp(hour.start_us / 1e6, UTC).hour for hour in hours] == [0, 1, 2]
    assert span_statistics(station.registry, channel_id, start_us=0, end_us=1).count == 0
