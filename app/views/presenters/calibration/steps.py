"""The steps of the calibration wizard and what is chosen in them.

Owns these values alone; no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.services.calibration.notes import CalibrationNotes
from app.services.calibration.tolerance import DecisionRule
from app.services.stations.values import ChannelDetail, SensorDetail, StationDetail


class Step(StrEnum):
    """One thing asked at a time, in this order; some are passed over."""

    STATION = "station"
    METHOD = "method"
    REFERENCES = "references"
    LIMITS = "limits"
    CONDITIONS = "conditions"
    AS_FOUND = "as_found"
    FIT = "fit"
    CORRECTION = "correction"
    AS_LEFT = "as_left"
    VERDICT = "verdict"
    DOUBT = "doubt"
    CERTIFICATE = "certificate"


class Keeping(StrEnum):
    """Where the correction goes."""

    REGISTRY = "registry"
    DEVICE = "device"
    MAKER = "maker"


@dataclass(frozen=True)
class Bench:
    """A channel that can be calibrated, with the sensor and station it belongs to."""

    station: StationDetail
    sensor: SensorDetail
    channel: ChannelDetail

    @property
    def id(self) -> int:
        return self.channel.id

    @property
    def title(self) -> str:
        return f"{self.station.code} · {self.sensor.code} · {self.channel.channel}"

    @property
    def second(self) -> str:
        model = f"{self.sensor.manufacturer} {self.sensor.model_number}".strip()
        parts = (self.station.name, model, self.sensor.serial_number)
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Limits:
    """What the channel must meet; widths in its unit, the share a fraction of the reference."""

    absolute: float | None = None
    relative: float = 0.0
    rule: DecisionRule = DecisionRule.SIMPLE
    range_low: float = 0.0
    range_high: float = 0.0


@dataclass(frozen=True)
class Blocked:
    """Why one cannot go on: a text's key with its values, or words in both languages."""

    key: str = ""
    values: tuple[tuple[str, str], ...] = ()
    message: str = ""
    message_th: str = ""


NO_NOTES = CalibrationNotes()
