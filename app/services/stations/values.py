"""Stations, sensors and channels as values: what is registered and what is shown.

Owns these values alone. Fields and enums are those of seed 5, catalogue 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class SensorState(StrEnum):
    """The seed's `status`."""

    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    OFFLINE = "offline"


class ConnectionType(StrEnum):
    """The seed's `connection_type`, and the cable in front of you."""

    SERIAL = "serial"
    CELLULAR_4G = "4G"
    WIFI = "WiFi"
    LORAWAN = "LoRaWAN"
    SATELLITE = "Satellite"


class PowerSource(StrEnum):
    """The seed's `power_source`."""

    GRID = "grid"
    SOLAR = "solar"
    BATTERY = "battery"


@dataclass(frozen=True, slots=True)
class NewChannel:
    """One quantity of a sensor to be registered; numbers in the channel's unit.

    `rules`: a table of quality tests as in a rule file; None: those Teak proposes.
    """

    channel: str
    unit: str
    range_low: Decimal | None = None
    range_high: Decimal | None = None
    resolution: Decimal | None = None
    uncertainty: Decimal | None = None
    rules: dict[str, object] | None = None
    calibration_days: int | None = None


@dataclass(frozen=True, slots=True)
class NewSensor:
    """A sensor to be registered; `settings` is what its reader needs beside the address."""

    code: str
    sensor_type: str
    channels: tuple[NewChannel, ...]
    manufacturer: str = ""
    model_number: str = ""
    serial_number: str = ""
    installation_date: date | None = None
    protocol: str = ""
    port: str = ""
    address: str = ""
    settings: dict[str, object] = field(default_factory=dict)
    interval_ms: int = 1000
    accuracy: str = ""
    certification: tuple[str, ...] = ()
    connection_type: ConnectionType = ConnectionType.SERIAL
    power_source: PowerSource = PowerSource.GRID


@dataclass(frozen=True, slots=True)
class NewStation:
    """A station to be registered; position in degrees (WGS 84), elevation in metres."""

    code: str
    name: str
    owner: str = ""
    project: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    elevation_m: Decimal | None = None
    time_zone: str = "Asia/Bangkok"


@dataclass(frozen=True, slots=True)
class ChannelDetail:
    """A channel as it stands."""

    id: int
    sensor_id: int
    channel: str
    unit: str
    range_low: Decimal | None
    range_high: Decimal | None
    resolution: Decimal | None
    uncertainty: Decimal | None
    rules: dict[str, object] | None
    calibration_days: int | None


@dataclass(frozen=True, slots=True)
class SensorDetail:
    """A sensor as it stands, with its channels."""

    id: int
    station_id: int
    station: str
    code: str
    sensor_type: str
    manufacturer: str
    model_number: str
    serial_number: str
    installation_date: date | None
    protocol: str
    port: str
    address: str
    settings: dict[str, object]
    interval_ms: int
    accuracy: str
    certification: tuple[str, ...]
    connection_type: str
    power_source: str
    state: SensorState
    channels: tuple[ChannelDetail, ...]

    def channel(self, name: str) -> ChannelDetail | None:
        """Find a channel by its name."""
        return next((item for item in self.channels if item.channel == name), None)


@dataclass(frozen=True, slots=True)
class StationDetail:
    """A station as it stands, with its sensors. `collects_here`: its key is kept here."""

    id: int
    origin: str
    code: str
    name: str
    owner: str
    project: str | None
    latitude: Decimal | None
    longitude: Decimal | None
    elevation_m: Decimal | None
    time_zone: str
    state: SensorState
    created_at: datetime
    public_key: bytes
    collects_here: bool
    sensors: tuple[SensorDetail, ...]

    def location(self) -> dict[str, object] | None:
        """Give the position as the seed's GeoJSON point."""
        if self.latitude is None or self.longitude is None:
            return None
        return {"type": "Point", "coordinates": [float(self.longitude), float(self.latitude)]}
