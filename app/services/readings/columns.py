"""Rows of readings as columns, as they are judged, packed, drawn and averaged.

Owns these values alone. Times are microseconds since 1970 (UTC); a missing number is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from app.services.quality.flags import Flag

Times = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.uint8]
Masks = NDArray[np.uint16]

TESTS = (
    "syntax",
    "missing",
    "timing",
    "gross_range",
    "spike",
    "rate_of_change",
    "flat_line",
    "gap",
    "not_above",
    "wind_consistency",
    "agreement",
    "device",
    "unit",
    "later",
)
"""What can mark a reading, by the bit it has in a mask; the order is final."""
TEST_BITS = {name: 1 << place for place, name in enumerate(TESTS)}


def tests_of(mask: int) -> tuple[str, ...]:
    """Give the names of the tests in a mask."""
    return tuple(name for name, bit in TEST_BITS.items() if mask & bit)


@dataclass(frozen=True)
class Note:
    """What a device said of one value beside the number: its reason, its text, another unit."""

    row: int
    channel: str
    reason: str = ""
    as_sent: str = ""
    unit: str = ""


@dataclass(frozen=True)
class ChannelColumn:
    """The readings of one channel among the rows of a record.

    `rows` says in which rows it was measured. `raw` is exact, None where the device had no
    value; `value` and `uncertainty` are calibrated, NaN where there is none; `calibration` is
    the code of the calibration applied, "" for none.
    """

    channel: str
    unit: str
    calibration: str
    rows: NDArray[np.int64]
    raw: tuple[Decimal | None, ...]
    value: Numbers
    uncertainty: Numbers
    flags: Flags
    tests: Masks

    @property
    def raw_numbers(self) -> Numbers:
        """The raw values as floats, NaN for none."""
        return np.array([np.nan if v is None else float(v) for v in self.raw], dtype=np.float64)

    def count(self, *flags: Flag) -> int:
        """Count the readings with one of these flags."""
        return int(np.isin(self.flags, flags).sum())


@dataclass(frozen=True)
class Rows:
    """The rows of one record: times, raw frames and a column for each channel."""

    times: Times
    frames: tuple[bytes, ...]
    columns: tuple[ChannelColumn, ...]
    notes: tuple[Note, ...] = field(default=())

    @property
    def reading_count(self) -> int:
        """How many values there are over all channels."""
        return sum(len(column.raw) for column in self.columns)

    def of(self, channel: str) -> tuple[ChannelColumn, ...]:
        """Give the columns of a channel: one for each calibration that was in force."""
        return tuple(item for item in self.columns if item.channel == channel)
