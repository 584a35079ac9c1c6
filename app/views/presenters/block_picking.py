"""Which parts of which blocks are picked by hand.

Owns the picks while the person chooses; whether they may move is for the checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError
from app.services.listings.free_blocks import FreeBlock


@dataclass(frozen=True)
class Pick:
    """A part of a block, as serial numbers; both ends are picked."""

    block: FreeBlock
    first: int
    last: int

    @property
    def serial(self) -> str:
        """The part printed in the block's own grammar."""
        return self.block.print(self.first, self.last)

    @property
    def is_within(self) -> bool:
        """Whether the part lies within its block."""
        return self.block.first <= self.first <= self.last <= self.block.last

    @property
    def quantity(self) -> int:
        """The number of units; 0 when the part is none of the block's."""
        return self.last - self.first + 1 if self.is_within else 0


class BlockPicking:
    """The picks by a number of their own, in the order in which they were made."""

    def __init__(self, serials: Iterable[str] = ()) -> None:
        self._picks: dict[int, Pick] = {}
        self._next = 1
        self._unplaced = [text.strip() for text in serials if text.strip()]

    @property
    def picks(self) -> Mapping[int, Pick]:
        """The picks; a block may be picked in several parts."""
        return dict(self._picks)

    @property
    def total(self) -> int:
        """The units picked."""
        return sum(pick.quantity for pick in self._picks.values()) + self._unplaced_units()

    @property
    def is_sound(self) -> bool:
        """Whether every part lies within its block."""
        return all(pick.is_within for pick in self._picks.values())

    def is_picked(self, block: FreeBlock) -> bool:
        """Tell whether a part of the block is picked."""
        return any(pick.block.key == block.key for pick in self._picks.values())

    def toggle(self, block: FreeBlock) -> None:
        """Pick the whole block, or let every part of it go."""
        if not self.is_picked(block):
            self._add(Pick(block, block.first, block.last))
            return
        for number, pick in self.picks.items():
            if pick.block.key == block.key:
                self.drop(number)

    def set_part(self, number: int, *, first: int | None = None, last: int | None = None) -> None:
        """Pick another part of a block that is picked."""
        pick = self._picks[number]
        self._picks[number] = replace(
            pick,
            first=pick.first if first is None else first,
            last=pick.last if last is None else last,
        )

    def drop(self, number: int) -> None:
        """Let a part go."""
        self._picks.pop(number, None)

    def place(self, blocks: Iterable[FreeBlock]) -> None:
        """Find the blocks of serials that were picked earlier, as far as they are among these."""
        known = list(blocks)
        for text in tuple(self._unplaced):
            pick = _find(text, known)
            if pick is not None:
                self._add(pick)
                self._unplaced.remove(text)

    def serials(self) -> tuple[str, ...]:
        """Print the picks; those whose block was not seen stay as they were."""
        return (*(pick.serial for pick in self._picks.values()), *self._unplaced)

    def _add(self, pick: Pick) -> None:
        self._picks[self._next] = pick
        self._next += 1

    def _unplaced_units(self) -> int:
        return sum(quantity_of(text) for text in self._unplaced)


def quantity_of(serial: str) -> int:
    """Count the units of a serial range as printed; 0 when it cannot be read."""
    try:
        return read_serial(serial).quantity
    except SerialError:
        return 0


def _find(text: str, blocks: Iterable[FreeBlock]) -> Pick | None:
    try:
        serial = read_serial(text)
    except SerialError:
        return None
    for block in blocks:
        if block.series == serial.series and block.first <= serial.start <= block.last:
            return Pick(block, serial.start, serial.end)
    return None
