"""The server killed with all its children under four writers, and started again."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.fire.conftest import registry_on
from tests.fire.judging import judge, look
from tests.fire.processes import Nursery, until
from tests.fixtures.duration import times
from tests.fixtures.figures import Figures
from tests.fixtures.postgres_server import PostgresServer

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

KILLS = times(3, 30)
WRITERS = 4


def test_the_server_killed_under_four_writers(
    lasting_server: PostgresServer, tmp_path: Path, figures: Figures
) -> None:
    """Writers that live on repeat what they were not told of, until it is done once."""
    place = registry_on(lasting_server, tmp_path)
    start, chance = look(place), random.Random(7)
    recoveries = []
    with Nursery(place, tmp_path) as nursery:
        writers = [nursery.new(f"writer{number}") for number in range(WRITERS)]
        for writer in writers:
            nursery.start(writer, "keep_writing", first=0, patience_s=60)
        for _ in range(KILLS):
            sizes = [writer.size for writer in writers]
            until(lambda: all(w.size > s for w, s in zip(writers, sizes, strict=True)))  # noqa: B023 - called at once
            time.sleep(chance.uniform(0.05, 0.4))
            lasting_server.kill()
            killed, sizes = time.monotonic(), [writer.size for writer in writers]
            lasting_server.start()
            until(lambda: any(w.size > s for w, s in zip(writers, sizes, strict=True)))  # noqa: B023 - called at once
            recoveries.append(time.monotonic() - killed)
        sizes = [writer.size for writer in writers]
        until(lambda: all(w.size > s for w, s in zip(writers, sizes, strict=True)))
        nursery.kill(*writers)
    found = judge(place, start, {writer.name: writer.acknowledged() for writer in writers})
    found.require()
    broken = sum(writer.count(2) for writer in writers)
    assert broken >= KILLS * WRITERS
    figures(
        "server killed under 4 writers", kills=KILLS, calls_broken=broken,
        found_unacknowledged=sum(writer.count(3) for writer in writers), **found.as_figures(),
        recovery=f"{max(recoveries):.1f} s at most",
    )  # fmt: skip
