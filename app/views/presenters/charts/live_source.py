"""What the live page is fed by: the interface that the composition root answers.

Owns the frozen values that cross it. Views know no hardware: whoever reads stations, replays a
file or serves a test hands in an object of this shape. No method waits for a device.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from app.views.presenters.charts.ring import Block


@dataclass(frozen=True)
class LiveChannel:
    """One quantity of one sensor of a station; `key` is unique and stays the same."""

    key: str
    station: str
    station_name: str
    sensor: str
    channel: str
    unit: str
    interval_us: int


class MarkKind(StrEnum):
    """What may stand on a chart beside readings."""

    NOTE = "note"
    GAP = "gap"
    ALARM = "alarm"
    CALIBRATION = "calibration"
    MAINTENANCE = "maintenance"
    CLOCK = "clock"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Mark:
    """Something that happened at a station at a time, in a person's or the reader's words."""

    at_us: int
    kind: MarkKind
    station: str
    text: str
    by: str = ""


@dataclass(frozen=True)
class LiveBlock:
    """New readings of a channel."""

    key: str
    readings: Block


class LineState(StrEnum):
    """How a station's line stands."""

    READING = "reading"
    SILENT = "silent"
    LOST = "lost"
    STOPPED = "stopped"


@dataclass(frozen=True)
class LineReport:
    """How one sensor is read now; `message` and `hint` say what is wrong and what to do.

    `code` and `values` say the same for words of the desk's own language; "" for no such words.
    """

    station: str
    sensor: str
    state: LineState
    frames: int = 0
    dropped: int = 0
    message: str = ""
    hint: str = ""
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ConsoleRow:
    """Bytes that went one way, and what they said."""

    at_us: int
    is_sent: bool
    hex: str
    text: str
    decoded: str


@dataclass(frozen=True)
class PortRow:
    """A port as the system lists it; `identity` is what to remember."""

    path: str
    description: str
    identity: str


@dataclass(frozen=True)
class PortAnswer:
    """What a port answered when it was asked, in words; `protocol` is empty if nothing known.

    `line` is how the line was set when it answered: names of line settings and their values.
    """

    path: str
    protocol: str
    identification: str
    settings: str
    message: str
    line: tuple[tuple[str, object], ...] = ()


class ReadingSource(Protocol):
    """What readings come from: stations, or a stretch that is played again."""

    def channels(self) -> Sequence[LiveChannel]:
        """Give every channel, in the order of stations."""

    def take(self) -> tuple[Sequence[LiveBlock], Sequence[Mark]]:
        """Give what came since the last call, and never wait."""


class LiveSource(ReadingSource, Protocol):
    """Stations being read, as the desk sees them."""

    def lines(self) -> Sequence[LineReport]:
        """Tell how each sensor is read now."""

    def console(self, station: str, sensor: str) -> Sequence[ConsoleRow]:
        """Give the last lines of a sensor's console, oldest first."""


class PortFinder(Protocol):
    """Looks for stations on ports; both methods may take seconds and run off the window."""

    def ports(self) -> Sequence[PortRow]:
        """List the ports the system knows."""

    def ask(self, path: str) -> PortAnswer:
        """Ask what stands at a port; changes nothing in a device."""


@dataclass(frozen=True)
class StationFeed:
    """What the composition root hands to the desk."""

    source: LiveSource
    finder: PortFinder
