"""What the registry remembers, in the shape the charts take: channels, blocks, memories.

Owns turning stored series into blocks, so that the past is drawn, measured, exported and played
like what is live. Runs off the window's thread; no Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.services.quality.flags import Flag
from app.services.readings.marks import Mark as FoundMark
from app.services.readings.marks import list_marks
from app.services.readings.queries import Series, read_series
from app.services.readings.record import RecordKind
from app.services.registry.context import OpenRegistry
from app.services.stations.alarms import list_alarms
from app.services.stations.events import EventKind, list_events
from app.services.stations.listing import list_stations
from app.views.presenters.charts.live_memory import HOUR_US, SECOND_US, LiveMemory
from app.views.presenters.charts.live_source import (
    LiveBlock,
    LiveChannel,
    Mark,
    MarkKind,
    ReadingSource,
)
from app.views.presenters.charts.replay import Past
from app.views.presenters.charts.ring import EMPTY_BLOCK, Block, Severity, part_of
from app.views.presenters.charts.rolled import RolledCourse
from app.views.presenters.charts.ticks import duration_text, microseconds, moment
from app.views.presenters.charts.waiting import joined

_RAW = "raw"
FINE_STEP_US = 2 * HOUR_US
"""So long a stretch is read as single readings: 120 records of a minute."""
_MARKS = {EventKind.NOTE: MarkKind.NOTE}
_RECORDS = {
    str(RecordKind.GAP): MarkKind.GAP,
    str(RecordKind.CLOCK): MarkKind.CLOCK,
    str(RecordKind.LOST): MarkKind.PROBLEM,
    str(RecordKind.CALIBRATION): MarkKind.CALIBRATION,
}


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
    course = RolledCourse.of(series, severity)
    values = np.column_stack((course.minimum, course.maximum)).ravel()
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
    memory = LiveMemory(_Given(coarser, blocks), capacity=_longest(blocks))
    memory.rolled = {
        str(series.channel_id): RolledCourse.of(series, _severities(series))
        for series in read
        if series.level != _RAW
    }
    return memory


def count_readings(channels: Sequence[LiveChannel], *, start_us: int, end_us: int) -> int:
    """Estimate how many single readings a stretch of channels has."""
    return sum((end_us - start_us) // max(1, each.interval_us) for each in channels)


def read_finely(
    registry: OpenRegistry, channels: Sequence[LiveChannel], *, start_us: int, end_us: int
) -> list[LiveBlock]:
    """Read every reading of a stretch no longer than `FINE_STEP_US`."""
    found = (
        LiveBlock(each.key, read_block(registry, each.key, start_us, end_us)) for each in channels
    )
    return [block for block in found if len(block.readings)]


class Recalled:
    """Every reading of a stretch, put together from parts: what a replay plays."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Block]] = {}

    def add(self, blocks: Sequence[LiveBlock]) -> None:
        """Put a further part behind those before it."""
        for block in blocks:
            self._parts.setdefault(block.key, []).append(block.readings)

    def past(self) -> Past:
        """Give what a replay asks: a channel's readings from a start up to an end."""
        whole = {key: joined(parts) for key, parts in self._parts.items()}

        def past(key: str, start_us: int, end_us: int) -> Block:
            return part_of(whole[key], start_us, end_us) if key in whole else EMPTY_BLOCK

        return past


def read_block(registry: OpenRegistry, key: str, start_us: int, end_us: int) -> Block:
    """Read one channel's stretch: what a replay asks for."""
    return series_block(read_series(registry, int(key), start_us=start_us, end_us=end_us))


def stored_marks(registry: OpenRegistry, *, start_us: int, end_us: int) -> list[Mark]:
    """Read what was done at stations, which alarms were raised, and gaps and jumps of the clock."""
    start, end = moment(start_us), moment(end_us)
    stations = list_stations(registry)
    marks = [
        Mark(
            microseconds(each.event.at),
            _MARKS.get(each.event.kind, MarkKind.MAINTENANCE),
            station.code,
            " ".join(filter(None, (each.event.value, each.event.note))),
            each.by,
        )
        for station in stations
        for each in list_events(registry, station.id, start=start)
        if each.event.at <= end
    ]
    marks += [
        Mark(microseconds(alarm.raised_at), MarkKind.ALARM, alarm.station, alarm.message)
        for alarm in list_alarms(registry)
        if start <= alarm.raised_at <= end
    ]
    for station in stations:
        for sensor in station.sensors:
            found = list_marks(registry, sensor.id, start_us=start_us, end_us=end_us)
            marks += [_record_mark(each, station.code) for each in found if each.kind in _RECORDS]
    return sorted(marks, key=lambda mark: mark.at_us)


def _record_mark(found: FoundMark, station: str) -> Mark:
    kind = _RECORDS[found.kind]
    text = found.words
    if kind is MarkKind.GAP:
        text = " ".join(filter(None, (text, duration_text(found.last_us - found.first_us))))
    elif kind is MarkKind.CLOCK:
        text = duration_text(round(float(found.details.get("seconds", 0)) * SECOND_US))
    return Mark(found.first_us, kind, station, text)


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
