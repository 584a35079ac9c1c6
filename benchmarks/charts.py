"""Live charts: twelve charts of nine lines, an hour each at 10 Hz, redrawn as readings come.

Against the same readings in Qt Charts and in pyqtgraph as it comes, offscreen and in one run: no
graphics card and no window system take part. Then one channel of ten million readings, zoomed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from app.views.charts.chart_grid import ChartGrid
from app.views.desk import Desk
from app.views.desk_launch import make_application
from app.views.language import Language
from app.views.presenters.charts.columns import Columns, Grid, make_columns
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.live_memory import LiveMemory
from app.views.presenters.charts.ring import Block, ChannelRing
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme, ThemeMode
from benchmarks.live_sample import SampleStations
from benchmarks.measuring import Aim, Ratio, Scale

_WINDOW = (1280, 800)
_STATIONS = 12
_WANTED_PER_S = 20.0
_P95_MS = 33.0
_ZOOM_MS = 100.0
_ZOOMS = 40
_PIXELS = 1200
_STEP_US = 100_000

Draw = Callable[[], None]


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:  # noqa: ARG001 (no file is written)
    """Measure redraws, zooming and memory, ours and others'."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = make_application()
    is_tiny = scale.name == "tiny"
    readings, redraws = (600, 4) if is_tiny else (36_000, 200)
    size = f"{_STATIONS} charts × 9 lines × {readings:,} readings"
    ours, mine = _times(_ours(application, readings), redraws)
    print(f"        ours: {_told(ours)}")
    yield Ratio("redraws a second, of 20", tuple(1 / _WANTED_PER_S / ours), size, Aim(least=1.0))
    p95 = float(np.percentile(ours, 95)) * 1000
    yield Ratio("p95 of a redraw, of 33 ms", (p95 / _P95_MS,), size, Aim(most=1.0))
    mine.close()
    fewer = 2 if is_tiny else 12
    for name, make in (("Qt Charts", _qt_charts), ("pyqtgraph as it comes", _pyqtgraph)):
        theirs, rival = _times(make(application, readings), fewer)
        print(f"        {name}: {_told(theirs)}")
        yield Ratio(f"redraws against {name}", (float(np.median(theirs) / np.median(ours)),), size)
        rival.close()
    yield _zoom(100_000 if is_tiny else 10_000_000)
    yield from _memory(600 if is_tiny else 3_000)


def _ours(application: QApplication, readings: int) -> tuple[Draw, QWidget]:
    """Make our page's charts; a redraw takes the readings that came, and paints every chart."""
    desk = Desk(Language("en"), Theme(application, ThemeMode.LIGHT), TaskRunner())
    live = LivePresenter(LiveMemory(SampleStations(_STATIONS, readings=readings)))
    live.record()
    live.span.choose_width(readings * _STEP_US)
    live.move_on()
    grid = ChartGrid(desk, live)
    grid.show_charts()

    def draw() -> None:
        live.record()
        live.move_on()
        for view in grid.views:
            view.repaint()

    return draw, grid


def _qt_charts(application: QApplication, readings: int) -> tuple[Draw, QWidget]:  # noqa: ARG001
    from PySide6.QtCharts import QChart, QChartView, QLineSeries

    window, layout = _window()
    lines, past = _past(readings)
    series: list[QLineSeries] = []
    views: list[QChartView] = []
    for place in range(_STATIONS):
        chart = QChart()
        for times, values in past[place * lines : (place + 1) * lines]:
            line = QLineSeries()
            # It takes arrays, though its types say sequences.
            line.replaceNp(times, values)  # type: ignore[arg-type]
            chart.addSeries(line)
            series.append(line)
        chart.createDefaultAxes()
        view = QChartView(chart)
        layout.addWidget(view, place // 3, place % 3)
        views.append(view)

    def draw() -> None:
        for number, line in enumerate(series):
            times, values = past[number]
            line.remove(0)
            line.append(QPointF(float(times[-1]) + 0.1, float(values[-1])))
        for view in views:
            view.viewport().repaint()

    return draw, window


def _pyqtgraph(application: QApplication, readings: int) -> tuple[Draw, QWidget]:  # noqa: ARG001
    import pyqtgraph  # type: ignore[import-untyped]

    window, layout = _window()
    lines, past = _past(readings)
    curves = []
    views = []
    for place in range(_STATIONS):
        view = pyqtgraph.PlotWidget()
        curves += [view.plot(*data) for data in past[place * lines : (place + 1) * lines]]
        layout.addWidget(view, place // 3, place % 3)
        views.append(view)

    def draw() -> None:
        for number, curve in enumerate(curves):
            times, values = past[number]
            times += 0.1
            values[:] = np.roll(values, -1)
            curve.setData(times, values)
        for view in views:
            view.viewport().repaint()

    return draw, window


def _window() -> tuple[QWidget, QGridLayout]:
    window = QWidget()
    return window, QGridLayout(window)


def _past(readings: int) -> tuple[int, list[tuple[np.ndarray, np.ndarray]]]:
    """Give every line's seconds and values; the rivals are spared gaps and flags."""
    source = SampleStations(_STATIONS, readings=readings)
    blocks, _marks = source.take()
    data = [
        ((b.readings.times - b.readings.times[0]) / 1e6, np.nan_to_num(b.readings.values, nan=0.0))
        for b in blocks
    ]
    return len(blocks) // _STATIONS, data


def _times(made: tuple[Draw, QWidget], count: int) -> tuple[np.ndarray, QWidget]:
    draw, widget = made
    widget.resize(*_WINDOW)
    widget.show()
    QApplication.processEvents()
    draw()
    spent = []
    for _redraw in range(count):
        begun = time.perf_counter()
        draw()
        spent.append(time.perf_counter() - begun)
    return np.array(spent), widget


def _told(spent: Sequence[float] | np.ndarray) -> str:
    middle, late = np.median(spent), np.percentile(spent, 95)
    return f"{1 / middle:.1f} redraws a second, p95 {late * 1000:.1f} ms"


def _zoom(readings: int) -> Ratio:
    """Zoom step by step from all of a long channel to a second of it."""
    ring = ChannelRing(readings, has_raw=False)
    times = np.arange(readings, dtype=np.int64) * _STEP_US
    values = np.random.default_rng(1).normal(size=readings).cumsum()
    ring.add(Block(times, values, values, np.zeros(readings, dtype=np.uint8)))
    end, spent = readings * _STEP_US, []
    for width in np.geomspace(1_000_000, end, _ZOOMS).astype(int).tolist():
        grid = Grid.over((end - width) // 2, (end + width) // 2, _PIXELS)
        begun = time.perf_counter()
        make_columns(ring, grid, Columns.empty(_PIXELS), gap_us=_STEP_US * 3)
        spent.append((time.perf_counter() - begun) * 1000)
    return Ratio(
        "slowest zoom, of 100 ms",
        (max(spent) / _ZOOM_MS,),
        f"one channel of {readings:,} readings, {_PIXELS} columns",
        Aim(most=1.0),
    )


def _memory(rounds: int) -> Iterator[Ratio]:
    """Fill rings over and over; the process must not grow."""
    if not sys.platform.startswith("linux"):
        return
    memory = LiveMemory(SampleStations(2, readings=36_000), capacity=10_000)
    for _round in range(rounds // 4):
        memory.take()
    before = resident_bytes()
    for _round in range(rounds):
        memory.take()
    yield Ratio(
        "memory after against before",
        (resident_bytes() / before,),
        f"{rounds:,} takes of 18 channels",
        Aim(most=1.02),
    )


def resident_bytes() -> int:
    """Give the bytes of memory this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
