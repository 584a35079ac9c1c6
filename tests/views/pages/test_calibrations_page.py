"""The calibrations page: references kept with a click, refused with what was typed kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.registry.context import Actor
from app.services.stations.standards import list_standards
from app.views.calibration.add_reference import AddReferenceDialog
from app.views.pages.calibrations import CalibrationsPage
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
