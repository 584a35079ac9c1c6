"""Stations read at this desk: collected into the registry, and heard by the charts meanwhile.

Owns the collector of one person's session and a bounded queue between its thread and the window.
What reads a port is handed in: views know no hardware. What comes while nobody looks waits in
`waiting.py`.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.models.errors import TeakError
from app.services.calibrating.station_line import StationLines
from app.services.readings.collecting import Collector, Source
from app.services.readings.ingest import LiveReading
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.listing import list_stations
from app.services.stations.values import SensorDetail, SensorState, StationDetail
from app.views.presenters.charts.live_memory import SECOND_US, capacity_for
from app.views.presenters.charts.live_source import (
    ConsoleRow,
    LineReport,
    LineState,
    LiveBlock,
    LiveChannel,
    LiveSource,
    Mark,
    MarkKind,
    PortFinder,
    StationFeed,
)
from app.views.presenters.charts.stored import stored_channels
from app.views.presenters.charts.ticks import duration_text, microseconds
from app.views.presenters.charts.waiting import PACKED_AT, WaitingReadings
from app.views.presenters.station_words import reason_against_station_acts

_log = logging.getLogger(__name__)


class StationLine(Source, Protocol):
    """A source whose line can be looked at."""

    @property
    def problem(self) -> str:
        """What is wrong with the line and what to do; empty when nothing is."""

    @property
    def problem_told(self) -> tuple[str, Mapping[str, str]]:
        """The permanent code of what is wrong, "" for nothing, and what its words name."""

    def counted(self) -> tuple[int, int]:
        """Count good frames, and stretches of bytes dropped."""

    def console(self) -> Sequence[ConsoleRow]:
        """Give the last bytes, oldest first."""


@dataclass(frozen=True)
class StationAccess:
    """What the composition root hands in: how a sensor is read, how ports are searched.

    `bench` opens a sensor's line for calibrating, beside its collecting.
    """

    make_line: Callable[[SensorDetail], StationLine]
    finder: PortFinder
    bench: StationLines | None = None


class CollectedStations(LiveSource):
    """Reads every sensor that names a port, once `start` was called off the window's thread."""

    def __init__(self, registry: OpenRegistry, actor: Actor, access: StationAccess) -> None:
        self._registry = registry
        self._actor = actor
        self._access = access
        self._channels: tuple[LiveChannel, ...] = ()
        self._lines: dict[int, tuple[SensorDetail, StationLine]] = {}
        self._collectors: tuple[Collector, ...] = ()
        self._waiting = WaitingReadings(self._keep)
        self._clocks: dict[int, int] = {}
        self._kept: dict[str, int] = {}
        self._marks: deque[Mark] = deque(maxlen=500)
        self._gaps: dict[int, str] = {}
        self._refused: tuple[LineReport, ...] = ()
        self._ended = threading.Event()
        self._opening = threading.Lock()

    def start(self) -> None:
        """Open the lines and begin to collect; a sensor that cannot be read is told, not raised."""
        with self._opening:
            if not self._ended.is_set():
                self._open_new()

    def reload(self) -> None:
        """Have corrections and alarm limits read anew, and read sensors registered since.

        To be called off the window's thread. Lines that are open stay open, but for those of
        sensors removed since: their ports are free.
        """
        for collector in self._collectors:
            collector.reload()
        with self._opening:
            if not self._ended.is_set():
                self._close_removed()
                self._open_new()

    def stop(self) -> None:
        """End reading, and write what arrived."""
        self._ended.set()
        with self._opening:
            collectors, self._collectors = self._collectors, ()
        for collector in collectors:
            try:
                collector.stop()
            except TeakError as error:
                _log.warning("the last readings could not be written: %s", error)

    def channels(self) -> Sequence[LiveChannel]:
        return self._channels

    def take(self) -> tuple[Sequence[LiveBlock], Sequence[Mark]]:
        self._watch_gaps()
        marks = [self._marks.popleft() for _mark in range(len(self._marks))]
        return self._waiting.take(), marks

    def lines(self) -> Sequence[LineReport]:
        states = {s.sensor_id: s for each in self._collectors for s in each.states()}
        reports = []
        for key, (sensor, line) in self._lines.items():
            state = states.get(key)
            frames, dropped = line.counted()
            code, values = line.problem_told
            reports.append(
                LineReport(
                    sensor.station,
                    sensor.code,
                    _line_state(state.gap if state else None),
                    frames,
                    dropped,
                    (state.problem if state else "") or line.problem,
                    code="" if state and state.problem else code,
                    values=values,
                )
            )
        return (*reports, *self._refused)

    def console(self, station: str, sensor: str) -> Sequence[ConsoleRow]:
        for detail, line in self._lines.values():
            if (detail.station, detail.code) == (station, sensor):
                return line.console()
        return ()

    def _close_removed(self) -> None:
        """Free the ports of sensors that are no longer in their place."""
        kept = {
            sensor.id
            for station in list_stations(self._registry)
            for sensor in station.sensors
            if _is_in_place(station, sensor)
        }
        gone = self._lines.keys() - kept
        self._lines = {key: line for key, line in self._lines.items() if key in kept}
        for sensor_id in gone:
            for collector in self._collectors:
                collector.remove(sensor_id)
            self._gaps.pop(sensor_id, None)

    def _open_new(self) -> None:
        """Begin to collect from the sensors of no line yet, by a collector of their own."""
        self._list_channels()
        opened: dict[int, tuple[SensorDetail, StationLine]] = {}
        refused: list[LineReport] = []
        for station in list_stations(self._registry):
            for sensor in station.sensors:
                in_place = _is_in_place(station, sensor)
                is_read = in_place and station.collects_here and sensor.port and sensor.protocol
                if is_read and sensor.id not in self._lines:
                    self._open(sensor, opened, refused)
        self._refused = tuple(refused)
        # The window reads both meanwhile, so that they are replaced, never changed.
        self._lines = self._lines | opened
        if opened:
            sources = [line for _sensor, line in opened.values()]
            made = Collector(self._registry, self._actor, sources, listener=self._hear)
            self._collectors = (*self._collectors, made)
            made.start()

    def _open(
        self,
        sensor: SensorDetail,
        opened: dict[int, tuple[SensorDetail, StationLine]],
        refused: list[LineReport],
    ) -> None:
        try:
            opened[sensor.id] = (sensor, self._access.make_line(sensor))
        except TeakError as error:
            told = LineReport(
                sensor.station,
                sensor.code,
                LineState.STOPPED,
                message=error.message,
                hint=error.hint,
            )
            refused.append(told)

    def _hear(self, readings: Sequence[LiveReading]) -> None:
        """Keep readings for the charts; a channel met for the first time is looked up.

        On a collector's thread. Ingesting adds channels that a sensor turns out to have.
        """
        if any(str(each.channel_id) not in self._kept for each in readings):
            self._list_channels()
        for each in readings:
            self._watch_clock(each)
        self._waiting.put(readings)

    def _keep(self, channel_id: int) -> int:
        """Give how many readings of a channel wait: as many as its memory holds."""
        return self._kept.get(str(channel_id), PACKED_AT)

    def _list_channels(self) -> None:
        """Look up what the registry lists, and how much of each channel waits."""
        self._channels = tuple(stored_channels(self._registry))
        self._kept = {each.key: capacity_for(each.interval_us) for each in self._channels}

    def _watch_clock(self, reading: LiveReading) -> None:
        """Mark where a sensor's time went back: the clock of this computer was set."""
        before = self._clocks.get(reading.channel_id)
        self._clocks[reading.channel_id] = reading.time_us
        if before is None or before - reading.time_us < SECOND_US:
            return
        line = self._lines.get(reading.sensor_id)
        station = line[0].station if line is not None else ""
        text = duration_text(reading.time_us - before)
        mark = Mark(reading.time_us, MarkKind.CLOCK, station, text)
        if mark not in self._marks:
            self._marks.append(mark)

    def _watch_gaps(self) -> None:
        """Mark where a line went silent and where it came back."""
        now_us = microseconds(self._registry.now())
        for state in (state for each in self._collectors for state in each.states()):
            # A sensor that is being removed has no line any more, and writes its last readings.
            held = self._lines.get(state.sensor_id)
            if held is not None and state.gap != self._gaps.get(state.sensor_id, ""):
                self._gaps[state.sensor_id] = state.gap
                sensor, line = held
                text = f"{state.gap} {line.problem}".strip() or sensor.code
                self._marks.append(Mark(now_us, MarkKind.GAP, sensor.station, text))


def make_feed(
    registry: OpenRegistry, actor: Actor, access: StationAccess | None
) -> tuple[StationFeed, CollectedStations] | None:
    """Make the feed of a person who may collect; None for others, and without access to ports."""
    if access is None or reason_against_station_acts(actor):
        return None
    collected = CollectedStations(registry, actor, access)
    return StationFeed(collected, access.finder), collected


def _is_in_place(station: StationDetail, sensor: SensorDetail) -> bool:
    return SensorState.OFFLINE not in (station.state, sensor.state)


def _line_state(gap: str | None) -> LineState:
    if gap is None:
        return LineState.STOPPED
    if not gap:
        return LineState.READING
    return LineState.LOST if "port" in gap else LineState.SILENT
