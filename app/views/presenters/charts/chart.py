"""One chart: which channels lie in it, on which scales, and what each shows in a span.

Owns the choice between bars and single readings, the scales and the legend's figures. Channels of
one quantity share a scale; the axis shows that of the chosen channel. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.views.presenters.charts.columns import ColumnCache, Columns, Grid
from app.views.presenters.charts.live_source import LiveChannel
from app.views.presenters.charts.ring import ChannelRing, Severity
from app.views.presenters.charts.span import ValueRange

MOST_TRACES = 9
_GAP_STEPS = 2.5
_LEAST_GAP_US = 250_000
_POINTS_PER_COLUMN = 1.5


def gap_after(interval_us: int) -> int:
    """Give how long a channel may be silent before a gap is shown: two and a half steps."""
    return max(_LEAST_GAP_US, round(interval_us * _GAP_STEPS))


def scale_of(channel: LiveChannel) -> str:
    """Name the scale of a channel: particles share one, and a quantity with its extremes."""
    if channel.channel.startswith("pm"):
        return f"pm {channel.unit}"
    name = channel.channel
    for ending in ("_min", "_max", "_dry"):
        name = name.removesuffix(ending)
    return f"{name} {channel.unit}"


class Trace:
    """One channel in a chart; `number` (1 to 9) names its line beside its colour."""

    def __init__(self, channel: LiveChannel, ring: ChannelRing, number: int) -> None:
        self.channel = channel
        self.ring = ring
        self.number = number
        self.scale = scale_of(channel)
        self.gap_us = gap_after(channel.interval_us)
        self._calibrated = ColumnCache(ring, gap_us=self.gap_us)
        self._raw = ColumnCache(ring, gap_us=self.gap_us, raw=True)

    def columns(self, grid: Grid, *, raw: bool = False) -> Columns:
        """Give the columns of a grid."""
        return (self._raw if raw else self._calibrated).columns(grid)

    def shows_points(self, grid: Grid) -> bool:
        """Tell whether so few readings are in view that single ones can be drawn."""
        first, last = np.searchsorted(self.ring.times, (grid.start_us, grid.end_us))
        return bool(last - first <= _POINTS_PER_COLUMN * grid.count)


@dataclass(frozen=True)
class LegendEntry:
    """What the head of a chart says of one channel."""

    key: str
    number: int
    station: str
    channel: str
    unit: str
    value: float | None
    severity: Severity | None
    is_silent: bool
    is_axis: bool


class Chart:
    """Up to nine traces over one another."""

    def __init__(self) -> None:
        self.traces: list[Trace] = []
        self.axis_key = ""
        self._ranges: dict[str, ValueRange] = {}

    @property
    def axis(self) -> Trace | None:
        """The trace whose scale the axis shows."""
        return next((t for t in self.traces if t.channel.key == self.axis_key), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The channels shown."""
        return tuple(trace.channel.key for trace in self.traces)

    @property
    def is_zoomed(self) -> bool:
        """Whether a person chose the limits of any scale."""
        return any(each.is_chosen for each in self._ranges.values())

    @property
    def units(self) -> tuple[str, ...]:
        """The units in the chart, each once, in order."""
        return tuple(dict.fromkeys(trace.channel.unit for trace in self.traces))

    def show(self, channels: Iterable[tuple[LiveChannel, ChannelRing]]) -> None:
        """Show these channels, the first nine of them; the first gives the axis."""
        kept = {trace.channel.key: trace for trace in self.traces}
        self.traces = []
        for number, (channel, ring) in enumerate(tuple(channels)[:MOST_TRACES], start=1):
            trace = kept.get(channel.key)
            if trace is None or trace.ring is not ring:
                trace = Trace(channel, ring, number)
            trace.number = number
            self.traces.append(trace)
        if self.axis_key not in self.keys:
            self.axis_key = self.keys[0] if self.traces else ""
        scales = dict.fromkeys(trace.scale for trace in self.traces)
        self._ranges = {scale: self._ranges.get(scale, ValueRange()) for scale in scales}

    def choose_axis(self, key: str) -> None:
        """Let the axis show the scale of another channel."""
        if key in self.keys:
            self.axis_key = key

    def range_of(self, trace: Trace) -> ValueRange:
        """Give the limits of a trace's scale."""
        return self._ranges[trace.scale]

    def axis_range(self) -> ValueRange:
        """Give the limits the axis shows."""
        axis = self.axis
        return self._ranges[axis.scale] if axis is not None else ValueRange()

    def fit(self, grid: Grid, *, raw: bool = False) -> bool:
        """Bring every scale up to date with what is in view; tell whether the axis moved."""
        needed: dict[str, tuple[float, float]] = {}
        for trace in self.traces:
            for is_raw in (False, True) if raw else (False,):
                bounds = trace.columns(grid, raw=is_raw).bounds()
                if bounds is None:
                    continue
                low, high = needed.get(trace.scale, bounds)
                needed[trace.scale] = (min(low, bounds[0]), max(high, bounds[1]))
        axis = self.axis
        moved = False
        for scale, limits in self._ranges.items():
            changed = limits.fit(needed.get(scale))
            moved = moved or (changed and axis is not None and axis.scale == scale)
        return moved

    def choose_limits(self, low: float, high: float) -> None:
        """Zoom the axis's scale to these values, and the other scales alike."""
        shown = self.axis_range()
        reach = shown.high - shown.low
        first, last = (low - shown.low) / reach, (high - shown.low) / reach
        for limits in self._ranges.values():
            height = limits.high - limits.low
            limits.choose(limits.low + first * height, limits.low + last * height)

    def reset_limits(self) -> None:
        """Let every scale follow its readings."""
        for limits in self._ranges.values():
            limits.reset()

    def legend(self, now_us: int | None) -> list[LegendEntry]:
        """Say each channel's newest value and flag, and whether it has gone silent."""
        return [self._entry(trace, now_us) for trace in self.traces]

    def _entry(self, trace: Trace, now_us: int | None) -> LegendEntry:
        ring, channel = trace.ring, trace.channel
        value: float | None = None
        severity: Severity | None = None
        silent = True
        if ring.latest_us is not None:
            # Not the last in time: after a clock was set back the newest stands among older ones.
            place = int(np.searchsorted(ring.times, ring.latest_us, side="right")) - 1
            newest = float(ring.values[place])
            value = None if np.isnan(newest) else newest
            severity = Severity(int(ring.flags[place]))
            silent = now_us is not None and now_us - ring.latest_us > 4 * trace.gap_us
        return LegendEntry(
            key=channel.key,
            number=trace.number,
            station=channel.station,
            channel=channel.channel,
            unit=channel.unit,
            value=value,
            severity=severity,
            is_silent=silent,
            is_axis=channel.key == self.axis_key,
        )
