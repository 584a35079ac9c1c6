"""What goes wrong on the bench, as the wizard tells it: what it is and what to do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from app.services.drafts import PersonalDrafts
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.listing import list_stations
from app.services.stations.standards import add_standard, list_standards
from app.views.calibration.big_buttons import BigChoice
from app.views.calibration.reading_step import ReadingStep
from app.views.calibration.wizard_view import WizardView
from app.views.desk import Desk
from app.views.pages.context import PageContext
from app.views.presenters.calibration.steps import Step
from app.views.presenters.calibration.wizard import CalibrationWizard
from tests.fixtures.benches import TODAY, gas, keep_gases, register_bench
from tests.fixtures.scripted_bench import ScriptedLines


class Wizard:
    """The wizard in a window, its buttons pressed by the mouse."""

    def __init__(self, qtbot: QtBot, view: WizardView, lines: ScriptedLines) -> None:
        self.qtbot, self.view, self.lines = qtbot, view, lines

    def press(self, button: QAbstractButton) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, words: str) -> None:
        found = [each for each in self.view.findChildren(BigChoice) if words in each.text()]
        (button,) = [each for each in found if each.isVisible()]
        self.press(button)

    def go_on(self, step: Step) -> None:
        self.press(self.view.next)
        self.qtbot.waitUntil(lambda: self.view.wizard.step is step)

    def to_references(self, method: str, *references: str) -> None:
        self.choose("LPG-01 · CO2-A · co2")
        self.go_on(Step.METHOD)
        self.choose(method)
        self.go_on(Step.REFERENCES)
        for name in references:
            self.choose(name)

    def to_as_found(self, method: str, *references: str) -> None:
        self.to_references(method, *references)
        self.go_on(Step.LIMITS)
        self.go_on(Step.CONDITIONS)
        self.go_on(Step.AS_FOUND)

    @property
    def reading(self) -> ReadingStep:
        assert isinstance(self.view.step, ReadingStep)
        return self.view.step

    def said(self) -> str:
        labels = self.view.findChildren(QLabel)
        said = "\n".join(each.text() for each in labels if each.isVisible())
        return said.replace("\u200b", "")

    def wait_said(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in self.said(), timeout=10_000)


@pytest.fixture
def wizard(qtbot: QtBot, desk: Desk, registry: OpenRegistry, people: dict[str, Actor]) -> Wizard:
    technician, lines = people["technician"], ScriptedLines()
    register_bench(registry, technician)
    keep_gases(registry, technician)
    add_standard(registry, technician, gas("SAME-800", 800.0))
    add_standard(registry, technician, gas("HIGH", 12_000.0, expanded=60.0))
    context = PageContext(
        registry=registry,
        actor=technician,
        desk=desk,
        drafts=PersonalDrafts(registry, technician),
        open_page=lambda _key, _target: None,
        lines=lines,
    )
    made = CalibrationWizard(list_stations(registry), list_standards(registry), today=TODAY)
    view = WizardView(context, made)
    qtbot.addWidget(view)
    view.resize(1280, 900)
    view.show()
    return Wizard(qtbot, view, lines)


def test_an_unstable_signal_says_why_and_what_to_look_at(wizard: Wizard) -> None:
    wizard.to_as_found("Two points", "NIMT-400", "NIMT-800")
    wizard.lines.stage(418.0, wobble=40.0)
    wizard.wait_said("look at flow and connections")
    assert "Scatters by" in wizard.said()
    assert not wizard.reading.take.isEnabled()


@pytest.mark.parametrize("code", [-200.0, -9999.0])
def test_a_code_for_no_value_is_named_and_never_taken(wizard: Wizard, code: float) -> None:
    wizard.to_as_found("Two points", "NIMT-400", "NIMT-800")
    wizard.lines.stage(code, wobble=0.0)
    wizard.wait_said(f"The station sends {code:.1f}, its code for “no value”")
    assert "look at the sensor" in wizard.said()
    assert not wizard.reading.take.isEnabled()


def test_a_reference_beyond_the_range_is_refused_with_what_to_use(wizard: Wizard) -> None:
    wizard.to_as_found("Two points", "NIMT-400", "HIGH")
    for value in (409.0, 12_040.0):
        wizard.lines.stage(value)
        wizard.qtbot.waitUntil(wizard.reading.take.isEnabled, timeout=10_000)
        wizard.press(wizard.reading.take)
    wizard.go_on(Step.FIT)
    assert "reference 12000 lies outside the range 0 to 10000. Use a reference" in wizard.said()
    assert not wizard.view.next.isEnabled()


def test_too_few_and_identical_points_do_not_go_on(wizard: Wizard) -> None:
    wizard.to_references("Two points", "NIMT-800")
    assert not wizard.view.next.isEnabled()
    assert "1 of 2 references of different value are chosen" in wizard.said()
    wizard.choose("SAME-800")
    assert not wizard.view.next.isEnabled()
    assert "1 of 2 references of different value are chosen" in wizard.said()
    wizard.choose("NIMT-400")
    assert wizard.view.next.isEnabled()
