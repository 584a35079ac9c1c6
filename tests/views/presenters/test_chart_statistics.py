"""Figures of a span are those of numpy over its readings, and cost the same however long it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.views.presenters.charts.moments import FANOUT, LEVELS
from app.views.presenters.charts.ring import Block, ChannelRing, Severity
from app.views.presenters.charts.statistics import SpanStatistics, span_statistics

START = 1_790_000_000_000_000
STEP = 100_000
EDGES = 2 * (FANOUT - 1) * (LEVELS + 1)
"""Entries at both ends of every level."""


def chance_block(chance: np.random.Generator, start: int, size: int) -> Block:
    values = 1e6 + chance.normal(size=size)
    values[chance.random(size) < 0.05] = np.nan
    flags = chance.choice([0, 0, 0, 1, 2], size=size).astype(np.uint8)
    times = start + np.arange(size, dtype=np.int64) * STEP
    return Block(times, values, values * 1.5 + 3, flags)


def by_numpy(ring: ChannelRing, start: int, end: int, *, raw: bool) -> SpanStatistics:
    inside = (ring.times >= start) & (ring.times <= end)
    values = (ring.raw if raw else ring.values)[inside]
    counts = ~np.isnan(values) & (ring.flags[inside] < Severity.BAD)
    taken, hours = values[counts], (ring.times[inside][counts] - START) / 3.6e9
    if not len(taken):
        return SpanStatistics(0, int(inside.sum()))
    slope = float(np.polyfit(hours, taken - taken.mean(), 1)[0]) if len(taken) > 1 else None
    return SpanStatistics(
        len(taken),
        int(inside.sum()) - len(taken),
        float(taken.min()),
        float(taken.mean()),
        float(taken.max()),
        float(taken.std(ddof=1)) if len(taken) > 1 else None,
        slope,
    )


def same(found: SpanStatistics, wanted: SpanStatistics) -> None:
    assert (found.count, found.left_out) == (wanted.count, wanted.left_out)
    assert (found.minimum, found.maximum) == (wanted.minimum, wanted.maximum)
    for name in ("mean", "deviation", "slope_per_hour"):
        told, known = getattr(found, name), getattr(wanted, name)
        assert (told is None) == (known is None), name
        if known is not None:
            assert told == pytest.approx(known, rel=1e-6, abs=1e-6), name


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 6000), min_size=1, max_size=8),
    late=st.booleans(),
    seed=st.integers(0, 99),
)
def test_figures_are_those_of_numpy_over_the_readings(
    sizes: list[int], late: bool, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    ring = ChannelRing(9_000)
    start = START
    for number, size in enumerate(sizes):
        block = chance_block(chance, start, size)
        if late and number and len(ring) > 40:
            ring.add(chance_block(chance, int(ring.times[-40]) + 1, 3))
        ring.add(block)
        start += size * STEP
        first, last = np.sort(chance.integers(0, len(ring), 2))
        span = (int(ring.times[first]), int(ring.times[last]))
        for raw in (False, True):
            same(span_statistics(ring, *span, raw=raw), by_numpy(ring, *span, raw=raw))


def test_a_flag_of_bad_and_a_missing_value_count_for_nothing_in_any_bucket() -> None:
    ring = ChannelRing(10_000)
    values = np.full(9_000, 5.0)
    values[:4096] = np.nan
    flags = np.full(9_000, Severity.BAD, dtype=np.uint8)
    ring.add(Block(START + np.arange(9_000, dtype=np.int64) * STEP, values, values, flags))
    found = span_statistics(ring, START, START + 9_000 * STEP)
    assert found == SpanStatistics(0, 9_000)


def test_the_cost_does_not_grow_with_the_span() -> None:
    """Counted, not timed: readings and buckets read for a span of a thousand and of a million."""
    ring = ChannelRing(1_000_000, has_raw=False)
    times = START + np.arange(1_000_000, dtype=np.int64) * STEP
    values = np.sin(times / 6e8)
    ring.add(Block(times, values, values, np.zeros(len(times), dtype=np.uint8)))
    costs = {}
    for count in (1_000, 10_000, 100_000, 999_000):
        span = (START + 777 * STEP, START + (777 + count) * STEP)
        same(span_statistics(ring, *span), by_numpy(ring, *span, raw=False))
        costs[count] = ring.moments().read
    assert max(costs.values()) <= EDGES
    assert costs[999_000] < 1_000


def test_a_tick_sums_up_only_what_is_new() -> None:
    ring = ChannelRing(100_000)
    chance = np.random.default_rng(1)
    ring.add(chance_block(chance, START, 50_000))
    span_statistics(ring, START, START + 50_000 * STEP)
    asked: list[int] = []
    moments = ring.moments()
    over = moments.over

    def counted(read, length, first, last):  # type: ignore[no-untyped-def]
        def counting(start: int, stop: int):  # type: ignore[no-untyped-def]
            asked.append(stop - start)
            return read(start, stop)

        return over(counting, length, first, last)

    moments.over = counted  # type: ignore[method-assign]
    for number in range(20):
        ring.add(chance_block(chance, START + (50_000 + number) * STEP, 1))
        same(
            span_statistics(ring, START, START + 60_000 * STEP),
            by_numpy(ring, START, START + 60_000 * STEP, raw=False),
        )
    assert sum(asked) <= 20 * 3 * FANOUT
