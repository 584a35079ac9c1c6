"""Made-up stations that have measured an hour at 10 Hz, and go on: what the charts are measured on.

Owns the readings: a slow wave, noise, a gap, and a few flags, the same in every run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.views.presenters.charts.live_source import LiveBlock, LiveChannel, Mark, ReadingSource
from app.views.presenters.charts.ring import Block, Severity

QUANTITIES = (
    ("co2", "ppm", 420.0, 8.0),
    ("ch4", "ppm", 2.0, 0.05),
    ("pm2_5", "µg/m³", 35.0, 5.0),
    ("pm10", "µg/m³", 50.0, 6.0),
    ("temperature", "°C", 32.0, 0.5),
    ("humidity", "%", 75.0, 2.0),
    ("pressure", "hPa", 1008.0, 0.3),
    ("wind_speed", "m/s", 3.0, 1.0),
    ("wind_direction", "°", 180.0, 40.0),
)
STEP_US = 100_000
_START_US = 1_790_000_000_000_000
_WAVE_US = 6e8
_NOISE = 0.08
_GAP = slice(9_000, 9_900)


class SampleStations(ReadingSource):
    """The first take gives the past, each later one a reading of every channel."""

    def __init__(self, stations: int = 12, *, readings: int = 36_000) -> None:
        self._channels = tuple(
            LiveChannel(
                key=f"{station}/{name}",
                station=f"SEN-{station:04d}",
                station_name=f"Tower {station}",
                sensor="a",
                channel=name,
                unit=unit,
                interval_us=STEP_US,
            )
            for station in range(1, stations + 1)
            for name, unit, _base, _spread in QUANTITIES
        )
        self._chance = np.random.default_rng(4)
        self._next_us = _START_US
        self._past = readings

    def channels(self) -> Sequence[LiveChannel]:
        """Give nine channels for each station."""
        return self._channels

    def take(self) -> tuple[Sequence[LiveBlock], Sequence[Mark]]:
        """Give the past once, then one more reading each time."""
        count, self._past = self._past or 1, 0
        blocks = [
            LiveBlock(channel.key, self._block(place, count))
            for place, channel in enumerate(self._channels)
        ]
        self._next_us += count * STEP_US
        return blocks, ()

    def _block(self, place: int, count: int) -> Block:
        _name, _unit, base, spread = QUANTITIES[place % len(QUANTITIES)]
        times = self._next_us + np.arange(count, dtype=np.int64) * STEP_US
        wave = np.sin(times / _WAVE_US * (1 + place % 7 / 9) + place)
        values = base + spread * (wave + _NOISE * self._chance.normal(size=count))
        flags = np.where(
            self._chance.random(count) < 2e-5, Severity.SUSPICIOUS, Severity.GOOD
        ).astype(np.uint8)
        if count > _GAP.stop:
            values[_GAP] = np.nan
        return Block(times, values, values * 1.01, flags)
