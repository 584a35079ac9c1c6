"""A reader under a long fast stream: constant memory, and every loss counted and told."""

from __future__ import annotations

import itertools
import time
import tracemalloc

from app.hardware.readers.events import Sample
from app.hardware.readers.polling import StationPlan
from app.hardware.readers.reader import StationReader
from tests.fixtures.simulated_stations import make, wait_until


class _FastLine:
    """A line on which frames arrive as fast as they are taken; counts what was given."""

    path = "/dev/fast"

    def __init__(self, frame: bytes, count: int) -> None:
        self._block = frame * 100
        self._blocks = itertools.repeat(None, count // 100)

    def read(self, timeout_s: float) -> bytes:
        if next(self._blocks, 0) is None:
            return self._block
        time.sleep(min(timeout_s, 0.01))
        return b""

    def write(self, data: bytes) -> None:
        raise AssertionError("nothing is asked of a station that streams")

    def send_break(self) -> None:
        raise AssertionError

    def discard_input(self) -> bytes:
        return b""

    def close(self) -> None:
        pass


def test_a_long_fast_stream_takes_constant_memory_and_loses_nothing() -> None:
    frame = make("pms5003").emit(1.0)[0]
    count = 8_000
    right = StationReader(
        "/dev/null",
        StationPlan("pms5003"),
        capacity=500,
        opener=lambda path, settings: _FastLine(frame, count),
    )
    tracemalloc.start()
    peaks, taken = [], 0
    right.start()
    while taken < count:
        events = right.events.take(5)
        assert events, f"only {taken} samples came"
        taken += sum(isinstance(event, Sample) for event in events)
        if taken % 1000 < 500:
            peaks.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    right.stop()
    assert right.counters().frames == count
    assert right.counters().samples_lost == 0
    assert max(peaks[len(peaks) // 2 :]) < max(peaks[: len(peaks) // 2]) + 1_000_000


def test_when_nobody_takes_the_samples_the_loss_is_counted_and_told() -> None:
    frame = make("pms5003").emit(1.0)[0]
    reader = StationReader(
        "/dev/null",
        StationPlan("pms5003"),
        capacity=50,
        opener=lambda path, settings: _FastLine(frame, 200),
    )
    reader.events._patience_s = 0.001
    reader.start()
    wait_until(lambda: reader.counters().samples_lost == 150)
    time.sleep(0.05)
    reader.stop()
    events = reader.events.take(1)
    lost = [event for event in events if not isinstance(event, Sample)]
    assert len(events) - len(lost) == 50
    assert [getattr(event, "count", None) for event in lost] == [150]
    assert reader.counters().samples_lost == 150


def test_a_reader_that_waits_for_room_can_be_stopped() -> None:
    frame = make("pms5003").emit(1.0)[0]
    reader = StationReader(
        "/dev/null",
        StationPlan("pms5003"),
        capacity=1,
        opener=lambda path, settings: _FastLine(frame, 100_000),
    )
    reader.events._patience_s = 60.0
    reader.start()
    wait_until(lambda: len(reader.events) >= 1)
    began = time.monotonic()
    reader.stop()
    assert time.monotonic() - began < 5.0
    assert not reader.is_running
