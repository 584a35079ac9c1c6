"""Transfers through the service, against the same moves hand-written on the raw driver.

Both work on files of their own that were filled alike, with SQLCipher and `synchronous = FULL`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Aim, Ratio, Scale, interleave, rate
from benchmarks.raw_driver import RawMover
from benchmarks.sample_registry import BLOCK, SampleRegistry, sample_registry

_KINDS = (
    ("plain move of a whole block", BLOCK, Aim(least=0.5)),
    ("first in, first out, with a split", 7 * BLOCK // 10, None),
)


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare the speed of both kinds of move."""
    for name, quantity, aim in _KINDS:
        with (
            sample_registry(folder / f"service-{quantity}.teak") as ours,
            sample_registry(folder / f"raw-{quantity}.teak") as theirs,
        ):
            blocks = (scale.repeats + 2) * scale.transfers
            yield _compare(name, quantity, aim, (ours, theirs), (scale, blocks))


def _compare(
    name: str,
    quantity: int,
    aim: Aim | None,
    samples: tuple[SampleRegistry, SampleRegistry],
    size: tuple[Scale, int],
) -> Ratio:
    (ours, theirs), (scale, blocks) = samples, size
    for sample in samples:
        account, _ = sample.open_accounts(2)
        sample.fill(account, blocks)
    source, target = ours.accounts
    other_source, other_target = theirs.accounts
    mover = RawMover(theirs)

    def through_service() -> None:
        for _ in range(scale.transfers):
            ours.transfer(source, target, quantity)

    def by_hand() -> None:
        for _ in range(scale.transfers):
            mover.transfer(other_source, other_target, quantity)

    pair = interleave(through_service, by_hand, scale.repeats)
    mover.close()
    for sample in samples:
        sample.require_sound()
    return Ratio(
        f"transfers, service / raw driver: {name}",
        pair.speeds(),
        f"{scale.transfers} transfers a repeat, {blocks:,} blocks; "
        f"{rate(scale.transfers, pair.ours)} against {rate(scale.transfers, pair.theirs)}",
        aim,
    )
