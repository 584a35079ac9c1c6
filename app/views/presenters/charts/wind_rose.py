"""From where the wind came and how strong: sixteen sectors by classes of speed.

Owns the counting. Calms have no direction and are counted apart; bad readings count for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.views.presenters.charts.ring import Block, Severity

SECTORS = 16
CLASS_LIMITS_M_S = (2.0, 4.0, 6.0, 8.0)
"""Speeds below 2, from 2, from 4, from 6, and from 8 on."""
CALM_M_S = 0.5
"""At or below this a reading has no direction: as the averaging of wind reckons."""


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
    def prevailing(self) -> int | None:
        """The sector most of the wind came from; None without any."""
        totals = self.counts.sum(axis=1)
        return int(totals.argmax()) if totals.any() else None


def make_wind_rose(speed: Block, direction: Block) -> WindRose:
    """Count pairs of speed (m/s) and direction (degrees) that were taken at the same time."""
    _common, at_speed, at_direction = np.intersect1d(
        speed.times, direction.times, return_indices=True
    )
    speeds, degrees = speed.values[at_speed], direction.values[at_direction]
    good = (speed.flags[at_speed] < Severity.BAD) & (direction.flags[at_direction] < Severity.BAD)
    calm = good & (speeds <= CALM_M_S)
    blowing = good & (speeds > CALM_M_S) & ~np.isnan(degrees)
    width = 360.0 / SECTORS
    sectors = (np.floor((degrees[blowing] + width / 2) / width).astype(np.int64)) % SECTORS
    classes = np.searchsorted(CLASS_LIMITS_M_S, speeds[blowing], side="right")
    counts = np.zeros((SECTORS, len(CLASS_LIMITS_M_S) + 1), dtype=np.int64)
    np.add.at(counts, (sectors, classes), 1)
    calms = int(calm.sum())
    return WindRose(counts, calms, int(counts.sum()) + calms)
