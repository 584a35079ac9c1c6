"""Live charts for a while: drawn without pause, the process does not grow.

`make soak` runs it for half an hour with `TEAK_CHART_SOAK_S=1800`; else it takes seconds.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.views.charts.chart_grid import ChartGrid
from app.views.desk import Desk
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.live_memory import LiveMemory
from benchmarks.live_sample import SampleStations

SECONDS = float(os.environ.get("TEAK_CHART_SOAK_S", "3"))
MOST_GROWN = 8_000_000
"""Bytes; the allocator's own play, whatever the length."""


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")
def test_memory_stays_flat_while_charts_are_drawn(desk: Desk, qtbot: QtBot) -> None:
    memory = LiveMemory(SampleStations(12, readings=9_000), capacity=9_000)
    live = LivePresenter(memory)
    grid = ChartGrid(desk, live)
    qtbot.addWidget(grid)
    grid.show_charts()
    grid.resize(1280, 800)
    grid.show()
    held = memory.nbytes

    def turn(seconds: float) -> int:
        ends, turns = time.monotonic() + seconds, 0
        while time.monotonic() < ends:
            live.record()
            live.move_on()
            for view in grid.views:
                view.repaint()
            turns += 1
        return turns

    turn(1.0)
    before = resident_bytes()
    assert turn(SECONDS) > 5 * SECONDS
    assert memory.nbytes == held
    assert resident_bytes() - before < MOST_GROWN
