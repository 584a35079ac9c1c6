"""The stations page's acts: alarm limits set and ended, a move recorded, a find registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.services.registry.context import Actor
from app.services.stations.alarms import list_alarm_limits
from app.services.stations.events import list_events
from app.services.stations.listing import get_station, list_stations
from app.services.stations.values import SensorState
from app.views.components.act_button import ActButton
from app.views.dialogs.alarm_limits import AlarmLimitsDialog
from app.views.dialogs.find_stations import FindStationsDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.dialogs.record_station_event import RecordStationEventDialog
from app.views.dialogs.register_found import RegisterFoundDialog
from app.views.pages.context import PageContext
from app.views.pages.stations import StationsPage
from app.views.presenters.charts.live_source import StationFeed
from tests.fixtures.live_stations import FedStations, TwoPorts, register_stations
from tests.views.pages.conftest import Surroundings


@pytest.fixture
def context(surroundings: Surroundings, people: dict[str, Actor]) -> PageContext:
    technician = people["technician"]
    register_stations(surroundings.ledger.registry, technician, 1, ["co2"])
    return surroundings.context(technician)


@pytest.fixture
def page(context: PageContext, shown: Callable[[QWidget], None], qtbot: QtBot) -> StationsPage:
    made = StationsPage(context)
    shown(made)
    made.enter("SEN-0001")
    qtbot.waitUntil(lambda: made._view is not None)
    return made


def enter(dialog: AlarmLimitsDialog, **values: str) -> None:
    for key, value in values.items():
        dialog.fields[key].entry.set_value(value)


def test_a_limit_is_set_with_hysteresis_and_ended(
    page: StationsPage, context: PageContext, surroundings: Surroundings, qtbot: QtBot
) -> None:
    page.limits.button.click()
    dialog = page.window().findChild(AlarmLimitsDialog)
    assert dialog is not None
    channel = get_station(context.registry, "SEN-0001").sensors[0].channels[0]
    enter(dialog, raise_at="1000", clear_at="1100", message="Open the window.")
    dialog.act.click()
    qtbot.waitUntil(lambda: not dialog.message.isHidden() and dialog.act.isEnabled())
    assert not list_alarm_limits(context.registry, channel.id)
    enter(dialog, clear_at="900")
    with qtbot.waitSignal(dialog.changed):
        dialog.act.click()
    (kept,) = list_alarm_limits(context.registry, channel.id)
    assert (kept.limit.raise_at, kept.limit.clear_at) == (Decimal(1000), Decimal(900))
    assert frozenset({"stations"}) in surroundings.told

    def ends() -> list[QPushButton]:
        found = dialog.findChildren(QPushButton)
        return [each for each in found if each.text() == "End it" and each.isVisible()]

    qtbot.waitUntil(lambda: len(ends()) == 1)
    assert "above 1,000, ends at 900" in ends()[0].accessibleDescription()
    with qtbot.waitSignal(dialog.changed):
        ends()[0].click()
    assert not list_alarm_limits(context.registry, channel.id)
    qtbot.waitUntil(lambda: not ends())


def test_who_may_not_set_limits_is_told_why(
    surroundings: Surroundings,
    context: PageContext,
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    page = StationsPage(surroundings.context(surroundings.ledger.officer))
    shown(page)
    page.enter("SEN-0001")
    qtbot.waitUntil(lambda: page._view is not None)
    assert not page.limits.button.isEnabled()
    assert "technicians" in page.limits.button.toolTip()


@pytest.mark.parametrize(
    ("latitude", "longitude", "is_kept"),
    [("18.25", "99.5", True), ("18.25", "", False), ("98.25", "99.5", False)],
)
def test_a_move_says_where_to(
    context: PageContext, qtbot: QtBot, latitude: str, longitude: str, is_kept: bool
) -> None:
    station = get_station(context.registry, "SEN-0001")
    dialog = RecordStationEventDialog(context, station.id, station.code)
    qtbot.addWidget(dialog)
    assert dialog.latitude.isHidden()
    dialog.kind.entry.set_value("moved")
    dialog.kind.entry.edited.emit()
    assert not dialog.latitude.isHidden()
    dialog.latitude.entry.set_value(latitude)
    dialog.longitude.entry.set_value(longitude)
    dialog.act.click()
    if is_kept:
        qtbot.waitUntil(lambda: len(list_events(context.registry, station.id)) == 1)
        moved = get_station(context.registry, "SEN-0001")
        assert (moved.latitude, moved.longitude) == (Decimal(latitude), Decimal(longitude))
        return
    qtbot.waitUntil(lambda: not dialog.message.isHidden() and dialog.act.isEnabled())
    assert not list_events(context.registry, station.id)


def test_what_answered_is_registered_with_its_new_station(
    surroundings: Surroundings,
    people: dict[str, Actor],
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    registry, technician = surroundings.ledger.registry, people["technician"]
    feed = StationFeed(FedStations((), 0), TwoPorts())
    page = StationsPage(replace(surroundings.context(technician), stations=feed))
    shown(page)
    page.enter("find")
    finding = page.window().findChild(FindStationsDialog)
    assert finding is not None
    qtbot.waitUntil(finding.ask_all.button.isEnabled)
    finding.ask_all.button.click()
    qtbot.waitUntil(lambda: len(finding.findChildren(ActButton)) == 2)
    (register,) = (each for each in finding.findChildren(ActButton) if each is not finding.ask_all)
    register.button.click()
    dialog = finding.findChild(RegisterFoundDialog)
    assert dialog is not None
    assert not dialog.form.field("gases").isVisible()
    dialog.form.set_values({"station": "SEN-0007", "sensor": "CO2-A"})
    dialog.form.act.click()
    qtbot.waitUntil(lambda: not dialog.message.isHidden() and dialog.form.act.isEnabled())
    assert not list_stations(registry), "a station without a name is not registered"
    dialog.form.set_values({"name": "Trang, tower 7", "latitude": "7.56", "longitude": "99.61"})
    with qtbot.waitSignal(dialog.registered):
        dialog.form.act.click()
    station = get_station(registry, "SEN-0007")
    (sensor,) = station.sensors
    assert (station.name, station.latitude) == ("Trang, tower 7", Decimal("7.56"))
    assert (sensor.protocol, sensor.port) == ("gmp252", "usb:0403:6001:A50285BI")
    assert frozenset({"stations"}) in surroundings.told

    def register_again(name: str) -> RegisterFoundDialog:
        register.button.click()
        again = finding.findChildren(RegisterFoundDialog)[-1]
        assert again.isVisible()
        again.form.set_values({"station": "SEN-0007", "sensor": name})
        again.form.act.click()
        return again

    refused = register_again("CO2-B")
    qtbot.waitUntil(lambda: not refused.message.isHidden())
    said = "\n".join(each.text() for each in refused.message.findChildren(QLabel))
    assert "is read for sensor CO2-A of station SEN-0007 already" in said
    assert "address of its own" in said, "a GMP252 speaks Modbus"
    refused.form.set_values({"address": "5"})
    qtbot.waitUntil(refused.form.act.isEnabled)
    with qtbot.waitSignal(refused.registered):
        refused.form.act.click()
    found = {each.code: each.address for each in get_station(registry, "SEN-0007").sensors}
    assert found == {"CO2-A": "", "CO2-B": "5"}


def test_a_removed_sensor_is_chosen_by_its_code(
    page: StationsPage, context: PageContext, qtbot: QtBot
) -> None:
    page.record.button.click()
    dialog = page.window().findChild(RecordStationEventDialog)
    assert dialog is not None
    station = get_station(context.registry, "SEN-0001")
    offered = [each.value for each in dialog.kind.entry.field.options]
    assert "removed" in offered
    assert "data-left" not in offered, "that belongs to a calibration"
    dialog.kind.entry.set_value("removed")
    dialog.sensor.entry.set_value(str(station.sensors[0].id))
    with qtbot.waitSignal(dialog.recorded):
        dialog.act.click()
    after = get_station(context.registry, "SEN-0001")
    assert (after.state, after.sensors[0].state) == (SensorState.ACTIVE, SensorState.OFFLINE)
    (told,) = list_events(context.registry, station.id)
    assert told.event.sensor_id == station.sensors[0].id


def test_a_signing_key_is_changed_by_mouse_with_a_reason(
    page: StationsPage, context: PageContext, qtbot: QtBot
) -> None:
    def told() -> str:
        labels = page.pane.findChildren(QLabel)
        return "\n".join(each.text() for each in labels).replace("\u200b", "")

    before = get_station(context.registry, "SEN-0001").public_key
    assert sha256(before).hexdigest()[:4] in told()
    QTest.mouseClick(page.change_key.button, Qt.MouseButton.LeftButton)
    dialog = page.window().findChild(ReasonDialog)
    assert dialog is not None
    QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.message.isHidden() and dialog.act.isEnabled())
    assert get_station(context.registry, "SEN-0001").public_key == before, "without a reason"
    dialog.reason.entry.set_value("The laptop was stolen.")
    with qtbot.waitSignal(dialog.accepted):
        QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    after = get_station(context.registry, "SEN-0001").public_key
    assert after != before
    page.enter("SEN-0001")
    wanted = sha256(after).hexdigest()
    groups = " ".join(wanted[place : place + 4] for place in range(0, 64, 4))
    qtbot.waitUntil(lambda: groups in told())


def test_who_may_not_is_not_offered_another_key(
    context: PageContext,
    surroundings: Surroundings,
    people: dict[str, Actor],
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    made = StationsPage(surroundings.context(people["officer"]))
    shown(made)
    made.enter("SEN-0001")
    qtbot.waitUntil(lambda: made._view is not None)
    assert made.change_key.isHidden()
