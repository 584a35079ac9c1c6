"""Alarms on the stations page, by mouse and keys: told, ended with hysteresis, acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.services.readings.arriving import Arrived, ArrivedValue
from app.services.readings.ingest import SensorIngest
from app.services.registry.context import Actor
from app.services.stations.alarms import NewLimit, Side, list_alarms, set_alarm_limit
from app.services.stations.values import SensorDetail
from app.views.dialogs.alarm_limits import AlarmLimitsDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.context import PageContext
from app.views.pages.stations import StationsPage
from tests.fixtures.benches import register_bench
from tests.fixtures.registries import START
from tests.views.pages.conftest import Surroundings


@pytest.fixture
def context(surroundings: Surroundings, people: dict[str, Actor]) -> PageContext:
    return surroundings.context(people["technician"])


@pytest.fixture
def sensor(context: PageContext) -> SensorDetail:
    """A sensor whose alarm is raised above 1000 and ends at 900."""
    made = register_bench(context.registry, context.actor)
    limit = NewLimit(
        made.channels[0].id, Side.HIGH, Decimal(1000), Decimal(900), "Open the window."
    )
    set_alarm_limit(context.registry, context.actor, limit)
    return made


def arrive(context: PageContext, sensor: SensorDetail, *values: int, from_s: int = 0) -> None:
    """Let values arrive, one a second."""
    ingest = SensorIngest(context.registry, context.actor, sensor.id)
    for second, value in enumerate(values, from_s):
        at = START - timedelta(minutes=10) + timedelta(seconds=second)
        ingest.take(Arrived(at, (ArrivedValue("co2", Decimal(value), "ppm"),), b"\x01"))
    ingest.close()


def open_page(context: PageContext, shown: Callable[[QWidget], None], qtbot: QtBot) -> StationsPage:
    page = StationsPage(context)
    shown(page)
    page.enter("LPG-01")
    qtbot.waitUntil(lambda: "Open the window." in words(page))
    return page


def words(page: StationsPage) -> str:
    return "\n".join(each.text() for each in page.pane.findChildren(QLabel) if each.isVisible())


def buttons(parent: QWidget, text: str) -> list[QPushButton]:
    found = [each for each in parent.findChildren(QPushButton) if each.text().strip() == text]
    return [each for each in found if each.isVisible()]


def click(qtbot: QtBot, parent: QWidget, text: str) -> None:
    """Press the one button of these words that is seen and on, once it is."""

    def is_there() -> bool:
        return len(buttons(parent, text)) == 1 and buttons(parent, text)[0].isEnabled()

    qtbot.waitUntil(is_there)
    QTest.mouseClick(buttons(parent, text)[0], Qt.MouseButton.LeftButton)


def test_an_alarm_says_what_to_do_and_is_acknowledged_by_mouse_and_keys(
    context: PageContext,
    sensor: SensorDetail,
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    arrive(context, sensor, 950, 1010, 990, 1005)
    page = open_page(context, shown, qtbot)
    said = words(page)
    assert "CO₂ 1,010.0 ppm, limit 1,000" in said
    assert said.count("goes on") == 1, "trembling about the limit raises one alarm"
    click(qtbot, page.pane, "Acknowledge")
    dialog = page.window().findChild(ReasonDialog)
    assert dialog is not None
    assert "LPG-01" in dialog.windowTitle()
    QTest.keyClicks(dialog.reason.entry.control, "The fan is on.")
    click(qtbot, dialog, "Acknowledge")
    qtbot.waitUntil(lambda: list_alarms(context.registry)[0].acknowledged_by == "technician")
    page.enter("LPG-01")
    qtbot.waitUntil(lambda: "acknowledged by technician · The fan is on." in words(page))
    qtbot.waitUntil(lambda: "goes on" in words(page))  # Acknowledging ends nothing.
    arrive(context, sensor, 950, 899, from_s=10)
    page.enter("LPG-01")
    qtbot.waitUntil(lambda: "ended " in words(page) and "goes on" not in words(page))


def test_an_alarm_whose_limit_is_ended_by_mouse_no_longer_goes_on(
    context: PageContext,
    sensor: SensorDetail,
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    arrive(context, sensor, 1010)
    page = open_page(context, shown, qtbot)
    assert "goes on" in words(page)
    click(qtbot, page.pane, "Alarm limits")
    dialog = page.window().findChild(AlarmLimitsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: "above 1,000, ends at 900" in _all_words(dialog))
    with qtbot.waitSignal(dialog.changed):
        click(qtbot, dialog, "End it")
    page.enter("LPG-01")
    qtbot.waitUntil(lambda: "limit ended" in words(page) and "goes on" not in words(page))
    (acknowledge,) = buttons(page.pane, "Acknowledge")
    assert acknowledge.isEnabled(), "nobody said yet that they know of it"


def test_who_may_not_acknowledge_is_told_why(
    surroundings: Surroundings,
    context: PageContext,
    sensor: SensorDetail,
    people: dict[str, Actor],
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    arrive(context, sensor, 1010)
    page = open_page(surroundings.context(people["auditor"]), shown, qtbot)
    (acknowledge,) = buttons(page.pane, "Acknowledge")
    assert not acknowledge.isEnabled()
    assert "technicians, officers and administrators" in acknowledge.toolTip()


def _all_words(parent: QWidget) -> str:
    return "\n".join(each.text() for each in parent.findChildren(QLabel))
