"""The mean day of each month or week of a year: hour by hour, from the hourly roll-ups.

Owns which hours of which days make up a mean day, by the station's own clock; reads at most the
hours of a year and a week. A direction is averaged as a vector.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from app.models.storage.unit_of_work import reading
from app.services.averaging.periods import Period
from app.services.measurement_files import find_zone
from app.services.readings.queries import read_channel
from app.services.readings.record import us_of_time
from app.services.readings.rollup_rows import read_rollups
from app.services.registry.context import OpenRegistry
from app.services.stations.listing import read_time_zone

HOURS = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Stretch(StrEnum):
    """Over what the days are averaged."""

    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class MeanDay:
    """A month (1 to 12) or ISO week (1 to 53): the mean of each hour, None where there is none.

    `counts` are the hours each mean is of; `days` those of which any hour counts.
    """

    number: int
    means: tuple[float | None, ...]
    counts: tuple[int, ...]
    days: int


def mean_days(
    registry: OpenRegistry, channel_id: int, *, year: int, stretch: Stretch
) -> tuple[MeanDay, ...]:
    """Give the mean days of a year in which anything was measured; weeks are those of ISO 8601.

    An hour of less than its share of readings has no mean and counts for nothing.
    """
    first, after = _ends(year, stretch)
    with reading(registry.engine) as connection:
        sensor_id, channel, _unit = read_channel(connection, channel_id)
        zone = find_zone(read_time_zone(connection, sensor_id))
        start, end = (
            us_of_time(datetime(day.year, day.month, day.day, tzinfo=zone))
            for day in (first, after)
        )
        rows = read_rollups(connection, [channel_id], Period.HOUR, start_us=start, end_us=end)
    kept: dict[int, dict[int, list[float]]] = {}
    days: dict[int, set[date]] = {}
    for row in rows[channel_id]:
        if row.mean is None:
            continue
        local = (_EPOCH + timedelta(microseconds=row.start_us)).astimezone(zone)
        number = local.month if stretch is Stretch.MONTH else local.isocalendar().week
        kept.setdefault(number, {}).setdefault(local.hour, []).append(row.mean)
        days.setdefault(number, set()).add(local.date())
    is_direction = channel.startswith("wind_direction")
    return tuple(
        _mean_day(number, kept[number], len(days[number]), is_direction=is_direction)
        for number in sorted(kept)
    )


def _ends(year: int, stretch: Stretch) -> tuple[date, date]:
    if stretch is Stretch.MONTH:
        return date(year, 1, 1), date(year + 1, 1, 1)
    return date.fromisocalendar(year, 1, 1), date.fromisocalendar(year + 1, 1, 1)


def _mean_day(
    number: int, hours: dict[int, list[float]], days: int, *, is_direction: bool
) -> MeanDay:
    average = mean_direction if is_direction else _mean
    means = tuple(average(hours[hour]) if hour in hours else None for hour in range(HOURS))
    counts = tuple(len(hours.get(hour, ())) for hour in range(HOURS))
    return MeanDay(number, means, counts, days)


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def mean_direction(degrees: Iterable[float]) -> float | None:
    """Average directions as unit vectors; None where they cancel out."""
    angles = [math.radians(each) for each in degrees]
    east = math.fsum(math.sin(each) for each in angles)
    north = math.fsum(math.cos(each) for each in angles)
    if math.hypot(east, north) < 1e-9 * len(angles):
        return None
    return math.degrees(math.atan2(east, north)) % 360.0
