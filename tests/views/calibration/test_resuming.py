"""A calibration broken off is offered again, with what was taken and when, and never by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import UsageError
from app.services.calibrating.doubt_left import read_doubt
from app.services.drafts import KeptDraft, PersonalDrafts
from app.services.people.demo import sign_in_demo
from app.services.people.sign_in import SignedIn
from app.services.readings.arriving import Arrived, ArrivedValue
from app.services.readings.ingest import SensorIngest
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.demo import make_demo_registry
from app.services.registry.opening import open_demo
from app.services.stations.kept_calibrations import list_calibrations
from app.services.stations.listing import get_station, list_stations
from app.services.stations.values import SensorDetail
from app.views.calibration.big_buttons import BigChoice
from app.views.calibration.reading_step import ReadingStep
from app.views.calibration.result_steps import CorrectionStep, DoubtStep
from app.views.calibration.resume_dialog import ResumeDialog
from app.views.calibration.wizard_view import WizardView
from app.views.desk import Desk
from app.views.desk_session import DeskSession
from app.views.pages.calibrations import CalibrationsPage
from app.views.pages.context import PageContext
from app.views.presenters.calibration.draft import FORM
from app.views.presenters.calibration.steps import Step
from app.views.presenters.charts.collected import StationAccess, StationLine
from tests.fixtures.benches import keep_gases, register_bench
from tests.fixtures.live_stations import TwoPorts
from tests.fixtures.registries import START
from tests.fixtures.scripted_bench import ScriptedLines


@pytest.fixture
def technician(people: dict[str, Actor]) -> Actor:
    return people["technician"]


@pytest.fixture
def lines() -> ScriptedLines:
    return ScriptedLines()


@pytest.fixture
def context(
    desk: Desk, registry: OpenRegistry, technician: Actor, lines: ScriptedLines
) -> PageContext:
    register_bench(registry, technician)
    keep_gases(registry, technician)
    return PageContext(
        registry=registry,
        actor=technician,
        desk=desk,
        drafts=PersonalDrafts(registry, technician),
        open_page=lambda _key, _target: None,
        lines=lines,
    )


class Bench:
    """A page with its wizard, worked by the mouse."""

    def __init__(self, qtbot: QtBot, page: CalibrationsPage, lines: ScriptedLines) -> None:
        self.qtbot, self.page, self.lines = qtbot, page, lines

    @property
    def view(self) -> WizardView:
        assert self.page.wizard is not None
        return self.page.wizard

    def wait(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=15_000)

    def press(self, button: QWidget) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, words: str) -> None:
        buttons = self.view.findChildren(BigChoice)
        (found,) = [each for each in buttons if words in each.text() and each.isVisible()]
        self.press(found)

    def go_on(self, step: Step) -> None:
        self.press(self.view.next)
        self.wait(lambda: self.view.wizard.step is step)

    def begin(self) -> None:
        self.wait(lambda: self.page.due.model.rowCount() > 0)
        self.press(self.page.begin.button)

    def to_as_found(self, method: str, *references: str) -> None:
        self.wait(lambda: self.page.wizard is not None)
        self.choose("LPG-01 · CO2-A · co2")
        self.go_on(Step.METHOD)
        self.choose(method)
        self.go_on(Step.REFERENCES)
        for name in references:
            self.choose(name)
        self.go_on(Step.LIMITS)
        self.go_on(Step.CONDITIONS)
        self.go_on(Step.AS_FOUND)

    def take(self, value: float) -> None:
        step = self.view.step
        assert isinstance(step, ReadingStep)
        assert not step.take.isEnabled()
        self.lines.stage(value)
        self.wait(step.take.isEnabled)
        self.press(step.take)

    def dialog(self) -> ResumeDialog:
        self.wait(lambda: self.page.findChildren(ResumeDialog))
        return self.page.findChildren(ResumeDialog)[-1]


def words_of(parent: QWidget) -> str:
    return "\n".join(each.text() for each in parent.findChildren(QLabel) if each.isVisible())


def button_of(parent: QWidget, text: str) -> QPushButton:
    found = [each for each in parent.findChildren(QPushButton) if each.text().strip() == text]
    (button,) = [each for each in found if each.isVisible()]
    return button


@pytest.fixture
def open_bench(
    qtbot: QtBot, context: PageContext, lines: ScriptedLines
) -> Iterator[Callable[[], Bench]]:
    benches: list[Bench] = []

    def opened(other: ScriptedLines = lines) -> Bench:
        page = CalibrationsPage(replace(context, lines=other))
        qtbot.addWidget(page)
        page.resize(1280, 900)
        page.show()
        page.enter()
        benches.append(Bench(qtbot, page, other))
        return benches[-1]

    yield opened
    for bench in benches:
        bench.page.put_down()


def test_a_crash_loses_no_point_and_the_calibration_is_finished(
    open_bench: Callable[..., Bench], context: PageContext
) -> None:
    crashed = open_bench()
    crashed.begin()
    crashed.to_as_found("Two points", "NIMT-400", "NIMT-800")
    crashed.take(418.0)
    crashed.wait(lambda: _kept(context))
    before = crashed.view.wizard.as_found
    # Nothing more is asked of the wizard that crashed; another process opens the port.
    bench = open_bench(ScriptedLines())
    bench.begin()
    dialog = bench.dialog()
    said = words_of(dialog)
    assert bench.page.wizard is None, "nothing is taken up by itself"
    assert "LPG-01 · CO2-A · co2" in said
    assert "Two points · stood at “As found”" in said
    assert "As found: 1 of 2 points, read 2026-11-21 10:03\n" in said
    bench.press(button_of(dialog, "Resume"))
    bench.wait(lambda: bench.page.wizard is not None)
    wizard = bench.view.wizard
    assert wizard.step is Step.AS_FOUND
    assert wizard.as_found == before, "to the last digit, with the time of each point"
    assert bench.lines.holds_port()
    bench.take(827.0)
    bench.go_on(Step.FIT)
    bench.go_on(Step.CORRECTION)
    bench.choose("In the registry")
    bench.go_on(Step.AS_LEFT)
    bench.take(418.0)
    bench.take(827.0)
    bench.go_on(Step.VERDICT)
    bench.press(bench.view.next)
    bench.wait(lambda: wizard.code)
    (kept,) = list_calibrations(context.registry)
    assert kept.details["taken_at"]["as_found"][0] == before[0].taken_at.isoformat()  # type: ignore[union-attr]
    bench.wait(lambda: not _kept(context))


def test_who_leaves_is_told_and_another_one_begun_overwrites_nothing(
    open_bench: Callable[[], Bench], context: PageContext
) -> None:
    bench = open_bench()
    bench.begin()
    bench.to_as_found("Two points", "NIMT-400", "NIMT-800")
    bench.press(bench.view.leave)
    bench.wait(lambda: bench.page.wizard is None)
    assert bench.page.message.isHidden(), "nothing was taken"
    bench.begin()
    bench.to_as_found("Two points", "NIMT-400", "NIMT-800")
    bench.take(418.0)
    bench.press(bench.view.leave)
    bench.wait(lambda: "is kept" in bench.page.message.title)
    bench.begin()
    bench.press(bench.dialog().begin)
    bench.to_as_found("One point, offset", "NIMT-400")
    bench.take(421.0)
    bench.wait(lambda: len(_kept(context)) == 2)
    bench.press(bench.view.leave)
    bench.begin()
    dialog = bench.dialog()
    said = words_of(dialog)
    assert "Two points" in said
    assert "One point, offset" in said


def test_a_point_given_back_leaves_nothing_to_resume(
    open_bench: Callable[[], Bench], context: PageContext
) -> None:
    bench = open_bench()
    bench.begin()
    bench.to_as_found("Two points", "NIMT-400", "NIMT-800")
    bench.take(418.0)
    bench.wait(lambda: _kept(context))
    step = bench.view.step
    assert isinstance(step, ReadingStep)
    bench.press(step.drop)
    bench.wait(lambda: not _kept(context))


def test_discarding_is_for_good_and_asked_twice(
    open_bench: Callable[[], Bench], context: PageContext
) -> None:
    bench = open_bench()
    bench.begin()
    bench.to_as_found("Two points", "NIMT-400", "NIMT-800")
    bench.take(418.0)
    bench.press(bench.view.leave)
    bench.begin()
    dialog = bench.dialog()
    bench.press(button_of(dialog, "Discard"))
    assert len(_kept(context)) == 1
    bench.press(button_of(dialog, "Discard for good"))
    bench.wait(lambda: not _kept(context))
    bench.wait(lambda: bench.page.wizard is not None)
    assert bench.view.wizard.step is Step.STATION


def test_a_device_that_was_adjusted_is_not_forgotten_and_age_is_said(
    open_bench: Callable[[], Bench], context: PageContext
) -> None:
    bench = open_bench()
    bench.begin()
    bench.to_as_found("One point, offset", "NIMT-400")
    bench.take(412.0)
    bench.go_on(Step.FIT)
    bench.go_on(Step.CORRECTION)
    bench.choose("In the device")
    step = bench.view.step
    assert isinstance(step, CorrectionStep)
    bench.press(step.adjust)
    bench.wait(lambda: bench.view.wizard.adjusted is not None)
    bench.press(bench.view.leave)
    later = replace(context.registry, clock=lambda: START + timedelta(days=2))
    aged = CalibrationsPage(replace(context, registry=later))
    bench.qtbot.addWidget(aged)
    aged.show()
    aged.enter()
    again = Bench(bench.qtbot, aged, bench.lines)
    again.begin()
    dialog = again.dialog()
    said = words_of(dialog)
    assert "The device was adjusted: took 400" in said
    assert "In doubt, begin anew" in said
    again.press(button_of(dialog, "Resume"))
    again.wait(lambda: again.page.wizard is not None)
    wizard = again.view.wizard
    assert (wizard.step, wizard.is_in_device) == (Step.CORRECTION, True)
    assert again.view.next.isEnabled()
    again.page.put_down()


def test_leaving_doubtful_data_needs_a_reason_and_keeps_it(
    open_bench: Callable[[], Bench], context: PageContext, technician: Actor
) -> None:
    registry = context.registry
    sensor = get_station(registry, "LPG-01").sensors[0].id
    ingest = SensorIngest(registry, technician, sensor)
    for number in range(60):
        at = START - timedelta(minutes=10) + timedelta(seconds=10 * number)
        ingest.take(Arrived(at, (ArrivedValue("co2", Decimal(430), "ppm"),), b"\x01"))
    ingest.close()
    bench = open_bench()
    bench.begin()
    bench.to_as_found("One point, offset", "NIMT-400")
    bench.take(460.0)
    bench.go_on(Step.FIT)
    bench.go_on(Step.CORRECTION)
    bench.choose("In the registry")
    bench.go_on(Step.AS_LEFT)
    bench.take(460.0)
    bench.go_on(Step.VERDICT)
    bench.go_on(Step.DOUBT)
    bench.choose("Leave them as they are")
    assert not bench.view.next.isEnabled()
    assert "Say why the data are left" in words_of(bench.view)
    step = bench.view.step
    assert isinstance(step, DoubtStep)
    QTest.keyClicks(step.reason, "The gas line leaked; the sensor was right.")
    bench.go_on(Step.CERTIFICATE)
    (kept,) = list_calibrations(registry)
    standing = read_doubt(registry, kept.code)
    assert standing.left is not None
    assert (standing.left.by, standing.left.at) == (technician.user_name, registry.now())
    assert standing.left.reason == "The gas line leaked; the sensor was right."
    assert standing.unmarked is not None, "left is not marked"
    assert not standing.is_open


def test_an_idle_lock_and_another_person_lose_no_point(
    qapp: QApplication, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path, lines = tmp_path / "field.teak", ScriptedLines()
    make_demo_registry(path, exports=False)

    def session_of(user: str) -> tuple[DeskSession, OpenRegistry]:
        registry = open_demo(path)
        assert registry is not None
        actor = sign_in_demo(registry, user, host="test")
        if "LPG-01" not in [each.code for each in list_stations(registry)]:
            register_bench(registry, actor)
            keep_gases(registry, actor)
        access = StationAccess(_no_line, TwoPorts(), lines)
        session = DeskSession(qapp, desk, SignedIn(registry, actor), host="test", access=access)
        session.start()
        return session, registry

    def bench_of(session: DeskSession) -> Bench:
        session.window.show_page("calibrations")
        page = session.window.page("calibrations")
        assert isinstance(page, CalibrationsPage)
        return Bench(qtbot, page, lines)

    first, _ = session_of("technician")
    bench = bench_of(first)
    bench.begin()
    bench.to_as_found("Two points", "NIMT-400", "NIMT-800")
    bench.take(418.0)
    first.lock.lock()
    assert first.window.is_covered
    assert lines.holds_port(), "the desk is only covered: the wizard goes on"
    first.end(signed_out=True)
    assert not lines.holds_port(), "the next person finds the port free"
    second, _ = session_of("technician")
    again = bench_of(second)
    again.begin()
    dialog = again.dialog()
    assert "As found: 1 of 2 points" in words_of(dialog)
    again.press(button_of(dialog, "Resume"))
    again.wait(lambda: again.page.wizard is not None)
    assert [len(each.readings) for each in again.view.wizard.as_found] == [181]
    second.end()


def _kept(context: PageContext) -> tuple[KeptDraft, ...]:
    return PersonalDrafts(context.registry, context.actor).list_kept(FORM)


def _no_line(sensor: SensorDetail) -> StationLine:
    raise UsageError(f"{sensor.code} is not collected in this test.")
