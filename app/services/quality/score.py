"""The data-quality score of a station and of a project: 0 to 100, explained part by part.

Owns the parts, their weights and their sentences; must not count readings (they are handed in).
Seed 5 names the score (catalogue 1, `data_quality_score`) and the goals of 85 and 90, not how it
is made: parts and weights here are proposals, settable, and every point lost is accounted for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

FIRST_GOAL = 85.0
SECOND_GOAL = 90.0
"""Seed 5, 8.4.2.1: at least 85 %, with a target of 90 %."""

_DAY_S = 86_400.0
_HALF = 0.5
"""A suspicious reading is worth half a good one."""


@dataclass(frozen=True)
class ScoreWeights:
    """How many of the hundred points each part is worth."""

    completeness: float = 30.0
    validity: float = 30.0
    calibration: float = 20.0
    gaps: float = 10.0
    agreement: float = 10.0

    def __post_init__(self) -> None:
        values = [getattr(self, item.name) for item in fields(self)]
        if any(not math.isfinite(value) or value < 0 for value in values) or not sum(values):
            raise ValueError(f"weights {values} must be zero or more, and not all zero")


@dataclass(frozen=True)
class StationFacts:
    """What is known of a station over a period.

    `expected` counts the readings that should have come; `good`, `suspicious` and `bad` those
    that did. `calibrated_share` is the share of its readings whose calibration was in date,
    `agreement_share` how far it agreed with a reference or with its neighbours (an accuracy in
    %, clamped, over 100; or a share of agreeing readings). None: not known, and then left out.
    """

    expected: int
    good: int
    suspicious: int
    bad: int
    longest_gap_s: float = 0.0
    calibrated_share: float | None = None
    agreement_share: float | None = None

    @property
    def received(self) -> int:
        return self.good + self.suspicious + self.bad


@dataclass(frozen=True)
class ScorePart:
    """One part: what it could bring, what it lost, and why; `share` is 0 to 1."""

    name: str
    worth: float
    share: float
    message: str
    message_th: str

    @property
    def lost(self) -> float:
        return self.worth * (1 - self.share)


@dataclass(frozen=True)
class Score:
    """A score and all that lowers it; None where nothing was expected, so nothing is known."""

    value: float | None
    parts: tuple[ScorePart, ...]
    left_out: tuple[str, ...]
    expected: int

    @property
    def lowered_by(self) -> tuple[ScorePart, ...]:
        """The parts that lost something, the costliest first."""
        lost = [part for part in self.parts if part.lost > 0]
        return tuple(sorted(lost, key=lambda part: -part.lost))

    @property
    def rounded(self) -> int | None:
        """The whole number that is shown: rounded down, so that no goal is reached by rounding."""
        return None if self.value is None else math.floor(self.value + 1e-9)


def score_station(facts: StationFacts, weights: ScoreWeights | None = None) -> Score:
    """Score one station over a period; parts that are not known share their points out."""
    chosen = weights or ScoreWeights()
    if facts.expected <= 0:
        return Score(None, (), tuple(item.name for item in fields(chosen)), 0)
    shares = _shares(facts)
    known = {name: share for name, share in shares.items() if share is not None}
    total = sum(getattr(chosen, name) for name in known)
    if not total:
        return Score(None, (), tuple(shares), facts.expected)
    parts = tuple(
        ScorePart(name, 100 * getattr(chosen, name) / total, share, *_explain(name, facts, share))
        for name, share in known.items()
    )
    value = 100 - math.fsum(part.lost for part in parts)
    left_out = tuple(name for name in shares if name not in known)
    return Score(min(100.0, max(0.0, value)), parts, left_out, facts.expected)


@dataclass(frozen=True)
class StationShare:
    """What one station takes from its project's score."""

    station: str
    score: Score
    lost: float


@dataclass(frozen=True)
class ProjectScore:
    """The mean of station scores, each counting by the readings expected of it."""

    value: float | None
    stations: tuple[StationShare, ...]


def score_project(stations: Sequence[tuple[str, Score]]) -> ProjectScore:
    """Score a project from its stations; those without a score are shown and do not count."""
    total = sum(score.expected for _, score in stations if score.value is not None)
    shares = [
        StationShare(
            name,
            score,
            0.0 if score.value is None else (100 - score.value) * score.expected / total,
        )
        for name, score in stations
    ]
    value = 100 - math.fsum(share.lost for share in shares) if total else None
    return ProjectScore(value, tuple(sorted(shares, key=lambda share: -share.lost)))


class Standing(StrEnum):
    """Where a figure stands against the goals."""

    UNKNOWN = "unknown"
    BELOW = "below-first-goal"
    FIRST = "first-goal"
    SECOND = "second-goal"


def standing_of(value: float | None) -> Standing:
    """Say which goal a score, or an accuracy in %, reaches."""
    if value is None:
        return Standing.UNKNOWN
    if value >= SECOND_GOAL:
        return Standing.SECOND
    return Standing.FIRST if value >= FIRST_GOAL else Standing.BELOW


@dataclass(frozen=True)
class Course:
    """A figure over periods against the goals; shares are of the periods with a figure."""

    standings: tuple[Standing, ...]
    share_at_first: float | None
    share_at_second: float | None
    change: float | None


def follow_course(values: Sequence[float | None]) -> Course:
    """Follow a score or an accuracy over periods in order; `change` is last less first."""
    known = [value for value in values if value is not None]
    standings = tuple(standing_of(value) for value in values)
    if not known:
        return Course(standings, None, None, None)
    return Course(
        standings,
        sum(value >= FIRST_GOAL for value in known) / len(known),
        sum(value >= SECOND_GOAL for value in known) / len(known),
        known[-1] - known[0],
    )


def _shares(facts: StationFacts) -> dict[str, float | None]:
    received = facts.received
    valid = facts.good + _HALF * facts.suspicious
    return {
        "completeness": min(1.0, received / facts.expected),
        # What never came is the completeness' business; with nothing there, nothing is valid.
        "validity": valid / received if received else 0.0,
        "calibration": _clamped(facts.calibrated_share),
        "gaps": 1 - min(1.0, max(0.0, facts.longest_gap_s) / _DAY_S),
        "agreement": _clamped(facts.agreement_share),
    }


def _clamped(share: float | None) -> float | None:
    return None if share is None else min(1.0, max(0.0, share))


def _explain(name: str, facts: StationFacts, share: float) -> tuple[str, str]:
    """Say a part in both languages, with its figures."""
    percent = f"{100 * share:.1f} %"
    if name == "completeness":
        return (
            f"{facts.received:,} of {facts.expected:,} readings came: {percent}.",
            f"ได้รับ {facts.received:,} จาก {facts.expected:,} ค่า คิดเป็น {percent}",
        )
    if name == "validity":
        return (
            f"{facts.good:,} good, {facts.suspicious:,} suspicious, {facts.bad:,} bad.",
            f"ดี {facts.good:,} น่าสงสัย {facts.suspicious:,} ใช้ไม่ได้ {facts.bad:,}",
        )
    if name == "calibration":
        return (
            f"{percent} of readings were taken with a calibration in date.",
            f"{percent} ของค่าที่อ่านอยู่ในช่วงที่การสอบเทียบยังไม่หมดอายุ",
        )
    if name == "gaps":
        hours = facts.longest_gap_s / 3600
        return (
            f"The longest gap was {hours:.1f} h; from 24 h on this part is lost.",
            f"ช่วงขาดหายนานที่สุด {hours:.1f} ชั่วโมง ตั้งแต่ 24 ชั่วโมงขึ้นไปจะเสียคะแนนส่วนนี้ทั้งหมด",
        )
    return (
        f"Agreement with the reference or with neighbours: {percent}.",
        f"ความสอดคล้องกับค่าอ้างอิงหรือสถานีข้างเคียง {percent}",
    )
