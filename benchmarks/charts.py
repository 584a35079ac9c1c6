"""Live charts: twelve charts of nine lines, an hour each at 10 Hz, redrawn as readings come.

In the desk's own window, while its stations are recorded; against the same readings in Qt Charts
and in pyqtgraph as it comes, offscreen and in one run: no graphics card and no window system take
part. Then the figures and the zooming of one channel of ten million readings.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from app.models.codes import Role
from app.services.registry.creating import create_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.views.charts.chart_grid import ChartGrid
from app.views.desk import Desk
from app.views.desk_launch import make_application
from app.views.language import Language
from app.views.presenters.charts.live import LivePresenter
from app.views.presenters.charts.live_memory import LiveMemory
from app.views.presenters.charts.ring import Block, ChannelRing
from app.views.presenters.charts.statistics import span_statistics
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme, ThemeMode
from benchmarks.live_sample import SampleStations
from benchmarks.live_window import LiveWindow, live_window, person_of
from benchmarks.measuring import Aim, Ratio, Scale, interleave, seconds

_WINDOWS = ((1280, 800), (1920, 1080))
_STATIONS = 12
_WANTED_PER_S = 20.0
_P95_MS = 33.0
_ZOOM_MS = 100.0
_STUCK_S = 10.0
_STEP_US = 100_000

Draw = Callable[[], None]


def measure(scale: Scale, folder: Path) -> Iterator[Ratio]:
    """Measure redraws, zooming and memory, ours and others'."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Without a screen to wait for, Qt waits five milliseconds before it paints: ours and theirs.
    os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")
    application = make_application()
    is_tiny = scale.name == "tiny"
    readings, redraws = (600, 4) if is_tiny else (36_000, 200)
    ours: list[float] = []
    for size in _WINDOWS[:1] if is_tiny else _WINDOWS:
        with _desk(application, folder / f"{size[0]}.teak") as made:
            ours = yield from _main_window(application, made, size, readings, redraws)
    fewer = 2 if is_tiny else 12
    size_told = _size(readings)
    for name, make in (("Qt Charts", _qt_charts), ("pyqtgraph as it comes", _pyqtgraph)):
        theirs, rival = _times(make(readings), fewer)
        print(f"        {name}: {_told(theirs)}")
        yield Ratio(
            f"redraws against {name}", (float(np.median(theirs) / np.median(ours)),), size_told
        )
        rival.close()
    yield _figures(100_000 if is_tiny else 10_000_000)
    yield _zoom(application, 100_000 if is_tiny else 10_000_000)
    yield from _memory(600 if is_tiny else 3_000)


def _main_window(
    application: QApplication,
    made: LiveWindow,
    size: tuple[int, int],
    readings: int,
    redraws: int,
) -> Generator[Ratio, None, list[float]]:
    """Measure the live page in the desk's own window, while its stations are recorded."""
    made.window.resize(*size)
    made.show_hour(readings)
    _let(application, 0.5)
    told = f"{_size(readings)}, recorded at 10 Hz meanwhile; window {size[0]} × {size[1]}"
    both = [_paced_redraw(application, made) for _number in range(redraws)][redraws // 10 :]
    spent, busy = ([pair[place] for pair in both] for place in (0, 1))
    print(f"        ours, {size[0]} × {size[1]}: {_told(spent)}; of these the window's thread had")
    print(f"        the processor for {_told(busy)}")
    for name, taken in (("a redraw", spent), ("the window's own processor time", busy)):
        p95 = float(np.percentile(taken, 95)) * 1000
        yield Ratio(f"p95 of {name}, of 33 ms", (p95 / _P95_MS,), told, Aim(most=1.0))
    made.page.clock.go_on()
    rate = _kept_pace(application, made, 0.5 if redraws < 50 else 10.0)
    yield Ratio("redraws a second by its own timer, of 20", (rate / _WANTED_PER_S,), told, Aim(1.0))
    made.window.show_page("home")
    before = made.drawn()
    _let(application, 0.2 if redraws < 50 else 2.0)
    painted = sum(made.drawn()) - sum(before)
    print(
        f"        hidden: {painted} redraws, timer {'on' if made.page.clock.is_running else 'off'}"
    )
    made.window.show_page("live")
    return spent


def _paced_redraw(application: QApplication, made: LiveWindow) -> tuple[float, float]:
    """Redraw once, then let the event loop run until it is time for the next."""
    spent, busy = _redraw(application, made)
    made.page.clock.hold()
    _let(application, max(0.0, 1 / _WANTED_PER_S - spent))
    return spent, busy


def _redraw(application: QApplication, made: LiveWindow) -> tuple[float, float]:
    """Take what came and wait until every chart is painted; seconds, and those of processor."""
    made.page.clock.hold()
    before = made.drawn()
    begun, had = time.perf_counter(), time.thread_time()
    made.page.clock.tick()
    while any(now == old for now, old in zip(made.drawn(), before, strict=True)):
        application.processEvents()
        if time.perf_counter() - begun > _STUCK_S:
            raise TimeoutError(f"a chart is not painted: {made.drawn()} after {before}")
    spent, busy = time.perf_counter() - begun, time.thread_time() - had
    made.page.clock.go_on()
    return spent, busy


def _kept_pace(application: QApplication, made: LiveWindow, seconds: float) -> float:
    """Let the page's own timer run; give how often a second the slowest chart was painted."""
    before, begun = made.drawn(), time.perf_counter()
    _let(application, seconds)
    passed = time.perf_counter() - begun
    return min(now - old for now, old in zip(made.drawn(), before, strict=True)) / passed


def _let(application: QApplication, seconds: float) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    application.processEvents()


@contextmanager
def _desk(application: QApplication, path: Path) -> Iterator[LiveWindow]:
    """Open the desk of a technician on a new registry."""
    desk = Desk(Language("en"), Theme(application, ThemeMode.LIGHT), TaskRunner())
    registry = create_registry(path, new=DEMO_REGISTRY, people=DEMO_PEOPLE).registry
    with live_window(application, desk, registry, person_of(registry, Role.TECHNICIAN)) as made:
        yield made


def _size(readings: int) -> str:
    return f"{_STATIONS} charts × 9 lines × {readings:,} readings"


def _qt_charts(readings: int) -> tuple[Draw, QWidget]:
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


def _pyqtgraph(readings: int) -> tuple[Draw, QWidget]:
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
    widget.resize(*_WINDOWS[0])
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


def _figures(readings: int) -> Ratio:
    """Reckon the figures of a span a thousand times as long, against those of a short one."""
    ring = _long_ring(readings)
    end = readings * _STEP_US
    short = _STEP_US * readings // 1000

    def over(start_us: int) -> Callable[[], object]:
        return lambda: span_statistics(ring, start_us, end - 777 * _STEP_US)

    pair = interleave(over(333 * _STEP_US), over(end - 777 * _STEP_US - short), 21)
    return Ratio(
        "figures of a long span / of a thousandth of it",
        pair.costs(),
        f"{readings:,} readings; numpy over all of them takes "
        f"{seconds(ring.values.std) * 1000:.1f} ms for the deviation alone",
        Aim(most=3.0),
    )


def _long_ring(readings: int) -> ChannelRing:
    ring = ChannelRing(readings, has_raw=False)
    times = np.arange(readings, dtype=np.int64) * _STEP_US
    values = np.random.default_rng(1).normal(size=readings).cumsum()
    ring.add(Block(times, values, values, np.zeros(readings, dtype=np.uint8)))
    return ring


def _zoom(application: QApplication, readings: int) -> Ratio:
    """Turn the wheel over a chart of one long channel until a second fills it, and back again."""
    desk = Desk(Language("en"), Theme(application, ThemeMode.LIGHT), TaskRunner())
    memory = LiveMemory(SampleStations(1, readings=1))
    key = next(iter(memory.rings))
    memory.rings[key] = _long_ring(readings)
    live = LivePresenter(memory)
    live.arrange_by_hand({key: 1})
    live.span.show(0, readings * _STEP_US)
    grid = ChartGrid(desk, live)
    grid.show_charts()
    grid.resize(*_WINDOWS[1])
    grid.show()
    application.processEvents()
    (view,) = grid.views
    spent: list[float] = []
    narrow = math.ceil(math.log(readings * _STEP_US / 1_000_000, 1.25))
    for notches in (*[1] * narrow, *[-1] * narrow):
        begun = time.perf_counter()
        _wheel(view, notches)
        view.repaint()
        spent.append((time.perf_counter() - begun) * 1000)
    grid.close()
    return Ratio(
        "slowest zoom, of 100 ms",
        (max(spent) / _ZOOM_MS,),
        f"one channel of {readings:,} readings, {len(spent)} notches of the wheel, "
        f"{view.plot_rect().width()} columns",
        Aim(most=1.0),
    )


def _wheel(view: QWidget, notches: int) -> None:
    centre = QPointF(view.rect().center())
    event = QWheelEvent(
        *(centre, QPointF(view.mapToGlobal(centre.toPoint())), QPoint(), QPoint(0, 120 * notches)),
        *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
        *(Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(view, event)


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
