"""The visible range as CSV: one row for each reading, nothing rounded, nothing left out.

Owns the columns and their order; where the file goes is the page's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from app.views.presenters.charts.live_source import LiveChannel
from app.views.presenters.charts.ring import ChannelRing, Severity
from app.views.presenters.charts.ticks import moment

HEADER = ("time", "station", "sensor", "channel", "unit", "raw", "value", "flag")


def visible_csv(
    traces: Sequence[tuple[LiveChannel, ChannelRing]], start_us: int, end_us: int
) -> bytes:
    """Write the readings from start to end, both included; a missing value is an empty field."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for channel, ring in traces:
        block = ring.block(start_us, end_us + 1)
        named = (channel.station, channel.sensor, channel.channel, channel.unit)
        for at, raw, value, flag in zip(
            block.times.tolist(),
            block.raw.tolist(),
            block.values.tolist(),
            block.flags.tolist(),
            strict=True,
        ):
            when = moment(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            severity = Severity(flag).name.lower()
            writer.writerow((when, *named, _number(raw), _number(value), severity))
    return text.getvalue().encode("utf-8-sig")


def _number(value: float) -> str:
    return "" if np.isnan(value) else repr(value)
