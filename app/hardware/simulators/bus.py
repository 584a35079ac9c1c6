"""Several simulated devices on one line, as on RS-485 or behind an SDI-12 adapter.

Owns that every device hears what the host says, and that one of them can fall silent. Whose turn
it is to speak is in the bytes: a device answers to its own address alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.hardware.channels import Channel
from app.hardware.simulators.device import Device
from app.hardware.simulators.surroundings import Sensor


class Bus:
    """Devices of different addresses, in the order they are wired."""

    def __init__(self, devices: Sequence[Device]) -> None:
        self.devices = tuple(devices)
        self.silent: set[int] = set()
        """The places of devices without power."""

    @property
    def sensors(self) -> dict[Channel, Sensor]:
        """The sensors by channel; of a channel that several have, the first device's."""
        return {
            channel: sensor
            for device in reversed(self.devices)
            for channel, sensor in device.sensors.items()
        }

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        """Give what those with power answer."""
        return [frame for each in self._speaking() for frame in each.receive(data, now_s)]

    def emit(self, now_s: float) -> list[bytes]:
        """Give what those with power send by themselves."""
        return [frame for each in self._speaking() for frame in each.emit(now_s)]

    def _speaking(self) -> list[Device]:
        return [each for place, each in enumerate(self.devices) if place not in self.silent]
