"""What a transfer on a server costs in a registry of a thousand blocks and in one of a million.

Blocks stand in forty accounts. `SIZE=full` goes on to ten million and tells time and disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.measuring import Aim, Ratio, Scale, interleave, rate
from benchmarks.sample_registry import BLOCK
from benchmarks.server import bench_server
from benchmarks.server_registry import ServerSample, server_sample

_FLAT = Aim(most=1.2)
_HOLDERS = 40
_FEW = 1_000
_MANY = {"tiny": (2_000,), "small": (100_000, 1_000_000), "full": (100_000, 1_000_000, 10_000_000)}


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare the cost in larger and larger registries with that in a small one."""
    with bench_server() as server, server_sample(server, folder, "few") as few:
        _fill(few, _FEW)
        for blocks in _MANY[scale.name]:
            with server_sample(server, folder, f"many{blocks}") as many:
                begun = time.perf_counter()
                _fill(many, blocks)
                filled = time.perf_counter() - begun
                count = scale.transfers
                pair = interleave(_mover(many, count), _mover(few, count), scale.repeats)
                yield Ratio(
                    f"cost of a transfer on a server, {blocks:,} blocks / {_FEW:,}",
                    pair.costs(),
                    f"{rate(count, pair.ours)} against {rate(count, pair.theirs)}; "
                    f"filled in {filled:.0f} s, {_size_mb(many):,} MB",
                    _FLAT,
                )
        few.require_sound()


def _fill(sample: ServerSample, blocks: int) -> None:
    for account in sample.open_accounts(_HOLDERS):
        sample.fill(account, blocks // _HOLDERS)
    sample.settle()


def _mover(sample: ServerSample, transfers: int) -> Callable[[], None]:
    """Move a block from each holder to the next, so that each registry keeps its size."""
    accounts = sample.accounts
    directions = cycle(zip(accounts, accounts[1:] + accounts[:1], strict=True))

    def move() -> None:
        for _ in range(transfers):
            sample.transfer(*next(directions), BLOCK)

    return move


def _size_mb(sample: ServerSample) -> int:
    with sample.server.owner(sample.place.database) as owner:
        row = owner.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    return int(str(row[0])) // 1_000_000
