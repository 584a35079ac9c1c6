"""Writers killed in the middle of their acts, again and again."""

from __future__ import annotations

import random
import time

import pytest

from tests.fire.crew import Place
from tests.fire.judging import Start, judge
from tests.fire.processes import Nursery, Writer, until
from tests.fixtures.duration import times
from tests.fixtures.figures import Figures

pytestmark = [pytest.mark.both_engines, pytest.mark.slow]

KILLS = times(100, 1_000)
HANDS = 2


def live_again(nursery: Nursery, writer: Writer, chance: random.Random) -> None:
    """Start a writer where the last one fell, repeating an act that it was told was done."""
    acknowledged = writer.acknowledged()
    again = chance.sample(sorted(acknowledged.items()), k=min(1, len(acknowledged)))
    nursery.start(
        writer, "keep_writing", first=max(acknowledged, default=-1) + 1, again=dict(again),
    )  # fmt: skip


def test_writers_killed_during_their_acts(
    place: Place, start: Start, nursery: Nursery, storage: str, figures: Figures
) -> None:
    chance = random.Random(2026)
    writers = [nursery.new(f"writer{number}") for number in range(HANDS)]
    kills, recoveries = 0, []
    while kills < KILLS:
        sizes = [writer.size for writer in writers]
        for writer in writers:
            live_again(nursery, writer, chance)
        # Each has acted anew since the last kill: so it has recovered from it.
        recoveries.append(
            until(lambda: all(w.size > s for w, s in zip(writers, sizes, strict=True)))  # noqa: B023 - called at once
        )
        time.sleep(chance.uniform(0, 0.03))
        nursery.kill(*writers)
        kills += HANDS
    found = judge(place, start, {writer.name: writer.acknowledged() for writer in writers})
    found.require()
    figures(
        f"clients killed, {storage}", kills=kills,
        found_unacknowledged=sum(writer.count(3) for writer in writers),
        **found.as_figures(),
        recovery=f"{max(recoveries):.2f} s at most",
    )  # fmt: skip
