"""What the live page reads from the registry: its channels, the last hour, past stretches, replays.

Owns the tasks that read, beside the window; what is shown of it is the presenter's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.views.pages.context import PageContext
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.live_memory import HOUR_US, LiveMemory
from app.views.presenters.charts.live_source import LiveBlock, LiveChannel, Mark
from app.views.presenters.charts.stored import (
    FINE_STEP_US,
    DeskSource,
    Recalled,
    count_readings,
    read_block,
    read_finely,
    read_past,
    stored_channels,
    stored_marks,
)
from app.views.presenters.charts.ticks import microseconds
from app.views.tasks import TaskControl

MOST_REPLAYED = 3_000_000
"""Single readings a replay takes into memory; a longer stretch is played from its averages."""
_PRELOADED_US = HOUR_US
_FIRST_SPEED = 10


@dataclass(frozen=True)
class _Stored:
    """What the registry remembers of the last hour."""

    channels: list[LiveChannel]
    blocks: list[LiveBlock]
    marks: list[Mark]


class LivePast:
    """`shown` is called when something else is to be drawn; `owner` ends with the page."""

    def __init__(
        self,
        context: PageContext,
        live: LivePresenter,
        source: DeskSource,
        *,
        shown: Callable[[], None],
        owner: QObject,
    ) -> None:
        self._context = context
        self._live = live
        self._source = source
        self._shown = shown
        self._owner = owner
        self.channels: list[LiveChannel] = []

    def read_stored(self) -> None:
        """Read what the registry lists, and its last hour where nothing is remembered yet."""
        registry = self._context.registry
        now_us = microseconds(registry.now())

        def read() -> _Stored:
            channels = stored_channels(registry)
            start = now_us - _PRELOADED_US
            blocks = [
                LiveBlock(each.key, read_block(registry, each.key, start, now_us))
                for each in channels
            ]
            return _Stored(channels, blocks, stored_marks(registry, start_us=start, end_us=now_us))

        self._context.tasks.run(
            read, on_done=self._take_stored, latest_key="live-stored", owner=self._owner
        )

    def show(self, start_us: int, end_us: int) -> None:
        """Show a stored stretch of the channels in the charts."""
        registry, channels = self._context.registry, self._readable()
        margin = (end_us - start_us) // 4

        def read() -> LiveMemory:
            memory = read_past(
                registry, channels, start_us=start_us - margin, end_us=end_us + margin
            )
            memory.marks.extend(stored_marks(registry, start_us=start_us, end_us=end_us))
            return memory

        def show(memory: LiveMemory) -> None:
            self._live.show_past(memory, start_us, end_us)
            self._shown()

        self._context.tasks.run(read, on_done=show, latest_key="live-past", owner=self._owner)

    def read_finer(self) -> None:
        """Read the stretch in view anew, as finely as it can be shown now."""
        if self._live.is_past:
            self.show(self._live.span.start_us, self._live.span.end_us)

    def replay(self) -> None:
        """Play the stretch in view: every reading of it, read first where averages are shown."""
        span, channels = self._live.span, self._readable()
        start, end = span.start_us, span.end_us
        is_rolled = self._live.is_past and bool(self._live.memory.rolled)
        readings = count_readings(channels, start_us=start, end_us=end)
        if not is_rolled or readings > MOST_REPLAYED:
            self._live.start_replay(start, end, speed=_FIRST_SPEED)
            self._shown()
            return
        registry, language = self._context.registry, self._context.language

        def read(control: TaskControl) -> Recalled:
            recalled = Recalled()
            for begin in range(start, end, FINE_STEP_US):
                control.check_cancelled()
                stop = min(end, begin + FINE_STEP_US)

                def part(begin: int = begin, stop: int = stop) -> list[LiveBlock]:
                    return read_finely(registry, channels, start_us=begin, end_us=stop)

                recalled.add(control.on_registry(part))
                control.progress(stop - start, end - start)
            return recalled

        def play(recalled: Recalled) -> None:
            self._live.start_replay(start, end, speed=_FIRST_SPEED, past=recalled.past())
            self._shown()

        self._context.tasks.run_long(
            read, title=language.text("charts.recalling"), on_done=play, owner=self._owner
        )

    def _readable(self) -> list[LiveChannel]:
        keys = {channel.key for channel in self.channels}
        return [each for each in self._live.shown_channels() if each.key in keys]

    def _take_stored(self, read: _Stored) -> None:
        self.channels = read.channels
        self._source.show_stored(read.channels)
        memory = self._live.live
        memory.meet_channels()
        memory.fill(block for block in read.blocks if not len(memory.rings[block.key]))
        memory.add_marks(read.marks)
        self._live.meet_channels()
        self._shown()
