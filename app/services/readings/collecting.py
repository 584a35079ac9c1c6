"""Collecting from several sensors at once, for days: one thread that takes, judges and writes.

Owns that thread and what it does when the registry cannot be written to: what arrived waits,
bounded, and is written later. It knows no port: sources hand in what arrived. Memory does not
grow with time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.models.errors import StorageError, TeakError
from app.services.readings.arriving import Arrival, Arrived, GapClosed, GapOpened
from app.services.readings.ingest import IngestSettings, LiveReading, SensorIngest
from app.services.registry.context import Actor, OpenRegistry

_log = logging.getLogger(__name__)
_TURN_S = 0.2
_LEAVING_S = 30.0


class Source(Protocol):
    """What gives a sensor's frames: a reader, or a recording."""

    @property
    def sensor_id(self) -> int:
        """The sensor of this registry that it belongs to."""

    def start(self) -> None:
        """Begin."""

    def take(self, timeout_s: float) -> Sequence[Arrival]:
        """Give what arrived since, waiting so long for something."""

    def stop(self) -> None:
        """End; what has arrived can still be taken."""


@dataclass(frozen=True, slots=True)
class CollectingState:
    """How collecting from one sensor stands."""

    sensor_id: int
    sensor: str
    frames: int
    rows_written: int
    records_written: int
    waiting: int
    gap: str
    problem: str


Listener = Callable[[Sequence[LiveReading]], None]


class Collector:
    """Takes from its sources until stopped; `listener` hears every reading, on this thread.

    Raises what `SensorIngest` raises when it is made. The thread is started by `start`.
    """

    def __init__(
        self,
        registry: OpenRegistry,
        actor: Actor,
        sources: Sequence[Source],
        *,
        settings: IngestSettings | None = None,
        listener: Listener | None = None,
    ) -> None:
        self._registry = registry
        self._listener = listener
        self._lines = [
            _Line(source, SensorIngest(registry, actor, source.sensor_id, settings=settings))
            for source in sources
        ]
        self._stop = threading.Event()
        self._reload = threading.Event()
        self._thread = threading.Thread(target=self._run, name="collector", daemon=True)

    def start(self) -> None:
        """Start every source and the collecting thread."""
        for line in self._lines:
            line.source.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop the sources, write what arrived, and return when it is written.

        Raises the storage error of a last write that failed.
        """
        for line in self._lines:
            line.source.stop()
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        failed = [line.closing_error for line in self._lines if line.closing_error is not None]
        if failed:
            raise failed[0]

    def remove(self, sensor_id: int) -> None:
        """Collect from a sensor no longer: its port is free, and what arrived is written.

        To be called while the collector runs; while the registry cannot be written to, what
        arrived waits on.
        """
        for line in self._lines:
            if line.source.sensor_id == sensor_id:
                line.source.stop()
                line.is_leaving = True
                line.is_gone.wait(_LEAVING_S)

    def reload(self) -> None:
        """Have calibrations and alarm limits read anew."""
        self._reload.set()

    def states(self) -> tuple[CollectingState, ...]:
        """Say how each sensor stands."""
        return tuple(line.state() for line in self._lines)

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._reload.is_set():
                self._reload.clear()
                for line in self._lines:
                    line.trying(line.ingest.reload)
            for line in self._lines:
                self._turn(line, _TURN_S / len(self._lines))
            self._let_go()
            if not self._lines:
                self._stop.wait(_TURN_S)
        for line in self._lines:
            self._turn(line, 0.0)
            line.close()

    def _let_go(self) -> None:
        """End with sensors that were removed, as soon as all of theirs is written."""
        for line in [each for each in self._lines if each.is_leaving]:
            self._turn(line, 0.0)
            line.close()
            if line.closing_error is None:
                self._lines = [each for each in self._lines if each is not line]
                line.is_gone.set()

    def _turn(self, line: _Line, timeout_s: float) -> None:
        for arrival in line.source.take(timeout_s):
            live = line.take(arrival, watched=self._listener is not None)
            if live and self._listener is not None:
                self._listener(live)
        line.trying(lambda: line.ingest.tick(self._registry.now()))


@dataclass
class _Line:
    """One source and where its readings go."""

    source: Source
    ingest: SensorIngest
    frames: int = 0
    gap: str = ""
    problem: str = ""
    closing_error: TeakError | None = None
    is_leaving: bool = False
    is_gone: threading.Event = field(default_factory=threading.Event)

    def take(self, arrival: Arrival, *, watched: bool) -> tuple[LiveReading, ...]:
        match arrival:
            case Arrived():
                self.frames += 1
            case GapOpened():
                self.gap = arrival.code
            case GapClosed():
                self.gap = ""
        live: tuple[LiveReading, ...] = ()

        def taking() -> None:
            nonlocal live
            live = self.ingest.take(arrival, watched=watched)

        self.trying(taking)
        return live

    def trying(self, act: Callable[[], None]) -> None:
        """Do what may fail while the registry is away; it is tried again with what follows."""
        try:
            act()
        except StorageError as error:
            if error.message != self.problem:
                _log.warning("%s: %s", self.ingest.sensor.code, error.message)
            self.problem = error.message
        else:
            self.problem = ""

    def close(self) -> None:
        self.closing_error = None
        try:
            self.ingest.close()
        except TeakError as error:
            self.closing_error = error

    def state(self) -> CollectingState:
        return CollectingState(
            self.ingest.sensor.id,
            self.ingest.sensor.code,
            self.frames,
            self.ingest.rows_written,
            self.ingest.records_written,
            self.ingest.waiting,
            self.gap,
            self.problem,
        )
