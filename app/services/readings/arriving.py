"""What is handed in from a station's reader: frames with their values, gaps, jumps, losses.

Owns these values alone. Nothing here knows a port: whoever wires a reader turns its events into
these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ArrivedValue:
    """One value as the device gave it; None where the device says it has none.

    `flag` is good, suspicious or bad as far as the device itself says, `as_sent` its own text.
    """

    channel: str
    value: Decimal | None
    unit: str
    flag: str = "good"
    reason: str = ""
    as_sent: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One frame: when it was whole (UTC), what it measured, its bytes."""

    at: datetime
    values: tuple[ArrivedValue, ...]
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class GapOpened:
    """From `at` on nothing good arrives."""

    at: datetime
    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class GapClosed:
    """Good frames arrive again: nothing came from `began` to `at`."""

    at: datetime
    began: datetime
    code: str


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """The wall clock moved by so many seconds against the steady one; negative: back."""

    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class FramesLost:
    """So many frames came faster than they were taken, and are lost."""

    at: datetime
    count: int


Arrival = Arrived | GapOpened | GapClosed | ClockMoved | FramesLost
