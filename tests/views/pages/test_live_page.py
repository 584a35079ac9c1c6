"""The pages of stations as a person uses them: live charts, the list, finding, recording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QPushButton,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.registry.context import Actor
from app.services.stations.events import list_events
from app.services.stations.listing import list_stations
from app.views.charts.chart_view import ChartView
from app.views.dialogs.choose_channels import ChooseChannelsDialog
from app.views.dialogs.find_stations import FindStationsDialog
from app.views.dialogs.raw_console import RawConsoleDialog
from app.views.dialogs.record_station_event import RecordStationEventDialog
from app.views.pages.context import PageContext
from app.views.pages.live import LivePage
from app.views.pages.stations import StationsPage
from app.views.presenters.charts.live_source import Mark
from tests.fixtures.live_stations import QUANTITIES, FedStations, make_feed, register_stations
from tests.views.pages.conftest import Surroundings

Show = Callable[[QWidget], None]


@pytest.fixture
def context(surroundings: Surroundings, people: dict[str, Actor]) -> PageContext:
    registry, technician = surroundings.ledger.registry, people["technician"]
    channels = register_stations(registry, technician, 2, list(QUANTITIES))
    feed = make_feed(registry, channels)
    return replace(surroundings.context(technician), stations=feed)


@pytest.fixture
def page(context: PageContext, shown: Show, qtbot: QtBot) -> LivePage:
    made = LivePage(context)
    shown(made)
    made.enter()
    qtbot.waitUntil(lambda: bool(made.past.channels) and made.live.memory.newest_us is not None)

    def is_ready() -> bool:
        # What the tools allow is looked at every few redraws only.
        made._tick()
        return made.toolbar.tools["csv"].isEnabled()

    qtbot.waitUntil(is_ready)
    return made


def wheel(view: ChartView, notches: int) -> None:
    centre = QPointF(view.plot_rect().center())
    event = QWheelEvent(
        centre,
        QPointF(view.mapToGlobal(centre.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_charts_follow_what_comes(page: LivePage, qtbot: QtBot) -> None:
    assert len(page.live.charts) == 2
    before = page.live.span.end_us
    page.clock.tick()
    assert page.live.span.end_us > before
    view = page.grid.views[0]
    drawn = view.redraws
    page.clock.tick()
    qtbot.waitUntil(lambda: view.redraws > drawn)


class PaintCounter(QObject):
    """Counts what is painted of a widget and all that lies in it."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.painted = 0
        for each in (watched, *watched.findChildren(QWidget)):
            each.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.painted += event.type() is QEvent.Type.Paint
        return False


def test_a_hidden_page_costs_nothing_and_goes_on_recording(page: LivePage, qtbot: QtBot) -> None:
    """Not one paint and no timer while another page of the same window is in view."""
    window = QStackedWidget()
    qtbot.addWidget(window)
    other = QLabel("another page")
    window.addWidget(page)
    window.addWidget(other)
    window.resize(1064, 718)
    window.show()
    qtbot.waitUntil(lambda: page.clock.is_running and page.grid.views[0].redraws > 0)
    counter = PaintCounter(page)
    qtbot.waitUntil(lambda: counter.painted > 0)
    window.setCurrentWidget(other)
    counter.painted = 0
    ring = page.live.live.rings[page.live.channels[0].key]
    count = len(ring)
    assert not page.clock.is_running
    assert [each for each in page.findChildren(QTimer) if each.isActive()] == []
    page.context.changes.tell("stations")
    qtbot.wait(150)
    assert counter.painted == 0
    assert not page.clock.is_running
    window.setCurrentWidget(page)
    # What came meanwhile waited in the source.
    assert len(ring) > count
    qtbot.waitUntil(lambda: counter.painted > 0)
    window.removeWidget(page)
    page.setParent(None)


def test_roses_of_any_stations_stand_side_by_side(page: LivePage, qtbot: QtBot) -> None:
    found = [b for b in page.views.findChildren(QPushButton) if b.text().strip() == "Wind"]
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
    assert [sensor.name for sensor in page.wind.chosen] == ["SEN-0001", "SEN-0002"]
    assert [rose.isVisible() for rose in page.wind.roses] == [True, True]
    names = [rose.accessibleName() for rose in page.wind.roses]
    assert names == ["SEN-0001: Wind rose", "SEN-0002: Wind rose"]
    QTest.mouseClick(page.wind.buttons["SEN-0001"], Qt.MouseButton.LeftButton)
    assert [sensor.name for sensor in page.wind.chosen] == ["SEN-0002"]
    page.wind.buttons["SEN-0002"].setFocus()
    QTest.keyClick(page.wind.buttons["SEN-0002"], Qt.Key.Key_Space)
    assert not page.wind.chosen
    assert page.wind.told.text() == "Choose one or more stations."
    QTest.mouseClick(page.wind.buttons["SEN-0001"], Qt.MouseButton.LeftButton)
    assert page.wind.roses[0].accessibleName().startswith("SEN-0001")
    assert not page.wind.roses[1].isVisible()


def test_channels_are_overlaid_and_set_side_by_side_by_hand(page: LivePage, qtbot: QtBot) -> None:
    QTest.mouseClick(page.choose, Qt.MouseButton.LeftButton)
    dialog = page.findChild(ChooseChannelsDialog) or next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, ChooseChannelsDialog)
    )
    by_text = {each.text().strip(): each for each in dialog.findChildren(QPushButton)}
    QTest.mouseClick(by_text["None"], Qt.MouseButton.LeftButton)
    keys = [channel.key for channel in page.live.channels]
    one, other, beside = keys[0], keys[len(QUANTITIES)], keys[1]
    for key, downs in ((one, 1), (other, 1), (beside, 2)):
        box = dialog.boxes[key]
        for _down in range(downs):
            QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    assert [chart.keys for chart in page.live.charts] == [(one, other), (beside,)]
    assert [view.isVisible() for view in page.grid.views] == [True, True]
    assert page.live.charts[0].traces[0].scale == page.live.charts[0].traces[1].scale


def test_a_pause_keeps_recording(page: LivePage) -> None:
    ring = page.live.live.rings[page.live.channels[0].key]
    QTest.mouseClick(page.pause, Qt.MouseButton.LeftButton)
    count = len(ring)
    for _ in range(3):
        page.clock.tick()
    assert len(ring) == count + 3


def test_raw_flags_and_marks_are_drawn_in_colours_of_their_own(page: LivePage) -> None:
    """Looked at in the picture itself: grey beneath, amber and red where flagged, blue a note."""
    page.clock.hold()
    view, palette = page.grid.views[0], page.context.theme.palette
    page.live.arrange_by_hand({page.live.channels[0].key: 1})
    page._show_charts()
    before = colours_of(view)
    assert QColor(palette.series[0]).rgb() in before
    assert QColor(palette.red).rgb() in before
    assert QColor(palette.blue).rgb() in before
    QTest.mouseClick(page.toolbar.tools["raw"], Qt.MouseButton.LeftButton)
    grey = QColor(palette.muted).rgb()
    assert colours_of(view)[grey] > 2 * before[grey]


def colours_of(view: ChartView) -> Counter[int]:
    """Count the colours in the plot of a chart."""
    plot = view.plot_rect()
    image = view.grab(plot).toImage()
    return Counter(
        image.pixel(x, y) for x in range(image.width()) for y in range(0, image.height(), 2)
    )


def test_figures_stand_beside_as_asked_and_tell_the_span(page: LivePage) -> None:
    page._show_figures()
    was = page.figures.isVisible()
    QTest.mouseClick(page.toolbar.tools["figures"], Qt.MouseButton.LeftButton)
    assert page.figures.isVisible() is not was
    if was:
        QTest.mouseClick(page.toolbar.tools["figures"], Qt.MouseButton.LeftButton)
    lines = page.figures._traces[0]
    told = page.live.figures(page.live.charts[0])[0].statistics
    assert lines._values["count"].text() == f"{told.count:,}"


def test_wheel_drag_box_and_double_click(page: LivePage, qtbot: QtBot) -> None:
    view, span = page.grid.views[0], page.live.span
    width = span.width_us
    wheel(view, 2)
    assert span.width_us < width
    assert not page.live.span.is_home
    assert page.toolbar.tools["follow"].isEnabled()
    centre, left = view.plot_rect().center(), Qt.MouseButton.LeftButton
    end = span.end_us
    QTest.mousePress(view, left, pos=centre)
    QTest.mouseMove(view, centre + QPoint(30, 0))
    QTest.mouseRelease(view, left, pos=centre + QPoint(30, 0))
    assert span.end_us < end
    shift = Qt.KeyboardModifier.ShiftModifier
    width = span.width_us
    QTest.mousePress(view, left, shift, pos=centre)
    QTest.mouseMove(view, centre + QPoint(40, 15))
    QTest.mouseRelease(view, left, shift, pos=centre + QPoint(40, 15))
    assert span.width_us < width / 2
    assert any(chart.is_zoomed for chart in page.live.charts)
    QTest.mouseDClick(view, left, pos=centre)
    assert span.is_home
    assert not view.chart.is_zoomed
    assert not page.toolbar.tools["reset"].isEnabled()
    assert page.toolbar.tools["reset"].toolTip() == "Nothing is zoomed."


def test_keys_do_what_the_mouse_does(page: LivePage, qtbot: QtBot) -> None:
    view, span = page.grid.views[0], page.live.span
    width = span.width_us
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert span.width_us < width
    end = span.end_us
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert span.end_us < end
    QTest.keyClick(view, Qt.Key.Key_End)
    assert span.is_following
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert span.is_home


def test_cursors_stand_where_they_are_clicked(page: LivePage, qtbot: QtBot) -> None:
    page.toolbar.tools["cursors"].click()
    view = page.grid.views[0]
    for shift in (-30, 30):
        place = view.plot_rect().center() + QPoint(shift, 0)
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    cursors = page.live.cursors
    per_pixel = page.live.span.width_us / view.plot_rect().width()
    assert cursors.apart_us == pytest.approx(60 * per_pixel, rel=0.02)


def test_pause_holds_and_says_so(page: LivePage) -> None:
    page.pause.click()
    end = page.live.span.end_us
    page.clock.tick()
    assert page.live.span.end_us == end
    page.pause.click()
    assert page.live.span.end_us > end


def test_what_is_visible_is_saved(
    page: LivePage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tool, name in (("csv", "seen.csv"), ("picture", "seen.png")):
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))
        page.toolbar.tools[tool].click()
        qtbot.waitUntil(path.exists)
    assert (tmp_path / "seen.csv").read_text("utf-8-sig").startswith("time,station,sensor")
    assert (tmp_path / "seen.png").read_bytes().startswith(b"\x89PNG")
    qtbot.waitUntil(lambda: "seen.png" in page.message.title)


def test_a_replay_has_its_bar_and_its_way_back(page: LivePage) -> None:
    page.toolbar.tools["replay"].click()
    assert page.replay.isVisible()
    page.replay.speed.setCurrentIndex(page.replay.speed.count() - 1)
    page.replay.speed.activated.emit(0)
    clock = page.live.replay
    assert clock is not None
    assert clock.speed == 1000
    page.replay.back.click()
    assert page.live.memory is page.live.live
    assert not page.replay.isVisible()


def test_every_view_is_drawn_in_both_languages(page: LivePage, qtbot: QtBot) -> None:
    for code in ("th", "en"):
        page.context.language.set_code(code)
        for view in ("wind", "long", "lines"):
            page.views.set_value(view)
            page._show_view()
            qtbot.wait(60)
            assert not page.grab().isNull()


def test_a_note_is_kept_at_the_cursor_and_shown_once(page: LivePage, qtbot: QtBot) -> None:
    at_us = page.live.span.end_us - 600_000_000
    page._record_note("SEN-0001", at_us, "Filter changed")
    memory, read = page.live.live, []
    add_marks = memory.add_marks

    def counting(marks: Iterable[Mark]) -> None:
        read.append(1)
        add_marks(marks)

    memory.add_marks = counting  # type: ignore[method-assign]
    for number in (1, 2):
        page.refresh()
        qtbot.waitUntil(lambda number=number: len(read) == number)  # type: ignore[misc]
    noted = [mark for mark in page.live.marks if mark.text == "Filter changed"]
    assert [(mark.at_us, mark.station) for mark in noted] == [(at_us, "SEN-0001")]


def test_without_stations_the_page_says_how_to_begin(
    surroundings: Surroundings, shown: Show, qtbot: QtBot
) -> None:
    page = LivePage(surroundings.context(surroundings.ledger.officer))
    shown(page)
    page.enter()
    assert page._stack.currentWidget() is page._empty
    page._empty.action.click()
    assert surroundings.opened == [("stations", "find")]


def test_a_station_is_shown_whole_and_its_seal_is_recorded(
    context: PageContext, shown: Show, qtbot: QtBot
) -> None:
    page = StationsPage(context)
    shown(page)
    page.enter("SEN-0001")
    qtbot.waitUntil(lambda: page._view is not None)
    assert page.console.isEnabled()
    station = list_stations(context.registry)[0]
    dialog = RecordStationEventDialog(context, station.id, station.code)
    qtbot.addWidget(dialog)
    dialog.kind.entry.set_value("seal-applied")
    dialog._show_value()
    assert not dialog.value.isHidden()
    dialog.value.entry.set_value("TH-004471")
    with qtbot.waitSignal(dialog.recorded):
        dialog.act.click()
    found = list_events(context.registry, station.id)[0]
    assert (found.event.value, found.by) == ("TH-004471", context.actor.user_name)


def test_who_may_not_record_is_told_why(
    context: PageContext, surroundings: Surroundings, shown: Show, qtbot: QtBot
) -> None:
    page = StationsPage(replace(context, actor=surroundings.ledger.officer))
    shown(page)
    page.enter("SEN-0002")
    qtbot.waitUntil(lambda: page._view is not None)
    assert not page.record.button.isEnabled()
    assert "technicians" in page.record.button.toolTip()


def test_the_search_tells_what_answered(context: PageContext, qtbot: QtBot) -> None:
    assert context.stations is not None
    dialog = FindStationsDialog(context.desk, context.stations.finder)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.ask_all.button.isEnabled)
    assert not dialog.ask.isEnabled()
    dialog.ask_all.button.click()
    qtbot.waitUntil(lambda: dialog._answers.count() > 3)


def test_the_console_shows_bytes_beside_what_they_said(context: PageContext, qtbot: QtBot) -> None:
    assert context.stations is not None
    assert isinstance(context.stations.source, FedStations)
    dialog = RawConsoleDialog(context.desk, context.stations.source, "SEN-0001")
    qtbot.addWidget(dialog)
    cells = [dialog.table.item(1, column) for column in range(5)]
    texts = [cell.text() for cell in cells if cell is not None]
    assert texts[1:] == ["received", "F0 03 04 43 CE 20 00 8E 1C", "..C. ...", "co2 412.25 ppm"]
