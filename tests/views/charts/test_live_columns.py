"""Rings, pyramids and columns: no extreme is lost, no gap bridged, memory stays what it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.views.presenters.charts.columns import ColumnCache, Columns, Grid, make_columns
from app.views.presenters.charts.geometry import Scale, bar_rows, bridge_rows, point_rows
from app.views.presenters.charts.ring import Block, ChannelRing, Severity

STEP = 100_000
GAP = 250_000


def block(start: int, values: list[float] | np.ndarray, *, flags: int = 0) -> Block:
    numbers = np.asarray(values, dtype=np.float64)
    times = start + np.arange(len(numbers), dtype=np.int64) * STEP
    return Block(times, numbers, numbers * 2, np.full(len(numbers), flags, dtype=np.uint8))


def naive(ring: ChannelRing, grid: Grid) -> tuple[list[float], list[float]]:
    lows, highs = [], []
    for number in range(grid.count):
        begin = (grid.first + number) * grid.step_us
        inside = (ring.times >= begin) & (ring.times < begin + grid.step_us)
        found = ring.values[inside]
        found = found[~np.isnan(found)]
        lows.append(float(found.min()) if len(found) else np.nan)
        highs.append(float(found.max()) if len(found) else np.nan)
    return lows, highs


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 900), min_size=1, max_size=20),
    pixels=st.integers(1, 300),
    seed=st.integers(0, 99),
)
def test_columns_hold_exactly_the_extremes(sizes: list[int], pixels: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    ring = ChannelRing(5000)
    cache = ColumnCache(ring, gap_us=GAP)
    start = 0
    for size in sizes:
        values = chance.normal(size=size)
        values[chance.random(size) < 0.05] = np.nan
        ring.add(block(start, values))
        start += size * STEP
        grid = Grid.over(max(0, start - 3_000_000), start, pixels)
        cached = cache.columns(grid)
        lows, highs = naive(ring, grid)
        np.testing.assert_array_equal(cached.low, lows)
        np.testing.assert_array_equal(cached.high, highs)
        anew = Columns.empty(grid.count)
        make_columns(ring, grid, anew, gap_us=GAP)
        for kept, made in zip(cached.arrays(), anew.arrays(), strict=True):
            np.testing.assert_array_equal(kept, made)


def test_extremes_survive_many_rounds_of_forgetting() -> None:
    ring = ChannelRing(10_000)
    held = ring.nbytes
    chance = np.random.default_rng(2)
    for number in range(60):
        ring.add(block(number * 777 * STEP, chance.normal(size=777)))
    assert 10_000 <= len(ring) <= 10_000 + 4096
    assert ring.nbytes == held
    assert int(ring.times[-1]) == (60 * 777 - 1) * STEP
    grid = Grid.over(int(ring.times[0]), int(ring.times[-1]), 37)
    columns = Columns.empty(37)
    make_columns(ring, grid, columns, gap_us=GAP)
    lows, highs = naive(ring, grid)
    np.testing.assert_array_equal(columns.low, lows)
    np.testing.assert_array_equal(columns.high, highs)


def test_a_late_reading_stands_where_it_belongs_and_nothing_is_lost() -> None:
    ring = ChannelRing(5000)
    ring.add(block(10 * STEP, [1.0, 2.0, 3.0]))
    ring.add(block(0, [9.0]))
    assert ring.times.tolist() == [0, 10 * STEP, 11 * STEP, 12 * STEP]
    assert ring.values.tolist() == [9.0, 1.0, 2.0, 3.0]
    assert ring.changed_since(1) == 0


def test_a_tick_makes_only_new_columns() -> None:
    ring = ChannelRing(40_000)
    cache = ColumnCache(ring, gap_us=GAP)
    ring.add(block(0, np.zeros(36_000)))
    width = 36_000 * STEP
    cache.columns(Grid.over(0, width, 400))
    before = cache.made
    for tick in range(20):
        ring.add(block(width + tick * STEP, [1.0]))
        cache.columns(Grid.over((tick + 1) * STEP, width + (tick + 1) * STEP, 400))
    assert cache.made - before <= 40


def test_a_gap_and_a_missing_value_stay_open() -> None:
    ring = ChannelRing(5000)
    ring.add(block(0, [1.0] * 10))
    ring.add(block(40 * STEP, [np.nan] * 2 + [1.0] * 8))
    grid = Grid(0, 100, STEP // 2)
    columns = Columns.empty(100)
    make_columns(ring, grid, columns, gap_us=GAP)
    rows = np.zeros((100, 4))
    count = bridge_rows(columns, Scale(0, 2, 50), rows)
    longest = max(rows[:count, 2] - rows[:count, 0])
    assert longest == 2
    assert columns.filled[80]
    assert not columns.joined[80]


def test_bars_of_neighbours_touch() -> None:
    columns = Columns.empty(3)
    columns.low[:], columns.high[:] = [0.0, 6.0, 0.0], [1.0, 9.0, 1.0]
    columns.filled[:] = True
    columns.joined[:] = [False, True, False]
    rows = np.zeros((3, 4), dtype=np.int32)
    assert bar_rows(columns, Scale(0, 10, 11), rows) == 3
    first, second, third = rows
    assert second[3] >= first[1]
    assert third[1] == 9


def test_a_reading_alone_is_seen() -> None:
    ring = ChannelRing(100)
    for start in (0, 100 * STEP, 101 * STEP):
        ring.add(block(start, [5.0]))
    rows = np.zeros((10, 4))
    count = point_rows(ring, Grid(0, 200, STEP), Scale(0, 10, 11), rows, gap_us=GAP)
    assert count == 2
    assert rows[:2].tolist() == [[100.0, 5.0, 101.0, 5.0], [0.0, 5.0, 1.0, 5.0]]


@pytest.mark.parametrize("worst", [Severity.SUSPICIOUS, Severity.BAD])
def test_one_flag_among_many_readings_is_not_lost(worst: Severity) -> None:
    ring = ChannelRing(5000)
    ring.add(block(0, np.zeros(3000)))
    ring.add(block(3000 * STEP, [1.0], flags=worst))
    ring.add(block(3001 * STEP, np.zeros(1000)))
    grid = Grid.over(0, 4001 * STEP, 10)
    columns = Columns.empty(10)
    make_columns(ring, grid, columns, gap_us=GAP)
    assert columns.worst.max() == worst
    assert (columns.worst > 0).sum() == 1
