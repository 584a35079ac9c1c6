"""What the registry remembers, in the shape the charts take: channels, blocks, memories.

Owns turning stored series into blocks, so that the past is drawn, measured, exported and played
like what is live. Runs off the window's thread; no Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.services.quality.flags import Flag
from app.services.readings.queries import Series, read_series
from app.services.registry.context import OpenRegistry
from app.services.stations.alarms import list_alarms
from app.services.stations.events import EventKind, list_events
from app.services.stations.listing import list_stations
from app.views.presenters.charts.live_memory import SECOND_US, LiveMemory
from app.views.presenters.charts.live_source import (
    LiveBlock,
    LiveChannel,
    Mark,
    MarkKind,
    ReadingSource,
)
from app.views.presenters.charts.ring import Block, Severity
from app.views.presenters.charts.ticks import microseconds, moment

_RAW = "raw"
_MARKS = {EventKind.NOTE: MarkKind.NOTE}


def stored_channels(registry: OpenRegistry) -> list[LiveChannel]:
    """List every channel of every station that is registered."""
    return [
        LiveChannel(
            key=str(channel.id),
            station=station.code,
            station_name=station.name,
            sensor=sensor.code,
            channel=channel.channel,
            unit=channel.unit,
            interval_us=sensor.interval_ms * 1000,
        )
        for station in list_stations(registry)
        for sensor in station.sensors
        for channel in sensor.channels
    ]


def series_block(series: Series) -> Block:
    """Give a series as readings; a roll-up becomes its least and its greatest value.

    Both stand within their period, so that no extreme of a year is lost on the screen.
    """
    severity = _severities(series)
    if series.level == _RAW:
        return Block(series.times_us, series.value, series.raw, severity)
    quarter = (series.ends_us - series.times_us) // 4
    times = np.column_stack((series.times_us + quarter, series.ends_us - quarter)).ravel()
    values = np.column_stack((series.minimum, series.maximum)).ravel()
    return Block(times, values, np.repeat(series.raw, 2), np.repeat(severity, 2))


def read_past(
    registry: OpenRegistry, channels: Sequence[LiveChannel], *, start_us: int, end_us: int
) -> LiveMemory:
    """Read a stretch of channels into a memory of its own, as finely as a chart may read."""
    read = [
        read_series(registry, int(each.key), start_us=start_us, end_us=end_us) for each in channels
    ]
    blocks = [LiveBlock(str(series.channel_id), series_block(series)) for series in read]
    coarser = [
        replace(channel, interval_us=max(channel.interval_us, _step_us(series)))
        for channel, series in zip(channels, read, strict=True)
    ]
    return LiveMemory(_Given(coarser, blocks), capacity=_longest(blocks))


def read_block(registry: OpenRegistry, key: str, start_us: int, end_us: int) -> Block:
    """Read one channel's stretch: what a replay asks for."""
    return series_block(read_series(registry, int(key), start_us=start_us, end_us=end_us))


def stored_marks(registry: OpenRegistry, *, start_us: int) -> list[Mark]:
    """Read what was done at stations, and which alarms were raised, since a moment."""
    start = moment(start_us)
    marks = [
        Mark(
            microseconds(each.event.at),
            _MARKS.get(each.event.kind, MarkKind.MAINTENANCE),
            station.code,
            " ".join(filter(None, (each.event.value, each.event.note))),
            each.by,
        )
        for station in list_stations(registry)
        for each in list_events(registry, station.id, start=start)
    ]
    marks += [
        Mark(microseconds(alarm.raised_at), MarkKind.ALARM, alarm.station, alarm.message)
        for alarm in list_alarms(registry)
        if alarm.raised_at >= start
    ]
    return sorted(marks, key=lambda mark: mark.at_us)


class _Given(ReadingSource):
    """Blocks that were read before, handed over once."""

    def __init__(self, channels: Sequence[LiveChannel], blocks: Sequence[LiveBlock]) -> None:
        self._channels = tuple(channels)
        self._blocks = tuple(blocks)

    def channels(self) -> Sequence[LiveChannel]:
        return self._channels

    def take(self) -> tuple[Sequence[LiveBlock], Sequence[Mark]]:
        blocks, self._blocks = self._blocks, ()
        return blocks, ()


class DeskSource(ReadingSource):
    """Channels of the registry and of the stations being read, those registered first."""

    def __init__(self, live: ReadingSource | None) -> None:
        self._live = live
        self._stored: tuple[LiveChannel, ...] = ()

    def show_stored(self, channels: Sequence[LiveChannel]) -> None:
        """Take up what the registry lists."""
        self._stored = tuple(channels)

    def channels(self) -> Sequence[LiveChannel]:
        live = self._live.channels() if self._live is not None else ()
        known = {channel.key for channel in self._stored}
        return (*self._stored, *(each for each in live if each.key not in known))

    def take(self) -> tuple[Sequence[LiveBlock], Sequence[Mark]]:
        return self._live.take() if self._live is not None else ((), ())


def _step_us(series: Series) -> int:
    return 0 if series.level == _RAW else int(series.level) * SECOND_US


def _longest(blocks: Sequence[LiveBlock]) -> int:
    return max((len(each.readings) for each in blocks), default=1)


def _severities(series: Series) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    severity = np.full(len(series.flags), Severity.SUSPICIOUS, dtype=np.uint8)
    severity[series.flags == Flag.GOOD] = Severity.GOOD
    severity[np.isin(series.flags, (Flag.FAIL, Flag.MISSING))] = Severity.BAD
    return severity
