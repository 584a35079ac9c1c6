"""The visible range as CSV: one row for each reading, nothing rounded, nothing left out.

Owns the columns and their order; where the file goes is the page's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from app.views.presenters.charts.live_source import LiveChannel
from app.views.presenters.charts.ring import ChannelRing, Severity
from app.views.presenters.charts.rolled import RolledCourse
from app.views.presenters.charts.ticks import moment

HEADER = ("time", "station", "sensor", "channel", "unit", "raw", "value", "flag")
ROLLED_HEADER = ("until", "minimum", "maximum", "readings")
"""What a period has beside its mean, which stands in `value`."""


def visible_csv(
    traces: Sequence[tuple[LiveChannel, ChannelRing]],
    start_us: int,
    end_us: int,
    *,
    rolled: Mapping[str, RolledCourse] | None = None,
) -> bytes:
    """Write the readings from start to end, both included; a missing value is an empty field.

    Of a channel that is drawn from averages each row is a period within the span.
    """
    courses = {t.key: rolled[t.key] for t, _ring in traces if rolled and t.key in rolled}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*HEADER, *(ROLLED_HEADER if courses else ())))
    for channel, ring in traces:
        named = (channel.station, channel.sensor, channel.channel, channel.unit)
        if channel.key in courses:
            writer.writerows(_rolled_rows(named, courses[channel.key].within(start_us, end_us)))
            continue
        block = ring.block(start_us, end_us + 1)
        for at, raw, value, flag in zip(
            block.times.tolist(),
            block.raw.tolist(),
            block.values.tolist(),
            block.flags.tolist(),
            strict=True,
        ):
            severity = Severity(flag).name.lower()
            writer.writerow((_when(at), *named, _number(raw), _number(value), severity))
    return text.getvalue().encode("utf-8-sig")


def _rolled_rows(named: tuple[str, ...], course: RolledCourse) -> Iterator[tuple[str, ...]]:
    for place in range(len(course.starts_us)):
        yield (
            _when(int(course.starts_us[place])),
            *named,
            _number(float(course.raw_mean[place])),
            _number(float(course.mean[place])),
            Severity(int(course.flags[place])).name.lower(),
            _when(int(course.ends_us[place])),
            _number(float(course.minimum[place])),
            _number(float(course.maximum[place])),
            str(int(course.used[place])),
        )


def _when(at_us: int) -> str:
    return moment(at_us).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(value: float) -> str:
    return "" if np.isnan(value) else repr(value)
