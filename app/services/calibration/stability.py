"""The stability lamp: whether a signal has settled enough to be read, and why not yet.

Owns the criterion. Nothing normative gives one; ours, after the three minutes that Vaisala asks
per gas: over the last `window_s` the fitted change stays below a quarter of the tolerance, and
the scatter about it below the noise limit. Must not know time zones or stations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SHORTEST_WINDOW_S = 180.0
_LONGEST_STEP = 10
"""A step so many times the usual one is an interruption."""


@dataclass(frozen=True)
class StabilityRule:
    """What counts as settled, in the channel's unit; windows below three minutes are refused."""

    tolerance: float
    noise_limit: float | None = None
    window_s: float = SHORTEST_WINDOW_S
    change_share: float = 0.25
    fewest_readings: int = 10

    def __post_init__(self) -> None:
        if self.window_s < SHORTEST_WINDOW_S:
            raise ValueError(f"a window of {self.window_s:g} s is below {SHORTEST_WINDOW_S:g} s")
        if not self.tolerance > 0:
            raise ValueError(f"a tolerance of {self.tolerance:g} lets no signal be stable")

    @property
    def greatest_change(self) -> float:
        return self.change_share * self.tolerance

    @property
    def greatest_scatter(self) -> float:
        return self.tolerance / 4 if self.noise_limit is None else self.noise_limit


@dataclass(frozen=True)
class NotYet:
    """One reason why the lamp is not green; `code` also picks its icon."""

    code: str
    message: str
    message_th: str


@dataclass(frozen=True)
class Stability:
    """What the lamp shows: the signal over the window, and what still stands against it."""

    seconds: float
    readings: int
    mean: float | None
    change: float | None
    scatter: float | None
    reasons: tuple[NotYet, ...]

    @property
    def is_stable(self) -> bool:
        return not self.reasons


def judge_stability(
    times_s: Sequence[float], values: Sequence[float], rule: StabilityRule
) -> Stability:
    """Judge the last window of a signal; NaN stands for a reading that did not come."""
    times, readings = np.asarray(times_s, dtype=float), np.asarray(values, dtype=float)
    if times.size == 0:
        return Stability(0.0, 0, None, None, None, (_too_short(0.0, rule),))
    within = times >= times[-1] - rule.window_s
    times, readings = times[within], readings[within]
    present = ~np.isnan(readings)
    seconds = float(times[-1] - times[0])
    reasons = _gaps_of(times, seconds, rule)
    count = int(present.sum())
    if count < readings.size:
        reasons.append(_interrupted(readings.size - count))
    if count < max(rule.fewest_readings, 3) or seconds == 0:
        reasons.append(_too_few(count, max(rule.fewest_readings, 3)))
        mean = float(readings[present].mean()) if count else None
        return Stability(seconds, count, mean, None, None, tuple(reasons))
    slope, scatter = _line_through(times[present], readings[present])
    change = slope * rule.window_s
    if not abs(change) < rule.greatest_change:
        reasons.append(_still_moving(change, rule))
    if not scatter < rule.greatest_scatter:
        reasons.append(_noisy(scatter, rule))
    mean = float(readings[present].mean())
    return Stability(seconds, count, mean, change, scatter, tuple(reasons))


def _gaps_of(
    times: np.ndarray[tuple[int], np.dtype[np.float64]], seconds: float, rule: StabilityRule
) -> list[NotYet]:
    """Say whether the window is not yet full, a step short of it allowed, or broken off within."""
    if times.size < 2:
        return [_too_short(seconds, rule)]
    steps = np.diff(times)
    usual, longest = float(np.median(steps)), float(steps.max())
    reasons = [] if seconds + 1.5 * usual >= rule.window_s else [_too_short(seconds, rule)]
    if longest > max(_LONGEST_STEP * usual, 1.0):
        reasons.append(_broken_off(longest))
    return reasons


def _line_through(
    times: np.ndarray[tuple[int], np.dtype[np.float64]],
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> tuple[float, float]:
    """Give the slope per second and the standard deviation about the line."""
    from_start = times - times.mean()
    spread = float((from_start**2).sum())
    slope = float((from_start * values).sum()) / spread if spread else math.inf
    residuals = values - values.mean() - slope * from_start
    return slope, math.sqrt(float((residuals**2).sum()) / (values.size - 2))


def _too_short(seconds: float, rule: StabilityRule) -> NotYet:
    return NotYet(
        "too-short",
        f"Watched for {seconds:.0f} s of {rule.window_s:.0f} s.",
        f"สังเกตมาแล้ว {seconds:.0f} จาก {rule.window_s:.0f} วินาที",
    )


def _too_few(count: int, least: int) -> NotYet:
    return NotYet(
        "too-few",
        f"{count} readings in the window; {least} are needed.",
        f"มี {count} ค่าในช่วงเวลานี้ ต้องมีอย่างน้อย {least} ค่า",
    )


def _interrupted(count: int) -> NotYet:
    return NotYet(
        "interrupted",
        f"{count} readings did not come: look at the cable and wait.",
        f"ขาดหายไป {count} ค่า: ตรวจสายแล้วรอสักครู่",
    )


def _broken_off(seconds: float) -> NotYet:
    return NotYet(
        "interrupted",
        f"Nothing came for {seconds:.0f} s: look at the cable and wait.",
        f"ไม่มีค่าเข้ามา {seconds:.0f} วินาที: ตรวจสายแล้วรอสักครู่",
    )


def _still_moving(change: float, rule: StabilityRule) -> NotYet:
    rises = change > 0
    return NotYet(
        "still-moving",
        f"Still {'rising' if rises else 'falling'}: {abs(change):.3g} in {rule.window_s:.0f} s, "
        f"allowed {rule.greatest_change:.3g}.",
        f"ยัง{'เพิ่มขึ้น' if rises else 'ลดลง'}: {abs(change):.3g} ใน {rule.window_s:.0f} วินาที "
        f"ยอมรับได้ {rule.greatest_change:.3g}",
    )


def _noisy(scatter: float, rule: StabilityRule) -> NotYet:
    return NotYet(
        "noisy",
        f"Scatters by {scatter:.3g}, allowed {rule.greatest_scatter:.3g}: look at flow and "
        "connections.",
        f"ค่ากระจาย {scatter:.3g} ยอมรับได้ {rule.greatest_scatter:.3g}: ตรวจอัตราไหลและข้อต่อ",
    )
