"""The co-location page on the EPA's data: figures, targets, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.services.averaging.periods import Period
from app.services.registry.context import Actor
from app.views.calibration.scatter_chart import ScatterChart
from app.views.pages.colocation import ColocationPage
from tests.fixtures.colocated import keep_averages, register_pair
from tests.services.calibration.test_colocation import hourly
from tests.views.pages.conftest import Surroundings

Show = Callable[[QWidget], None]


def words(page: ColocationPage) -> set[str]:
    return {each.text() for each in page.findChildren(QLabel) if each.isVisible()}


def choose(page: ColocationPage, reference: int, measured: int, qtbot: QtBot) -> None:
    page.enter()
    page.reference.entry.set_value("")
    qtbot.waitUntil(lambda: _takes(page, reference))
    page.measured.entry.set_value(str(measured))
    page.compare.click()


def _takes(page: ColocationPage, channel_id: int) -> bool:
    page.reference.entry.set_value(str(channel_id))
    return page.reference.entry.value() == str(channel_id)


def test_figures_stand_beside_their_targets_in_both_languages(
    surroundings: Surroundings, people: dict[str, Actor], shown: Show, qtbot: QtBot
) -> None:
    context = surroundings.context(people["technician"])
    pair = register_pair(context.registry, people["technician"], "o3", "ppb")
    for channel_id, averages in zip(pair, hourly("o3"), strict=True):
        keep_averages(context.registry, channel_id, Period.HOUR, averages)
    page = ColocationPage(context)
    shown(page)
    choose(page, *pair, qtbot)
    qtbot.waitUntil(lambda: page.report is not None)
    assert {"0.937", "0.98", "3.65", "Slope", "met", "not judged"} <= words(page)
    assert any("665 paired averages" in text for text in words(page))
    assert page.findChild(ScatterChart) is not None
    context.language.set_code("th")
    assert "Slope" not in words(page)
    assert "0.937" in words(page)


def test_what_has_no_targets_is_told(
    surroundings: Surroundings, people: dict[str, Actor], shown: Show, qtbot: QtBot
) -> None:
    context = surroundings.context(people["technician"])
    pair = register_pair(context.registry, people["technician"], "co2", "ppm")
    page = ColocationPage(context)
    shown(page)
    page.compare.click()
    assert "Choose a reference and a sensor." in words(page)
    choose(page, *pair, qtbot)
    qtbot.waitUntil(lambda: any("no targets for co2 in ppm" in text for text in words(page)))
    qtbot.waitUntil(page.compare.isEnabled)
    assert page.report is None
