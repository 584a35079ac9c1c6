"""What may go wrong between a simulated device and its host.

Owns the faults of the wire: they change, delay or swallow frames and know nothing of what these
mean. Pulling the plug is the server's affair, because the port itself goes.
"""

from __future__ import annotations

import random
from enum import StrEnum
from itertools import pairwise


class Fault(StrEnum):
    """The faults `teak simulate-station` can show."""

    NONE = "none"
    NOISE = "noise"
    """Random bytes between frames."""
    CHECKSUM = "checksum"
    """Every second frame has one bit of its inside turned."""
    SPLIT = "split"
    """Frames arrive in pieces, a few hundredths of a second apart."""
    SILENCE = "silence"
    """Nothing is sent or answered."""
    UNPLUG = "unplug"
    """The port goes after a while and comes back."""


class FaultyWire:
    """Carries frames to the host the way the fault has it; the seed makes it repeatable."""

    def __init__(self, fault: Fault, *, seed: int = 1) -> None:
        self.fault = fault
        self._chance = random.Random(seed)  # noqa: S311 - a made-up disturbance
        self._frames = 0

    def carry(self, frame: bytes) -> list[tuple[float, bytes]]:
        """Give the pieces that reach the host, each with its delay in seconds after the last."""
        self._frames += 1
        match self.fault:
            case Fault.SILENCE:
                return []
            case Fault.NOISE:
                return [(0.0, self._noise() + frame)] if self._frames % 2 else [(0.0, frame)]
            case Fault.CHECKSUM:
                return [(0.0, frame if self._frames % 2 else self._turned(frame))]
            case Fault.SPLIT:
                return self._pieces(frame)
        return [(0.0, frame)]

    def _noise(self) -> bytes:
        return self._chance.randbytes(self._chance.randint(1, 12))

    def _turned(self, frame: bytes) -> bytes:
        """Turn one bit well inside, so that the frame keeps its shape and loses its truth."""
        place = len(frame) // 2
        turned = bytearray(frame)
        turned[place] ^= 0x01
        return bytes(turned)

    def _pieces(self, frame: bytes) -> list[tuple[float, bytes]]:
        if len(frame) < 2:
            return [(0.0, frame)]
        count = min(len(frame) - 1, self._chance.randint(1, 3))
        cuts = sorted(self._chance.sample(range(1, len(frame)), count))
        bounds = [0, *cuts, len(frame)]
        pieces = [frame[start:end] for start, end in pairwise(bounds)]
        return [(0.02 if place else 0.0, piece) for place, piece in enumerate(pieces)]
