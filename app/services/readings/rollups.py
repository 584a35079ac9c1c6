"""Roll-ups of five minutes, hours and days: made as readings come, made anew when asked.

Owns which period is computed from what, and writing `reading_rollup`. The averages themselves
are `app.services.averaging`. A roll-up follows from the records alone: `rebuild_rollups` makes
the same rows as the writer made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

import numpy as np
from sqlalchemy import Connection

from app.services.averaging.averages import (
    AveragingRule,
    average_averages,
    average_readings,
)
from app.services.averaging.periods import SECOND, Period, group_by_period
from app.services.averaging.wind import average_wind, average_wind_averages
from app.services.quality.flags import Flag
from app.services.readings.chain import records_between
from app.services.readings.columns import Rows
from app.services.readings.later import ChannelSlice, Later, later_records, slice_of
from app.services.readings.packing import unpack_rows
from app.services.readings.record import RecordKind
from app.services.readings.rollup_rows import Rollup, read_rollups, replace_rollups
from app.services.stations.values import SensorDetail

_DIRECTION, _SPEED = "wind_direction", "wind_speed"
_AT_ONCE_US = 3_600 * SECOND
_GOOD = (Flag.GOOD,)
_SUSPICIOUS = (Flag.SUSPECT, Flag.NOT_EVALUATED)


def base_period(interval_s: float) -> Period:
    """Give the shortest period in which a sensor reads at least once."""
    return next((item for item in Period if item.value >= interval_s), Period.DAY)


@dataclass
class RollupWriter:
    """Keeps the readings of the period that is not over, and writes those that are."""

    sensor: SensorDetail
    zone: tzinfo
    completeness: float = 0.75
    _pending: list[Rows] = field(default_factory=list)
    _open_us: int | None = None

    @property
    def rule(self) -> AveragingRule:
        """The completeness rule and whose days."""
        return AveragingRule(completeness=self.completeness, zone=self.zone)

    @property
    def base(self) -> Period:
        """The shortest period rolled up."""
        return base_period(self.sensor.interval_ms / 1000)

    def close(self, connection: Connection) -> None:
        """Write the period that is not over as far as it is known."""
        self._write(connection, closing=True)

    def add(self, connection: Connection, rows: Rows) -> None:
        """Take a record's rows that were just written, and write the periods they complete."""
        first, last = int(rows.times.min()), int(rows.times.max())
        start = self._start_of(first)
        if self._open_us is None or start < self._open_us:
            # After a start, or a clock set back: what is kept from before counts too.
            until = int(group_by_period(np.array([last]), self.base, zone=self.zone).ends[0])
            self._open_us = start
            self._pending = read_rows(connection, self.sensor.id, start_us=start, end_us=until)
        else:
            self._pending.append(rows)
        self._write(connection, closing=False)

    def _start_of(self, time_us: int) -> int:
        return int(group_by_period(np.array([time_us]), self.base, zone=self.zone).starts[0])

    def _write(self, connection: Connection, *, closing: bool) -> None:
        if not self._pending or self._open_us is None:
            return
        newest = max(int(item.times.max()) for item in self._pending)
        until = newest + 1 if closing else self._start_of(newest)
        if self._open_us >= until:
            return
        write_span(
            connection, self.sensor, self.rule, self._pending, start_us=self._open_us, end_us=until
        )
        self._pending = [item for item in self._pending if int(item.times.max()) >= until]
        self._open_us = self._start_of(newest)


def rebuild_rollups(
    connection: Connection,
    sensor: SensorDetail,
    rule: AveragingRule,
    *,
    start_us: int,
    end_us: int,
    told: Callable[[float], None] | None = None,
) -> None:
    """Make the roll-ups of a span anew from the records, hour by hour in constant memory."""
    zone = rule.zone
    base = base_period(sensor.interval_ms / 1000)
    step = max(_AT_ONCE_US, base.value * SECOND)
    at = int(group_by_period(np.array([start_us]), base, zone=zone).starts[0])
    first = at
    while at < end_us:
        until = min(at + step, end_us)
        until = int(group_by_period(np.array([until - 1]), base, zone=zone).ends[0])
        rows = read_rows(connection, sensor.id, start_us=at, end_us=until)
        if rows:
            later = later_records(connection, sensor.id, start_us=at, end_us=until)
            _write_base(connection, sensor, rule, rows, later=later, start_us=at, end_us=until)
        at = until
        if told is not None:
            told(min(1.0, (at - first) / max(1, end_us - first)))
    _write_longer(connection, sensor, rule, start_us=first, end_us=end_us)


def write_span(
    connection: Connection,
    sensor: SensorDetail,
    rule: AveragingRule,
    rows: Sequence[Rows],
    *,
    start_us: int,
    end_us: int,
) -> None:
    """Write the roll-ups of whole base periods from their rows, and the longer ones they touch."""
    _write_base(connection, sensor, rule, rows, later=(), start_us=start_us, end_us=end_us)
    _write_longer(connection, sensor, rule, start_us=start_us, end_us=end_us)


def read_rows(connection: Connection, sensor_id: int, *, start_us: int, end_us: int) -> list[Rows]:
    """Read the rows of the records about a span."""
    return [
        unpack_rows(kept.record.payload)
        for kept in records_between(
            connection,
            sensor_id,
            kind=RecordKind.READINGS,
            start_us=start_us,
            end_us=end_us,
        )
    ]


def _write_base(
    connection: Connection,
    sensor: SensorDetail,
    rule: AveragingRule,
    rows: Sequence[Rows],
    *,
    later: Sequence[Later],
    start_us: int,
    end_us: int,
) -> None:
    period = base_period(sensor.interval_ms / 1000)
    interval_s = sensor.interval_ms / 1000
    slices = {
        channel.channel: slice_of(rows, channel.channel, later).between(start_us, end_us)
        for channel in sensor.channels
    }
    made: dict[int, list[Rollup]] = {}
    for channel in sensor.channels:
        readings = slices[channel.channel]
        if channel.channel == _DIRECTION and _SPEED in slices:
            rolled = _roll_wind(readings, slices[_SPEED], period, interval_s, rule)
        else:
            rolled = _roll(readings, period, interval_s, rule)
        made[channel.id] = rolled
    replace_rollups(connection, made, period, start_us=start_us, end_us=end_us)


def _roll(
    readings: ChannelSlice, period: Period, interval_s: float, rule: AveragingRule
) -> list[Rollup]:
    if not readings.times.size:
        return []
    averages = average_readings(
        readings.times,
        readings.value,
        period=period,
        interval_s=interval_s,
        flags=readings.flags,
        rule=rule,
    )
    raws = average_readings(
        readings.times,
        readings.raw,
        period=period,
        interval_s=interval_s,
        flags=readings.flags,
        rule=rule,
    )
    counts = _flag_counts(readings, period, rule)
    return [
        Rollup(
            item.start_us,
            item.end_us,
            item.value,
            item.minimum,
            item.maximum,
            raw.value,
            item.count,
            item.expected,
            *count,
        )
        for item, raw, count in zip(averages, raws, counts, strict=True)
    ]


def _roll_wind(
    directions: ChannelSlice,
    speeds: ChannelSlice,
    period: Period,
    interval_s: float,
    rule: AveragingRule,
) -> list[Rollup]:
    """Roll a direction up by the vector of it and the speed of the same moment."""
    times, ours, theirs = np.intersect1d(directions.times, speeds.times, return_indices=True)
    if not times.size:
        return []
    worse = np.maximum(directions.flags[ours], speeds.flags[theirs])
    averages = average_wind(
        times,
        speeds.value[theirs],
        directions.value[ours],
        period=period,
        interval_s=interval_s,
        flags=worse,
        rule=rule,
    )
    shared = ChannelSlice(*(getattr(directions, n)[ours] for n in directions.__dataclass_fields__))
    counts = _flag_counts(shared, period, rule)
    return [
        Rollup(
            item.start_us,
            item.end_us,
            item.direction,
            None,
            None,
            item.direction,
            item.count,
            item.expected,
            *count,
            item.east,
            item.north,
            item.speed,
            item.calms,
        )
        for item, count in zip(averages, counts, strict=True)
    ]


def _flag_counts(
    readings: ChannelSlice, period: Period, rule: AveragingRule
) -> list[tuple[int, int, int, int]]:
    grouped = group_by_period(readings.times, period, zone=rule.zone)
    number = grouped.starts.size
    columns = [
        np.bincount(grouped.places, weights=np.isin(readings.flags, flags), minlength=number)
        for flags in (_GOOD, _SUSPICIOUS, (Flag.FAIL,), (Flag.MISSING,))
    ]
    return [
        (int(good), int(suspicious), int(bad), int(missing))
        for good, suspicious, bad, missing in zip(*columns, strict=True)
    ]


def _write_longer(
    connection: Connection,
    sensor: SensorDetail,
    rule: AveragingRule,
    *,
    start_us: int,
    end_us: int,
) -> None:
    """Write the hours, then the days, that base periods of a span belong to."""
    base = base_period(sensor.interval_ms / 1000)
    names = {channel.id: channel.channel for channel in sensor.channels}
    for period, finer in ((Period.HOUR, Period.FIVE_MINUTES), (Period.DAY, Period.HOUR)):
        if base.value >= period.value:
            continue
        source = finer if base.value <= finer.value else base
        edges = group_by_period(np.array([start_us, end_us - 1]), period, zone=rule.zone)
        first, last = int(edges.starts.min()), int(edges.ends.max())
        found = read_rollups(connection, list(names), source, start_us=first, end_us=last)
        made = {
            channel_id: _longer(rollups, period, rule, is_wind=_is_wind(names[channel_id], rollups))
            for channel_id, rollups in found.items()
        }
        replace_rollups(connection, made, period, start_us=first, end_us=last)


def _is_wind(channel: str, rollups: Sequence[Rollup]) -> bool:
    return channel == _DIRECTION and any(item.speed is not None for item in rollups)


def _longer(
    rollups: Sequence[Rollup], period: Period, rule: AveragingRule, *, is_wind: bool
) -> list[Rollup]:
    if not rollups:
        return []
    starts = np.array([item.start_us for item in rollups], dtype=np.int64)
    grouped = group_by_period(starts, period, zone=rule.zone)
    sums = [[0, 0, 0, 0] for _ in range(grouped.starts.size)]
    for place, item in zip(grouped.places.tolist(), rollups, strict=True):
        for index, count in enumerate((item.good, item.suspicious, item.bad, item.missing)):
            sums[place][index] += count
    if is_wind:
        winds = average_wind_averages([i.wind() for i in rollups], period=period, rule=rule)
        return [
            Rollup(
                w.start_us,
                w.end_us,
                w.direction,
                None,
                None,
                w.direction,
                w.count,
                w.expected,
                *(counts[0], counts[1], counts[2], counts[3]),
                w.east,
                w.north,
                w.speed,
                w.calms,
            )
            for w, counts in zip(winds, sums, strict=True)
        ]
    averages = average_averages([item.average() for item in rollups], period=period, rule=rule)
    raws = average_averages([item.raw_average() for item in rollups], period=period, rule=rule)
    return [
        Rollup(
            a.start_us,
            a.end_us,
            a.value,
            a.minimum,
            a.maximum,
            raw.value,
            a.count,
            a.expected,
            *(counts[0], counts[1], counts[2], counts[3]),
        )
        for a, raw, counts in zip(averages, raws, sums, strict=True)
    ]
