"""The calibrations page: references kept with a click, refused, and doubtful data marked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.calibrating.doubt import find_open_doubt
from app.services.calibrating.recording import keep_calibration
from app.services.readings.arriving import Arrived, ArrivedValue
from app.services.readings.ingest import SensorIngest
from app.services.registry.context import Actor
from app.services.stations.standards import list_standards
from app.views.calibration.add_reference import AddReferenceDialog
from app.views.dialogs.reason_dialog import ReasonDialog
from app.views.pages.calibrations import CalibrationsPage
from tests.fixtures.benches import bench, finished, register_bench
from tests.fixtures.registries import START
from tests.views.pages.conftest import Surroundings
from tests.views.presenters.calibration.test_reference_form import VALUES


def test_it_is_kept_and_listed(
    surroundings: Surroundings,
    people: dict[str, Actor],
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    context = surroundings.context(people["technician"])
    page = CalibrationsPage(context)
    shown(page)
    page.enter()
    page.add_reference.button.click()
    dialog = page.findChild(AddReferenceDialog)
    assert dialog is not None
    dialog.form.set_values(VALUES | {"expires_on": "2026-11-20"})
    dialog.form.act.click()
    qtbot.waitUntil(lambda: not dialog.message.isHidden())
    assert dialog.isVisible()
    assert dialog.form.values()["certificate"] == "CERT-800"
    assert not list_standards(context.registry)
    dialog.form.set_values(VALUES)
    qtbot.waitUntil(dialog.form.act.isEnabled)
    with qtbot.waitSignal(dialog.kept):
        dialog.form.act.click()
    (kept,) = list_standards(context.registry)
    assert kept.material.identification == "NIMT-800"
    qtbot.waitUntil(lambda: page.standards.model.rowCount() == 1)


def test_who_may_not_is_told_why(surroundings: Surroundings, qtbot: QtBot) -> None:
    page = CalibrationsPage(surroundings.context(surroundings.ledger.officer))
    qtbot.addWidget(page)
    for act in (page.add_reference, page.begin):
        assert not act.button.isEnabled()
        assert "technicians" in act.button.toolTip()


def test_doubtful_data_left_open_are_marked_from_the_board(
    surroundings: Surroundings,
    people: dict[str, Actor],
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
) -> None:
    context = surroundings.context(people["technician"])
    registry, technician = context.registry, people["technician"]
    sensor = register_bench(registry, technician)
    ingest = SensorIngest(registry, technician, sensor.id)
    for number in range(60):
        at = START - timedelta(minutes=10) + timedelta(seconds=10 * number)
        ingest.take(Arrived(at, (ArrivedValue("co2", Decimal(430), "ppm"),), b"\x01"))
    ingest.close()
    done = finished(sensor.channels[0].id, bench(), at=START)
    code = keep_calibration(registry, technician, done)
    page = CalibrationsPage(context)
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: page.due.model.rowCount() == 1)
    assert not page.mark.button.isEnabled()
    page.due.view.selectRow(0)
    qtbot.waitUntil(page.mark.button.isEnabled)
    assert "nobody has yet said" in page.doubt.text()
    assert page.leave.isVisible()
    page.leave.button.click()
    leaving = page.window().findChild(ReasonDialog)
    assert leaving is not None
    leaving.act.click()
    qtbot.waitUntil(lambda: not leaving.message.isHidden() and leaving.act.isEnabled())
    assert "Say why the data" in leaving.message.title
    leaving.reason.entry.set_value("The gas line leaked.")
    leaving.act.click()
    qtbot.waitUntil(lambda: "left as they are by technician" in page.doubt.text())
    assert "The gas line leaked." in page.doubt.text()
    assert page.leave.isHidden(), "that question is answered"
    qtbot.waitUntil(page.mark.button.isEnabled)
    page.mark.button.click()
    dialog = page.window().findChildren(ReasonDialog)[-1]
    assert dialog.isVisible()
    assert code in dialog.windowTitle()
    dialog.reason.entry.set_value("The verifier asked.")
    dialog.act.click()
    qtbot.waitUntil(lambda: "marked suspicious by record" in page.doubt.text())
    assert not page.mark.button.isEnabled()
    assert find_open_doubt(registry, code) is None
    assert frozenset({"readings", "stations"}) in surroundings.told
