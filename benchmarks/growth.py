"""What a transfer costs in a registry of a thousand blocks and in one of a million.

At full size the large one has ten million; the time of filling it and its disk are stated.

Half of the blocks stand in one account, the others in a hundred. Blocks move there and back, so
that each registry keeps its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.measuring import Aim, Ratio, Scale, disk_mb, interleave, rate, seconds
from benchmarks.sample_registry import BLOCK, SampleRegistry, sample_registry

_FLAT = Aim(most=1.2)
_MOST_HOLDERS = 100


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare the cost in a large registry with that in a small one."""
    with (
        sample_registry(folder / "many.teak") as many,
        sample_registry(folder / "few.teak") as few,
    ):
        filled_s = seconds(lambda: _fill(many, scale.many_blocks))
        _fill(few, scale.few_blocks)
        sizes = f"{scale.many_blocks:,} blocks against {scale.few_blocks:,}"
        filled = f"filled in {filled_s:,.0f} s, {disk_mb(folder / 'many.teak'):,} MB on disk"
        for name, mover in (("one account", _between_two), ("many accounts", _among_many)):
            count = scale.transfers
            pair = interleave(mover(many, count), mover(few, count), scale.repeats)
            yield Ratio(
                f"cost of a transfer, large / small registry: blocks in {name}",
                pair.costs(),
                f"{sizes}; {rate(count, pair.ours)} against {rate(count, pair.theirs)}; {filled}",
                _FLAT,
            )
        few.require_sound()


def _fill(sample: SampleRegistry, blocks: int) -> None:
    """Put half of the blocks into one account, the others into the holders'."""
    source, _, *holders = sample.open_accounts(2 + _MOST_HOLDERS)
    sample.fill(source, blocks // 2)
    for holder in holders:
        sample.fill(holder, max(blocks // 2 // len(holders), 1))


def _between_two(sample: SampleRegistry, transfers: int) -> Callable[[], None]:
    """Move blocks from the one account to an empty one, the next time back again."""
    one, other, *_ = sample.accounts
    directions = cycle(((one, other), (other, one)))

    def move() -> None:
        source, target = next(directions)
        for _ in range(transfers):
            sample.transfer(source, target, BLOCK)

    return move


def _among_many(sample: SampleRegistry, transfers: int) -> Callable[[], None]:
    """Move a block from each of the holders to the next."""
    _, _, *holders = sample.accounts
    directions = cycle(zip(holders, holders[1:] + holders[:1], strict=True))

    def move() -> None:
        for _ in range(transfers):
            source, target = next(directions)
            sample.transfer(source, target, BLOCK)

    return move
