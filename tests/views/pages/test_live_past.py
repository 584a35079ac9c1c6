"""The stored past in the live page, by mouse and keys: calendar, day, mean days, charts, replay.

Two days and a half of a station that measured every minute, with two hours without
anything in the middle of the second day.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QSlider, QStyle, QStyleOptionSlider, QWidget
from pytestqt.qtbot import QtBot

from app.models.codes import Role
from app.services.drafts import PersonalDrafts
from app.services.readings.arriving import GapClosed, GapOpened
from app.services.readings.ingest import IngestSettings
from app.services.readings.queries import read_series
from app.services.readings.record import us_of_time
from app.services.registry.creating import create_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry
from app.views.desk import Desk
from app.views.pages.context import PageContext
from app.views.pages.live import LivePage
from app.views.presenters.charts.live_source import MarkKind
from benchmarks.live_window import person_of
from tests.fixtures.stations import FieldStation, frame, make_station

BANGKOK = ZoneInfo("Asia/Bangkok")
FIRST_DAY = datetime(2026, 11, 17, tzinfo=BANGKOK)
"""Two whole days, and the first hours of a third."""
GAP_FROM, GAP_TO = (FIRST_DAY + timedelta(days=1, hours=hour) for hour in (11, 13))
STEP_S = 60
DAY = 86_400 // STEP_S
FRAMES = 2 * DAY + DAY // 6
LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 60_000
"""A busy machine reads a day slowly; a wait ends as soon as it may."""
Show = Callable[[QWidget], None]


def co2_at(moment: datetime) -> Decimal:
    """Give a course that differs by hour and day, so that a wrong place is a wrong value."""
    hour = Decimal(moment.hour) + Decimal(moment.minute) / 60
    return Decimal(400) + 10 * (moment.day - 17) + hour.quantize(Decimal("0.01"))


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FieldStation]:
    """Fill a registry once; no test of this module writes to it."""
    path = tmp_path_factory.mktemp("past") / "past.teak"
    registry = create_registry(path, new=DEMO_REGISTRY, people=DEMO_PEOPLE).registry
    made = make_station(
        registry,
        person_of(registry, Role.TECHNICIAN),
        channels=("co2", "wind_speed", "wind_direction"),
        interval_ms=STEP_S * 1000,
    )
    ingest = made.ingest(IngestSettings(period_s=480))
    for number in range(FRAMES):
        at = FIRST_DAY + timedelta(seconds=number * STEP_S)
        if GAP_FROM <= at < GAP_TO:
            if at == GAP_FROM:
                ingest.take(GapOpened(at, "no-answer", "No answer."))
            continue
        if at == GAP_TO:
            ingest.take(GapClosed(at, GAP_FROM, "no-answer"))
        values = {"co2": co2_at(at), "wind_speed": "3.0", "wind_direction": "350"}
        ingest.take(frame(number * STEP_S, start=FIRST_DAY, **values), watched=False)
    ingest.close()
    yield made
    close_registry(registry)


@pytest.fixture
def page(station: FieldStation, desk: Desk, shown: Show, qtbot: QtBot) -> LivePage:
    registry, technician = station.registry, station.technician
    made = LivePage(
        PageContext(
            registry=registry,
            actor=technician,
            desk=desk,
            drafts=PersonalDrafts(registry, technician),
            open_page=lambda _key, _target: None,
        )
    )
    shown(made)
    made.enter()
    qtbot.waitUntil(lambda: bool(made.past.channels), timeout=PATIENCE_MS)
    made.history._year = FIRST_DAY.year
    return made


def press(field: QWidget, text: str) -> None:
    """Click one of a few buttons that stand beside each other."""
    found = [each for each in field.findChildren(QPushButton) if each.text().strip() == text]
    QTest.mouseClick(found[0], LEFT)


def open_day(page: LivePage, qtbot: QtBot, on: date) -> None:
    """Click a day in the calendar and let the charts show it, as a person does."""
    press(page.views, "Days and years")
    calendar = page.history.calendar
    qtbot.waitUntil(
        lambda: any(cell.is_measured for cell in calendar._cells.values()), timeout=PATIENCE_MS
    )
    QTest.mouseClick(calendar, LEFT, pos=calendar.cell_rect(on).center().toPoint())
    qtbot.waitUntil(
        lambda: page.history._day is not None and page.history._day.on == on, timeout=PATIENCE_MS
    )
    QTest.mouseClick(page.history.show_day, LEFT)
    qtbot.waitUntil(lambda: page.live.is_past, timeout=PATIENCE_MS)


def replay_day(page: LivePage, qtbot: QtBot) -> None:
    open_day(page, qtbot, GAP_FROM.date())
    page._show_figures()
    QTest.mouseClick(page.toolbar.tools["replay"], LEFT)
    qtbot.waitUntil(lambda: page.live.replay is not None, timeout=PATIENCE_MS)


def test_a_click_on_a_day_shows_its_hours_and_the_button_draws_it(
    page: LivePage, station: FieldStation, qtbot: QtBot
) -> None:
    on = FIRST_DAY.date()
    open_day(page, qtbot, on)
    start = us_of_time(FIRST_DAY)
    assert (page.live.span.start_us, page.live.span.width_us) == (start, 86_400_000_000)
    assert page.views.value() == "lines"
    assert page.replay.isVisible()
    assert "five minutes" in page.replay.place.text()
    day = page.history._day
    assert day is not None
    assert [bar.start_us for bar in day.hours] == [start + n * 3_600_000_000 for n in range(24)]
    means = [bar.mean for bar in day.hours if bar.mean is not None]
    assert means == pytest.approx([400 + hour + 0.492 for hour in range(24)], abs=0.01)
    assert not page.pause.isEnabled()
    assert page.pause.toolTip() == "Stored readings stand still already."


def test_the_keys_go_from_measured_day_to_measured_day(page: LivePage, qtbot: QtBot) -> None:
    press(page.views, "Days and years")
    calendar = page.history.calendar
    qtbot.waitUntil(
        lambda: any(cell.is_measured for cell in calendar._cells.values()), timeout=PATIENCE_MS
    )
    assert not page.history.show_day.isEnabled()
    assert page.history.show_day.toolTip() == "Choose a measured day in the calendar."
    QTest.keyClick(calendar, Qt.Key.Key_Right)
    assert calendar.chosen == FIRST_DAY.date()
    QTest.keyClick(calendar, Qt.Key.Key_Right)
    assert calendar.chosen == FIRST_DAY.date() + timedelta(days=1)
    qtbot.waitUntil(page.history.show_day.isEnabled, timeout=PATIENCE_MS)
    unmeasured = calendar.cell_rect(date(2026, 3, 3)).center().toPoint()
    QTest.mouseClick(calendar, LEFT, pos=unmeasured)
    assert calendar.chosen == FIRST_DAY.date() + timedelta(days=1)


def test_figures_cursors_and_the_file_of_a_stored_day_are_those_of_its_readings(
    page: LivePage,
    station: FieldStation,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A day is drawn from least and greatest of five minutes; its figures must not be theirs."""
    open_day(page, qtbot, FIRST_DAY.date())
    told = page.live.figures(page.live.charts[0])[0]
    truth = np.array([float(co2_at(FIRST_DAY + timedelta(seconds=n * STEP_S))) for n in range(DAY)])
    assert told.statistics.count == DAY
    assert told.statistics.mean == pytest.approx(truth.mean(), abs=1e-6)
    assert (told.statistics.minimum, told.statistics.maximum) == (truth.min(), truth.max())
    assert told.statistics.slope_per_hour == pytest.approx(1.0, rel=1e-3)
    page._show_figures()
    QTest.mouseClick(page.toolbar.tools["cursors"], LEFT)
    view = page.grid.views[0]
    for share in (0.25, 0.75):
        plot = view.plot_rect()
        place = QPoint(round(plot.left() + share * plot.width()), plot.center().y())
        QTest.mouseClick(view, LEFT, pos=place)
    told = page.live.figures(page.live.charts[0])[0]
    assert told.apart == pytest.approx(12.0, abs=0.15)
    path = tmp_path / "day.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    QTest.mouseClick(page.toolbar.tools["csv"], LEFT)
    qtbot.waitUntil(path.exists, timeout=PATIENCE_MS)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    co2 = [row for row in rows if row["channel"] == "co2"]
    assert len(co2) == 288
    assert sum(int(row["readings"]) for row in co2) == DAY
    assert float(co2[0]["minimum"]) == 400.0


def test_zooming_into_a_stored_day_reads_every_reading(page: LivePage, qtbot: QtBot) -> None:
    open_day(page, qtbot, FIRST_DAY.date())
    assert page.live.memory.rolled
    view, shift = page.grid.views[0], Qt.KeyboardModifier.ShiftModifier
    centre = view.plot_rect().center()
    QTest.mousePress(view, LEFT, shift, pos=centre)
    QTest.mouseMove(view, centre + QPoint(20, 20))
    QTest.mouseRelease(view, LEFT, shift, pos=centre + QPoint(20, 20))
    qtbot.waitUntil(lambda: not page.live.memory.rolled, timeout=PATIENCE_MS)
    (ring, *_) = page.live.memory.rings.values()
    assert set(np.diff(ring.times).tolist()) == {STEP_S * 1_000_000}


def test_mean_days_lie_over_one_another_by_months_and_weeks(page: LivePage, qtbot: QtBot) -> None:
    press(page.views, "Days and years")
    press(page.history.parts, "Mean days")
    card = page.history.courses
    qtbot.waitUntil(lambda: bool(card.view.courses), timeout=PATIENCE_MS)
    (november,) = card.view.courses
    assert november.name == "Nov"
    assert november.day.days == 3
    # 08:00 was measured on both whole days only: the mean of 408.5 and 418.5.
    assert november.day.means[8] == pytest.approx(413.492, abs=0.01)
    assert november.day.counts[8] == 2
    assert november.day.counts[11] == 1
    assert not card.buttons[1].isEnabled()
    assert card.buttons[1].toolTip().startswith("Nothing was measured")
    QTest.mouseClick(card.buttons[11], LEFT)
    assert card.view.courses == ()
    assert card.told.text() == "Choose one or more months or weeks."
    QTest.mouseClick(card.buttons[11], LEFT)
    assert "413" in card.view.told_at(
        card.view._area().left() + card.view._area().width() * 8.5 / 24
    )
    press(card.stretch, "Weeks")
    qtbot.waitUntil(
        lambda: [each.name for each in card.view.courses] == ["Week 47"], timeout=PATIENCE_MS
    )
    assert not card.view.grab().isNull()


def test_a_replay_plays_every_reading_holds_and_stops_at_the_end(
    page: LivePage, station: FieldStation, qtbot: QtBot
) -> None:
    now = [100.0]
    page.live._clock = lambda: now[0]
    replay_day(page, qtbot)
    clock = page.live.replay
    assert clock is not None
    bar = page.replay
    page.clock.hold()
    QTest.keyClick(bar.speed, Qt.Key.Key_End)
    assert clock.speed == 1000
    now[0] += 3.6
    page._tick()
    assert clock.position_us - clock.start_us == 3_600_000_000
    truth = read_series(
        station.registry,
        station.channel_id("co2"),
        start_us=clock.start_us,
        end_us=clock.position_us,
    )
    played = page.live.memory.rings[str(station.channel_id("co2"))]
    np.testing.assert_array_equal(played.times, truth.times_us)
    np.testing.assert_array_equal(played.values, truth.value)
    QTest.mouseClick(bar.hold, LEFT)
    now[0] += 50.0
    page._tick()
    assert clock.position_us - clock.start_us == 3_600_000_000
    QTest.mouseClick(bar.hold, LEFT)
    page.pause.click()
    now[0] += 50.0
    page._tick()
    assert clock.position_us - clock.start_us == 3_600_000_000
    page.pause.click()
    now[0] += 86.4
    page._tick()
    assert clock.is_over
    assert played is page.live.memory.rings[str(station.channel_id("co2"))]
    assert len(played) == DAY - 120
    page._show_figures()
    assert bar.title.text() == "Replay: end reached"
    assert not bar.hold.isEnabled()
    assert "move the slider back" in bar.hold.toolTip()
    QTest.mouseClick(bar.back, LEFT)
    assert page.live.replay is None
    assert page.live.memory is page.live.live


def test_the_gap_in_the_middle_stays_open_and_is_marked(
    page: LivePage, station: FieldStation, qtbot: QtBot
) -> None:
    now = [0.0]
    page.live._clock = lambda: now[0]
    replay_day(page, qtbot)
    page.clock.hold()
    clock = page.live.replay
    assert clock is not None
    clock.set_speed(1000)
    now[0] += 46.0
    page._tick()
    in_gap = len(page.live.memory.rings[str(station.channel_id("co2"))])
    assert GAP_FROM < datetime.fromtimestamp(clock.position_us / 1e6, BANGKOK) < GAP_TO
    now[0] += 0.4
    page._tick()
    assert len(page.live.memory.rings[str(station.channel_id("co2"))]) == in_gap == 11 * 60
    now[0] += 10.0
    page._tick()
    chart = page.live.charts[0]
    page.live.span.show(us_of_time(GAP_FROM) - 3_600_000_000, us_of_time(GAP_TO) + 3_600_000_000)
    columns = chart.traces[0].columns(page.live.grid(240))
    assert not columns.filled[62:178].any()
    after = int(np.flatnonzero(columns.filled)[np.flatnonzero(columns.filled) > 150][0])
    assert not columns.joined[after]
    marks = [mark for mark in page.live.marks if mark.kind is MarkKind.GAP]
    assert us_of_time(GAP_FROM) in [mark.at_us for mark in marks]
    assert any("2:00:00" in mark.text for mark in marks)


def test_the_slider_goes_to_another_moment(
    page: LivePage, station: FieldStation, qtbot: QtBot
) -> None:
    replay_day(page, qtbot)
    page.clock.hold()
    bar, clock = page.replay, page.live.replay
    assert clock is not None
    QTest.mouseClick(bar.hold, LEFT)
    qtbot.waitUntil(bar.slider.isVisible, timeout=PATIENCE_MS)
    drag(bar.slider, 0.5)
    share = (clock.position_us - clock.start_us) / (clock.end_us - clock.start_us)
    assert share == pytest.approx(0.5, abs=0.02)
    ring = page.live.memory.rings[str(station.channel_id("co2"))]
    assert int(ring.times[0]) == clock.start_us
    assert int(ring.times[-1]) <= clock.position_us


def drag(slider: QSlider, share: float) -> None:
    """Drag a slider's handle with the mouse."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    begin = handle.center()
    end = QPoint(round(share * slider.width()), begin.y())
    QTest.mousePress(slider, LEFT, pos=begin)
    QTest.mouseMove(slider, (begin + end) / 2)
    QTest.mouseMove(slider, end)
    QTest.mouseRelease(slider, LEFT, pos=end)


def test_the_wind_of_a_stored_day_is_that_of_its_averages(page: LivePage, qtbot: QtBot) -> None:
    open_day(page, qtbot, FIRST_DAY.date())
    (sensor,) = page.live.wind_sensors()
    rose = page.live.wind_rose(sensor)
    assert rose.count == 288
    assert rose.share(0) == 1.0
    assert rose.counts[0].tolist() == [0, 288, 0, 0, 0]
