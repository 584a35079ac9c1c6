"""From where the wind came and how strong: sixteen sectors by classes of speed.

Owns which sensors measure the wind, and the counting. Calms have no direction and are counted
apart; bad readings count for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.views.presenters.charts.live_source import LiveChannel
from app.views.presenters.charts.ring import Block, Severity

SECTORS = 16
CLASS_LIMITS_M_S = (2.0, 4.0, 6.0, 8.0)
"""Speeds below 2, from 2, from 4, from 6, and from 8 on."""
CALM_M_S = 0.5
"""At or below this a reading has no direction: as the averaging of wind reckons."""
SPEED_UNIT = "m/s"
_SPEED, _DIRECTION = "wind_speed", "wind_direction"


@dataclass(frozen=True)
class WindSensor:
    """A sensor of a station that measures both; `name` tells it from the station's others."""

    station: str
    name: str
    speed_key: str
    direction_key: str


@dataclass(frozen=True)
class WindRose:
    """Counts by sector (north first, clockwise) and class; `calms` and `count` beside them."""

    counts: NDArray[np.int64]
    calms: int
    count: int

    def share(self, sector: int) -> float:
        """Give the share of all readings that came from a sector."""
        return float(self.counts[sector].sum()) / self.count if self.count else 0.0

    @property
    def longest(self) -> float:
        """The greatest share of a sector, up to the next four hundredths: its rings are whole."""
        return math.ceil(25 * max(self.share(sector) for sector in range(SECTORS))) / 25

    @property
    def prevailing(self) -> int | None:
        """The sector most of the wind came from; None without any."""
        totals = self.counts.sum(axis=1)
        return int(totals.argmax()) if totals.any() else None


def wind_sensors(channels: Iterable[LiveChannel]) -> list[WindSensor]:
    """List the sensors that measure speed in m/s and direction, in the order of stations.

    Where a station measures them by two sensors, one each, these count as one.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    for channel in channels:
        if channel.channel == _DIRECTION or (
            channel.channel == _SPEED and channel.unit == SPEED_UNIT
        ):
            sensors = found.setdefault(channel.station, {})
            sensors.setdefault(channel.sensor, {})[channel.channel] = channel.key
    listed = []
    for station, sensors in found.items():
        whole = {name: keys for name, keys in sensors.items() if len(keys) == 2}
        if not whole:
            apart = {kind: key for keys in sensors.values() for kind, key in keys.items()}
            whole = {"": apart} if len(sensors) == len(apart) == 2 else {}
        for name, keys in whole.items():
            label = f"{station} · {name}" if len(whole) > 1 else station
            listed.append(WindSensor(station, label, keys[_SPEED], keys[_DIRECTION]))
    return listed


def make_wind_rose(speed: Block, direction: Block) -> WindRose:
    """Count pairs of speed (m/s) and direction (degrees) that were taken at the same time."""
    at_speed, at_direction = _pairs(speed.times, direction.times)
    speeds, degrees = speed.values[at_speed], direction.values[at_direction]
    good = (speed.flags[at_speed] < Severity.BAD) & (direction.flags[at_direction] < Severity.BAD)
    calm = good & (speeds <= CALM_M_S)
    blowing = good & (speeds > CALM_M_S) & ~np.isnan(degrees)
    width = 360.0 / SECTORS
    sectors = (np.floor((degrees[blowing] + width / 2) / width).astype(np.int64)) % SECTORS
    classes = np.searchsorted(CLASS_LIMITS_M_S, speeds[blowing], side="right")
    number = len(CLASS_LIMITS_M_S) + 1
    counts = np.bincount(sectors * number + classes, minlength=SECTORS * number)
    calms = int(calm.sum())
    return WindRose(counts.reshape(SECTORS, number), calms, int(counts.sum()) + calms)


def _pairs(
    first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.int64] | slice, NDArray[np.int64] | slice]:
    """Find what was taken at the same time; channels of one frame are paired as they stand."""
    if len(first) == len(second) and bool((first == second).all()):
        return slice(None), slice(None)
    _common, one, other = np.intersect1d(first, second, return_indices=True)
    return one, other
