"""What a simulated sensor stands in, and how wrongly it sees it.

Owns the seeded course of the air over a day, the gas that a person applies, and a sensor's true
error and the adjustment that corrects it. Every value follows from the seed and the moment, so
nothing is kept as time goes on.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.hardware.channels import Channel

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Course:
    """How a quantity goes through a day: its mean, how far it swings, when it is highest."""

    mean: float
    swing: float = 0.0
    peak_hour: float = 14.0
    lowest: float = 0.0
    highest: float = math.inf


# A tropical day: CO2 highest before dawn, dust in the morning traffic, ozone after noon.
USUAL_COURSES: Mapping[Channel, Course] = {
    Channel.CO2: Course(425.0, 22.0, 5.0),
    Channel.CH4: Course(2.05, 0.12, 5.0),
    Channel.H2O: Course(24_000.0, 3_000.0, 8.0),
    Channel.CO: Course(0.62, 0.25, 8.0),
    Channel.NO: Course(11.0, 8.0, 8.0),
    Channel.NO2: Course(19.0, 8.0, 9.0),
    Channel.O3: Course(31.0, 22.0, 14.0),
    Channel.PM1: Course(9.0, 3.5, 8.0),
    Channel.PM2_5: Course(17.0, 6.0, 8.0),
    Channel.PM4: Course(21.0, 7.0, 8.0),
    Channel.PM10: Course(27.0, 9.0, 8.0),
    Channel.TEMPERATURE: Course(28.5, 4.5, 14.0, lowest=-90.0),
    Channel.HUMIDITY: Course(68.0, -16.0, 14.0, highest=100.0),
    Channel.PRESSURE: Course(1009.5, 1.4, 10.0),
    Channel.WIND_SPEED: Course(2.4, 1.3, 14.0),
    Channel.WIND_DIRECTION: Course(190.0, 45.0, 15.0, highest=359.0),
    Channel.RAIN_AMOUNT: Course(0.0),
}


@dataclass
class _Applied:
    """A gas led to the inlet: it replaces the air as the cell is flushed."""

    value: float
    since_s: float
    from_value: float


@dataclass
class Surroundings:
    """The air around a station, from a seed; and gas applied instead of it."""

    seed: int = 1
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    flush_s: float = 8.0
    """How long the cell takes to follow a new gas to 1/e; 0: at once."""
    courses: Mapping[Channel, Course] = field(default_factory=lambda: dict(USUAL_COURSES))
    _applied: dict[Channel, _Applied] = field(default_factory=dict)

    def apply(self, channel: Channel, value: float | None, now_s: float) -> None:
        """Lead a gas of this value to the inlet, or with None the air again."""
        before = self.value(channel, now_s)
        if value is None:
            self._applied.pop(channel, None)
        else:
            self._applied[channel] = _Applied(value, now_s, before)

    def value(self, channel: Channel, now_s: float) -> float:
        """Give the true value now, in the channel's unit."""
        applied = self._applied.get(channel)
        if applied is not None:
            if self.flush_s <= 0:
                return applied.value
            left = math.exp(-(now_s - applied.since_s) / self.flush_s)
            return applied.value + (applied.from_value - applied.value) * left
        return self._of_the_day(channel, now_s)

    def _of_the_day(self, channel: Channel, now_s: float) -> float:
        course = self.courses[channel]
        midnight = self.began.replace(hour=0, minute=0, second=0, microsecond=0)
        second_of_day = (self.began - midnight).total_seconds() + now_s
        phase = 2 * math.pi * (second_of_day - course.peak_hour * 3600.0) / _DAY_S
        slow = math.sin(now_s / 97.0 + self.seed) * 0.05 + math.sin(now_s / 611.0) * 0.08
        value = course.mean + course.swing * (math.cos(phase) + slow)
        return min(max(value, course.lowest), course.highest)


@dataclass
class Sensor:
    """One channel's sensor: `seen = offset + gain × truth + noise`, then the user's adjustment.

    The true error is what a calibration has to find; an adjustment is what the device keeps of
    one: `shown = (seen − correction_offset) ÷ correction_gain`.
    """

    surroundings: Surroundings
    channel: Channel
    offset: float = 0.0
    gain: float = 1.0
    noise: float = 0.0
    correction_offset: float = 0.0
    correction_gain: float = 1.0

    def uncorrected(self, now_s: float) -> float:
        """Give what the sensor sees now; the same moment gives the same value."""
        chance = random.Random(f"{self.surroundings.seed}/{self.channel}/{now_s:.3f}")  # noqa: S311
        truth = self.surroundings.value(self.channel, now_s)
        return self.offset + self.gain * truth + self.noise * chance.gauss(0.0, 1.0)

    def settled(self, now_s: float) -> float:
        """Give what the sensor sees without its noise: a mean over many samples."""
        return self.offset + self.gain * self.surroundings.value(self.channel, now_s)

    def value(self, now_s: float) -> float:
        """Give what the device shows now, its adjustment applied."""
        return (self.uncorrected(now_s) - self.correction_offset) / self.correction_gain

    def adjust_offset(self, reference: float, now_s: float) -> None:
        """Shift so that the value shown becomes the reference."""
        self.correction_offset = self.settled(now_s) - reference * self.correction_gain

    def adjust_gain(self, reference: float, now_s: float) -> None:
        """Stretch so that the value shown becomes the reference, which is not zero."""
        self.correction_gain = (self.settled(now_s) - self.correction_offset) / reference

    def adjust_two_points(self, low: tuple[float, float], high: tuple[float, float]) -> None:
        """Lay the line through two points of (seen, reference)."""
        self.correction_gain = (high[0] - low[0]) / (high[1] - low[1])
        self.correction_offset = low[0] - low[1] * self.correction_gain

    def forget_adjustment(self) -> None:
        """Go back to the factory's calibration."""
        self.correction_offset, self.correction_gain = 0.0, 1.0


USUAL_ERRORS: Mapping[Channel, tuple[float, float, float]] = {
    # offset, gain, noise: what a station in the field shows between two calibrations
    Channel.CO2: (9.0, 1.022, 0.6),
    Channel.CH4: (0.04, 1.015, 0.004),
    Channel.H2O: (50.0, 1.0, 20.0),
    Channel.CO: (0.04, 1.03, 0.006),
    Channel.NO: (0.4, 1.02, 0.15),
    Channel.NO2: (0.5, 1.02, 0.2),
    Channel.O3: (0.6, 1.02, 0.2),
    Channel.PM1: (0.3, 1.08, 0.25),
    Channel.PM2_5: (0.4, 1.1, 0.3),
    Channel.PM4: (0.4, 1.1, 0.3),
    Channel.PM10: (0.5, 1.12, 0.4),
    Channel.TEMPERATURE: (0.15, 1.0, 0.02),
    Channel.HUMIDITY: (1.2, 1.0, 0.1),
    Channel.PRESSURE: (0.3, 1.0, 0.03),
    Channel.WIND_SPEED: (0.0, 1.01, 0.15),
    Channel.WIND_DIRECTION: (2.0, 1.0, 3.0),
    Channel.RAIN_AMOUNT: (0.0, 1.0, 0.0),
}


def make_sensors(surroundings: Surroundings, *channels: Channel) -> dict[Channel, Sensor]:
    """Make a sensor with its usual error for each channel."""
    return {
        channel: Sensor(surroundings, channel, *USUAL_ERRORS.get(channel, (0.0, 1.0, 0.0)))
        for channel in channels
    }
