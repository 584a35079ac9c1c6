"""Verifying a registry of many transactions, against bare hashing and parsing of its entries.

The rival walks the same log: it hashes and chains every entry and parses its JSON, and compares
nothing. The transactions are written by the raw driver under the database's guards, many in a
commit, since only their number matters here. At full size there are a million, verified once:
time, disk and memory are stated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from app.models.storage.unit_of_work import reading
from benchmarks.measuring import (
    FULL,
    Peak,
    Ratio,
    Scale,
    disk_mb,
    interleave,
    seconds,
    watch_memory,
)
from benchmarks.raw_driver import RawMover
from benchmarks.sample_registry import BLOCK, SampleRegistry, sample_registry

_REPEATS = 3
_A_COMMIT = 1_000
_HOLDERS = 50


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Compare the time `teak verify` takes with that of the bare walk."""
    file = folder / "verified.teak"
    with sample_registry(file) as sample:
        filled_s = seconds(lambda: _fill(sample, scale.log_entries))
        repeats = 1 if scale is FULL else min(_REPEATS, scale.repeats)
        peaks: list[Peak | None] = []
        pair = interleave(
            lambda: peaks.append(watch_memory(sample.require_sound)),
            lambda: _walk(sample),
            repeats,
            warm=scale is not FULL,
        )
        own, bare = sorted(pair.ours)[repeats // 2], sorted(pair.theirs)[repeats // 2]
        yield Ratio(
            f"time to verify {scale.log_entries:,} transactions / to hash and parse their entries",
            pair.costs(),
            f"{own:.1f} s against {bare:.1f} s; written in {filled_s:.0f} s, "
            f"{disk_mb(file):,} MB on disk; {peaks[0] or 'memory not told here'}",
        )


def _fill(sample: SampleRegistry, transactions: int) -> None:
    """Move units there and back among some accounts, a part of a block or a whole one."""
    accounts = sample.open_accounts(_HOLDERS)
    for account in accounts:
        sample.fill(account, 2 * transactions // _HOLDERS + 2)
    mover = RawMover(sample)
    for done in range(transactions):
        if done % _A_COMMIT == 0:
            mover.driver.execute("BEGIN IMMEDIATE")
        source, target = accounts[done % _HOLDERS], accounts[(done + 1) % _HOLDERS]
        mover.approve(mover.propose(source, target, BLOCK if done % 3 else BLOCK // 4))
        if done % _A_COMMIT == _A_COMMIT - 1:
            mover.driver.commit()
    mover.driver.commit()
    mover.close()


def _walk(sample: SampleRegistry) -> None:
    chain = bytes(32)
    with reading(sample.registry.engine) as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        for entry, kept in driver.execute(
            "SELECT entry, chain_hash FROM log_entry ORDER BY sequence"
        ):
            leaf = sha256(b"\x00" + entry).digest()
            chain = sha256(b"\x02" + chain + leaf).digest()
            assert chain == kept
            json.loads(entry)
