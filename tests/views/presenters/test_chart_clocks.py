"""Clocks that are set, changed for summer, or stand still: axis, gaps, cursors and figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.services.quality.flags import Flag
from app.services.readings.ingest import LiveReading
from app.services.registry.context import BANGKOK
from app.views.presenters.charts.chart import gap_after
from app.views.presenters.charts.columns import Columns, Grid, make_columns
from app.views.presenters.charts.geometry import Scale, point_rows
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.live_memory import LiveMemory
from app.views.presenters.charts.live_source import LiveBlock, LiveChannel, Mark, MarkKind
from app.views.presenters.charts.ring import Block, ChannelRing
from app.views.presenters.charts.statistics import span_statistics, value_at
from app.views.presenters.charts.ticks import microseconds, moment, time_ticks
from app.views.presenters.charts.waiting import PACKED_AT, WaitingReadings
from app.views.presenters.charts.wind_rose import make_wind_rose

SECOND, HOUR = 1_000_000, 3_600_000_000
START = 1_790_000_000_000_000
BERLIN = ZoneInfo("Europe/Berlin")


def readings(times: list[int], values: list[float]) -> Block:
    numbers = np.array(values)
    return Block(np.array(times), numbers, numbers, np.zeros(len(times), dtype=np.uint8))


def ticks(begin: datetime, hours: int, most: int, zone: ZoneInfo) -> list[tuple[datetime, str]]:
    start = microseconds(begin)
    found = time_ticks(start, start + hours * HOUR, most, zone)
    return [(moment(at).astimezone(zone), text) for at, text in found]


def test_after_the_clocks_go_back_the_hour_that_comes_twice_is_named_twice() -> None:
    begin = datetime(2026, 10, 24, 22, tzinfo=UTC)
    found = ticks(begin, 6, 6, BERLIN)
    assert [text for _, text in found] == [
        "25.10.",
        "01:00",
        "02:00",
        "02:00",
        "03:00",
        "04:00",
        "05:00",
    ]
    places = [at.astimezone(UTC) for at, _ in found]
    assert {after - before for before, after in pairwise(places)} == {timedelta(hours=1)}


def test_after_the_clocks_go_forward_the_hour_that_is_not_is_not_named() -> None:
    begin = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert [text for _, text in ticks(begin, 5, 6, BERLIN)] == [
        *("29.03.", "01:00", "03:00", "04:00", "05:00", "06:00"),
    ]


@pytest.mark.parametrize("days", [3, 30, 300])
def test_days_begin_at_midnight_on_both_sides_of_a_change(days: int) -> None:
    found = ticks(datetime(2026, 10, 23, 12, tzinfo=UTC), 24 * days, 6, BERLIN)
    assert len(found) >= 3
    for at, text in found:
        if days > 3 or text.endswith("."):
            assert (at.hour, at.minute) == (0, 0)
            assert text == f"{at:%d.%m.}"


def test_where_clocks_are_never_changed_nothing_differs() -> None:
    found = time_ticks(START, START + 6 * HOUR, 6, BANGKOK)
    steps = {after - before for (before, _), (after, _) in pairwise(found)}
    assert steps == {HOUR}


def test_two_readings_of_one_time_are_both_kept_drawn_and_counted() -> None:
    ring = ChannelRing(100)
    ring.add(readings([START, START + SECOND, START + SECOND, START + 2 * SECOND], [1, 2, 9, 3]))
    columns = Columns.empty(3)
    grid = Grid(START // SECOND, 3, SECOND)
    make_columns(ring, grid, columns, gap_us=gap_after(SECOND))
    assert (columns.low[1], columns.high[1]) == (2.0, 9.0)
    assert columns.joined[1:].all()
    rows = np.zeros((8, 4))
    assert point_rows(ring, grid, Scale(0, 10, 11), rows, gap_us=gap_after(SECOND)) == 3
    assert rows[1].tolist() == [1.0, 8.0, 1.0, 1.0]
    assert span_statistics(ring, START, START + 2 * SECOND).count == 4
    assert value_at(ring, START + SECOND, within_us=SECOND) in (2.0, 9.0)
    assert ring.block(START + SECOND, START + SECOND + 1).values.tolist() == [2.0, 9.0]


def test_wind_of_one_time_twice_is_one_pair() -> None:
    speed = readings([START, START, START + SECOND], [3.0, 3.0, 3.0])
    direction = readings([START, START + SECOND], [90.0, 90.0])
    assert make_wind_rose(speed, direction).count == 2


class Fed:
    """A source whose next blocks a test lays down."""

    def __init__(self) -> None:
        self.next: list[LiveBlock] = []

    def channels(self) -> list[LiveChannel]:
        return [LiveChannel("1", "S1", "Tower", "a", "co2", "ppm", SECOND)]

    def take(self) -> tuple[list[LiveBlock], list[Mark]]:
        blocks, self.next = self.next, []
        return blocks, []


def test_a_clock_set_back_does_not_freeze_the_chart() -> None:
    """The newest reading is what came last: the charts follow it, and what came before stays."""
    source = Fed()
    live = LivePresenter(LiveMemory(source))
    later = [START + n * SECOND for n in range(100)]
    source.next = [LiveBlock("1", readings(later, [5.0] * 100))]
    live.record()
    live.move_on()
    assert live.span.end_us == later[-1]
    back = START - HOUR
    source.next = [LiveBlock("1", readings([back, back + SECOND], [1.0, 2.0]))]
    live.record()
    live.move_on()
    assert live.span.end_us == back + SECOND
    (entry,) = live.charts[0].legend(live.memory.newest_us)
    assert (entry.value, entry.is_silent) == (2.0, False)
    ring = live.memory.rings["1"]
    assert len(ring) == 102
    assert bool((np.diff(ring.times) >= 0).all())
    columns = live.charts[0].traces[0].columns(Grid.over(back - HOUR // 2, START + HOUR // 2, 200))
    first = np.flatnonzero(columns.filled)
    assert not columns.joined[first[-1]] or not columns.joined[first].all()


def test_a_clock_set_forward_leaves_a_gap_and_is_followed() -> None:
    source = Fed()
    live = LivePresenter(LiveMemory(source))
    source.next = [LiveBlock("1", readings([START, START + SECOND], [1.0, 1.0]))]
    live.record()
    ahead = START + HOUR
    source.next = [LiveBlock("1", readings([ahead, ahead + SECOND], [2.0, 2.0]))]
    live.record()
    live.move_on()
    assert live.span.end_us == ahead + SECOND
    columns = live.charts[0].traces[0].columns(Grid.over(START, ahead + SECOND, 100))
    filled = np.flatnonzero(columns.filled)
    assert not columns.joined[filled[-1]]
    live.cursors.place(START + HOUR // 2)
    assert live.figures(live.charts[0])[0].at_a is None


def test_a_gap_is_marked_once_however_often_it_is_told() -> None:
    memory = LiveMemory(Fed())
    memory.marks.append(Mark(START, MarkKind.GAP, "S1", "no-answer"))
    told = [
        Mark(START + SECOND, MarkKind.GAP, "S1", "no-answer 0:01:30"),
        Mark(START + 60 * SECOND, MarkKind.GAP, "S1", "another"),
        Mark(START, MarkKind.NOTE, "S1", "Inlet cleaned"),
    ]
    memory.add_marks(told)
    memory.add_marks(told)
    assert [mark.text for mark in memory.marks] == ["no-answer", "another", "Inlet cleaned"]


def test_what_waits_is_bounded_and_keeps_its_order() -> None:
    waiting = WaitingReadings(lambda _channel: 10_000)
    count = 5 * PACKED_AT
    for number in range(count):
        waiting.put([reading(number)])
    (block,) = waiting.take()
    assert block.key == "7"
    assert 10_000 <= len(block.readings) <= 10_000 + PACKED_AT
    assert int(block.readings.times[-1]) == START + (count - 1) * SECOND
    assert set(np.diff(block.readings.times).tolist()) == {SECOND}
    assert waiting.take() == []


def reading(number: int) -> LiveReading:
    at, value = START + number * SECOND, float(number)
    return LiveReading(1, 7, "co2", "ppm", at, value, value, 0.1, Flag.GOOD, False, ())
