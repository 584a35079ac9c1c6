"""A station on the bench: its readings as they come, and the command that adjusts it.

Owns the interface alone; the composition root wires hardware to it. Nothing here knows a port.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.services.calibration.device_adjustment import DeviceAdjuster
from app.services.readings.arriving import Arrival
from app.services.stations.values import SensorDetail


class StationLine(DeviceAdjuster, Protocol):
    """One sensor being read. A pulled cable is an arrival, not an end."""

    def start(self) -> None:
        """Begin to read."""

    def take(self, timeout_s: float) -> Sequence[Arrival]:
        """Give what arrived since, waiting so long for something."""

    def stop(self) -> None:
        """End, and free the port."""


class StationLines(Protocol):
    """Opens lines to registered sensors."""

    def open(self, sensor: SensorDetail) -> StationLine:
        """Make a line, not yet started. Raises TeakError for a sensor that cannot be read."""
