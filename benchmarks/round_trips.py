"""Acts through a proxy that adds 20 and 50 ms to each round trip: how many trips, how long.

A trip is counted whenever the desk speaks after the server has spoken. The limit is three for
an act: what it reads, what it writes, and one to spare.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.services.people.signed_in import SignedIn
from app.services.registry.opening import close_registry
from app.services.transactions.acts import Act, Cancellation, Transfer
from app.services.transactions.evaluation import preview
from app.services.transactions.proposing import approve, propose, reject, withdraw
from benchmarks.measuring import Aim, Ratio, Scale
from benchmarks.sample_registry import BLOCK, UNIT_TYPE
from benchmarks.server import bench_server
from benchmarks.server_registry import ServerSample, server_place, server_sample, sign_in
from tests.fixtures.proxy import Proxy

_DELAYS_MS = (20, 50)
_AT_MOST = Aim(most=3)
_REPEATS = {"tiny": 1, "small": 5, "full": 9}


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Count the round trips of each act over each delay."""
    with bench_server() as server, server_sample(server, folder, "bench") as sample:
        sample.fill(sample.open_accounts(2)[0], 200)
        sample.settle()
        for delay in _DELAYS_MS:
            with Proxy(("127.0.0.1", server.port), delay_s=delay / 2000) as proxy:
                place = server_place(proxy.port, "bench")
                officer, approver = sign_in(place, "officer"), sign_in(place, "approver")
                try:
                    for name, act in _acts(sample, officer, approver).items():
                        yield _counted(name, act, proxy, delay, _REPEATS[scale.name])
                finally:
                    close_registry(officer.registry)
                    close_registry(approver.registry)
        sample.require_sound()


def _counted(name: str, act: Callable[[], Timed], proxy: Proxy, delay: int, repeats: int) -> Ratio:
    act()
    trips, times = [], []
    for _ in range(repeats):
        timed = act()
        before, begun = proxy.trips, time.perf_counter()
        timed()
        times.append((time.perf_counter() - begun) * 1000)
        trips.append(float(proxy.trips - before))
    middle = sorted(times)[repeats // 2]
    return Ratio(
        f"round trips of: {name}", tuple(trips), f"{middle:.0f} ms at +{delay} ms", _AT_MOST
    )


Timed = Callable[[], object]


def _acts(
    sample: ServerSample, officer: SignedIn, approver: SignedIn
) -> dict[str, Callable[[], Timed]]:
    """Give, for each act, what prepares it and hands over the part that is timed."""
    source, target = sample.accounts[:2]
    transfer = Transfer(
        from_account=source, to_account=target, unit_type=UNIT_TYPE, quantity=BLOCK // 3
    )
    cancellation = Cancellation(
        from_account=source,
        unit_type=UNIT_TYPE,
        quantity=BLOCK // 3,
        beneficiary="Sample",
        purpose="To measure",
    )

    def proposed(act: Act) -> int:
        return propose(officer.registry, act, officer.actor).transaction_id

    def approving(act: Act) -> Timed:
        number = proposed(act)
        return lambda: approve(approver.registry, number, approver.actor)

    def rejecting() -> Timed:
        number = proposed(transfer)
        return lambda: reject(approver.registry, number, approver.actor, comment="Not now")

    def withdrawing() -> Timed:
        number = proposed(transfer)
        return lambda: withdraw(officer.registry, number, officer.actor)

    return {
        "preview a transfer": lambda: lambda: preview(officer.registry, transfer, officer.actor),
        "propose a transfer": lambda: lambda: proposed(transfer),
        "approve a transfer": lambda: approving(transfer),
        "propose a cancellation": lambda: lambda: proposed(cancellation),
        "approve a cancellation": lambda: approving(cancellation),
        "reject a transfer": rejecting,
        "withdraw a transfer": withdrawing,
    }
