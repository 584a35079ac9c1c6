"""Two desks that write to one sensor at once on a server: one waits, nobody is refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.services.quality.flags import Flag
from app.services.readings.ingest import IngestSettings
from app.services.readings.marking import Marking, mark_readings
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from tests.fixtures.stations import BEGIN, make_station, steady_frames

pytestmark = pytest.mark.postgres


@pytest.fixture
def storage() -> str:
    return "networked"


def test_a_collector_and_a_desk_that_marks_take_turns(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    station = make_station(registry, people["technician"])
    ingest = station.ingest(IngestSettings(period_s=5))
    begun = threading.Barrier(2)

    def collect() -> None:
        begun.wait()
        for item in steady_frames(60):
            ingest.take(item)
        ingest.close()

    def mark() -> None:
        begun.wait()
        marking = Marking(("co2",), BEGIN, BEGIN + timedelta(minutes=1), Flag.SUSPECT, "Bee inside")
        for _ in range(8):
            mark_readings(registry, station.technician, station.sensor.id, marking)

    with ThreadPoolExecutor(2) as pool:
        for act in [pool.submit(collect), pool.submit(mark)]:
            act.result()
    verdict = verify_readings(registry)
    assert (verdict.ok, verdict.rows) == (True, 60), verdict
    assert verdict.records >= 8 + 60 // 6
