"""From a plugged station to a signed calibration certificate, by mouse and keys on what is seen.

A simulated sensor on a real pseudo-terminal, the real reader, an encrypted registry. Only the
readings' times are stretched, so that three minutes of steady signal take four seconds.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from app.commands.station_lines import ReaderLines
from app.hardware.channels import Channel
from app.hardware.readers.shared_port import SharedPorts
from app.hardware.simulators.serving import StationServer
from app.models.storage.unit_of_work import reading
from app.services.calibrating.recording import correction_in_force
from app.services.calibrating.station_line import StationLine
from app.services.calibration.device_adjustment import AdjustmentAnswer, DeviceAdjustment
from app.services.certificates.calibration.verify import verify_calibration_certificate
from app.services.drafts import PersonalDrafts
from app.services.readings.arriving import Arrival, Arrived
from app.services.registry.context import Actor, OpenRegistry
from app.services.signing_keys import current_signer
from app.services.stations.kept_calibrations import list_calibrations
from app.services.stations.standards import add_standard
from app.services.stations.values import SensorDetail
from app.views.calibration.big_buttons import BigChoice
from app.views.calibration.certificate_step import CertificateStep
from app.views.calibration.choosing_steps import ConditionsStep, LimitsStep
from app.views.calibration.reading_step import ReadingStep
from app.views.calibration.result_steps import CorrectionStep
from app.views.calibration.wizard_view import WizardView
from app.views.desk import Desk
from app.views.pages.calibrations import CalibrationsPage
from app.views.pages.context import PageContext
from app.views.presenters.calibration.steps import Step
from tests.fixtures.benches import gas, keep_gases, register_bench
from tests.fixtures.simulated_stations import make, served

_FASTER = 45.0
_SETTLES_MS = 20_000


class StretchedLine:
    """A line whose readings say that more time went by than did."""

    def __init__(self, line: StationLine) -> None:
        self._line = line
        self._first: Arrived | None = None

    def start(self) -> None:
        self._line.start()

    def stop(self) -> None:
        self._line.stop()

    def adjust(self, adjustment: DeviceAdjustment) -> AdjustmentAnswer:
        return self._line.adjust(adjustment)

    def take(self, timeout_s: float) -> Sequence[Arrival]:
        return [self._stretched(each) for each in self._line.take(timeout_s)]

    def _stretched(self, arrival: Arrival) -> Arrival:
        if not isinstance(arrival, Arrived):
            return arrival
        self._first = self._first or arrival
        gone = (arrival.at - self._first.at).total_seconds()
        return replace(arrival, at=self._first.at + timedelta(seconds=gone * _FASTER))


class StretchedLines:
    """Opens real readers."""

    def open(self, sensor: SensorDetail) -> StationLine:
        return StretchedLine(ReaderLines(SharedPorts()).open(sensor))


@pytest.fixture
def technician(people: dict[str, Actor]) -> Actor:
    return people["technician"]


@pytest.fixture
def station(tmp_path: Path) -> Iterator[StationServer]:
    """A Senseair S8 with an error of its own, its gas line at fresh air."""
    with served(make("s8"), link=tmp_path / "station", speed=4.0) as server:
        server.apply_gas(Channel.CO2, 400.0)
        yield server


@pytest.fixture
def page(
    qtbot: QtBot,
    desk: Desk,
    registry: OpenRegistry,
    technician: Actor,
    station: StationServer,
) -> Iterator[CalibrationsPage]:
    register_bench(registry, technician, port=station.port)
    keep_gases(registry, technician)
    context = PageContext(
        registry=registry,
        actor=technician,
        desk=desk,
        drafts=PersonalDrafts(registry, technician),
        open_page=lambda _key, _target: None,
        lines=StretchedLines(),
    )
    shown = CalibrationsPage(context)
    qtbot.addWidget(shown)
    shown.resize(1280, 900)
    shown.show()
    shown.enter()
    yield shown
    if shown.wizard is not None:
        shown.wizard.end()


class Hand:
    """Presses what is seen."""

    def __init__(self, qtbot: QtBot, page: CalibrationsPage) -> None:
        self.qtbot = qtbot
        self.page = page

    @property
    def wizard(self) -> WizardView:
        assert self.page.wizard is not None
        return self.page.wizard

    def press(self, button: QAbstractButton) -> None:
        assert button.isVisible(), button.text()
        assert button.isEnabled(), button.text()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, words: str) -> None:
        buttons = self.wizard.findChildren(BigChoice)
        (found,) = [each for each in buttons if words in each.text() and each.isVisible()]
        self.press(found)

    def go_on(self, step: Step) -> None:
        self.press(self.wizard.next)
        self.wait(lambda: self.wizard.wizard.step is step)

    def wait(self, holds: Callable[[], bool], within_ms: int = 5_000) -> None:
        self.qtbot.waitUntil(holds, timeout=within_ms)

    def take_point(self) -> None:
        step = self.wizard.step
        assert isinstance(step, ReadingStep)
        assert not step.take.isEnabled(), "the lamp is not green at once"
        assert step.panel.lamp.accessibleName()
        self.wait(step.take.isEnabled, _SETTLES_MS)
        assert step.panel.lamp.is_green
        self.press(step.take)


@pytest.fixture
def hand(qtbot: QtBot, page: CalibrationsPage) -> Hand:
    return Hand(qtbot, page)


def to_as_found(hand: Hand, method: str, *references: str) -> None:
    """Go through the first steps with the mouse, and type what is typed."""
    hand.press(hand.page.begin.button)
    hand.wait(lambda: hand.page.wizard is not None)
    assert not hand.wizard.next.isEnabled()
    hand.choose("LPG-01 · CO2-A · co2")
    hand.go_on(Step.METHOD)
    hand.choose(method)
    hand.go_on(Step.REFERENCES)
    for name in references:
        hand.choose(name)
    hand.go_on(Step.LIMITS)
    limits = hand.wizard.step
    assert isinstance(limits, LimitsStep)
    QTest.mouseDClick(limits.absolute, Qt.MouseButton.LeftButton)
    keys = {each.text(): each for each in hand.wizard.pad.findChildren(QPushButton)}
    limits.absolute.selectAll()
    for key in ("1", "5"):
        hand.press(keys[key])
    hand.go_on(Step.CONDITIONS)
    conditions = hand.wizard.step
    assert isinstance(conditions, ConditionsStep)
    QTest.keyClicks(conditions.texts["customer"], "Mae Moh Community Forest")
    QTest.keyClicks(conditions.numbers["temperature_c"], "24.5")
    hand.go_on(Step.AS_FOUND)


def test_one_hand_calibrates_a_sensor_and_holds_its_certificate(
    hand: Hand, registry: OpenRegistry, station: StationServer, tmp_path: Path
) -> None:
    to_as_found(hand, "One point, offset", "NIMT-400")
    hand.take_point()
    hand.go_on(Step.FIT)
    hand.go_on(Step.CORRECTION)
    hand.choose("In the device")
    step = hand.wizard.step
    assert isinstance(step, CorrectionStep)
    hand.press(step.adjust)
    hand.wait(lambda: hand.wizard.wizard.adjusted is not None, _SETTLES_MS)
    hand.go_on(Step.AS_LEFT)
    hand.take_point()
    hand.go_on(Step.VERDICT)
    assert hand.wizard.next.text().strip() == "Record"
    hand.go_on(Step.DOUBT)
    hand.choose("Mark them suspicious")
    hand.go_on(Step.CERTIFICATE)
    last = hand.wizard.step
    assert isinstance(last, CertificateStep)
    hand.press(last.issue)
    hand.wait(lambda: last.issued is not None, 20_000)
    path = tmp_path / "certificate.pdf"
    hand.wizard.save_to(str(path))
    hand.wait(path.exists)

    with contextlib.closing(pypdfium2.PdfDocument(path)) as document:
        page = document[0]
        words = page.get_textpage()
        text = words.get_text_bounded()
        words.close()
        page.close()
    assert "Mae Moh Community Forest" in text
    assert "S8-204417" in text
    with reading(registry.engine) as connection:
        key = current_signer(connection).private_key.public_key()
    verdict = verify_calibration_certificate(path.read_bytes(), key)
    assert verdict.ok
    assert verdict.statement is not None
    assert verdict.statement.kept_in == "device"
    assert verdict.statement.verdict_as_found == "fail"
    assert verdict.statement.verdict_as_left == "pass"
    assert abs(verdict.statement.as_left[0].error) < 5
    (kept,) = list_calibrations(registry)
    assert kept.written_to_device
    held = correction_in_force(registry, kept.channel_id, at=registry.now())
    assert held.code == kept.code
    assert held.correction.apply(412.0) == 412.0, "the device corrects, the registry must not again"
    assert not hand.wizard.back.isEnabled()


def test_a_pulled_cable_loses_no_point_and_back_forgets_nothing(
    hand: Hand, station: StationServer
) -> None:
    to_as_found(hand, "Two points", "NIMT-400", "NIMT-800")
    hand.take_point()
    station.unplug()
    step = hand.wizard.step
    assert isinstance(step, ReadingStep)
    signal = hand.wizard.wizard.signal
    assert signal is not None
    hand.wait(lambda: not signal.is_plugged_in)
    hand.wait(lambda: not step.panel.lamp.is_green)
    assert "cable" in step.panel.lamp.accessibleName()
    assert len(hand.wizard.wizard.as_found) == 1
    station.plug_in()
    station.apply_gas(Channel.CO2, 800.0)
    hand.wait(lambda: signal.is_plugged_in, 10_000)
    hand.press(hand.wizard.back)
    hand.press(hand.wizard.back)
    assert hand.wizard.wizard.step is Step.LIMITS
    hand.go_on(Step.CONDITIONS)
    hand.go_on(Step.AS_FOUND)
    assert len(hand.wizard.wizard.as_found) == 1
    hand.take_point()
    hand.go_on(Step.FIT)
    outcome = hand.wizard.wizard.outcome()
    assert outcome is not None
    assert outcome.fit is not None
    assert outcome.fit.slope == pytest.approx(1.022, abs=0.02)


def test_an_expired_reference_cannot_be_chosen_and_says_what_to_do(
    hand: Hand, registry: OpenRegistry, technician: Actor
) -> None:
    add_standard(registry, technician, gas("NIMT-402", 402.0))
    hand.press(hand.page.begin.button)
    hand.wait(lambda: hand.page.wizard is not None)
    hand.choose("LPG-01 · CO2-A · co2")
    hand.go_on(Step.METHOD)
    hand.choose("Two points")
    hand.go_on(Step.REFERENCES)
    buttons = hand.wizard.findChildren(BigChoice)
    (old,) = [each for each in buttons if "OLD-600" in each.text()]
    assert not old.isEnabled()
    said = [each.text() for each in hand.wizard.findChildren(type(hand.wizard._why))]
    assert any("expired on 2026-03-31" in each and "Use another" in each for each in said)
    assert not hand.wizard.next.isEnabled()
