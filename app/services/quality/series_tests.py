"""The tests of one channel over a whole series: pure functions of arrays.

Owns the definitions, which are those of `ioos_qc` (the QARTOD tests by IOOS) for the same
settings; `streaming` gives the same answers reading by reading. Values are float64 with NaN for
missing, times int64 microseconds since 1970 (UTC); flags come back as uint8, one per value.

Where ioos_qc's answer is an accident of its arithmetic we say our own: a missing value is 9 in
the shortest series too; steps of a fraction of a second count as what they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.services.quality.flags import Flag
from app.services.quality.rules import FlatLine, Gap, GrossRange, RateOfChange, Spike

Values = NDArray[np.float64]
Times = NDArray[np.int64]
Flags = NDArray[np.uint8]

SECOND = 1_000_000
"""Microseconds."""
HOUR_S = 3600.0


def flag_gross_range(values: Values, settings: GrossRange) -> Flags:
    """Flag what lies outside a span; the bounds themselves pass."""
    flags = _all_good(values)
    for span, flag in ((settings.suspect, Flag.SUSPECT), (settings.fail, Flag.FAIL)):
        if span is not None:
            flags[(values < span[0]) | (values > span[1])] = flag
    return _with_missing(flags, values)


def flag_spike(values: Values, settings: Spike) -> Flags:
    """Flag what stands out from both neighbours; the ends and those beside a gap are 2."""
    flags = _all_good(values)
    flags[:1] = flags[-1:] = Flag.NOT_EVALUATED
    if values.size > 2:
        before, here, after = values[:-2], values[1:-1], values[2:]
        if settings.method == "average":
            excess = np.abs(here - (before + after) / 2)
        else:
            rise, fall = here - before, after - here
            excess = np.minimum(np.abs(rise), np.abs(fall))
            excess[rise * fall >= 0] = 0.0
        inner = flags[1:-1]
        _flag_above(inner, excess, settings.suspect, settings.fail)
        inner[np.isnan(excess)] = Flag.NOT_EVALUATED
    return _with_missing(flags, values)


def flag_rate_of_change(values: Values, times: Times, settings: RateOfChange) -> Flags:
    """Flag a value that changed faster than allowed since the one before it.

    At one and the same time there is no rate: the change itself is compared, as ioos_qc does.
    What `least` lets pass is ours; it is 0 unless the rules say otherwise.
    """
    flags = _all_good(values)
    if values.size > 1:
        seconds = np.abs(np.diff(times)) / SECOND
        change = np.abs(np.diff(values))
        rate = np.divide(change, seconds, out=change.copy(), where=seconds > 0)
        rate[change <= settings.least] = 0.0
        fail = settings.fail_per_hour
        _flag_above(
            flags[1:],
            rate,
            settings.per_hour / HOUR_S,
            None if fail is None else fail / HOUR_S,
            zero_counts=True,
        )
    return _with_missing(flags, values)


def flag_flat_line(values: Values, times: Times, settings: FlatLine) -> Flags:
    """Flag a value when all since `suspect_h` (`fail_h`) lie within less than `tolerance`."""
    flags = _all_good(values)
    interval = median_interval_s(times)
    if values.size < 3:
        return _with_missing(flags, values)
    if interval is None:
        flags[:] = Flag.NOT_EVALUATED
        return _with_missing(flags, values)
    for hours, flag in ((settings.suspect_h, Flag.SUSPECT), (settings.fail_h, Flag.FAIL)):
        count = values.size if hours is None else readings_in(hours, interval)
        if count < values.size:
            flags[count:][_ranges(values, count) < settings.tolerance] = flag
    return _with_missing(flags, values)


def flag_gap(times: Times, settings: Gap) -> Flags:
    """Flag a reading that comes longer after the one before than allowed.

    The first takes the flag of the second, as in ioos_qc; a single one cannot be judged.
    """
    flags: Flags = np.full(times.size, Flag.GOOD, dtype=np.uint8)
    if times.size < 2:
        flags[:] = Flag.NOT_EVALUATED
        return flags
    steps = np.diff(times)
    for hours, flag in ((settings.suspect_h, Flag.SUSPECT), (settings.fail_h, Flag.FAIL)):
        if hours is not None:
            flags[1:][steps > whole_seconds(hours) * SECOND] = flag
    flags[0] = flags[1]
    return flags


def median_interval_s(times: Times) -> float | None:
    """Give the usual step in seconds, in whole ones from one second up; None when there is none."""
    if times.size < 2:
        return None
    return usable_interval(float(np.median(np.diff(times))) / SECOND)


def usable_interval(seconds: float) -> float | None:
    """Cut a step to whole seconds, as ioos_qc does, unless nothing were left of it."""
    if seconds <= 0:
        return None
    return seconds if seconds < 1 else float(int(seconds))


def readings_in(hours: float, interval_s: float) -> int:
    """Count the steps in a stretch of hours."""
    return int(whole_seconds(hours) / interval_s)


def whole_seconds(hours: float) -> int:
    """Give hours as whole seconds, the fraction cut, as ioos_qc does."""
    return int(hours * HOUR_S)


def _ranges(values: Values, count: int) -> Values:
    """Give the range of each value and the `count` before it; NaN where all are missing."""
    highest = _sliding(values, count + 1, np.fmax)
    return np.asarray(highest - _sliding(values, count + 1, np.fmin), dtype=np.float64)


def _sliding(values: Values, width: int, extreme: np.ufunc) -> Values:
    """Give the extreme of every window in time that does not grow with the width.

    Van Herk's way: from each block's start forward and from its end backward.
    """
    padded = np.full(-(-values.size // width) * width, np.nan)
    padded[: values.size] = values
    blocks = padded.reshape(-1, width)
    forward = extreme.accumulate(blocks, axis=1).ravel()
    backward = extreme.accumulate(blocks[:, ::-1], axis=1)[:, ::-1].ravel()
    windows = values.size - width + 1
    result = extreme(backward[:windows], forward[width - 1 : width - 1 + windows])
    return np.asarray(result, dtype=np.float64)


def _flag_above(
    flags: Flags,
    excess: Values,
    suspect: float | None,
    fail: float | None,
    *,
    zero_counts: bool = False,
) -> None:
    """Flag in place; a threshold of zero counts only where asked (for spikes it means none)."""
    for threshold, flag in ((suspect, Flag.SUSPECT), (fail, Flag.FAIL)):
        if threshold is not None and (threshold or zero_counts):
            flags[excess > threshold] = flag


def _all_good(values: Values) -> Flags:
    return np.full(values.size, Flag.GOOD, dtype=np.uint8)


def _with_missing(flags: Flags, values: Values) -> Flags:
    flags[np.isnan(values)] = Flag.MISSING
    return flags
