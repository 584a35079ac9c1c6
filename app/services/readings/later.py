"""What later records say of earlier readings: flags set afterwards, corrections computed anew.

Owns applying them when readings are read: the earlier records stay as they are. Making such
records is `marking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from sqlalchemy import Connection

from app.services.calibration.correction import Correction
from app.services.quality.flags import Flag
from app.services.readings.chain import KeptRecord, records_between
from app.services.readings.columns import TEST_BITS, Flags, Masks, Numbers, Rows, Times
from app.services.readings.corrections import calibrate
from app.services.readings.record import RecordKind

_SEVERITY = np.zeros(10, dtype=np.int64)
for _place, _flag in enumerate(
    (Flag.NOT_EVALUATED, Flag.GOOD, Flag.SUSPECT, Flag.MISSING, Flag.FAIL)
):
    _SEVERITY[_flag] = _place


class MarkMode(StrEnum):
    """Whether a later flag only makes readings worse, or is the last word."""

    AT_LEAST = "at-least"
    SET = "set"


@dataclass(frozen=True, slots=True)
class LaterFlag:
    """A flag for the readings of some channels over a span, both ends included."""

    sequence: int
    channels: frozenset[str]
    first_us: int
    last_us: int
    flag: Flag
    mode: MarkMode
    reason: str


@dataclass(frozen=True, slots=True)
class LaterCorrection:
    """A calibration applied afterwards to a channel's raw values over a span."""

    sequence: int
    channel: str
    first_us: int
    last_us: int
    calibration: str
    correction: Correction


Later = LaterFlag | LaterCorrection


@dataclass(frozen=True)
class ChannelSlice:
    """A channel's readings over a span, as they count today."""

    times: Times
    raw: Numbers
    value: Numbers
    uncertainty: Numbers
    flags: Flags
    tests: Masks

    def between(self, start_us: int, end_us: int) -> ChannelSlice:
        """Give the readings from a time on and before another."""
        here = (self.times >= start_us) & (self.times < end_us)
        return ChannelSlice(*(getattr(self, name)[here] for name in self.__dataclass_fields__))


def later_records(
    connection: Connection, sensor_id: int, *, start_us: int, end_us: int
) -> tuple[Later, ...]:
    """Read what later records say of a span, in the order in which they were made."""
    found: list[Later] = []
    for kind in (RecordKind.FLAGS, RecordKind.RECALIBRATION):
        kept = records_between(connection, sensor_id, kind=kind, start_us=start_us, end_us=end_us)
        found.extend(_later(item) for item in kept)
    return tuple(sorted(found, key=lambda item: item.sequence))


def slice_of(rows: Sequence[Rows], channel: str, later: Sequence[Later] = ()) -> ChannelSlice:
    """Put a channel's readings of several records together, in order of time."""
    parts = [(item, column) for item in rows for column in item.of(channel)]
    if not parts:
        none = np.empty(0)
        return ChannelSlice(
            none.astype(np.int64), none, none, none, none.astype(np.uint8), none.astype(np.uint16)
        )
    times = np.concatenate([item.times[column.rows] for item, column in parts])
    order = np.argsort(times, kind="stable")
    columns = [column for _, column in parts]
    made = ChannelSlice(
        times[order],
        np.concatenate([column.raw_numbers for column in columns])[order],
        np.concatenate([column.value for column in columns])[order],
        np.concatenate([column.uncertainty for column in columns])[order],
        np.concatenate([column.flags for column in columns])[order].astype(np.uint8),
        np.concatenate([column.tests for column in columns])[order].astype(np.uint16),
    )
    for item in later:
        made = _apply(made, channel, item)
    return made


def _apply(readings: ChannelSlice, channel: str, later: Later) -> ChannelSlice:
    here = (readings.times >= later.first_us) & (readings.times <= later.last_us)
    if isinstance(later, LaterCorrection):
        if later.channel != channel or not here.any():
            return readings
        # A value that was withheld (another unit) stays withheld.
        here &= ~np.isnan(readings.value)
        value, uncertainty = readings.value.copy(), readings.uncertainty.copy()
        value[here], uncertainty[here] = calibrate(readings.raw[here], later.correction, u_raw=None)
        return ChannelSlice(
            readings.times, readings.raw, value, uncertainty, readings.flags, readings.tests
        )
    if channel not in later.channels or not here.any():
        return readings
    if later.mode is MarkMode.AT_LEAST:
        here &= _SEVERITY[readings.flags] < _SEVERITY[later.flag]
    flags, tests = readings.flags.copy(), readings.tests.copy()
    flags[here] = later.flag
    tests[here] |= TEST_BITS["later"]
    return ChannelSlice(
        readings.times, readings.raw, readings.value, readings.uncertainty, flags, tests
    )


def _later(kept: KeptRecord) -> Later:
    body = kept.record.said()["body"]
    if kept.kind is RecordKind.FLAGS:
        return LaterFlag(
            kept.sequence,
            frozenset(body["channels"]),
            kept.first_us,
            kept.last_us,
            Flag(body["flag"]),
            MarkMode(body["mode"]),
            body["reason"],
        )
    return LaterCorrection(
        kept.sequence,
        body["channel"],
        kept.first_us,
        kept.last_us,
        body["calibration"],
        Correction(
            *(
                float(body[name])
                for name in ("slope", "intercept", "u_slope", "u_intercept", "covariance")
            )
        ),
    )
