"""The queue between reader and taker: bounded, patient, and honest about what it let go."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from types import MappingProxyType

from app.hardware.decoding import Frame
from app.hardware.readers.clocks import Clocks, JumpWatch
from app.hardware.readers.console import Console, ConsoleLine
from app.hardware.readers.event_queue import EventQueue
from app.hardware.readers.events import GapBegan, Problem, ReaderEvent, Sample, SamplesLost

_NOW = datetime(2026, 11, 21, tzinfo=UTC)
_FRAME = Frame((), b"BM", "measurement", MappingProxyType({}))


def _sample(number: int) -> Sample:
    return Sample(_NOW, float(number), "s8", _FRAME)


def _queue(capacity: int, patience_s: float = 0.0) -> EventQueue:
    return EventQueue(capacity, patience_s=patience_s, wall=lambda: _NOW)


def _numbers(events: list[ReaderEvent]) -> list[float]:
    return [event.steady_s for event in events if isinstance(event, Sample)]


def test_events_come_out_in_their_order_and_once() -> None:
    queue = _queue(10)
    for number in range(5):
        queue.put(_sample(number))
    assert _numbers(queue.take(0)) == [0, 1, 2, 3, 4]
    assert queue.take(0) == []


def test_the_oldest_samples_give_way_and_the_count_is_told_first() -> None:
    queue = _queue(3)
    for number in range(10):
        queue.put(_sample(number))
    told, *rest = queue.take(0)
    assert told == SamplesLost(_NOW, 7)
    assert _numbers(rest) == [7, 8, 9]
    assert queue.samples_lost == 7
    queue.put(_sample(10))
    assert _numbers(queue.take(0)) == [10]


def test_gaps_and_problems_never_give_way_to_samples() -> None:
    queue = _queue(2)
    gap, problem = GapBegan(_NOW, "port-lost", "", ""), Problem(_NOW, "x", "", "")
    queue.put(gap)
    queue.put(problem)
    for number in range(5):
        queue.put(_sample(number))
    events = queue.take(0)
    assert gap in events
    assert problem in events


def test_words_alone_do_not_grow_without_bound() -> None:
    queue = _queue(2)
    for number in range(5000):
        queue.put(Problem(_NOW, str(number), "", ""))
    events = queue.take(0)
    assert len(events) <= 2002
    assert isinstance(events[-1], Problem)
    assert events[-1].code == "4999"


def test_a_full_queue_holds_the_reader_back_until_there_is_room() -> None:
    queue = _queue(2, patience_s=10.0)
    queue.put(_sample(0))
    queue.put(_sample(1))
    thread = threading.Thread(target=queue.put, args=(_sample(2),))
    thread.start()
    time.sleep(0.05)
    assert thread.is_alive()
    assert _numbers(queue.take(0)) == [0, 1]
    thread.join(5)
    assert _numbers(queue.take(1)) == [2]
    assert queue.samples_lost == 0


def test_a_taker_is_woken_by_the_first_event_and_by_the_end() -> None:
    queue = _queue(2)
    threading.Timer(0.05, queue.put, (_sample(1),)).start()
    assert _numbers(queue.take(5)) == [1]
    threading.Timer(0.05, queue.close).start()
    began = time.monotonic()
    assert queue.take(5) == []
    assert time.monotonic() - began < 2


def test_a_jump_is_told_once_and_a_drift_never() -> None:
    wall, steady = [1000.0], [0.0]
    watch = JumpWatch(
        Clocks(wall=lambda: datetime.fromtimestamp(wall[0], UTC), steady=lambda: steady[0])
    )
    for step in range(100):
        wall[0], steady[0] = 1000.0 + step * 1.001, float(step)
        assert watch.look() is None
    wall[0] += 3600.0
    assert watch.look() == 3600.0
    assert watch.look() is None


def test_the_console_is_bounded_in_lines_and_in_bytes() -> None:
    console = Console(lines=10, size=100)
    for number in range(50):
        console.note(ConsoleLine(_NOW, is_sent=False, data=bytes([number]) * 5))
    assert [line.data[0] for line in console.lines()] == list(range(40, 50))
    console.note(ConsoleLine(_NOW, is_sent=True, data=b"x" * 80))
    assert sum(len(line.data) for line in console.lines()) <= 100


def test_bytes_are_shown_in_hex_and_as_text() -> None:
    line = ConsoleLine(_NOW, is_sent=False, data=b"CO2=  452\r\n\xff")
    assert line.hex == "43 4F 32 3D 20 20 34 35 32 0D 0A FF"
    assert line.text == "CO2=  452..."
    assert line.decoded == ""
