"""Where the lines of a scale stand, and what they are called: round numbers, round times.

Owns choosing steps; times are those of the registry's zone. No Qt.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, tzinfo

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TIME_STEPS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000),
)
_DAY_S = 86400
_PROBES = 24
"""Moments at which the offset is looked at: in a year, every fortnight."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def value_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Give round values within limits, and their text with as many decimals as tell them apart."""
    reach = high - low
    if not math.isfinite(reach) or reach <= 0 or most < 1:
        return []
    rough = reach / most
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(each * size for each in _STEPS if each * size >= rough * 0.999)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if round(step * 10**decimals, 6) % 1:
        decimals += 1
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [(n * step, f"{n * step + 0.0:,.{decimals}f}") for n in range(first, last + 1)]


def time_ticks(start_us: int, end_us: int, most: int, zone: tzinfo) -> list[tuple[int, str]]:
    """Give round times within a span and their text: a time of day, or a day where days pass."""
    rough_s = (end_us - start_us) / 1e6 / max(1, most)
    step_s = next((each for each in _TIME_STEPS_S if each >= rough_s * 0.95), _TIME_STEPS_S[-1])
    step_us = round(step_s * 1e6)
    places = sorted(
        place
        for offset_us in _offsets(start_us, end_us, zone)
        for place in _places(start_us + offset_us, end_us + offset_us, step_us, offset_us)
        if _offset_us(place, zone) == offset_us
    )
    return [(place, _time_text(moment(place).astimezone(zone), step_s)) for place in places]


def _places(start_us: int, end_us: int, step_us: int, offset_us: int) -> list[int]:
    first, last = -(-start_us // step_us), end_us // step_us
    return [n * step_us - offset_us for n in range(first, last + 1)]


def _offsets(start_us: int, end_us: int, zone: tzinfo) -> set[int]:
    """Give the offsets from UTC that hold within a span: two where clocks are changed in it."""
    probes = _PROBES if end_us - start_us > _DAY_S * 1_000_000 else 1
    step = (end_us - start_us) / probes
    return {_offset_us(start_us + round(n * step), zone) for n in range(probes + 1)}


def _offset_us(at_us: int, zone: tzinfo) -> int:
    offset = moment(at_us).astimezone(zone).utcoffset() or timedelta()
    return round(offset.total_seconds() * 1e6)


def moment(at_us: int) -> datetime:
    """Give the aware moment of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at_us)


def microseconds(at: datetime) -> int:
    """Give the microseconds since 1970 of an aware moment."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _time_text(at: datetime, step_s: float) -> str:
    if step_s >= _DAY_S:
        return f"{at:%d.%m.}"
    if step_s >= 60:
        return f"{at:%H:%M}" if at.hour or at.minute else f"{at:%d.%m.}"
    if step_s >= 1:
        return f"{at:%H:%M:%S}"
    return f"{at:%S.%f}"[:6]


def value_text(value: float | None, reach: float = 0.0) -> str:
    """Write a value with the decimals that a scale of this reach can show."""
    if value is None or not math.isfinite(value):
        return "–"
    size = reach or abs(value) or 1.0
    decimals = min(6, max(0, 3 - math.floor(math.log10(size)) - 1))
    return f"{value:,.{decimals}f}".replace("-", "−")


def duration_text(span_us: int) -> str:
    """Write a length of time: 1:02:03, 02:03 min, 4.250 s."""
    sign = "−" if span_us < 0 else ""
    seconds = abs(span_us) / 1e6
    if seconds < 60:
        return f"{sign}{seconds:.3f} s"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{sign}{hours}:{rest // 60:02d}:{rest % 60:02d}"
