"""The first page reminds those who calibrate of what is overdue and due, and leads there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.codes import Role
from app.services.calibrating.due import DueLine, judge_due
from app.services.calibrating.recording import keep_calibration
from app.services.registry.context import Actor
from app.services.stations.values import SensorDetail
from app.views.components.chips import Chip
from app.views.components.page import Page
from app.views.frame.navigation import NavigationButton, PageEntry
from app.views.frame.top_bar import Person
from app.views.idle_lock import IdleLock
from app.views.main_window import MainWindow
from app.views.pages.due_card import DueCard
from app.views.pages.home import HomePage
from app.views.presenters.home import read_home
from app.views.verification_state import VerificationState
from app.views.waiting_counts import WaitingCounts
from tests.fixtures.benches import bench, finished, register_bench
from tests.fixtures.registries import START, FrozenClock
from tests.views.pages.conftest import Surroundings

TODAY = date(2026, 11, 21)


def due_line(number: int, days_left: int | None) -> DueLine:
    on = None if days_left is None else TODAY + timedelta(days=days_left)
    return DueLine(
        number,
        f"SEN-{number:04}",
        "A1",
        "co2",
        None,
        None if days_left is None else START,
        on,
        days_left,
        judge_due(days_left, was_calibrated=days_left is not None),
    )


@pytest.fixture
def sensor(surroundings: Surroundings, people: dict[str, Actor]) -> SensorDetail:
    return register_bench(surroundings.ledger.registry, people["technician"])


def words(parent: QWidget) -> str:
    labels = parent.findChildren(QLabel)
    return "\n".join(each.text() for each in labels if each.isVisible())


def test_counts_and_the_most_urgent_stand_on_the_card(
    surroundings: Surroundings,
    people: dict[str, Actor],
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    card = DueCard(surroundings.context(people["technician"]))
    shown(card)
    lines = (due_line(1, -20), due_line(2, -3), due_line(3, None), due_line(4, 12), due_line(5, 90))
    card.show_due(lines)
    qtbot.waitUntil(lambda: "and 1 more" in words(card))
    chips = [each.text() for each in card.findChildren(Chip) if each.isVisible()]
    assert chips == ["1 overdue", "1 in grace", "1 never done", "1 due within 30 days"]
    said = words(card)
    assert "SEN-0001 · A1 · CO₂\n2026-11-01, 20 days overdue" in said
    assert "SEN-0003 · A1 · CO₂\nnever calibrated" in said
    assert "SEN-0005" not in said, "there is time until then"
    calibrate = [each for each in card.findChildren(QPushButton) if each.text() == "Calibrate"]
    QTest.mouseClick(calibrate[1], Qt.MouseButton.LeftButton)
    assert surroundings.opened == [("calibrations", "2")]
    card.show_due(lines[4:])
    qtbot.waitUntil(lambda: "Nothing is overdue" in words(card))
    card.show_due(())
    assert card.isHidden()


def test_the_first_page_reminds_technicians_and_administrators_alone(
    surroundings: Surroundings,
    sensor: SensorDetail,
    people: dict[str, Actor],
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
    clock: FrozenClock,
) -> None:
    registry = surroundings.ledger.registry
    done = finished(sensor.channels[0].id, bench(), at=START)
    keep_calibration(registry, people["technician"], done)
    clock.advance(days=200)
    for actor in people.values():
        may = actor.role in (Role.TECHNICIAN, Role.ADMINISTRATOR)
        assert (read_home(registry, actor).due is not None) is may
    context = surroundings.context(people["technician"])
    page = HomePage(context, VerificationState(context.desk, registry))
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: "20 days overdue" in words(page.due))
    (way,) = [
        each
        for each in page.due.findChildren(QPushButton)
        if each.text().strip() == "Open calibrations"
    ]
    QTest.mouseClick(way, Qt.MouseButton.LeftButton)
    assert surroundings.opened == [("calibrations", "")]


@pytest.mark.parametrize(
    ("user", "counted"), [("technician", "Calibrations, 1"), ("officer", "Calibrations")]
)
def test_late_calibrations_are_counted_in_the_navigation(
    surroundings: Surroundings,
    sensor: SensorDetail,
    people: dict[str, Actor],
    qtbot: QtBot,
    qapp: QApplication,
    user: str,
    counted: str,
) -> None:
    context = surroundings.context(people[user])
    desk = context.desk

    def entry(key: str) -> PageEntry:
        return PageEntry(
            key, f"pages.{key}", "gauge", "groups.work", lambda: Page(desk, f"pages.{key}")
        )

    lock = IdleLock(qapp)
    window = MainWindow(
        desk,
        (entry("inbox"), entry("calibrations")),
        person=Person("Anucha", "roles.technician"),
        search=lambda _words: [],
        lock=lock,
    )
    qtbot.addWidget(window)
    counts = WaitingCounts(context, window)
    counts.refresh()
    names = [each.accessibleName() for each in window.navigation.findChildren(NavigationButton)]
    assert names == ["Inbox", "Calibrations"]
    qtbot.waitUntil(lambda: not desk.tasks.open_tasks)
    names = [each.accessibleName() for each in window.navigation.findChildren(NavigationButton)]
    assert names == ["Inbox", counted]
    qapp.removeEventFilter(lock)
