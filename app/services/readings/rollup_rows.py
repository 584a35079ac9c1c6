"""Rows of roll-ups as they are kept: read for a span, replaced for a span.

Owns `reading_rollup`; what stands in a row is reckoned elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from app.models.tables import ReadingRollup
from app.services.averaging.averages import Average
from app.services.averaging.periods import Period
from app.services.averaging.wind import WindAverage


@dataclass(frozen=True, slots=True)
class Rollup:
    """A row of `reading_rollup` without its channel."""

    start_us: int
    end_us: int
    mean: float | None
    minimum: float | None
    maximum: float | None
    raw_mean: float | None
    used: int
    expected: int
    good: int = 0
    suspicious: int = 0
    bad: int = 0
    missing: int = 0
    east: float | None = None
    north: float | None = None
    speed: float | None = None
    calms: int = 0

    def average(self) -> Average:
        """Give it as the averaging takes it."""
        return Average(
            self.start_us,
            self.end_us,
            self.mean,
            self.minimum,
            self.maximum,
            self.used,
            self.suspicious,
            self.expected,
        )

    def raw_average(self) -> Average:
        """Give the raw mean as the averaging takes it."""
        return Average(self.start_us, self.end_us, self.raw_mean, None, None, self.used, 0, 1)

    def wind(self) -> WindAverage:
        """Give it as the averaging of wind takes it."""
        return WindAverage(
            self.start_us,
            self.end_us,
            self.speed,
            self.east,
            self.north,
            self.mean,
            None,
            None,
            self.used,
            self.calms,
            self.expected,
        )


COLUMNS = tuple(Rollup.__dataclass_fields__)


def read_rollups(
    connection: Connection,
    channel_ids: Sequence[int],
    period: Period,
    *,
    start_us: int,
    end_us: int,
) -> dict[int, list[Rollup]]:
    """Read the roll-ups of channels that begin in a span, in order of time."""
    rows = connection.execute(
        select(ReadingRollup.channel_id, *(getattr(ReadingRollup, name) for name in COLUMNS))
        .where(
            ReadingRollup.channel_id.in_(channel_ids),
            ReadingRollup.period_s == period.value,
            ReadingRollup.start_us >= start_us,
            ReadingRollup.start_us < end_us,
        )
        .order_by(ReadingRollup.channel_id, ReadingRollup.start_us)
    )
    found: dict[int, list[Rollup]] = {channel_id: [] for channel_id in channel_ids}
    for row in rows:
        found[row[0]].append(Rollup(*row[1:]))
    return found


def replace_rollups(
    connection: Connection,
    made: dict[int, list[Rollup]],
    period: Period,
    *,
    start_us: int,
    end_us: int,
) -> None:
    """Write the roll-ups of channels that begin in a span, instead of those that are there."""
    connection.execute(
        delete(ReadingRollup).where(
            ReadingRollup.channel_id.in_(list(made)),
            ReadingRollup.period_s == period.value,
            ReadingRollup.start_us >= start_us,
            ReadingRollup.start_us < end_us,
        )
    )
    rows = [
        {"channel_id": channel_id, "period_s": period.value}
        | {name: getattr(item, name) for name in COLUMNS}
        for channel_id, rollups in made.items()
        for item in rollups
    ]
    if rows:
        connection.execute(insert(ReadingRollup), rows)
