"""What every decoder gives: readings, frames, and an account of what was dropped and why.

Owns the shape of a decoder and no protocol. A decoder is a plain object over bytes: no port, no
clock, no thread. It survives any garbage, finds the next good frame, holds a bounded number of
bytes, and never raises from `feed` or `finish`.

Values are Decimal, because that is what a device sent: the text `05.33` stays 05.33 with its two
decimals, an integer in tenths stays exact, and a 32-bit float becomes the shortest decimal that
reads back as the same 32 bits. Nothing is rounded, and nothing unlikely is removed: a value that
means "no value" is a reading marked bad, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from app.hardware.channels import Channel


class Flag(StrEnum):
    """How far a reading can be trusted, as far as the device itself says."""

    GOOD = "good"
    SUSPICIOUS = "suspicious"
    BAD = "bad"


class Cause(StrEnum):
    """Why bytes were dropped."""

    CHECKSUM = "checksum"
    """A frame of the right shape whose checksum does not hold."""
    LENGTH = "length"
    """A frame cut short, too long, or that says a length it cannot have."""
    GARBAGE = "garbage"
    """Bytes that belong to no frame."""
    UNKNOWN = "unknown"
    """A whole frame of a kind this protocol does not know."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one channel; `value` is None where the device said there is none."""

    channel: Channel
    value: Decimal | None
    unit: str
    flag: Flag = Flag.GOOD
    reason: str = ""
    as_sent: str = ""
    """The device's own text, where its unit is not ours: `11.9 K` for 3.30… m/s."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One good frame: what it measured, its bytes, and what else it said."""

    readings: tuple[Reading, ...]
    raw: bytes
    kind: str = "measurement"
    """What sort of frame: measurement, or what the protocol's module names (acknowledgement …)."""
    details: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))
    """What the frame said beside readings: status words, serial numbers, an exception's code."""


@dataclass(slots=True)
class Dropped:
    """How many stretches of bytes were dropped, by cause, and how many bytes that were in all.

    One broken frame is one stretch, however many false starts lie within it.
    """

    checksum: int = 0
    length: int = 0
    garbage: int = 0
    unknown: int = 0
    bytes: int = 0

    @property
    def total(self) -> int:
        """How many stretches were dropped."""
        return self.checksum + self.length + self.garbage + self.unknown

    def by_cause(self) -> dict[str, int]:
        """Give the counts by name of the cause."""
        return {str(cause): getattr(self, cause) for cause in Cause}


class Decoder(Protocol):
    """Bytes in, frames out; it never raises, whatever the bytes."""

    @property
    def dropped(self) -> Dropped:
        """What was dropped so far; bytes still waiting for the rest of their frame are not."""

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next bytes, however they were split, and give the frames they complete."""

    def finish(self) -> list[Frame]:
        """Say that nothing follows: what waits becomes a frame, or is dropped as too short."""
