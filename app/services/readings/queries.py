"""What charts and pages ask of stored readings, each with a bound on the rows it reads.

Owns the choice between records and roll-ups. A chart reads at most `MOST_RECORDS` records (and
then shows every reading), else at most `MOST_ROLLUPS` roll-ups: a year is shown from hours. The
present period, whose roll-up is not written yet, belongs to whoever watches live.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

import numpy as np
from sqlalchemy import Connection, select

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import SensorChannel
from app.services.averaging.periods import SECOND, Period
from app.services.measurement_files import find_zone
from app.services.quality.flags import Flag
from app.services.readings.chain import count_between, last_record
from app.services.readings.columns import Flags, Masks, Numbers, Times
from app.services.readings.later import ChannelSlice, later_records, slice_of
from app.services.readings.packing import unpack_rows
from app.services.readings.record import RecordKind, us_of_time
from app.services.readings.rollup_rows import Rollup, read_rollups
from app.services.readings.rollups import base_period, read_rows
from app.services.registry.context import OpenRegistry
from app.services.stations.listing import read_sensor, read_time_zone

MOST_RECORDS = 180
"""Records a chart may read: three hours at one record a minute."""
MOST_ROLLUPS = 10_000
"""Roll-ups a chart may read: 34 days of five minutes, 416 days of hours, 27 years of days."""


@dataclass(frozen=True)
class Series:
    """A channel over a span, as a chart draws it; NaN where there is no number.

    `level` is "raw" or the seconds of a period as text. Of single readings `minimum` and
    `maximum` are the value; of roll-ups `flags` is the worst flag that more than a quarter of
    the period's readings have, and `tests` is empty. `counts` are readings used. `rows_read` is
    what was read from the database.
    """

    channel_id: int
    channel: str
    unit: str
    level: str
    times_us: Times
    ends_us: Times
    value: Numbers
    raw: Numbers
    minimum: Numbers
    maximum: Numbers
    uncertainty: Numbers
    flags: Flags
    tests: Masks
    counts: Times
    rows_read: int


@dataclass(frozen=True, slots=True)
class LatestValue:
    """The newest stored reading of a channel."""

    channel_id: int
    channel: str
    unit: str
    at_us: int
    raw: Decimal | None
    value: float
    uncertainty: float
    flag: Flag
    calibration: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of a span; NaN where nothing counts. Bad and missing readings count only as such."""

    level: str
    count: int
    mean: float
    minimum: float
    maximum: float
    deviation: float
    slope_per_hour: float
    good: int
    suspicious: int
    bad: int
    missing: int


@dataclass(frozen=True, slots=True)
class DayValue:
    """One day of a calendar: its roll-up, None where nothing was measured."""

    on: date
    rollup: Rollup | None


def read_series(registry: OpenRegistry, channel_id: int, *, start_us: int, end_us: int) -> Series:
    """Read a channel over a span, its end not included; NotFound for an unknown channel."""
    with reading(registry.engine) as connection:
        return series_within(connection, channel_id, start_us=start_us, end_us=end_us)


def series_within(connection: Connection, channel_id: int, *, start_us: int, end_us: int) -> Series:
    """Read a series within a look of the caller's."""
    sensor_id, channel, unit = read_channel(connection, channel_id)
    records = count_between(
        connection, sensor_id, start_us=start_us, end_us=end_us, most=MOST_RECORDS + 1
    )
    if records <= MOST_RECORDS:
        found = _slice(connection, sensor_id, channel, start_us=start_us, end_us=end_us)
        return _raw_series(channel_id, channel, unit, found, records)
    period = choose_period(connection, sensor_id, start_us=start_us, end_us=end_us)
    rollups = read_rollups(connection, [channel_id], period, start_us=start_us, end_us=end_us)[
        channel_id
    ]
    return _rolled_series(channel_id, channel, unit, period, rollups)


def choose_period(connection: Connection, sensor_id: int, *, start_us: int, end_us: int) -> Period:
    """Give the shortest period that shows a span in at most `MOST_ROLLUPS` roll-ups."""
    base = base_period(read_sensor(connection, sensor_id).interval_ms / 1000)
    span_s = (end_us - start_us) / SECOND
    fitting = (
        item
        for item in Period
        if item.value >= base.value and span_s / item.value <= MOST_ROLLUPS - 1
    )
    return next(fitting, Period.DAY)


def latest_values(registry: OpenRegistry, sensor_id: int) -> tuple[LatestValue, ...]:
    """Give the newest stored reading of each channel; reads one record."""
    with reading(registry.engine) as connection:
        ids = {item.channel: item for item in read_sensor(connection, sensor_id).channels}
        kept = last_record(connection, sensor_id, RecordKind.READINGS)
    if kept is None:
        return ()
    rows = unpack_rows(kept.record.payload)
    found: dict[str, LatestValue] = {}
    for column in rows.columns:
        at = int(rows.times[column.rows[-1]])
        known = found.get(column.channel)
        if column.channel in ids and (known is None or known.at_us < at):
            found[column.channel] = LatestValue(
                ids[column.channel].id,
                column.channel,
                column.unit,
                at,
                column.raw[-1],
                float(column.value[-1]),
                float(column.uncertainty[-1]),
                Flag(int(column.flags[-1])),
                column.calibration,
            )
    return tuple(found.values())


def span_statistics(
    registry: OpenRegistry, channel_id: int, *, start_us: int, end_us: int
) -> Statistics:
    """Give the figures of a span, from readings or roll-ups as `read_series` shows it.

    From roll-ups the deviation is that of the periods' means.
    """
    with reading(registry.engine) as connection:
        series = series_within(connection, channel_id, start_us=start_us, end_us=end_us)
        rollups: list[Rollup] = []
        if series.level != "raw":
            period = Period(int(series.level))
            rollups = read_rollups(
                connection, [channel_id], period, start_us=start_us, end_us=end_us
            )[channel_id]
    return statistics_of(series, rollups)


def statistics_of(series: Series, rollups: list[Rollup]) -> Statistics:
    """Reckon the figures of a series that was read."""
    if rollups:
        good, suspicious, bad, missing = (
            sum(getattr(item, name) for item in rollups)
            for name in ("good", "suspicious", "bad", "missing")
        )
    else:
        groups = ((Flag.GOOD,), (Flag.SUSPECT, Flag.NOT_EVALUATED), (Flag.FAIL,), (Flag.MISSING,))
        good, suspicious, bad, missing = (
            int(np.isin(series.flags, flags).sum()) for flags in groups
        )
    counts = ~np.isnan(series.value) & ~np.isin(series.flags, (Flag.FAIL, Flag.MISSING))
    values = series.value[counts]
    hours = series.times_us[counts] / (SECOND * 3600.0)
    nothing = math.nan
    return Statistics(
        series.level,
        int(series.counts[counts].sum()),
        float(values.mean()) if values.size else nothing,
        float(series.minimum[counts].min()) if values.size else nothing,
        float(series.maximum[counts].max()) if values.size else nothing,
        float(values.std(ddof=1)) if values.size > 1 else nothing,
        _slope(hours, values),
        good,
        suspicious,
        bad,
        missing,
    )


def calendar(
    registry: OpenRegistry, channel_id: int, *, first: date, last: date
) -> tuple[DayValue, ...]:
    """Give each day of a calendar, both ends included, by the station's own days."""
    with reading(registry.engine) as connection:
        sensor_id, _, _ = read_channel(connection, channel_id)
        zone = find_zone(read_time_zone(connection, sensor_id))
        start = us_of_time(datetime(first.year, first.month, first.day, tzinfo=zone))
        after = last + timedelta(days=1)
        end = us_of_time(datetime(after.year, after.month, after.day, tzinfo=zone))
        rollups = read_rollups(connection, [channel_id], Period.DAY, start_us=start, end_us=end)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    by_day = {
        (epoch + timedelta(microseconds=item.start_us)).astimezone(zone).date(): item
        for item in rollups[channel_id]
    }
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return tuple(DayValue(on, by_day.get(on)) for on in days)


def day_periods(
    registry: OpenRegistry, channel_id: int, on: date, *, period: Period = Period.HOUR
) -> tuple[Rollup, ...]:
    """Give the hours (or five minutes) of a day of the station."""
    with reading(registry.engine) as connection:
        sensor_id, _, _ = read_channel(connection, channel_id)
        zone = find_zone(read_time_zone(connection, sensor_id))
        after = on + timedelta(days=1)
        start = us_of_time(datetime(on.year, on.month, on.day, tzinfo=zone))
        end = us_of_time(datetime(after.year, after.month, after.day, tzinfo=zone))
        found = read_rollups(connection, [channel_id], period, start_us=start, end_us=end)
    return tuple(found[channel_id])


def day_ends(registry: OpenRegistry, channel_id: int, on: date) -> tuple[int, int, tzinfo]:
    """Give where a day of the station begins and ends, and the zone of its clock."""
    with reading(registry.engine) as connection:
        sensor_id, _, _ = read_channel(connection, channel_id)
        zone = find_zone(read_time_zone(connection, sensor_id))
    after = on + timedelta(days=1)
    start, end = (
        us_of_time(datetime(day.year, day.month, day.day, tzinfo=zone)) for day in (on, after)
    )
    return start, end, zone


def read_channel(connection: Connection, channel_id: int) -> tuple[int, str, str]:
    """Read the sensor, name and unit of a channel; NotFound for an unknown one."""
    row = connection.execute(
        select(SensorChannel.sensor_id, SensorChannel.channel, SensorChannel.unit).where(
            SensorChannel.id == channel_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no channel {channel_id} in this registry.")
    return row.sensor_id, row.channel, row.unit


def _slice(
    connection: Connection, sensor_id: int, channel: str, *, start_us: int, end_us: int
) -> ChannelSlice:
    rows = read_rows(connection, sensor_id, start_us=start_us, end_us=end_us)
    later = later_records(connection, sensor_id, start_us=start_us, end_us=end_us)
    return slice_of(rows, channel, later).between(start_us, end_us)


def _raw_series(
    channel_id: int, channel: str, unit: str, found: ChannelSlice, records: int
) -> Series:
    return Series(
        channel_id,
        channel,
        unit,
        "raw",
        found.times,
        found.times,
        found.value,
        found.raw,
        found.value,
        found.value,
        found.uncertainty,
        found.flags,
        found.tests,
        np.ones(found.times.size, dtype=np.int64),
        records,
    )


def _rolled_series(
    channel_id: int, channel: str, unit: str, period: Period, rollups: list[Rollup]
) -> Series:
    def numbers(name: str) -> Numbers:
        values = (getattr(item, name) for item in rollups)
        return np.array([math.nan if v is None else v for v in values], dtype=np.float64)

    def integers(name: str) -> Times:
        return np.array([getattr(item, name) for item in rollups], dtype=np.int64)

    return Series(
        channel_id,
        channel,
        unit,
        str(period.value),
        integers("start_us"),
        integers("end_us"),
        numbers("mean"),
        numbers("raw_mean"),
        numbers("minimum"),
        numbers("maximum"),
        np.full(len(rollups), math.nan),
        np.array([rolled_flag(item) for item in rollups], dtype=np.uint8),
        np.zeros(len(rollups), dtype=np.uint16),
        integers("used"),
        len(rollups),
    )


def rolled_flag(item: Rollup) -> Flag:
    """Give the worst flag that more than a quarter of a period's readings have."""
    total = item.good + item.suspicious + item.bad + item.missing
    if not total or item.missing * 4 > total * 3:
        return Flag.MISSING
    if item.bad * 4 > total:
        return Flag.FAIL
    return Flag.SUSPECT if (item.suspicious + item.bad) * 4 > total else Flag.GOOD


def _slope(hours: Numbers, values: Numbers) -> float:
    if values.size < 2 or hours[0] == hours[-1]:
        return math.nan
    centred = hours - hours.mean()
    return float((centred * (values - values.mean())).sum() / (centred**2).sum())
