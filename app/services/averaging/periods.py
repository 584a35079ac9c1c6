"""The stretches that readings are averaged over: five minutes, an hour, a day of a place.

Owns where a period begins and ends, daylight saving included; must not average. Times are int64
microseconds since 1970 (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)
_QUARTER_HOUR = 900 * SECOND
"""No clock on earth is set back or forward within one."""


class Period(Enum):
    """The seconds of a period; a day has as many as its place gives it."""

    FIVE_MINUTES = 300
    HOUR = 3_600
    DAY = 86_400


@dataclass(frozen=True)
class Grouped:
    """Which period each reading falls in: `places` into `starts` and `ends`, in order of time."""

    starts: Times
    ends: Times
    places: NDArray[np.intp]


def group_by_period(times: Times, period: Period, *, zone: tzinfo = UTC) -> Grouped:
    """Give the period of each time; only periods that hold a time are listed."""
    offsets = _offsets(times, zone)
    length = period.value * SECOND
    local = times + offsets
    if period is Period.DAY:
        days, places = np.unique(local // length, return_inverse=True)
        midnights = [(_midnight(int(day), zone), _midnight(int(day) + 1, zone)) for day in days]
        edges = np.array(midnights, dtype=np.int64).reshape(-1, 2)
        return Grouped(edges[:, 0], edges[:, 1], places)
    # An hour that comes twice when the clocks go back is two hours.
    starts, places = np.unique(local // length * length - offsets, return_inverse=True)
    return Grouped(starts, starts + length, places)


def _offsets(times: Times, zone: tzinfo) -> Times:
    """Give the zone's distance from UTC at each time."""
    quarters, places = np.unique(times // _QUARTER_HOUR, return_inverse=True)
    offsets = [_offset_at(int(quarter) * _QUARTER_HOUR, zone) for quarter in quarters]
    return np.array(offsets, dtype=np.int64)[places]


def _offset_at(time_us: int, zone: tzinfo) -> int:
    moment = (_EPOCH + timedelta(microseconds=time_us)).astimezone(zone)
    offset = moment.utcoffset()
    return 0 if offset is None else offset // timedelta(microseconds=1)


def _midnight(day: int, zone: tzinfo) -> int:
    on = _FIRST_DAY + timedelta(days=day)
    begins = datetime(on.year, on.month, on.day, tzinfo=zone)
    return (begins - _EPOCH) // timedelta(microseconds=1)
