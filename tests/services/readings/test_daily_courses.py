"""Mean days: by the station's clock, over months and ISO weeks, directions as vectors."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import ReadingRollup
from app.services.readings.daily_courses import Stretch, mean_days, mean_direction
from app.services.readings.record import us_of_time
from app.services.registry.context import Actor, OpenRegistry
from tests.fixtures.stations import FieldStation, make_station

BANGKOK = ZoneInfo("Asia/Bangkok")
HOUR_US = 3_600_000_000


def keep_hours(
    station: FieldStation, channel: str, hours: list[tuple[datetime, float | None]]
) -> None:
    rows = [
        {
            "channel_id": station.channel_id(channel),
            "period_s": 3600,
            "mean": mean,
            "start_us": us_of_time(at),
            "end_us": us_of_time(at) + HOUR_US,
            "minimum": mean,
            "maximum": mean,
            "raw_mean": mean,
            "used": 12,
            "expected": 12,
            "good": 12,
            "suspicious": 0,
            "bad": 0,
            "missing": 0,
            "calms": 0,
        }
        for at, mean in hours
    ]
    with UnitOfWork(station.registry.engine) as unit:
        unit.connection.execute(insert(ReadingRollup), rows)
        unit.commit()


def test_an_hour_is_averaged_over_the_days_that_have_it(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    station = make_station(registry, people["technician"])
    first = datetime(2026, 1, 31, 23, tzinfo=BANGKOK)
    hours = [(first + timedelta(days=day), 400.0 + day) for day in range(3)]
    keep_hours(station, "co2", [*hours, (first + timedelta(days=3), None)])
    found = mean_days(registry, station.channel_id("co2"), year=2026, stretch=Stretch.MONTH)
    assert [(day.number, day.means[23], day.counts[23], day.days) for day in found] == [
        (1, 400.0, 1, 1),
        (2, 401.5, 2, 2),
    ]
    assert found[0].means[:23] == (None,) * 23


def test_weeks_are_those_of_iso_and_begin_in_the_year_before(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    station = make_station(registry, people["technician"])
    days = [datetime(2025, 12, 28, 5, tzinfo=BANGKOK) + timedelta(days=n) for n in range(9)]
    keep_hours(station, "co2", [(at, float(at.day)) for at in days])
    found = mean_days(registry, station.channel_id("co2"), year=2026, stretch=Stretch.WEEK)
    assert [(day.number, day.days) for day in found] == [(1, 7), (2, 1)]
    assert found[0].means[5] == pytest.approx((29 + 30 + 31 + 1 + 2 + 3 + 4) / 7)


def test_a_direction_is_averaged_as_a_vector(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    station = make_station(
        registry, people["technician"], channels=("wind_speed", "wind_direction")
    )
    first = datetime(2026, 6, 1, 12, tzinfo=BANGKOK)
    keep_hours(station, "wind_direction", [(first, 350.0), (first + timedelta(days=1), 20.0)])
    (june,) = mean_days(
        registry, station.channel_id("wind_direction"), year=2026, stretch=Stretch.MONTH
    )
    assert june.means[12] == pytest.approx(5.0)
    assert mean_direction([90.0, 270.0]) is None
