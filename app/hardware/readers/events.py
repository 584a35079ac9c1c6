"""What a reader tells: samples, gaps, problems, jumps of the clock; and what it has counted.

Owns these values and nothing that makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.hardware.decoding import Dropped, Frame


@dataclass(frozen=True, slots=True)
class Sample:
    """One good frame and when it was whole: by the wall clock (UTC) and the steady clock."""

    at: datetime
    steady_s: float
    protocol: str
    frame: Frame


@dataclass(frozen=True, slots=True)
class GapBegan:
    """From `at` on nothing good arrives; `code` is that of the hardware error behind it."""

    at: datetime
    code: str
    message: str
    hint: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GapEnded:
    """Good frames arrive again: the gap reached from `began` to `at`, `seconds` by the steady
    clock, whatever the wall clock did meanwhile."""  # noqa: D205, D209 - one sentence

    at: datetime
    began: datetime
    seconds: float
    code: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something is wrong, and what to do; reading goes on."""

    at: datetime
    code: str
    message: str
    hint: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """The wall clock moved by so many seconds against the steady clock; negative: back."""

    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class SamplesLost:
    """Nobody took the events in time, and so many samples gave way to newer ones."""

    at: datetime
    count: int


ReaderEvent = Sample | GapBegan | GapEnded | Problem | ClockJumped | SamplesLost


@dataclass(frozen=True, slots=True)
class Counters:
    """What a reader has counted since it began."""

    frames: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    asked: int = 0
    unanswered: int = 0
    gaps: int = 0
    openings: int = 0
    samples_lost: int = 0
    dropped: Dropped = field(default_factory=Dropped)
