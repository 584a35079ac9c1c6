"""What a transfer costs in a registry of a thousand blocks and in one of a million.

Half of the blocks stand in one account, the others in a hundred; a move is made from the one
and from each of the hundred in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.measuring import Aim, Ratio, Scale, interleave, rate
from benchmarks.sample_registry import BLOCK, SampleRegistry, sample_registry

_FLAT = Aim(most=1.2)
_MOST_HOLDERS = 100


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare the cost in a large registry with that in a small one."""
    with (
        sample_registry(folder / "many.teak") as many,
        sample_registry(folder / "few.teak") as few,
    ):
        moves = (scale.repeats + 1) * scale.transfers
        for sample, blocks in ((many, scale.many_blocks), (few, scale.few_blocks)):
            _fill(sample, blocks, moves)
        sizes = f"{scale.many_blocks:,} blocks against {scale.few_blocks:,}"
        for name, mover in (("one account", _from_one), ("many accounts", _from_many)):
            pair = interleave(
                mover(many, scale.transfers), mover(few, scale.transfers), scale.repeats
            )
            count = scale.transfers
            yield Ratio(
                f"cost of a transfer, large / small registry: blocks in {name}",
                pair.costs(),
                f"{sizes}; {rate(count, pair.ours)} against {rate(count, pair.theirs)}",
                _FLAT,
            )
        few.require_sound()


def _fill(sample: SampleRegistry, blocks: int, moves: int) -> None:
    """Put half of the blocks into one account; a small registry gets what the moves take."""
    source, _, *holders = sample.open_accounts(2 + _MOST_HOLDERS)
    sample.fill(source, max(blocks // 2, moves))
    for holder in holders:
        sample.fill(holder, max(blocks // 2, moves) // len(holders) + 1)


def _from_one(sample: SampleRegistry, transfers: int) -> Callable[[], None]:
    source, target, *_ = sample.accounts

    def move() -> None:
        for _ in range(transfers):
            sample.transfer(source, target, BLOCK)

    return move


def _from_many(sample: SampleRegistry, transfers: int) -> Callable[[], None]:
    _, target, *holders = sample.accounts
    sources = cycle(holders)

    def move() -> None:
        for _ in range(transfers):
            sample.transfer(next(sources), target, BLOCK)

    return move
