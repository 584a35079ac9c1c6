"""The pages of stations as a person uses them: live charts, the list, finding, recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.services.registry.context import Actor
from app.services.stations.events import list_events
from app.services.stations.listing import list_stations
from app.views.charts.chart_view import ChartView
from app.views.dialogs.find_stations import FindStationsDialog
from app.views.dialogs.raw_console import RawConsoleDialog
from app.views.dialogs.record_station_event import RecordStationEventDialog
from app.views.pages.context import PageContext
from app.views.pages.live import LivePage
from app.views.pages.stations import StationsPage
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


def test_a_hidden_page_costs_nothing_and_goes_on_recording(page: LivePage, qtbot: QtBot) -> None:
    view = page.grid.views[0]
    page.hide()
    assert not page.clock.is_watched
    drawn, count = view.redraws, len(page.live.live.rings[page.live.channels[0].key])
    for _ in range(5):
        page.clock.tick()
    qtbot.wait(60)
    assert view.redraws == drawn
    assert len(page.live.live.rings[page.live.channels[0].key]) == count + 5
    page.show()
    assert page.clock.is_watched


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


def test_a_note_is_kept_at_the_cursor_and_shown(page: LivePage, qtbot: QtBot) -> None:
    at_us = page.live.span.end_us - 600_000_000
    page._record_note("SEN-0001", at_us, "Inlet cleaned")
    page.refresh()
    qtbot.waitUntil(lambda: any(mark.text == "Inlet cleaned" for mark in page.live.marks))
    page.refresh()
    qtbot.wait(200)
    noted = [mark for mark in page.live.marks if mark.by]
    assert [mark.at_us for mark in noted if mark.station == "SEN-0001"].count(at_us) == 1


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
