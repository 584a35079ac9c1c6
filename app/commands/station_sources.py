"""Readers of stations as sources of readings: hardware events in, arrivals out.

Owns that translation. Commands and the composition root use it: services know no hardware.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from app.models.errors import UsageError
from app.services.readings.arriving import (
    Arrival,
    Arrived,
    ArrivedValue,
    ClockMoved,
    FramesLost,
    GapClosed,
    GapOpened,
)
from app.services.stations.ports import BUSES

if TYPE_CHECKING:
    from app.hardware.readers.events import GapBegan, Problem, ReaderEvent
    from app.hardware.readers.polling import StationPlan
    from app.hardware.readers.reader import StationReader
    from app.hardware.readers.shared_port import SharedPorts
    from app.services.stations.values import SensorDetail

_MOST_AT_ONCE = 2_000


class ReaderSource:
    """A station reader as a source of one sensor's readings."""

    def __init__(self, sensor_id: int, reader: StationReader) -> None:
        self.sensor_id = sensor_id
        self.reader = reader
        self.problem = ""
        self.problem_told: tuple[str, Mapping[str, str]] = ("", {})
        self.heard: Callable[[Sequence[Arrival]], None] | None = None
        """Hears what was taken, on the taker's thread; None: nobody listens."""

    def start(self) -> None:
        """Begin to read the port."""
        self.reader.start()

    def take(self, timeout_s: float) -> Sequence[Arrival]:
        """Give what the reader told since."""
        arrivals = [
            arrival
            for event in self.reader.events.take(timeout_s)
            if (arrival := self._arrival(event)) is not None
        ]
        if self.heard is not None and arrivals:
            self.heard(arrivals)
        return arrivals

    def stop(self) -> None:
        """End reading; what is in the queue can still be taken."""
        self.reader.stop()

    def _arrival(self, event: ReaderEvent) -> Arrival | None:
        from app.hardware.readers import events

        match event:
            case events.Sample():
                self.problem, self.problem_told = "", ("", {})
                return Arrived(
                    event.at,
                    tuple(
                        ArrivedValue(
                            item.channel.value,
                            item.value,
                            item.unit,
                            item.flag.value,
                            item.reason,
                            item.as_sent,
                        )
                        for item in event.frame.readings
                    ),
                    event.frame.raw,
                )
            case events.GapBegan():
                self._tell(event)
                return GapOpened(event.at, event.code, event.message)
            case events.GapEnded():
                return GapClosed(event.at, event.began, event.code)
            case events.ClockJumped():
                return ClockMoved(event.at, event.seconds)
            case events.SamplesLost():
                return FramesLost(event.at, event.count)
            case events.Problem():
                self._tell(event)
        return None

    def _tell(self, event: GapBegan | Problem) -> None:
        self.problem = f"{event.message} {event.hint}".strip()
        self.problem_told = (event.code, event.values)


def make_source(sensor: SensorDetail, ports: SharedPorts) -> ReaderSource:
    """Make the reader of a registered sensor; UsageError when it says too little to be read.

    Sensors on a bus that are given the same `ports` are read in turn at one port.
    """
    from app.hardware.ports.opening import open_line
    from app.hardware.protocols import CannotDecode
    from app.hardware.readers.reader import StationReader

    if not sensor.port or not sensor.protocol:
        raise UsageError(
            f"Sensor “{sensor.code}” has no port and protocol to be read from.",
            hint="Name both in the stations file, or set them at the sensor.",
        )
    try:
        opener = ports.open if sensor.protocol in BUSES else open_line
        reader = StationReader(sensor.port, make_plan(sensor), opener=opener)
    except (CannotDecode, ValueError) as error:
        raise UsageError(f"Sensor “{sensor.code}” cannot be read: {error}") from None
    return ReaderSource(sensor.id, reader)


def make_plan(sensor: SensorDetail) -> StationPlan:
    """Make what the reader needs to know; `settings` may name channels, gases, line settings."""
    from app.hardware.channels import Channel
    from app.hardware.ports.opening import LineSettings
    from app.hardware.readers.polling import StationPlan

    names = sensor.settings.get("channels", [])
    gases = sensor.settings.get("gases", ["co"])
    line = sensor.settings.get("line")
    if not isinstance(names, list) or not isinstance(gases, list):
        raise ValueError("channels and gases are lists")  # noqa: TRY004 - told as a usage error
    return StationPlan(
        sensor.protocol,
        interval_s=sensor.interval_ms / 1000,
        address=sensor.address,
        channels=tuple(Channel(str(name)) if name else None for name in names),
        gases=tuple(str(gas) for gas in gases),
        line=LineSettings(**line) if isinstance(line, dict) else None,
    )
