"""What the live page decides: span, cursors, statistics, charts, replay, why something is off."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from app.services.registry.context import BANGKOK
from app.views.presenters.charts.arrangement import Order, arrange, arrange_by_hand, grid_shape
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.live_memory import HOUR_US, LiveMemory
from app.views.presenters.charts.live_source import LiveChannel
from app.views.presenters.charts.replay import ReplayClock
from app.views.presenters.charts.ring import Block, ChannelRing, Severity
from app.views.presenters.charts.span import TimeSpan, ValueRange
from app.views.presenters.charts.statistics import span_statistics, value_at
from app.views.presenters.charts.ticks import duration_text, time_ticks, value_text, value_ticks
from app.views.presenters.charts.visible_csv import HEADER
from app.views.presenters.charts.wind_rose import make_wind_rose
from tests.fixtures.live_stations import QUANTITIES, FedStations

START = 1_790_000_000_000_000
SECOND = 1_000_000


class Watch:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def channels(stations: int, names: tuple[str, ...] = tuple(QUANTITIES)) -> list[LiveChannel]:
    return [
        LiveChannel(f"{n}/{name}", f"S{n}", f"Tower {n}", "a", name, QUANTITIES[name][0], SECOND)
        for n in range(1, stations + 1)
        for name in names
    ]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def live(watch: Watch) -> LivePresenter:
    made = LivePresenter(LiveMemory(FedStations(channels(2), START)), elapsed_clock=watch)
    made.record()
    made.move_on()
    return made


def series(values: list[float], flags: list[int] | None = None) -> ChannelRing:
    ring = ChannelRing(100)
    times = START + np.arange(len(values), dtype=np.int64) * SECOND
    numbers = np.array(values)
    ring.add(Block(times, numbers, numbers, np.array(flags or [0] * len(values), dtype=np.uint8)))
    return ring


def test_statistics_are_those_of_the_span_and_leave_out_what_is_bad() -> None:
    ring = series([1.0, 2.0, 3.0, np.nan, 100.0, 5.0], [0, 0, 1, 0, 2, 0])
    found = span_statistics(ring, START, START + 4 * SECOND)
    assert (found.count, found.left_out) == (3, 2)
    assert (found.minimum, found.mean, found.maximum) == (1.0, 2.0, 3.0)
    assert found.deviation == pytest.approx(1.0)
    assert found.slope_per_hour == pytest.approx(3600.0)
    assert span_statistics(ring, 0, 1).mean is None
    assert span_statistics(ring, START, START).deviation is None


def test_a_cursor_reads_the_nearest_reading_within_reach() -> None:
    ring = series([1.0, 2.0, np.nan])
    assert value_at(ring, START + SECOND + 400_000, within_us=SECOND) == 2.0
    assert value_at(ring, START + 2 * SECOND, within_us=SECOND) is None
    assert value_at(ring, START - 9 * SECOND, within_us=SECOND) is None


def test_a_pause_holds_the_picture_and_recording_goes_on(live: LivePresenter) -> None:
    live.toggle_pause()
    end, count = live.span.end_us, len(live.memory.rings["1/co2"])
    for _ in range(5):
        live.record()
        live.move_on()
    assert live.span.end_us == end
    assert len(live.memory.rings["1/co2"]) == count + 5
    live.toggle_pause()
    assert live.span.end_us == live.memory.newest_us


def test_zooming_while_live_stays_where_it_was_put_until_followed(live: LivePresenter) -> None:
    around = live.span.start_us + live.span.width_us // 2
    live.span.zoom(0.5, around_us=around)
    shown = (live.span.start_us, live.span.end_us)
    live.record()
    live.move_on()
    assert (live.span.start_us, live.span.end_us) == shown
    assert live.span.width_us == HOUR_US // 2
    assert live.reason_against_following() == ""
    live.follow()
    assert live.span.end_us == live.memory.newest_us
    assert live.reason_against_following() == "charts.why.is_following"
    assert live.reason_against_reset() == ""
    live.reset_zoom()
    assert live.span.width_us == HOUR_US
    assert live.reason_against_reset() == "charts.why.not_zoomed"


def test_zooming_at_the_newest_edge_goes_on_following() -> None:
    span = TimeSpan(HOUR_US)
    span.move_on(START)
    span.zoom(0.5, around_us=START)
    assert span.is_following
    span.pan(-SECOND)
    assert not span.is_following


def test_cursors_tell_time_and_value_apart(live: LivePresenter) -> None:
    live.cursors.are_on = True
    ring = live.memory.rings["1/co2"]
    first, second = int(ring.times[100]), int(ring.times[200])
    live.cursors.place(first)
    assert live.figures(live.charts[0])[0].apart is None
    live.cursors.place(second)
    assert live.cursors.apart_us == 100 * SECOND
    figures = live.figures(live.charts[0])[0]
    assert figures.apart == pytest.approx(ring.values[200] - ring.values[100])


def test_limits_move_in_steps_and_a_box_holds_them() -> None:
    limits = ValueRange()
    assert limits.fit((0.0, 10.0))
    assert not limits.fit((1.0, 10.5))
    assert limits.fit((1.0, 30.0))
    assert limits.fit((1.0, 2.0))
    limits.choose(3.0, 4.0)
    assert not limits.fit((0.0, 100.0))
    limits.reset()
    assert limits.fit((0.0, 100.0))


@pytest.mark.parametrize(
    ("order", "charts", "first", "left_out"),
    [(Order.BY_STATION, 12, 9, 9), (Order.BY_QUANTITY, 9, 9, 36), (Order.ONE_EACH, 12, 1, 105)],
)
def test_what_finds_no_room_is_counted(
    order: Order, charts: int, first: int, left_out: int
) -> None:
    found = arrange(channels(13), order)
    assert (len(found.charts), len(found.charts[0]), found.left_out) == (charts, first, left_out)


def test_channels_go_where_a_hand_puts_them() -> None:
    listed = channels(2)
    found = arrange_by_hand(listed, {"1/co2": 3, "2/co2": 3, "1/ch4": 1})
    assert found.charts == (("1/ch4",), ("1/co2", "2/co2"))
    assert found.chart_of("1/pm10") == 0
    assert grid_shape(12, width=900, least_width=260) == (4, 3)
    assert grid_shape(12, width=300, least_width=260) == (12, 1)


def test_channels_of_one_quantity_share_a_scale_others_do_not(live: LivePresenter) -> None:
    live.arrange(Order.BY_STATION)
    chart = live.charts[0]
    chart.fit(live.grid(200))
    by_name = {trace.channel.channel: chart.range_of(trace) for trace in chart.traces}
    assert by_name["pm2_5"] is by_name["pm10"]
    assert by_name["co2"] is not by_name["ch4"]
    assert by_name["ch4"].high < 5


def test_a_replay_plays_what_was_and_recording_goes_on(live: LivePresenter, watch: Watch) -> None:
    ring = live.live.rings["1/co2"]
    start, end = int(ring.times[1000]), int(ring.times[1600])
    live.start_replay(start, end, speed=100)
    assert live.reason_against_replay() == "charts.why.is_replaying"
    watch.seconds += 2.0
    live.record()
    live.move_on()
    played = live.memory.rings["1/co2"]
    assert played is not ring
    assert len(played) == 200
    np.testing.assert_array_equal(played.values, ring.values[1000:1200])
    assert len(ring) == 3601
    watch.seconds += 60.0
    live.move_on()
    assert live.replay is not None
    assert live.replay.is_over
    assert len(live.memory.rings["1/co2"]) == 601
    live.seek_replay(start + 10 * SECOND)
    live.move_on()
    assert len(live.memory.rings["1/co2"]) == 10
    live.end_replay()
    assert live.memory is live.live
    assert live.span.end_us == live.live.newest_us


def test_a_paused_replay_does_not_jump_when_it_goes_on(live: LivePresenter, watch: Watch) -> None:
    live.start_replay(START, START + 600 * SECOND, speed=1)
    live.toggle_pause()
    watch.seconds += 100.0
    live.move_on()
    live.toggle_pause()
    watch.seconds += 1.0
    live.move_on()
    assert live.replay is not None
    assert live.replay.position_us == START + SECOND


@pytest.mark.parametrize("speed", [0, 1001, -5])
def test_a_replay_runs_between_once_and_a_thousand_times(speed: int) -> None:
    with pytest.raises(ValueError, match="×1 to ×1000"):
        ReplayClock(0, 10, speed=speed)
    with pytest.raises(ValueError, match="no length"):
        ReplayClock(10, 10)


def test_the_visible_range_is_written_whole(live: LivePresenter) -> None:
    live.arrange_by_hand({"1/co2": 1, "2/co2": 1})
    live.span.show(START + 890 * SECOND, START + 910 * SECOND)
    rows = list(csv.reader(io.StringIO(live.visible_csv().decode("utf-8-sig"))))
    assert tuple(rows[0]) == HEADER
    assert len(rows) == 1 + 2 * 21
    ring = live.memory.rings["1/co2"]
    assert float(rows[1][6]) == ring.values[890]
    assert rows[1][0].endswith("Z")
    assert rows[20][6] == ""


def test_the_wind_comes_from_where_it_is_counted() -> None:
    times = START + np.arange(4, dtype=np.int64) * SECOND
    flags = np.array([0, 0, 0, Severity.BAD], dtype=np.uint8)
    speed = np.array([3.0, 0.2, 9.0, 5.0])
    degrees = np.array([355.0, 90.0, 93.0, 180.0])
    rose = make_wind_rose(Block(times, speed, speed, flags), Block(times, degrees, degrees, flags))
    assert (rose.calms, rose.count) == (1, 3)
    assert rose.counts[0].tolist() == [0, 1, 0, 0, 0]
    assert rose.counts[4].tolist() == [0, 0, 0, 0, 1]
    assert rose.share(8) == 0.0


def test_an_empty_page_says_why_nothing_can_be_done() -> None:
    empty = LivePresenter(LiveMemory(FedStations([], START)))
    empty.move_on()
    assert empty.reason_against_following() == "charts.why.no_readings"
    assert empty.reason_against_export() == "charts.why.no_charts"
    assert empty.reason_against_replay() == "charts.why.no_readings"
    assert empty.reason_against_wind() == "charts.why.no_wind"


def test_scales_have_round_numbers_and_round_times() -> None:
    assert [text for _, text in value_ticks(0.0, 1.0, 5)] == [
        "0.0",
        "0.2",
        "0.4",
        "0.6",
        "0.8",
        "1.0",
    ]
    assert [text for _, text in value_ticks(-50, 480, 3)] == ["0", "200", "400"]
    assert value_ticks(1.0, 1.0, 5) == []
    ticks = time_ticks(START, START + HOUR_US, 4, BANGKOK)
    assert all((place // (60 * SECOND)) % 15 == 0 for place, _ in ticks)
    assert duration_text(-4_250_000) == "−4.250 s"
    assert duration_text(3_723 * SECOND) == "1:02:03"
    assert value_text(None) == "–"
    assert value_text(412.456) == "412"
