"""A channel's signal on the bench, as it comes: what the lamp judges and the trace shows.

Owns the last readings and whether the cable is in; readings outlive a pulled cable. No Qt.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime

from app.services.calibration.stability import Stability, StabilityRule, judge_stability
from app.services.quality.rules import SENTINELS
from app.services.readings.arriving import Arrival, Arrived, ClockMoved, GapClosed, GapOpened

_KEPT_WINDOWS = 2.0
_MOST_KEPT = 20_000


class BenchSignal:
    """The readings of one channel over the last two windows."""

    def __init__(self, channel: str, rule: StabilityRule) -> None:
        self.channel = channel
        self.rule = rule
        self.problem = ""
        self.sent_code = ""
        """The code for “no value” that the station sends just now."""
        self.clock_moved = False
        """Whether the clock was set since this gas is watched."""
        self.is_plugged_in = True
        self._samples: deque[tuple[float, float]] = deque(maxlen=_MOST_KEPT)

    def take(self, arrivals: Sequence[Arrival]) -> None:
        """Take what arrived; a gap is remembered and said."""
        for arrival in arrivals:
            match arrival:
                case Arrived():
                    self._take_frame(arrival)
                case GapOpened():
                    self.is_plugged_in = False
                    self.problem = arrival.message
                case GapClosed():
                    self.is_plugged_in = True
                    self.problem = ""
                case ClockMoved():
                    self._begin_at_new_clock()

    def begin_anew(self) -> None:
        """Forget the readings: another gas is led to the station."""
        self._samples.clear()
        self.clock_moved = False

    def stability(self) -> Stability:
        """Judge the last window."""
        times = [time for time, _ in self._samples]
        return judge_stability(times, [value for _, value in self._samples], self.rule)

    def latest(self) -> float | None:
        """Give the newest value that is a number; None before the first."""
        return next((value for _, value in reversed(self._samples) if not math.isnan(value)), None)

    def latest_at(self) -> datetime | None:
        """Give when the newest reading was made; None before the first."""
        return datetime.fromtimestamp(self._samples[-1][0], UTC) if self._samples else None

    def window(self) -> tuple[float, ...]:
        """Give the values of the last window, those that did not come left out."""
        if not self._samples:
            return ()
        since = self._samples[-1][0] - self.rule.window_s
        return tuple(
            value for time, value in self._samples if time >= since and not math.isnan(value)
        )

    def trace(self) -> tuple[tuple[float, float], ...]:
        """Give seconds before now and values, for drawing."""
        if not self._samples:
            return ()
        last = self._samples[-1][0]
        return tuple((time - last, value) for time, value in self._samples)

    def _take_frame(self, arrived: Arrived) -> None:
        found = next((each for each in arrived.values if each.channel == self.channel), None)
        if found is None:
            return
        self.is_plugged_in, self.problem = True, ""
        is_code = found.value is not None and float(found.value) in SENTINELS
        self.sent_code = str(found.value) if is_code else ""
        spoiled = found.value is None or is_code or found.flag == "bad"
        value = math.nan if spoiled else float(found.value or 0)
        time = arrived.at.timestamp()
        if self._samples and time < self._samples[-1][0]:
            self._begin_at_new_clock()
        self._samples.append((time, value))
        while self._samples[0][0] < time - _KEPT_WINDOWS * self.rule.window_s:
            self._samples.popleft()

    def _begin_at_new_clock(self) -> None:
        """Watch anew: a window cannot hold the times of two clocks."""
        self._samples.clear()
        self.clock_moved = True
