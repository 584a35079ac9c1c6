"""Acts through a proxy that adds 20 and 50 ms to each round trip: how many trips, how long.

A trip is counted whenever the desk speaks after the server has spoken. The limit is three for
an act: what it reads, what it writes, and one to spare.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.models.server_place import ServerPlace
from app.services.people.networked_sign_in import sign_in_demo_on_server
from app.services.people.new_person import DEMO_PASSPHRASE
from app.services.registry.context import Actor, Clock, OpenRegistry
from app.services.registry.demo_people import DEMO_PEOPLE
from app.services.registry.opening import close_registry
from benchmarks.measuring import Aim, Ratio, Scale
from benchmarks.round_trip_acts import (
    Ready,
    World,
    acts,
    acts_of_the_next_period,
    make_world,
)
from benchmarks.round_trip_administration import administration
from benchmarks.server import bench_server
from benchmarks.server_registry import server_place, server_sample
from tests.fixtures.proxy import Proxy
from tests.fixtures.registries import FrozenClock

_DELAYS_MS = {"tiny": (5,), "small": (20, 50), "full": (20, 50)}
_AT_MOST = Aim(most=3)
_QUIET_S = 0.03
_REPEATS = {"tiny": 1, "small": 5, "full": 9}
_PEOPLE = tuple(person.user_name for person in DEMO_PEOPLE if person.user_name != "officer")


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Count the round trips of each act over each delay."""
    with (
        bench_server() as server,
        server_sample(server, folder, "bench") as sample,
        Proxy(("127.0.0.1", server.port)) as proxy,
    ):
        place = server_place(proxy.port, "bench")
        clock = FrozenClock(datetime.now(UTC))
        with _opened(place, clock) as (registry, people):
            world = make_world(registry, people, folder, clock)
            ready = {**acts(world), **administration(world)}
            yield from _all_counted(ready, proxy, scale)
            world.desk.open_next_period()
        clock.advance(days=365 * 5)
        with _opened(place, clock) as (registry, people):
            later = _in(world, registry, people)
            yield from _all_counted(acts_of_the_next_period(later), proxy, scale)
        sample.require_sound()


@contextmanager
def _opened(place: ServerPlace, clock: Clock) -> Iterator[tuple[OpenRegistry, dict[str, Actor]]]:
    """Sign everybody in; the registry is the officer's, the others act beside."""
    signed_in = {}
    for user in ("officer", *_PEOPLE):
        signed_in[user] = sign_in_demo_on_server(
            place, user=user, passphrase=DEMO_PASSPHRASE, host="benchmark", clock=clock
        )
    opened = {user: found for user, found in signed_in.items() if found is not None}
    colleagues = {user: opened[user].registry for user in _PEOPLE}
    try:
        yield (
            replace(opened["officer"].registry, colleagues=colleagues),
            {user: found.actor for user, found in opened.items()},
        )
    finally:
        for found in opened.values():
            close_registry(found.registry)


def _in(world: World, registry: OpenRegistry, people: dict[str, Actor]) -> World:
    """Give the same world, opened anew."""
    ledger = replace(world.ledger, registry=registry)
    return replace(world, desk=replace(world.desk, ledger=ledger, people=people))


def _all_counted(ready: Mapping[str, Ready], proxy: Proxy, scale: Scale) -> Iterator[Ratio]:
    for delay in _DELAYS_MS[scale.name]:
        for name, act in ready.items():
            yield _counted(name, act, proxy, delay, _REPEATS[scale.name])


def _counted(name: str, ready: Ready, proxy: Proxy, delay: int, repeats: int) -> Ratio:
    """Count an act's trips; the first of all, which also fills caches, does not count."""
    ready()()
    trips, times = [], []
    for _ in range(repeats):
        timed = ready()
        _wait_until_quiet(proxy)
        proxy.delay_s = delay / 2000
        before, begun = proxy.trips, time.perf_counter()
        timed()
        times.append((time.perf_counter() - begun) * 1000)
        trips.append(float(proxy.trips - before))
        proxy.delay_s = 0.0
    middle = sorted(times)[repeats // 2]
    return Ratio(
        f"round trips of: {name}", tuple(trips), f"{middle:.0f} ms at +{delay} ms", _AT_MOST
    )


def _wait_until_quiet(proxy: Proxy) -> None:
    """Wait until nobody says any more: the end of a reading travels without being waited for."""
    before = -1
    while before != proxy.trips:
        before = proxy.trips
        time.sleep(_QUIET_S)
