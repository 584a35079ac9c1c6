"""The connection cut in the middle of an answer, or silent in the middle of one."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.models.errors import ConnectionLost, ServerUnreachable
from app.models.server_place import read_server_place
from app.models.storage.postgresql import Deadlines
from tests.fire.crew import PASSING, Crew, Place, insist
from tests.fire.judging import Start, judge
from tests.fixtures.duration import times
from tests.fixtures.figures import Figures
from tests.fixtures.proxy import Proxy

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ACTS = times(120, 1_500)
SILENCES = times(8, 100)
CALL_S = 0.5
CONNECT_S = 2
LONGEST_ANSWER = 6_000
"""About what the server says in one act: a cut may be anywhere in it, or in the next."""


@pytest.fixture
def storage() -> str:
    return "networked"


@pytest.fixture
def proxy(place: Place, start: Start) -> Iterator[Proxy]:
    with Proxy(("127.0.0.1", read_server_place(place.address).port)) as made:
        yield made


@pytest.fixture
def crew(place: Place, proxy: Proxy) -> Iterator[Crew]:
    """Those who act through the proxy; whatever they are cut from, they are there."""
    beyond = replace(read_server_place(place.address), port=proxy.port)
    made = Crew.board(replace(place, address=str(beyond)))
    yield made
    made.rest()


def test_an_answer_cut_anywhere_is_recorded_once(
    place: Place, start: Start, proxy: Proxy, crew: Crew, figures: Figures
) -> None:
    chance = random.Random(1500)
    done, broken = {}, 0
    for number in range(ACTS):
        proxy.cut_after = chance.randrange(LONGEST_ANSWER) if chance.random() < 0.7 else None
        done[number], again = insist(lambda: crew.carry_out("cut", number))  # noqa: B023 - called at once
        broken += again
    proxy.cut_after = None
    found = judge(place, start, {"cut": done})
    found.require()
    assert broken > ACTS // 4
    figures(
        "connection cut in an answer", acts=ACTS, cuts=broken,
        found_unacknowledged=len(crew.found), **found.as_figures(),
    )  # fmt: skip


def test_a_peer_that_falls_silent_is_given_up_in_time(
    place: Place, start: Start, proxy: Proxy, crew: Crew, figures: Figures
) -> None:
    hurry(crew)
    chance, done, waits = random.Random(8), {}, []
    for number in range(10 * SILENCES):
        proxy.silent_after = chance.randrange(LONGEST_ANSWER)
        begun = time.monotonic()
        try:
            done[number] = crew.carry_out("silent", number)
        except PASSING as error:
            # An act is of several calls; the silent one alone waits, and no other follows it.
            if isinstance(error, ConnectionLost):
                waits.append(time.monotonic() - begun - deadline_of(error))
        proxy.silent_after, proxy.is_silent = None, False
        if number not in done:
            done[number], _ = insist(lambda: crew.carry_out("silent", number))  # noqa: B023 - called at once
        if len(waits) == SILENCES:
            break
    assert len(waits) == SILENCES
    assert max(waits) < 1.0
    found = judge(place, start, {"silent": done})
    found.require()
    figures(
        "peer silent in an answer", silences=len(waits), found_unacknowledged=len(crew.found),
        **found.as_figures(), deadline=f"{CALL_S} s", passed_by=f"{max(waits):.2f} s at most",
    )  # fmt: skip


def deadline_of(error: ConnectionLost) -> float:
    """Give how long may be waited before the error: another time for a connection."""
    return CONNECT_S if isinstance(error, ServerUnreachable) else CALL_S


def hurry(crew: Crew) -> None:
    """Shorten the deadline of every call, on connections opened from now on."""
    crew.rest()
    for registry in (crew.registry, *crew.registry.colleagues.values()):
        assert registry.server is not None
        registry.server.deadlines = Deadlines(connect_s=CONNECT_S, call_s=CALL_S, lock_s=0.2)
