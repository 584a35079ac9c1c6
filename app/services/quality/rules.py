"""The settings of the quality tests, per column: values alone.

Owns which test has which settings and what of them cannot be; must not read files (see
`rule_files`) or judge readings. QARTOD sets no thresholds: every number here is somebody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Span = tuple[float, float]

SENTINELS = (-200.0, -9999.0)
"""What loggers write for “no value”, unless the rules name others."""

REAL_TIME_TESTS = (
    "gross_range",
    "spike",
    "rate_of_change",
    "flat_line",
    "gap",
    "not_above",
    "wind_consistency",
    "agreement",
)


@dataclass(frozen=True)
class GrossRange:
    """Outside `fail` (what the sensor can give) is bad, outside `suspect` suspicious."""

    suspect: Span | None = None
    fail: Span | None = None


@dataclass(frozen=True)
class Spike:
    """How far a reading may stand out from its neighbours, in the channel's unit.

    `average`: from the mean of both neighbours, so those of a spike stand out too.
    `differential`: the smaller of both steps, where they go in opposite ways.
    """

    suspect: float | None = None
    fail: float | None = None
    method: Literal["average", "differential"] = "average"


@dataclass(frozen=True)
class RateOfChange:
    """How much a value may change in an hour, in the channel's unit.

    A change of no more than `least` is never too fast, however soon it comes: what noise and the
    last digit bring from one reading to the next says nothing of the air.
    """

    per_hour: float
    fail_per_hour: float | None = None
    least: float = 0.0


@dataclass(frozen=True)
class FlatLine:
    """For how many hours the range of values may stay below `tolerance`."""

    suspect_h: float | None = None
    fail_h: float | None = None
    tolerance: float = 0.0


@dataclass(frozen=True)
class Gap:
    """How many hours may pass from one reading to the next."""

    suspect_h: float | None = None
    fail_h: float | None = None


@dataclass(frozen=True)
class NotAbove:
    """Hold a part below its whole, PM2.5 below PM10; excess in the channel's unit."""

    column: str
    suspect: float = 0.0
    fail: float | None = None


@dataclass(frozen=True)
class WindConsistency:
    """A wind speed above `calm` has a direction, and a direction a speed.

    `zero_without_direction`: the station writes direction 0 for calm (north is 360), after the
    WMO's coding; many do not, so it is off unless asked.
    """

    direction: str
    calm: float = 0.5
    zero_without_direction: bool = False


@dataclass(frozen=True)
class Agreement:
    """How far a sensor may stand from the median of others that measure the same."""

    columns: tuple[str, ...]
    suspect: float | None = None
    fail: float | None = None


@dataclass(frozen=True)
class ColumnRules:
    """The tests of one column; None: not asked."""

    gross_range: GrossRange | None = None
    spike: Spike | None = None
    rate_of_change: RateOfChange | None = None
    flat_line: FlatLine | None = None
    gap: Gap | None = None
    not_above: NotAbove | None = None
    wind_consistency: WindConsistency | None = None
    agreement: Agreement | None = None
    missing: tuple[float, ...] = SENTINELS

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the tests asked for."""
        return tuple(name for name in REAL_TIME_TESTS if getattr(self, name) is not None)

    @property
    def other_columns(self) -> tuple[str, ...]:
        """The columns that the tests across channels read beside this one."""
        others: list[str] = []
        if self.not_above is not None:
            others.append(self.not_above.column)
        if self.wind_consistency is not None:
            others.append(self.wind_consistency.direction)
        if self.agreement is not None:
            others.extend(self.agreement.columns)
        return tuple(dict.fromkeys(others))


@dataclass(frozen=True)
class RuleSet:
    """The rules of each column; `is_proposal` says that nobody has yet adopted them."""

    columns: Mapping[str, ColumnRules] = field(default_factory=dict)
    is_proposal: bool = False
