"""One sensor's readings on their way into the registry: judged, calibrated, chained, signed.

Owns the buffer between what arrives and the records, and when it is written: one unit of work
per period holds the record, its roll-ups and what else was told. A program that is killed loses
the period not yet written and no more; the next start marks the gap. Memory is bounded: what a
registry that cannot be written to leaves waiting gives way, oldest first, and is told as lost.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from app.models.errors import StorageError
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.services.measurement_files import find_zone
from app.services.quality.flags import Flag
from app.services.quality.reasons import Reason
from app.services.readings.arriving import (
    Arrival,
    Arrived,
    ClockMoved,
    FramesLost,
    GapClosed,
    GapOpened,
)
from app.services.readings.assembling import assemble_rows, readings_content
from app.services.readings.chain import (
    LONGEST_RECORD_US,
    ChainWriter,
    find_sensor_key,
    last_record,
)
from app.services.readings.corrections import Corrections, calibrate, corrections_of
from app.services.readings.judging import JudgedFrame, SensorJudge
from app.services.readings.record import RecordContent, RecordKind, number_text, us_of_time
from app.services.readings.rollups import RollupWriter
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.alarm_watch import AlarmWatch
from app.services.stations.listing import read_sensor, read_time_zone
from app.services.stations.registering import Within, add_channel
from app.services.stations.values import NewChannel

_log = logging.getLogger(__name__)
_SECOND_US = 1_000_000
_GAP_STEPS = 3


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How long a period is, and how much may wait while the registry cannot be written to."""

    period_s: float = 60.0
    rows_a_record: int = 4_000
    most_waiting: int = 40_000
    completeness: float = 0.75
    marks_start: bool = True
    """Whether the time since the last reading is marked as a gap; not for imported files."""


@dataclass(frozen=True, slots=True)
class LiveReading:
    """A reading as it is known at once; `is_provisional`: the next may revise its flag.

    `raw`, `value` and `uncertainty` are NaN where there is none.
    """

    sensor_id: int
    channel_id: int
    channel: str
    unit: str
    time_us: int
    raw: float
    value: float
    uncertainty: float
    flag: Flag
    is_provisional: bool
    reasons: tuple[Reason, ...]


_Item = JudgedFrame | RecordContent


class SensorIngest:
    """Takes what arrives from one sensor; used by one thread.

    Raises RulesBroken when the actor may not collect, NotFound for an unknown sensor, and
    StationKeyAbsent for a station whose key is elsewhere.
    """

    def __init__(
        self,
        registry: OpenRegistry,
        actor: Actor,
        sensor_id: int,
        *,
        settings: IngestSettings | None = None,
        import_id: int | None = None,
    ) -> None:
        self._registry = registry
        self._actor = actor
        self._engine = registry.engine_for(actor)
        self._settings = settings or IngestSettings()
        self._import_id = import_id
        with reading(self._engine) as connection:
            require_technician(connection, actor, act="collects readings", act_th="เก็บค่าที่วัด")
            self.sensor = read_sensor(connection, sensor_id)
            find_sensor_key(connection, sensor_id)
            self._zone = find_zone(read_time_zone(connection, sensor_id))
            last = last_record(connection, sensor_id, RecordKind.READINGS)
            self._alarms = AlarmWatch(connection, self.sensor)
        self._judge = SensorJudge(self.sensor)
        self._corrections = self._read_corrections()
        self._rollups = RollupWriter(self.sensor, self._zone, self._settings.completeness)
        self._last_us = None if last is None else last.last_us
        self._items: list[_Item] = []
        self._open_gap: GapOpened | None = None
        self._lost = 0
        self.rows_written = 0
        self.records_written = 0

    @property
    def waiting(self) -> int:
        """How many frames and events are not written yet."""
        return len(self._items)

    def take(self, arrival: Arrival, *, watched: bool = True) -> tuple[LiveReading, ...]:
        """Take what arrived; gives the readings as known at once, if somebody watches.

        Writes the period when it is over. Raises the storage errors of that; what could not be
        written waits.
        """
        if isinstance(arrival, Arrived):
            return self._take_frame(arrival, watched=watched)
        self._take_event(arrival)
        return ()

    def tick(self, now: datetime) -> None:
        """Write a period that is over though nothing new arrived."""
        first = next((item for item in self._items if isinstance(item, JudgedFrame)), None)
        if first is None:
            if self._items:
                self.flush()
            return
        if (now - first.at).total_seconds() >= 2 * self._settings.period_s:
            self._judge.settle()
            self.flush()

    def flush(self) -> None:
        """Write what is final, in one unit of work."""
        taken = self._final_items()
        if taken:
            self._write(taken, closing=False)

    def close(self) -> None:
        """Write all that is there; a gap that is still open is told up to now."""
        self._judge.settle()
        if self._open_gap is not None:
            gap, self._open_gap = self._open_gap, None
            self._items.append(_gap(gap, self._registry.now(), is_over=False))
        self._write(self._items[:], closing=True)

    def reload(self) -> None:
        """Read calibrations and alarm limits anew: somebody set others."""
        self._corrections = self._read_corrections()
        with reading(self._engine) as connection:
            self._alarms = AlarmWatch(connection, self.sensor)

    def _read_corrections(self) -> dict[str, Corrections]:
        with reading(self._engine) as connection:
            return corrections_of(connection, self.sensor.id)

    def _take_frame(self, arrived: Arrived, *, watched: bool) -> tuple[LiveReading, ...]:
        time_us = us_of_time(arrived.at)
        self._mark_start(time_us)
        self._meet_channels(arrived)
        frame = self._judge.push(arrived)
        self._items.append(frame)
        self._make_room()
        live = self._live(frame) if watched else ()
        self._watch_alarms(frame)
        if self._is_over(frame):
            self.flush()
        return live

    def _meet_channels(self, arrived: Arrived) -> None:
        """Add channels that arrive for the first time, in the unit they come in."""
        known = {item.channel for item in self.sensor.channels}
        new = {v.channel: v.unit for v in arrived.values if v.channel not in known and v.unit}
        if not new:
            return
        with UnitOfWork(self._engine) as unit:
            within = Within(unit.connection, self._registry, self._actor, self._registry.now())
            for channel, unit_name in new.items():
                add_channel(within, self.sensor.id, NewChannel(channel, unit_name))
            self.sensor = read_sensor(unit.connection, self.sensor.id)
            unit.commit()
        self._judge.meet(self.sensor)
        self._rollups.sensor = self.sensor

    def _take_event(self, arrival: Arrival) -> None:
        match arrival:
            case GapOpened():
                self._open_gap = arrival
            case GapClosed():
                opened = self._open_gap or GapOpened(arrival.began, arrival.code)
                self._open_gap = None
                self._items.append(
                    _gap(GapOpened(arrival.began, arrival.code, opened.message), arrival.at)
                )
            case ClockMoved():
                at = us_of_time(arrival.at)
                body = {"seconds": number_text(arrival.seconds)}
                self._items.append(RecordContent(RecordKind.CLOCK, at, at, body))
            case FramesLost():
                at = us_of_time(arrival.at)
                lost = {"frames": arrival.count, "cause": "not-taken-in-time"}
                self._items.append(RecordContent(RecordKind.LOST, at, at, lost))

    def _mark_start(self, time_us: int) -> None:
        """Mark the time since the last reading before this start."""
        last, self._last_us = self._last_us, None
        if last is None or not self._settings.marks_start:
            return
        if time_us - last > _GAP_STEPS * self.sensor.interval_ms * 1000:
            body = {"code": "not-collected", "message": "Nobody collected.", "is_over": True}
            self._items.append(RecordContent(RecordKind.GAP, last, time_us, body))

    def _make_room(self) -> None:
        """Let the oldest frames go when the registry could not be written to for long."""
        while len(self._items) > self._settings.most_waiting:
            place = next(i for i, item in enumerate(self._items) if isinstance(item, JudgedFrame))
            del self._items[place]
            self._lost += 1

    def _is_over(self, newest: JudgedFrame) -> bool:
        first = next(item for item in self._items if isinstance(item, JudgedFrame))
        passed_us = newest.time_us - first.time_us
        return (
            len(self._items) > self._settings.rows_a_record
            or passed_us >= self._settings.period_s * _SECOND_US
            or passed_us < 0
        )

    def _final_items(self) -> list[_Item]:
        taken: list[_Item] = []
        for item in self._items:
            if isinstance(item, JudgedFrame) and not item.is_final:
                break
            taken.append(item)
        return taken

    def _write(self, items: Sequence[_Item], *, closing: bool) -> None:
        """Write items in their order: frames that follow one another are one record."""
        if not items and not closing:
            return
        now = self._registry.now()
        with UnitOfWork(self._engine) as unit:
            chain = ChainWriter(unit.connection, self.sensor.id, self._actor)
            before = chain.sequence
            rows = self._write_items(unit.connection, chain, items, now, closing=closing)
            if self._lost:
                at = us_of_time(now)
                body = {"frames": self._lost, "cause": "registry-not-writable"}
                chain.append(RecordContent(RecordKind.LOST, at, at, body), recorded_at=now)
            unit.commit()
        self._lost = 0
        del self._items[: len(items)]
        self.rows_written += rows
        self.records_written += chain.sequence - before

    def _write_items(
        self,
        connection: Connection,
        chain: ChainWriter,
        items: Sequence[_Item],
        now: datetime,
        *,
        closing: bool,
    ) -> int:
        written = 0
        for run in _runs(items, self._settings.rows_a_record):
            if isinstance(run, RecordContent):
                chain.append(run, recorded_at=now, import_id=self._import_id)
                continue
            rows = assemble_rows(run, self.sensor, self._corrections)
            content = readings_content(rows)
            chain.append(content, recorded_at=now, import_id=self._import_id)
            self._rollups.add(connection, rows)
            written += len(run)
        if closing:
            self._rollups.close(connection)
        return written

    def _live(self, frame: JudgedFrame) -> tuple[LiveReading, ...]:
        judged, is_provisional = self._judge.latest(frame)
        found = []
        for name, value in frame.values.items():
            channel = self.sensor.channel(name)
            if channel is None:
                continue
            flag, reasons = judged.get(name, (Flag.NOT_EVALUATED, ()))
            calibrated, uncertainty = self._calibrated(name, value.number, frame.time_us)
            found.append(
                LiveReading(
                    self.sensor.id,
                    channel.id,
                    name,
                    channel.unit,
                    frame.time_us,
                    value.number,
                    calibrated,
                    uncertainty,
                    flag,
                    is_provisional,
                    reasons,
                )
            )
        return tuple(found)

    def _calibrated(self, name: str, raw: float, time_us: int) -> tuple[float, float]:
        channel = self.sensor.channel(name)
        given = None if channel is None or channel.uncertainty is None else channel.uncertainty
        steps = self._corrections.get(name, Corrections())
        values, uncertainties = calibrate(
            np.array([raw]),
            steps.at(time_us).correction,
            u_raw=None if given is None else float(given),
        )
        return float(values[0]), float(uncertainties[0])

    def _watch_alarms(self, frame: JudgedFrame) -> None:
        for name, value in frame.values.items():
            if name in self._alarms.channels and value.device is not Flag.FAIL:
                number, _ = self._calibrated(name, value.number, frame.time_us)
                try:
                    self._alarms.take(self._engine, name, number, frame.at)
                except StorageError:
                    _log.exception("an alarm of %s could not be written", self.sensor.code)


def _gap(gap: GapOpened, until: datetime, *, is_over: bool = True) -> RecordContent:
    first, last = us_of_time(gap.at), us_of_time(until)
    body = {"code": gap.code, "message": gap.message, "is_over": is_over}
    return RecordContent(RecordKind.GAP, min(first, last), max(first, last), body)


def _runs(items: Sequence[_Item], most: int) -> list[list[JudgedFrame] | RecordContent]:
    """Divide items into runs of frames that fit one record, and what stands between them."""
    runs: list[list[JudgedFrame] | RecordContent] = []
    low = high = 0
    for item in items:
        if isinstance(item, RecordContent):
            runs.append(item)
            continue
        run = runs[-1] if runs else None
        low, high = min(low, item.time_us), max(high, item.time_us)
        if isinstance(run, list) and len(run) < most and high - low < LONGEST_RECORD_US:
            run.append(item)
        else:
            runs.append([item])
            low = high = item.time_us
    return runs
