"""Registered sensors as lines of the calibration bench: readers that also adjust.

Owns that wiring; services and views know no hardware.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.commands.station_sources import ReaderSource, make_source
from app.models.errors import TeakError
from app.services.calibration.device_adjustment import AdjustmentAnswer, DeviceAdjustment
from app.services.readings.arriving import Arrival

if TYPE_CHECKING:
    from app.hardware.readers.shared_port import SharedPorts
    from app.services.calibrating.station_line import StationLine
    from app.services.stations.values import SensorDetail


_MOST_WAITING = 10_000


class DeviceNotAdjusted(TeakError):
    """The device did not carry out an adjustment; nothing was recorded."""

    code = "device-not-adjusted"


class ReaderLine:
    """A station reader on the bench."""

    def __init__(self, sensor: SensorDetail, source: ReaderSource) -> None:
        self._sensor = sensor
        self._source = source

    def start(self) -> None:
        """Begin to read the port."""
        self._source.start()

    def take(self, timeout_s: float) -> Sequence[Arrival]:
        """Give what the reader told since."""
        return self._source.take(timeout_s)

    def stop(self) -> None:
        """End reading and free the port."""
        self._source.stop()

    def adjust(self, adjustment: DeviceAdjustment) -> AdjustmentAnswer:
        """Have the device adjust itself between two reads; raises DeviceNotAdjusted."""
        from app.hardware.adjusting import make_adjusting
        from app.hardware.errors import HardwareError

        try:
            command = make_adjusting(
                adjustment.protocol,
                adjustment.kind.value,
                channel=adjustment.channel,
                reference=adjustment.reference,
                address=self._sensor.address,
            )
            confirmed, detail = self._source.reader.execute(command)
        except HardwareError as error:
            raise DeviceNotAdjusted(error.message, hint=error.hint) from error
        except ValueError as error:
            raise DeviceNotAdjusted(
                str(error), hint="Keep the correction in the registry."
            ) from error
        return AdjustmentAnswer(confirmed, detail)


class SharedLine(ReaderLine):
    """A line of a reader that somebody else runs and takes from: it only listens along."""

    def start(self) -> None:
        """Begin to listen along."""
        self._waiting: deque[Arrival] = deque(maxlen=_MOST_WAITING)
        self._source.heard = self._waiting.extend

    def take(self, timeout_s: float) -> Sequence[Arrival]:  # noqa: ARG002 - it never waits
        """Give what the other took since."""
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def stop(self) -> None:
        """Listen no longer; the port goes on being read."""
        self._source.heard = None


class SharedLines:
    """Opens lines for the bench; a port that is read already is shared, not opened twice."""

    def __init__(self, ports: SharedPorts) -> None:
        self._ports = ports
        self._running: dict[int, ReaderSource] = {}

    def share(self, source: ReaderSource) -> None:
        """Note a source whose reader the desk runs."""
        self._running[source.sensor_id] = source

    def open(self, sensor: SensorDetail) -> StationLine:
        """Make a line to a sensor; UsageError when it says too little to be read."""
        source = self._running.get(sensor.id)
        if source is not None and source.reader.is_running:
            return SharedLine(sensor, source)
        return ReaderLine(sensor, make_source(sensor, self._ports))


class ReaderLines:
    """Opens a reader for each sensor asked for."""

    def __init__(self, ports: SharedPorts) -> None:
        self._ports = ports

    def open(self, sensor: SensorDetail) -> StationLine:
        """Make a line to a sensor's port; UsageError when it says too little to be read."""
        return ReaderLine(sensor, make_source(sensor, self._ports))
