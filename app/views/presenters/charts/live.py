"""The state of the live page: charts, span, cursors, pause, replay, and why something is off.

Owns every decision of the page and no Qt type. Recording goes on whatever is shown: a pause
holds the picture, a replay stands in front of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.views.presenters.charts.arrangement import (
    Arrangement,
    Order,
    arrange,
    arrange_by_hand,
)
from app.views.presenters.charts.chart import Chart, Trace
from app.views.presenters.charts.columns import Grid
from app.views.presenters.charts.live_memory import LiveMemory
from app.views.presenters.charts.live_source import LiveChannel, Mark
from app.views.presenters.charts.replay import Past, ReplayClock, ReplaySource
from app.views.presenters.charts.ring import EMPTY_BLOCK, Block, part_of
from app.views.presenters.charts.rolled import RolledCourse
from app.views.presenters.charts.span import TimeSpan
from app.views.presenters.charts.statistics import SpanStatistics, span_statistics, value_at
from app.views.presenters.charts.visible_csv import visible_csv
from app.views.presenters.charts.wind_rose import (
    WindRose,
    WindSensor,
    make_wind_rose,
    wind_sensors,
)

_PEN_REACH = 3
_LEAST_REPLAYED, _MOST_REPLAYED = 7_200, 400_000


@dataclass
class Cursors:
    """Two moments on the time axis; `next_is_b` tells which a click places next."""

    are_on: bool = False
    a_us: int | None = None
    b_us: int | None = None
    next_is_b: bool = False

    @property
    def apart_us(self) -> int | None:
        """Δt: from A to B; None until both stand."""
        if self.a_us is None or self.b_us is None:
            return None
        return self.b_us - self.a_us

    def place(self, at_us: int) -> None:
        """Put A, then B, then A again."""
        if self.next_is_b:
            self.b_us = at_us
        else:
            self.a_us = at_us
        self.next_is_b = not self.next_is_b

    def clear(self) -> None:
        """Take both away."""
        self.a_us = self.b_us = None
        self.next_is_b = False


@dataclass(frozen=True)
class TraceFigures:
    """What the side panel says of one channel: the span's statistics and the cursors' values."""

    trace: Trace
    statistics: SpanStatistics
    at_a: float | None
    at_b: float | None

    @property
    def apart(self) -> float | None:
        """Δy: the value at B less the value at A."""
        if self.at_a is None or self.at_b is None:
            return None
        return self.at_b - self.at_a


class LivePresenter:
    """What the page shows; `elapsed_clock` gives seconds that never go back."""

    def __init__(
        self, memory: LiveMemory, *, elapsed_clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.live = memory
        self.span = TimeSpan()
        self.charts: list[Chart] = []
        self.cursors = Cursors()
        self.shows_raw = False
        self.selected = 0
        self.arrangement = Arrangement(())
        self.order: Order | None = Order.BY_STATION
        self._clock = elapsed_clock
        self._asked_s = elapsed_clock()
        self._replay: ReplaySource | None = None
        self._played: LiveMemory | None = None
        self._known = 0
        self._span_before: TimeSpan | None = None
        self._is_past = False
        self._rolled: dict[str, RolledCourse] = {}
        self.meet_channels()

    # What is shown

    @property
    def memory(self) -> LiveMemory:
        """What the charts show: the live memory, or what is played again."""
        return self._played or self.live

    @property
    def replay(self) -> ReplayClock | None:
        """The clock of the replay, while there is one."""
        return self._replay.clock if self._replay is not None else None

    @property
    def selected_chart(self) -> Chart | None:
        """The chart whose figures are told."""
        return self.charts[self.selected] if 0 <= self.selected < len(self.charts) else None

    @property
    def channels(self) -> list[LiveChannel]:
        """Every channel known."""
        return list(self.live.channels.values())

    @property
    def marks(self) -> list[Mark]:
        """The marks of the stations shown, oldest first."""
        stations = {trace.channel.station for chart in self.charts for trace in chart.traces}
        marks = [mark for mark in self.memory.marks if mark.station in stations]
        return sorted(marks, key=lambda mark: mark.at_us)

    def meet_channels(self) -> bool:
        """Take up channels that appeared since; tell whether the charts changed."""
        if len(self.live.channels) == self._known:
            return False
        self._known = len(self.live.channels)
        if self.order is not None:
            self.arrange(self.order)
        return True

    def arrange(self, order: Order) -> None:
        """Spread every channel over charts in a ready order."""
        self.order = order
        self._take_arrangement(arrange(self.channels, order))

    def arrange_by_hand(self, numbers: Mapping[str, int]) -> None:
        """Put channels into the charts a person chose."""
        self.order = None
        self._take_arrangement(arrange_by_hand(self.channels, numbers))

    # Time

    def record(self) -> int:
        """Take what came from the stations; give how many readings."""
        return self.live.take()

    def move_on(self) -> None:
        """Let the picture follow, and a replay play on; a pause holds both."""
        self.meet_channels()
        if self._is_past:
            return
        if self._played is not None and not self.span.is_paused:
            self._played.take()
            position = self.replay.position_us if self.replay is not None else None
            self.span.move_on(position)
        else:
            self.span.move_on(self.memory.newest_us)
        if self.span.is_paused:
            self._asked_s = self._clock()

    def grid(self, pixels: int) -> Grid:
        """Lay the span over so many columns."""
        return Grid.over(self.span.start_us, self.span.end_us, pixels)

    def follow(self) -> None:
        """Go to the newest reading and stay with it."""
        self.span.follow(self._newest_us())

    def toggle_pause(self) -> None:
        """Hold the picture, or let it go on; recording never stops."""
        self.span.is_paused = not self.span.is_paused
        if not self.span.is_paused and self.span.is_following:
            self.span.follow(self._newest_us())

    def reset_zoom(self) -> None:
        """Undo every zoom and pan, of time and of values."""
        self.span.reset(self._newest_us())
        for chart in self.charts:
            chart.reset_limits()

    # Figures

    def figures(self, chart: Chart) -> list[TraceFigures]:
        """Reckon what the side panel says of a chart."""
        return [self._figures(trace) for trace in chart.traces]

    def visible_csv(self) -> bytes:
        """Write the readings in view of every chart, each channel once."""
        traces = {t.channel.key: (t.channel, t.ring) for c in self.charts for t in c.traces}
        rolled = self.memory.rolled
        return visible_csv(
            list(traces.values()), self.span.start_us, self.span.end_us, rolled=rolled
        )

    def wind_sensors(self) -> list[WindSensor]:
        """List the sensors that measure the wind, in the order of stations."""
        return wind_sensors(self.memory.channels.values())

    def wind_rose(self, sensor: WindSensor) -> WindRose:
        """Make the rose of a sensor over the visible span."""
        start, end, rolled = self.span.start_us, self.span.end_us, self.memory.rolled
        speed, direction = (
            rolled[key].within(start, end).block()
            if key in rolled
            else self.memory.rings[key].block(start, end + 1)
            for key in (sensor.speed_key, sensor.direction_key)
        )
        return make_wind_rose(speed, direction)

    # Replay

    def start_replay(
        self, start_us: int, end_us: int, *, speed: int = 1, past: Past | None = None
    ) -> None:
        """Play a past stretch; without `past` from what the desk remembers."""
        clock = ReplayClock(start_us, end_us, speed=speed)
        rolled = {} if past is not None else self.memory.rolled
        channels = list(self.memory.channels.values()) if rolled else self.channels
        self._asked_s = self._clock()
        self._is_past = False
        remembered = past or self._remembered(start_us, end_us)
        known = (*self.memory.marks, *(m for m in self.live.marks if m not in self.memory.marks))
        marks = [mark for mark in known if start_us <= mark.at_us <= end_us]
        self._replay = ReplaySource(clock, channels, remembered, marks=marks, elapsed=self._elapsed)
        if self._span_before is None:
            self._span_before = self.span
        self.span = TimeSpan(min(self.span.width_us, end_us - start_us))
        self._rolled = rolled
        self._show_played(self._replayed_memory(self._replay))
        self.span.follow(start_us)

    def show_past(self, memory: LiveMemory, start_us: int, end_us: int) -> None:
        """Show a stretch that was read from the registry."""
        memory.take()
        if self._span_before is None:
            self._span_before = self.span
            self.span = TimeSpan(end_us - start_us)
        self.span.show(start_us, end_us)
        self._replay = None
        self._is_past = True
        self._show_played(memory)

    @property
    def is_past(self) -> bool:
        """Whether a stored stretch is shown."""
        return self._is_past

    def shown_channels(self) -> list[LiveChannel]:
        """Give the channels in the charts, each once."""
        keys = dict.fromkeys(key for keys in self.arrangement.charts for key in keys)
        return [self.live.channels[key] for key in keys if key in self.live.channels]

    def seek_replay(self, at_us: int) -> None:
        """Go to another moment of the stretch."""
        if self._replay is None:
            return
        self._replay.seek(at_us)
        self._show_played(self._replayed_memory(self._replay))
        self.move_on()

    def end_replay(self) -> None:
        """Go back to what is live, from a replay or from the past."""
        self._replay = None
        self._is_past = False
        if self._span_before is not None:
            self.span, self._span_before = self._span_before, None
        self._show_played(None)
        self.follow()

    # Why something is off

    def reason_against_following(self) -> str:
        """Say why the newest reading cannot be gone to; empty when it can."""
        if self._is_past:
            return "charts.why.is_past"
        if self._newest_us() is None:
            return "charts.why.no_readings"
        return "charts.why.is_following" if self._is_up_to_date() else ""

    def reason_against_reset(self) -> str:
        """Say why there is nothing to reset; empty when there is."""
        zoomed = not self.span.is_home or any(chart.is_zoomed for chart in self.charts)
        return "" if zoomed else "charts.why.not_zoomed"

    def reason_against_export(self) -> str:
        """Say why nothing can be exported; empty when something can."""
        if not any(chart.traces for chart in self.charts):
            return "charts.why.no_charts"
        return "" if self._newest_us() is not None else "charts.why.no_readings"

    def reason_against_pause(self) -> str:
        """Say why the picture cannot be held; empty when it can."""
        return "charts.why.stands_still" if self._is_past else ""

    def reason_against_playing(self) -> str:
        """Say why the replay cannot play on; empty while it can."""
        return "charts.why.is_over" if self.replay is not None and self.replay.is_over else ""

    def reason_against_replay(self) -> str:
        """Say why nothing can be replayed; empty when something can."""
        if self._replay is not None:
            return "charts.why.is_replaying"
        if self._is_past and self.memory.newest_us is not None:
            return ""
        return "" if self.live.newest_us is not None else "charts.why.no_readings"

    def reason_against_wind(self) -> str:
        """Say why there is no wind rose; empty when there is one."""
        return "" if self.wind_sensors() else "charts.why.no_wind"

    def _is_up_to_date(self) -> bool:
        return self.span.is_following and not self.span.is_paused

    def _newest_us(self) -> int | None:
        if self.replay is not None:
            return self.replay.position_us
        return self.memory.newest_us

    def _figures(self, trace: Trace) -> TraceFigures:
        span, raw = self.span, self.shows_raw
        rolled = self.memory.rolled.get(trace.channel.key)
        if rolled is not None:
            at = [
                None if at is None else rolled.value_at(at, raw=raw)
                for at in (self.cursors.a_us, self.cursors.b_us)
            ]
            told = rolled.statistics(span.start_us, span.end_us, raw=raw)
            return TraceFigures(trace, told, at[0], at[1])
        reach = max(_PEN_REACH * trace.gap_us, span.width_us // 200)
        values = [
            None if at is None else value_at(trace.ring, at, within_us=reach, raw=raw)
            for at in (self.cursors.a_us, self.cursors.b_us)
        ]
        statistics = span_statistics(trace.ring, span.start_us, span.end_us, raw=raw)
        return TraceFigures(trace, statistics, values[0], values[1])

    def _take_arrangement(self, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        while len(self.charts) < len(arrangement.charts):
            self.charts.append(Chart())
        del self.charts[len(arrangement.charts) :]
        self.selected = min(self.selected, max(0, len(self.charts) - 1))
        self._fill_charts()

    def _fill_charts(self) -> None:
        memory = self.memory
        for chart, keys in zip(self.charts, self.arrangement.charts, strict=True):
            known = [key for key in keys if key in memory.rings]
            chart.show([(memory.channels[key], memory.rings[key]) for key in known])

    def _show_played(self, played: LiveMemory | None) -> None:
        self._played = played
        self._fill_charts()

    def _replayed_memory(self, replay: ReplaySource) -> LiveMemory:
        """Make a memory that holds the whole stretch, however long it is."""
        clock, channels = replay.clock, replay.channels()
        length = clock.end_us - clock.start_us
        shortest = min((each.interval_us for each in channels), default=1)
        most = min(_MOST_REPLAYED, max(1, 2 * length // max(1, shortest)))
        memory = LiveMemory(replay, capacity=max(_LEAST_REPLAYED, most))
        memory.rolled = self._rolled
        return memory

    def _elapsed(self) -> float:
        now = self._clock()
        passed, self._asked_s = now - self._asked_s, now
        return passed

    def _remembered(self, start_us: int, end_us: int) -> Past:
        kept: dict[str, Block] = {
            key: ring.block(start_us, end_us + 1) for key, ring in self.memory.rings.items()
        }

        def past(key: str, start: int, end: int) -> Block:
            return part_of(kept[key], start, end) if key in kept else EMPTY_BLOCK

        return past
